"""Looking through the Content Hub, against the service and against answers that get lost."""

import io
import json
import secrets
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from client.api.api import Api
from client.content_hub.assets import Asset, ContentHubClient, NewAsset, read_asset
from client.content_hub.library import PAGE, AssetLibrary, Place
from client.content_hub.thumbnails import LARGEST, Thumbnails
from client.errors import (
    ClientError,
    GraphQLFailedError,
    OutcomeUnknownError,
    ServiceDownError,
    UnexpectedAnswerError,
)
from client.playground.asset_operations import asset_operation, listing_operation
from client.playground.link import read_link, write_link
from client.playground.run import run_operation
from client.transfers.upload import upload_file
from tests.client.scripted_endpoint import (
    HTML,
    SIGNED,
    Action,
    ScriptedEndpoint,
    answer,
    drop,
    graphql_error,
)


@pytest.fixture
def library(api: Api) -> AssetLibrary:
    return AssetLibrary(api)


@pytest.fixture
def place(api: Api, library: AssetLibrary) -> Place:
    """A new folder."""
    repository = ContentHubClient(api).repositories()[0]
    return Place(repository.id, library.create_folder(Place(repository.id), unique("shelf")))


@pytest.fixture
def src(api: Api, tmp_path: Path) -> str:
    path = tmp_path / "red.png"
    Image.new("RGB", (40, 30), "red").save(path)
    return upload_file(api, path).download_url


def unique(stem: str) -> str:
    return f"{stem}-{secrets.token_hex(4)}"


def put(api: Api, place: Place, src: str, name: str, **other: Any) -> Asset:
    values: dict[str, Any] = {"filename": "a.png", "folder_id": place.folder_id, **other}
    new = NewAsset(src=src, type="IMAGE", name=name, repository_id=place.repository_id, **values)
    return ContentHubClient(api).create(new)


def every_id(library: AssetLibrary, place: Place) -> set[str]:
    page = library.page(place)
    ids = {asset.id for asset in page.assets}
    while page.next:
        page = library.page(place, page.next)
        ids |= {asset.id for asset in page.assets}
    return ids


def data(content: object) -> Action:
    return answer(200, json.dumps({"data": content}).encode())


def found(*ids: str) -> Action:
    return data({"assets": {"edges": [{"node": {"id": one}} for one in ids]}})


def test_pages_follow_each_other_without_a_gap(
    api: Api, library: AssetLibrary, place: Place, src: str
) -> None:
    made = {put(api, place, src, unique("page")).id for _ in range(PAGE + 2)}
    first = library.page(place)
    assert len(first.assets) == PAGE
    assert first.next
    second = library.page(place, first.next)
    assert second.next is None
    assert {asset.id for asset in (*first.assets, *second.assets)} == made
    assert made <= every_id(library, Place(place.repository_id))


def test_a_search_is_kept_to_its_place_and_counts(
    api: Api, library: AssetLibrary, place: Place, src: str
) -> None:
    word = secrets.token_hex(4)
    inside = put(api, place, src, f"{word}-in", tags=("t",), label="L")
    outside = put(api, Place(place.repository_id), src, f"{word}-out")
    here = library.search(word, place)
    assert (here.total, [asset.id for asset in here.assets]) == (1, [inside.id])
    everywhere = library.search(word, Place(place.repository_id))
    assert [asset.id for asset in everywhere.assets] == [outside.id, inside.id]
    assert library.search(f"{word}-not", place).assets == ()


def test_an_asset_has_what_was_said_of_it(
    api: Api, library: AssetLibrary, place: Place, src: str
) -> None:
    made = put(api, place, src, unique("whole"), tags=("a", "ü"), label="L")
    asset = library.asset(made.id)
    assert asset
    assert (asset.label, asset.tags, asset.type, asset.mime_type) == (
        "L",
        ("a", "ü"),
        "IMAGE",
        "image/png",
    )
    assert (asset.repository_id, asset.folder_id) == (place.repository_id, place.folder_id)
    assert asset.revision == 1
    assert asset.created
    assert library.asset("QXNzZXQ6bm90aGluZw==") is None


def test_a_deleted_asset_is_gone(api: Api, library: AssetLibrary, place: Place, src: str) -> None:
    one, two = (put(api, place, src, unique("doomed")) for _ in range(2))
    library.delete([one.id, two.id])
    assert library.page(place).assets == ()
    library.delete([one.id])  # it is gone, which is what was asked for


def test_the_query_of_a_listing_runs_in_the_playground(
    api: Api, library: AssetLibrary, place: Place, src: str
) -> None:
    made = put(api, place, src, unique("play"))
    for operation in (
        asset_operation(made.id),
        listing_operation(place, ""),
        listing_operation(place, made.name),
        listing_operation(Place(place.repository_id), made.name),
    ):
        linked = read_link(write_link(operation) or "")
        assert linked
        assert (linked.text, linked.variables) == (operation.text, operation.variables)
        run = run_operation(api, operation.text, operation.variables)
        assert run.outcome == "ok"
        assert made.id in str(run.text)
    whole = listing_operation(Place(place.repository_id), "")
    assert run_operation(api, whole.text, whole.variables).outcome == "ok"


