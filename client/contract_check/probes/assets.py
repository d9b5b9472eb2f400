"""Content Hub: repositories and search, and an asset that is made, read and deleted again."""

import base64
import binascii
import re
import secrets
from dataclasses import dataclass

from client.api.graphql import GraphQLAnswer
from client.api.pagination import first_node, nodes
from client.content_hub.assets import ContentHubClient
from client.contract_check.outcome import NothingClearError, NotRunError, Seen
from client.contract_check.probe import probe
from client.contract_check.probes.sample_image import SOFTWARE, sample_photo
from client.contract_check.trial import Trial, told_failure
from client.json_object import JsonObject, as_object

_ASSET_ID = re.compile(r"Asset:[0-9a-f-]{36}")
_CREATE = """\
mutation ($src: String!, $name: String!, $filename: String!, $repository: ID!) {
  createAsset(input: { src: $src, type: IMAGE, name: $name, filename: $filename,
    assetRepositoryId: $repository }) { id } }"""
_UPSERT = _CREATE.replace("createAsset(", "createOrUpdateAssetByName(")
_READ = """\
query ($id: [ID!]!) { assets(id: $id) { edges { node {
  id assetId name filename mimeType assetRepositoryId published revisionNumber } } } }"""
_EXIF = """\
query ($id: [ID!]!) { assets(id: $id) { edges { node {
  metadata(schemaName: "exif") { edges { node { properties } } } } } } }"""
_DELETE = "mutation ($id: [ID!]!) { deleteAssets(input: { id: $id }) }"
_SEARCH = '{ assetSearch(keyword: "a", first: 1) { total edges { node { id name } } } }'


@dataclass(frozen=True)
class _Made:
    """An asset of the check's own."""

    answer: GraphQLAnswer
    variables: JsonObject

    @property
    def id(self) -> str:
        """Its global id.

        Raises:
            NothingClearError: there is no asset.
        """
        found = as_object((self.answer.data or {}).get("createAsset")).get("id")
        if not isinstance(found, str) or not found:
            raise NothingClearError("No asset could be made.")
        return found


@probe("assets", "5", "documented", "at least one repository")
def repositories(trial: Trial) -> Seen:
    """The credentials reach a repository."""
    count = len(ContentHubClient(trial.api).repositories())
    return Seen(f"{count} repositor{'y' if count == 1 else 'ies'}", count > 0)


@probe("assets", "11", "documented", "success with a total")
def asset_search(trial: Trial) -> str:
    """AssetSearch answers with a total."""
    answer = trial.ask(_SEARCH)
    total = as_object((answer.data or {}).get("assetSearch")).get("total")
    return f"{told_failure(answer)} {'with' if isinstance(total, int) else 'without'} a total"


@probe("assets", "5", "observed", "refused")
def after_without_first(trial: Trial) -> str:
    """A page cannot be asked for from a cursor without first."""
    answer = trial.ask('{ assetSearch(keyword: "a", after: "bm9uZQ==") { total } }')
    return "answered" if answer.failure is None else "refused"


@probe("assets", "10", "documented", "success", cost="asset")
def create_asset(trial: Trial) -> str:
    """A temp file becomes an asset."""
    return told_failure(_made(trial).answer)


@probe("assets", "5", "documented", "Asset:uuid", cost="asset")
def asset_id(trial: Trial) -> str:
    """Its id is the base64 of Asset:uuid."""
    try:
        decoded = base64.b64decode(_made(trial).id, validate=True).decode("ascii", "replace")
    except binascii.Error:
        return "no base64"
    return (
        "Asset:uuid"
        if _ASSET_ID.fullmatch(decoded.lower().replace("asset:", "Asset:"))
        else decoded
    )


@probe("assets", "11", "documented", "as it was given", cost="asset")
def read_asset(trial: Trial) -> Seen:
    """It can be read by its id, with what it was given."""
    made = _made(trial)
    found = _nodes(trial, made.id)
    if not found:
        raise NothingClearError("The asset cannot be found.")
    node = found[0]
    given = {
        "name": made.variables["name"],
        "filename": made.variables["filename"],
        "assetRepositoryId": made.variables["repository"],
        "mimeType": "image/png",
    }
    other = tuple(
        f"{name} is {node.get(name)!r}" for name, value in given.items() if node.get(name) != value
    )
    return Seen("; ".join(other) or "as it was given", not other)


@probe("assets", "19.6", "observed", "software", cost="asset")
def exif_names(trial: Trial) -> str:
    """EXIF properties have names in camelCase."""
    data = trial.data(_EXIF, {"id": [_made(trial).id]})
    node = first_node(as_object(data.get("assets")))
    properties = as_object(first_node(as_object(node.get("metadata"))).get("properties"))
    if not properties:
        raise NothingClearError("No EXIF was read of the picture so far.")
    names = [name for name, value in properties.items() if value == SOFTWARE]
    return " and ".join(names) or f"{', '.join(properties)[:200]}, without what the picture tells"


@probe("assets", "10", "inferred", "refused", cost="asset")
def duplicate_name(trial: Trial) -> str:
    """A second asset of the same name is refused."""
    answer = trial.ask(_CREATE, _made(trial).variables)
    second = as_object((answer.data or {}).get("createAsset")).get("id")
    if answer.failure is not None:
        return "refused"
    if isinstance(second, str) and second != _made(trial).id:
        trial.at_the_end(lambda: _put_away(trial, second))
    return "answered"


@probe("assets", "10", "observed", "the same id", cost="asset")
def upsert_asset(trial: Trial) -> str:
    """CreateOrUpdateAssetByName keeps the asset's id."""
    made = _made(trial)
    answer = trial.ask(_UPSERT, made.variables)
    found = as_object((answer.data or {}).get("createOrUpdateAssetByName")).get("id")
    if answer.failure is not None:
        return told_failure(answer)
    if found != made.id and isinstance(found, str):
        trial.at_the_end(lambda: _put_away(trial, found))
    return "the same id" if found == made.id else "another id"


@probe("assets", "10", "observed", "success, and it is gone", cost="asset")
def delete_asset(trial: Trial) -> str:
    """DeleteAssets takes it away."""
    answer = trial.ask(_DELETE, {"id": [_made(trial).id]})
    gone = not _nodes(trial, _made(trial).id)
    return f"{told_failure(answer)}, and it is {'gone' if gone else 'there'}"


def _made(trial: Trial) -> _Made:
    return trial.shared("asset", lambda: _make(trial))


def _make(trial: Trial) -> _Made:
    urls = trial.new_single()
    trial.put(urls.upload, sample_photo(), Content_Type="image/png")
    name = f"contract-check-{secrets.token_hex(6)}"
    repository_id = trial.choice.repository_id
    if not repository_id:
        repositories = ContentHubClient(trial.api).repositories()
        if not repositories:
            raise NotRunError("The credentials reach no repository.")
        repository_id = repositories[0].id
    variables: JsonObject = {
        "src": urls.download,
        "name": name,
        "filename": f"{name}.png",
        "repository": repository_id,
    }
    made = _Made(trial.ask(_CREATE, variables), variables)
    if made.answer.failure is None:
        trial.at_the_end(lambda: _put_away(trial, made.id))
    return made


def _nodes(trial: Trial, asset: str) -> list[JsonObject]:
    return list(nodes(as_object(trial.data(_READ, {"id": [asset]}).get("assets"))))


def _put_away(trial: Trial, asset: str) -> None:
    """Delete an asset that is still there.

    Raises:
        ClientError: it could not be deleted.
    """
    if _nodes(trial, asset):
        trial.data(_DELETE, {"id": [asset]})
