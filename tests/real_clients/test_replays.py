"""What public programs that work on real accounts ask, one after the other, as they ask it.

Written anew from what each sends (contract 19): the programs themselves are of their authors.
"""

import base64
import io
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from PIL import Image

from tests.app_server import ServiceAlone, free_port
from tests.real_clients.front import SINGLE, Front, front_of

PAT, UNGRANTED = "amp_pat_of.a.script", "amp_pat_without.a.grant"


@dataclass(frozen=True)
class Account:
    """A front, and where in its Content Hub a program puts its assets."""

    front: Front
    repository: str

    def ask(self, query: str, token: str = PAT, **variables: Any) -> Any:
        """Return the data of an operation that must succeed."""
        return self.front.ask(query, token, variables)

    def post(self, body: Any, token: str = PAT, accept: str = "application/json") -> Any:
        """Return the answer to an operation, whatever it says."""
        headers = {"Authorization": f"bearer {token}", "Accept": accept}
        return requests.post(self.front.graphql_url, json=body, headers=headers, timeout=30)


REPOSITORIES = """{ viewer { mediaHubs { edges { node {
  id ... on MediaHub { assetRepositories { edges { node { id label } } } } } } } } }"""


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    tokens = {"TFW_PATS": PAT, "TFW_UNGRANTED_PATS": UNGRANTED}
    service = ServiceAlone(tmp_path_factory.mktemp("replays") / "data", free_port())
    service.environment.update(tokens)
    service.start()
    front = front_of(service)
    hubs = front.ask(REPOSITORIES, PAT)["viewer"]["mediaHubs"]["edges"]
    yield Account(front, hubs[0]["node"]["assetRepositories"]["edges"][0]["node"]["id"])
    service.stop()


def uuid_of(global_id: str) -> str:
    return base64.b64decode(global_id + "==").decode().partition(":")[2]


def picture(colour: str = "red", **options: Any) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (320, 200), colour).save(content, "JPEG", **options)
    return content.getvalue()


def uploaded(account: Account, content: bytes) -> str:
    """Send a picture as the seeding scripts do, with an empty `Authorization`."""
    urls = account.ask(SINGLE)["createTempFileUploadUrl"]
    headers = {"Content-Type": "image/jpeg", "Authorization": ""}
    assert requests.put(urls["uploadUrl"], content, headers=headers, timeout=30).status_code == 200
    return urls["downloadUrl"]


UPSERT = """mutation ($input: CreateUpdateAssetInput!) {
  createOrUpdateAssetByName(input: $input) { id assetId name revisionNumber } }"""
PUBLISH = "mutation ($input: PublishAssetInput!) { publishAsset(input: $input) { publishJobId } }"
NODE = """query ($id: ID!) { node(id: $id) { ... on Asset { id name published file mimeType } } }"""


def test_a_shop_s_pictures_are_seeded(account: Account) -> None:
    name = f"chair-{secrets.token_hex(4)}"
    made: list[dict[str, Any]] = []
    for colour in ("red", "blue"):
        asset = {
            "src": uploaded(account, picture(colour)),
            "type": "IMAGE",
            "name": name,
            "filename": f"{name}.jpg",
            "label": "A chair",
            "assetRepositoryId": account.repository,
        }
        made.append(account.ask(UPSERT, input=asset)["createOrUpdateAssetByName"])
    assert made[0]["id"] == made[1]["id"]
    assert account.ask(PUBLISH, input={"id": made[0]["id"]})["publishAsset"]["publishJobId"]
    node = account.ask(NODE, id=made[0]["id"])["node"]
    assert (node["name"], node["mimeType"]) == (name, "image/jpeg")
    stored = Image.open(io.BytesIO(requests.get(node["file"], timeout=30).content))
    assert stored.getpixel((9, 9)) == Image.open(io.BytesIO(picture("blue"))).getpixel((9, 9))


GALLERY_FOLDER = """query queryAssetByFolder($folderId: String!, $query: String, $cursor: String) {
  assetSearch(keyword: $query, first: 100, after: $cursor,
    filters: { assetFolderId: [$folderId] }, sort: { updatedDate: DESC }) {
    total pageInfo { hasNextPage endCursor } edges { node { id name label } cursor } } }"""