def test_fields_of_other_kinds_than_documented_are_left_out() -> None:
    odd = {"id": "QQ==", "name": 5, "createdDate": "soon", "tags": None, "revisionNumber": "1"}
    assert read_asset(odd) == Asset("QQ==", "")
    root = "QXNzZXRGb2xkZXI6MDAwMDAwMDAtMDAwMC0wMDAwLTAwMDAtMDAwMDAwMDAwMDAw"
    assert read_asset({"id": "QQ==", "assetFolderId": root}).folder_id == ""


@pytest.mark.parametrize("lost", [drop, graphql_error("id is no asset", "BAD_USER_INPUT", 400)])
def test_a_lost_answer_to_a_deletion_is_cleared_up_by_looking(
    endpoint: ScriptedEndpoint, lost: Action
) -> None:
    endpoint.on("graphql", lost, found())
    AssetLibrary(endpoint.api()).delete(["QQ=="])
    assert sum(b"deleteAssets" in seen.body for seen in endpoint.seen) == 1


@pytest.mark.parametrize(
    ("actions", "kind"),
    [
        ([drop, found("QQ==")], ServiceDownError),
        ([drop, answer(403, b"no")], ServiceDownError),
        ([graphql_error("no"), found("QQ==")], GraphQLFailedError),
        ([answer(418, HTML)], UnexpectedAnswerError),
    ],
)
def test_a_deletion_that_failed_says_so(
    endpoint: ScriptedEndpoint, actions: list[Action], kind: type[ClientError]
) -> None:
    endpoint.on("graphql", *actions)
    with pytest.raises(kind):
        AssetLibrary(endpoint.api()).delete(["QQ=="])


def test_a_folder_whose_answer_was_lost_is_not_made_again(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("graphql", drop)
    with pytest.raises(OutcomeUnknownError, match="not known"):
        AssetLibrary(endpoint.api()).create_folder(Place("Ug=="), "new")
    assert sum(b"createAssetFolder" in seen.body for seen in endpoint.seen) == 1


def test_a_search_whose_assets_are_gone_meanwhile_is_shorter(endpoint: ScriptedEndpoint) -> None:
    edges = [{"node": {"id": "QQ=="}}, {"node": {"id": "Qg=="}}]
    search = {"assetSearch": {"total": 2, "edges": edges, "pageInfo": {"hasNextPage": False}}}
    endpoint.on("graphql", data(search), found("Qg=="))
    page = AssetLibrary(endpoint.api()).search("x", Place("Ug=="))
    assert [asset.id for asset in page.assets] == ["Qg=="]


# Thumbnails -----------------------------------------------------------------------------------


def png() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(content, "PNG")
    return content.getvalue()


def same(content: bytes) -> bytes:
    return content


def asset(endpoint: ScriptedEndpoint, asset_id: str = "QQ==") -> Asset:
    return Asset(asset_id, "one", revision=1, thumb_url=f"{endpoint.url}/object?{SIGNED}")


def test_a_thumbnail_is_fetched_once_and_without_the_token(endpoint: ScriptedEndpoint) -> None:
    endpoint.stored = png()
    api = endpoint.api()
    thumbnails = Thumbnails(api, same)
    one = asset(endpoint)
    assert thumbnails.kept(one) is None
    assert list(thumbnails.fetch([one])) == [(one, png())]
    assert thumbnails.kept(one) == png()
    assert list(thumbnails.fetch([one])) == [(one, png())]
    assert endpoint.times("object") == 1
    assert "Authorization" not in endpoint.last("object").headers
    assert "0123456789abcdef" not in "".join(map(repr, api.log.entries()))


@pytest.mark.parametrize(
    "action", [answer(403, png()), answer(200, bytes(LARGEST + 1)), drop, answer(500, HTML)]
)
def test_a_thumbnail_that_cannot_be_had_is_empty(
    endpoint: ScriptedEndpoint, action: Action
) -> None:
    endpoint.on("object", action)
    one = asset(endpoint)
    assert list(Thumbnails(endpoint.api(), same).fetch([one])) == [(one, b"")]


def test_without_an_address_nothing_is_asked(endpoint: ScriptedEndpoint) -> None:
    assert Thumbnails(endpoint.api(), same).kept(Asset("QQ==", "one")) == b""
    assert not endpoint.seen


def test_thumbnails_stay_within_their_memory(endpoint: ScriptedEndpoint) -> None:
    endpoint.stored = bytes(LARGEST)
    thumbnails = Thumbnails(endpoint.api(), same)
    many = [asset(endpoint, str(number)) for number in range(12)]
    assert len(list(thumbnails.fetch(many))) == 12
    assert sum(thumbnails.kept(one) is not None for one in many) == 8
