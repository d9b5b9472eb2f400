"""The assets page as Streamlit runs it, against the service and against endpoints that fail."""

import io
import json
import secrets
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from client.api.api import Api
from client.content_hub.assets import Asset, ContentHubClient, NewAsset
from client.content_hub.library import AssetLibrary, Place
from client.transfers.upload import upload_file
from client.wire.exchange import Exchange
from process import this_process
from tests.app_server import ROOT
from tests.client.scripted_endpoint import (
    ScriptedEndpoint,
    answer,
    graphql_error,
)

HOSTILE = '**bold** <b>x</b> [y](http://z) "q"'


pytestmark = pytest.mark.usefixtures("environment")


class Shelf:
    """A new folder with a few assets in it."""

    def __init__(self, api: Api, picture: Path) -> None:
        self.api = api
        self.hub, self.library = ContentHubClient(api), AssetLibrary(api)
        self.repository = self.hub.repositories()[0]
        self.label = f"shelf {secrets.token_hex(4)}"
        self.id = self.library.create_folder(Place(self.repository.id), self.label)
        self._src = upload_file(api, picture).download_url

    def put(self, name: str, **other: Any) -> Asset:
        values: dict[str, Any] = {"folder_id": self.id, "filename": f"{name}.png", **other}
        return self.hub.create(
            NewAsset(self._src, "IMAGE", name, repository_id=self.repository.id, **values)
        )

    def page(self, roles: str = "uploader", asset: str | None = None) -> AppTest:
        test = page(roles, asset)
        test.session_state[f"assets-folder-{self.repository.id}"] = self.id
        return run(test)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    content = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(content, "PNG")
    path = tmp_path / "picture.png"
    path.write_bytes(content.getvalue())
    return path


@pytest.fixture
def shelf(api: Api, picture: Path) -> Shelf:
    return Shelf(api, picture)


def page(roles: str = "uploader", asset: str | None = None) -> AppTest:
    test = AppTest.from_file(str(ROOT / "pages" / "assets.py"), default_timeout=60)
    test.user["username"], test.user["roles"] = "ann", roles
    if asset is not None:
        test.query_params["asset"] = asset
    return test


def log_of_page() -> tuple[Exchange, ...]:
    return this_process().visitors.of("ann", "").log.entries()