GALLERY_ALL = """query queryAssetByRepo($repoId: String!) {
  assetSearch(keyword: "*", first: 200, filters: { assetRepositoryId: [$repoId] }) {
    total edges { node { id name } } } }"""
EXIF = """query ($id: ID!) { node(id: $id) { ... on Asset {
  metadata(schemaName: "exif") { edges { node { schemaName properties } } } } } }"""


def test_a_media_gallery_lists_a_folder_and_a_repository(account: Account) -> None:
    folder = account.ask(
        """mutation ($input: CreateAssetFolderInput!) {
          createAssetFolder(input: $input) { id } }""",
        input={"assetRepositoryId": account.repository, "label": secrets.token_hex(4)},
    )["createAssetFolder"]["id"]
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = "A red chair", "A. Painter"
    asset = {
        "src": uploaded(account, picture(exif=exif)),
        "type": "IMAGE",
        "name": f"gallery-{secrets.token_hex(4)}",
        "filename": "gallery.jpg",
        "assetRepositoryId": account.repository,
        "assetFolderId": folder,
    }
    made = account.ask(UPSERT, input=asset)["createOrUpdateAssetByName"]

    in_folder = account.ask(GALLERY_FOLDER, folderId=uuid_of(folder))["assetSearch"]
    assert [edge["node"]["id"] for edge in in_folder["edges"]] == [made["id"]]
    everything = account.ask(GALLERY_ALL, repoId=uuid_of(account.repository))["assetSearch"]
    assert made["id"] in {edge["node"]["id"] for edge in everything["edges"]}
    assert everything["total"] == len(everything["edges"])
    [edge] = account.ask(EXIF, id=made["id"])["node"]["metadata"]["edges"]
    assert edge["node"]["properties"] == {"description": "A red chair", "artist": "A. Painter"}


def test_a_demo_tool_asks_for_its_token_in_the_address(account: Account) -> None:
    parameters = {
        "client_id": account.front.client_id,
        "client_secret": account.front.client_secret,
        "grant_type": "client_credentials",
    }
    answer = requests.post(
        account.front.token_url,
        params=parameters,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
    assert account.ask("{ viewer { id } }", answer.json()["access_token"])["viewer"]["id"]


def test_credentials_are_checked_before_an_import(account: Account) -> None:
    read = {"query": "{ viewer { mediaHubs { edges { node { id } } } } }"}
    assert account.post(read).json()["data"]["viewer"]["mediaHubs"]["edges"]
    assert account.post(read, token="amp_pat_unknown.one").status_code == 401
    without = account.post({"query": SINGLE}, token=UNGRANTED)
    assert without.status_code == 200
    assert without.json()["errors"][0]["message"] == 'Request failed with status code: "403"'

    src = uploaded(account, picture())
    asset = {
        "src": src,
        "type": "IMAGE",
        "name": f"probe-{secrets.token_hex(4)}",
        "filename": "probe.jpg",
        "assetRepositoryId": account.repository,
    }
    create = "mutation ($input: CreateAssetInput!) { createAsset(input: $input) { id } }"
    made = account.ask(create, input=asset)["createAsset"]["id"]
    again = account.post({"query": create, "variables": {"input": asset}}).json()
    assert again["errors"], "a second asset of that name"
    delete = "mutation ($input: DeleteAssetsInput!) { deleteAssets(input: $input) }"
    account.ask(delete, input={"id": [made]})
    assert account.ask(NODE, id=made)["node"] is None


def test_a_page_of_content_generation_reads_organisations_and_hubs(account: Account) -> None:
    query = """{ viewer { organizations { edges { node { ... on Organization {
      id name cmsHubs { id label } } } } } } }"""
    answer = account.post({"query": query}, accept="application/json, text/plain, */*")
    [edge] = answer.json()["data"]["viewer"]["organizations"]["edges"]
    assert edge["node"]["cmsHubs"] == []