def run(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception
    return test


def press(test: AppTest, key: str) -> AppTest:
    test.button(key=key).click()
    return run(test)


def keys(test: AppTest) -> set[str]:
    return {str(button.key) for button in test.button}


def shown(test: AppTest) -> str:
    nodes = [*test.markdown, *test.caption, *test.subheader, *test.header]
    return " ".join(str(node.value) for node in nodes).replace("\\", "").replace("\u2060", "")


def pictures(test: AppTest) -> list[str]:
    """Return the addresses of the pictures drawn."""
    return [url for image in test.image for url in image.value]


def unique(stem: str) -> str:
    return f"{stem}-{secrets.token_hex(4)}"


def test_a_new_folder_says_that_nothing_is_in_it_and_what_to_do(shelf: Shelf) -> None:
    test = shelf.page()
    assert "Nothing here yet" in shown(test)
    assert "assets-upload" in keys(test)


def test_assets_are_cards_with_their_pictures(shelf: Shelf) -> None:
    made = shelf.put(unique("shoe"), label=HOSTILE)
    test = shelf.page()
    assert "1 asset" in shown(test)
    assert HOSTILE in shown(test)
    assert "**bold**" not in " ".join(node.value for node in test.markdown)
    assert len(pictures(test)) == 1
    assert f"asset-open-{made.id}" in keys(test)


def test_more_are_shown_on_demand_and_none_twice(shelf: Shelf) -> None:
    names = [shelf.put(unique("many")).name for _ in range(26)]
    test = shelf.page()
    assert "The first 24 assets" in shown(test)
    test = press(test, "assets-more")
    assert "26 assets" in shown(test)
    assert all(name in shown(test) for name in names)
    assert sum(key.startswith("asset-open-") for key in keys(test)) == 26
    assert "assets-more" not in keys(test)


def test_a_search_looks_in_the_folder_and_says_when_it_finds_nothing(shelf: Shelf) -> None:
    word = secrets.token_hex(4)
    found, other = shelf.put(f"{word}-one"), shelf.put(unique("other"))
    test = shelf.page()
    test.text_input(key="assets-search").set_value(f"\u200b{word}\ufeff")  # as pages copy it
    test = run(test)
    assert f"asset-open-{found.id}" in keys(test)
    assert f"asset-open-{other.id}" not in keys(test)
    test.text_input(key="assets-search").set_value("*nothing* of it")
    test = run(test)
    assert "No asset found" in shown(test)
    assert "*nothing* of it" in shown(test)
    test = press(test, "assets-clear")
    assert {f"asset-open-{found.id}", f"asset-open-{other.id}"} <= keys(test)


def test_the_same_as_a_table(shelf: Shelf) -> None:
    made = shelf.put(unique("row"), tags=("a", "b"))
    test = shelf.page()
    test.radio(key="assets-view").set_value("table")
    [table] = run(test).dataframe
    frame: Any = table.value
    assert list(frame["Name"]) == [made.name]
    assert list(frame["Folder"]) == [shelf.label]


def test_a_page_of_reruns_asks_the_endpoint_nothing_again(shelf: Shelf) -> None:
    shelf.put(unique("calm"))
    test = shelf.page()
    before = len(log_of_page())
    assert before
    test = run(run(test))
    assert len(log_of_page()) == before
    assert "X-Amz-Signature" not in "".join(
        node.value for node in [*test.markdown, *test.caption, *test.code]
    )


def test_an_address_leads_to_the_asset_and_back_to_the_list(shelf: Shelf) -> None:
    made = shelf.put(unique("linked"), label=HOSTILE, tags=("red *shoe*",))
    test = shelf.page(asset=made.id)
    for fact in (HOSTILE, made.name, "image/png", "red *shoe*", shelf.label, "Revision**: 1"):
        assert fact in shown(test)
    assert {made.id, made.asset_id} <= {code.value for code in test.code}
    test = press(test, "asset-back")
    assert "asset" not in test.query_params
    assert f"asset-open-{made.id}" in keys(test)


def test_a_look_at_an_asset_leaves_all_folders_chosen(shelf: Shelf) -> None:
    test = run(page())
    test.query_params["asset"] = shelf.put(unique("looked-at")).id
    test = press(run(test), "asset-back")
    assert test.selectbox(key=f"assets-folder-{shelf.repository.id}").value == ""


def test_an_address_of_nothing_says_so() -> None:
    test = run(page(asset="QXNzZXQ6bm90aGluZw=="))
    assert "This asset is not here" in shown(test)


def test_publishing_says_the_job_and_the_asset_is_read_again(shelf: Shelf) -> None:
    made = shelf.put(unique("public"))
    test = press(shelf.page(asset=made.id), "asset-publish-now")
    assert "Publishing was asked for" in test.success[0].value
    assert "Published**: Yes" in shown(test)
    assert test.button(key="asset-publish-now").label == "Publish again"


def test_deleting_asks_first(shelf: Shelf) -> None:
    made = shelf.put(unique("doomed"))
    test = press(shelf.page(asset=made.id), "asset-delete")
    test = press(test, "asset-keep")
    assert "asset-delete-for-good" not in keys(test)
    assert shelf.library.asset(made.id)
    test = press(press(test, "asset-delete"), "asset-delete-for-good")
    assert made.name in test.success[0].value.replace("\\", "")
    assert shelf.library.asset(made.id) is None
    assert "Nothing here yet" in shown(test)
    assert not run(test).success


def test_a_viewer_may_look_and_change_nothing(shelf: Shelf) -> None:
    made = shelf.put(unique("seen"))
    changes = {"asset-publish-now", "asset-delete", "asset-remove-background"}
    assert not changes & keys(shelf.page("viewer", made.id))
    assert changes <= keys(shelf.page("uploader", made.id))
    assert "assets-create-folder" not in keys(shelf.page("viewer"))


def test_a_folder_is_made_in_the_one_on_show_and_then_shown(shelf: Shelf) -> None:
    test = shelf.page()
    test.text_input(key="assets-folder-name").set_value("**inner**")
    test = press(test, "assets-create-folder")
    assert "**inner**" in test.success[0].value.replace("\\", "")
    tree = shelf.hub.folders(shelf.repository.id)
    [inner] = [one for one in tree.folders if one.path == (shelf.label, "**inner**")]
    assert test.selectbox(key=f"assets-folder-{shelf.repository.id}").value == inner.id


@pytest.mark.parametrize(("name", "said"), [(" ", "Give the folder a name"), ("twin", "already")])
def test_a_folder_that_cannot_be_made_is_told_before_anything_is_sent(
    shelf: Shelf, name: str, said: str
) -> None:
    shelf.library.create_folder(Place(shelf.repository.id, shelf.id), "twin")
    test = shelf.page()
    test.text_input(key="assets-folder-name").set_value(name)
    test = press(test, "assets-create-folder")
    assert said in test.warning[0].value
    log = log_of_page()
    assert "createAssetFolder" not in {entry.purpose for entry in log}


def test_what_was_chosen_on_another_connection_is_not_missed(shelf: Shelf) -> None:
    test = page()
    test.session_state["assets-repository"] = "of another connection"
    test.session_state[f"assets-folder-{shelf.repository.id}"] = "of another connection"
    test = run(test)
    assert test.selectbox(key="assets-repository").value == shelf.repository.id
    assert "The first" in shown(test) or " asset" in shown(test)


# Endpoints that fail --------------------------------------------------------------------------


def data(content: object) -> Any:
    return answer(200, json.dumps({"data": content}).encode())


END = {"hasNextPage": False, "endCursor": None}


def hubs(*labels: str) -> Any:
    edges = [{"node": {"id": f"id of {label}", "label": label}} for label in labels]
    repositories = {"edges": edges, "pageInfo": END}
    node = {"node": {"assetRepositories": repositories}}
    return data({"viewer": {"mediaHubs": {"edges": [node], "pageInfo": END}}})


NO_FOLDERS = data({"node": {"assetFolders": {"edges": [], "pageInfo": END}}})


def test_credentials_without_a_grant_are_told_what_to_ask_for(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("graphql", hubs(), hubs("Brand"), NO_FOLDERS, listing([]))
    test = run(page())
    assert "asset-store permission" in test.warning[0].value
    test = press(test, "assets-try-repositories")
    assert test.selectbox(key="assets-repository").options == ["Brand"]


def listing(nodes: list[dict[str, Any]], cursor: str | None = None) -> Any:
    info = {"hasNextPage": cursor is not None, "endCursor": cursor}
    edges = [{"node": node} for node in nodes]
    return data({"node": {"assets": {"edges": edges, "pageInfo": info}}})


def test_what_cannot_be_read_is_named_and_tried_again(endpoint: ScriptedEndpoint) -> None:
    refused = graphql_error('Request failed with status code: "403"')
    endpoint.on("graphql", refused, hubs("Brand"), refused, refused)
    test = run(page())
    assert "permission-denied" in test.error[0].value
    test = press(test, "assets-try-repositories")
    assert "The folders could not be read" in shown(test)
    assert len(test.error) == 2
    nameless = {"id": "QQ==", "name": None, "thumbUrl": None}
    endpoint.on("graphql", listing([nameless]), NO_FOLDERS)
    test = press(test, "assets-more")
    assert "asset-open-QQ==" in keys(test)
    assert not test.error


def test_a_second_page_that_fails_leaves_the_first_on_show(endpoint: ScriptedEndpoint) -> None:
    one = {"id": "QQ==", "name": "one", "thumbUrl": None, "mimeType": 5, "tags": None}
    two = {"id": "Qg==", "name": "two", "revisionNumber": 2.0, "createdDate": "yesterday"}
    endpoint.on("graphql", hubs("Brand"), NO_FOLDERS, listing([one], "next"))
    test = run(page())
    endpoint.on("graphql", graphql_error("no", "BAD_USER_INPUT", 400), listing([one, two]))
    test = press(test, "assets-more")
    assert "graphql-error" in test.error[0].value
    assert "asset-open-QQ==" in keys(test)
    test = press(test, "assets-more")
    assert {"asset-open-QQ==", "asset-open-Qg=="} <= keys(test)
    assert not test.error


def test_a_picture_that_cannot_be_had_is_no_error(endpoint: ScriptedEndpoint) -> None:
    broken = {"id": "QQ==", "name": "one", "thumbUrl": f"{endpoint.url}/object?Signature=canary"}
    endpoint.on("graphql", hubs("Brand"), NO_FOLDERS, listing([broken]))
    test = run(page())
    assert "No picture" in shown(test)
    assert not test.error
    assert "Authorization" not in endpoint.last("object").headers
