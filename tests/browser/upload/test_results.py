"""What comes after an upload, in a real browser: assets, the check, copies, deep links."""

import csv
import io
import json
import re
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from client.api.api import Api
from client.connection.connection import connection_from_settings
from client.content_hub.assets import ContentHubClient
from client.transfers.download import name_given
from settings import read_settings
from tests.app_server import AppServer
from tests.browser.playground.playground_steps import operations, variables
from tests.browser.settled import settled
from tests.browser.steps import (
    card_of,
    choose,
    link_of,
    parts_of,
    random_file,
    result_of,
    send_sample_video,
    slow_down,
    unfold,
    wait_for_parts,
    wait_until_done,
)
from tests.client.export.har_schema import check_har

Check = Callable[[Page], None]


@pytest.fixture
def api(app_server: AppServer, tmp_path: Path) -> Iterator[Api]:
    settings = read_settings(app_server.environment_of_child(), tmp_path / "none.toml")
    api = Api(connection_from_settings(settings))
    yield api
    api.close()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture of a name that no other test uses."""
    path = tmp_path / f"shoe {secrets.token_hex(4)}.png"
    Image.new("RGB", (320, 200), "#2b5fa8").save(path)
    return path


def sent(page: Page, file: Path) -> Locator:
    choose(page, file)
    wait_until_done(page, file.name)
    return result_of(page, file.name)


def open_dialog(page: Page, result: Locator) -> Locator:
    settled(page)  # while the list is drawn anew, a card may be there twice
    result.get_by_role("button", name="Create asset").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Create", exact=True)).to_be_enabled()
    return dialog


def folder_in(api: Api, label: str) -> str:
    hub = ContentHubClient(api)
    make = (
        "mutation ($repository: ID!, $label: String!) { createAssetFolder(input: "
        "{ assetRepositoryId: $repository, label: $label }) { id } }"
    )
    values = {"repository": hub.repositories()[0].id, "label": label}
    return api.graphql.execute(make, values)["createAssetFolder"]["id"]


def asset_named(api: Api, name: str) -> dict[str, Any]:
    search = "query ($k: String!) { assetSearch(keyword: $k) { edges { node { id name } } } }"
    edges = api.graphql.execute(search, {"k": name})["assetSearch"]["edges"]
    [found] = [edge["node"]["id"] for edge in edges if edge["node"]["name"] == name]
    read = (
        "query ($id: ID!) { assets(id: [$id]) { edges { node "
        "{ name filename tags published assetFolderId mimeType type } } } }"
    )
    return api.graphql.execute(read, {"id": found})["assets"]["edges"][0]["node"]


def test_an_asset_is_created_with_folder_tags_and_publishing(
    signed_in_page: Page, api: Api, picture: Path
) -> None:
    page = signed_in_page
    label = f"folder {secrets.token_hex(4)}"
    folder = folder_in(api, label)
    dialog = open_dialog(page, sent(page, picture))
    expect(dialog.get_by_label("Name", exact=True)).to_have_value(picture.stem)
    choose_option(dialog, "Folder", label)
    tags = dialog.get_by_role("combobox", name="Tags")
    for tag in ("blue", "a b"):
        tags.fill(tag)
        tags.press("Enter")
    tags.press("Tab")
    dialog.get_by_text("Publish it at once").click()
    dialog.get_by_role("button", name="Create", exact=True).click()
    expect(dialog).to_contain_text("is in Content Hub")
    expect(dialog).to_contain_text("Publishing was asked for")
    expect(dialog.get_by_role("img", name=f"Thumbnail of {picture.stem}")).to_be_visible()
    assert asset_named(api, picture.stem) == {
        "name": picture.stem,
        "filename": picture.name,
        "tags": ["blue", "a b"],
        "published": True,
        "assetFolderId": folder,
        "mimeType": "image/png",
        "type": "IMAGE",
    }
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    expect(dialog).to_be_hidden()


def choose_option(dialog: Locator, label: str, option: str) -> None:
    box = dialog.get_by_role("combobox", name=label)
    box.click()
    box.fill(option)
    dialog.page.get_by_role("option", name=option).click()


def test_the_dialog_and_a_running_upload_leave_each_other_alone(
    signed_in_page: Page, picture: Path
) -> None:
    page = signed_in_page
    result = sent(page, picture)
    slow_down(page, 30_000_000)
    name = send_sample_video(page, "250 MB")
    wait_for_parts(card_of(page, name), 1)
    dialog = open_dialog(page, result)
    dialog.get_by_label("Name", exact=True).fill("typed meanwhile")
    slow_down(page, -1)
    wait_until_done(page, name)
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("Name", exact=True)).to_have_value("typed meanwhile")


def test_a_result_goes_on_in_the_playground(signed_in_page: Page, picture: Path) -> None:
    page = signed_in_page
    result = sent(page, picture)
    result.get_by_role("button", name="Open in playground").click()
    expect(operations(page)).to_contain_text("createAsset")
    expect(variables(page)).to_contain_text("X-Amz-Signature")
    expect(variables(page)).to_contain_text(f'"filename": "{picture.name}"')


def saved(page: Page, result: Locator, tab: str) -> str:
    result.get_by_role("tab", name=tab).click()
    settled(page)
    expect(result.get_by_role("tabpanel").locator("code")).to_be_visible()
    with page.expect_download() as download:
        result.get_by_role("button", name=re.compile("^Download ")).click()
    return Path(download.value.path()).read_text("utf-8")


def test_a_transfer_is_copied_as_scripts_csv_and_har(signed_in_page: Page) -> None:
    page = signed_in_page
    name = send_sample_video(page, "250 MB")
    card = wait_until_done(page, name)
    numbers = [int(row["part"]) for row in parts_of(card)]
    result = result_of(page, name)
    unfold(result, "Copy as: curl")
    copies = {tab: saved(page, result, tab) for tab in ("curl", "Python", "CSV of parts", "HAR")}
    assert copies["curl"].startswith("#!/usr/bin/env bash")
    compile(copies["Python"], "upload.py", "exec")
    rows = list(csv.DictReader(io.StringIO(copies["CSV of parts"], newline="")))
    assert [int(row["part"]) for row in rows] == numbers
    assert int(rows[-1]["last_byte"]) == 249_999_999
    document = json.loads(copies["HAR"])
    check_har(document)
    comments = [entry["comment"].split(",")[0] for entry in document["log"]["entries"]]
    assert {f"part {number}" for number in numbers} <= set(comments)
    assert {"createTempFileMultipartUploadUrl", "complete", "verify"} <= set(comments)
    for text in copies.values():
        assert not re.search(r"X-Amz-Signature=(?!\*\*\*)", text)
        assert "eyJ" not in text


def test_a_link_names_its_file_or_the_details_say_why_not(
    signed_in_page: Page, tmp_path: Path
) -> None:
    page = signed_in_page
    photo = tmp_path / f"Übersicht {secrets.token_hex(4)} (2).png"
    Image.new("RGB", (32, 20), "#2b5fa8").save(photo)
    details = sent(page, photo)
    unfold(details, "Details: size, ETag")
    named = re.compile(rf"Name of the download: \u2068{re.escape(photo.name)}\u2069")
    expect(details).to_contain_text(named)
    said = requests.get(link_of(page, photo.name), timeout=60).headers["Content-Disposition"]
    assert name_given(said) == photo.name
    details = sent(page, random_file(tmp_path / f"{photo.stem}.bin", 105_000_000))
    unfold(details, "Details: size, ETag")
    expect(details).to_contain_text("A file sent in parts cannot be given one through this API")


def test_the_address_of_a_transfer_leads_to_it_after_a_reload(
    signed_in_page: Page, picture: Path
) -> None:
    page = signed_in_page
    sent(page, picture)
    heading = page.get_by_role("heading", name="Details", exact=True)
    expect(heading).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?transfer=[\w-]+$"))
    page.reload()
    expect(heading).to_be_visible()
    expect(page.get_by_role("link", name=f"Open {picture.name} in a new tab")).to_have_count(1)
    page.get_by_role("button", name="Close details").click()
    expect(heading).to_be_hidden()
    assert "transfer=" not in page.url


def test_cards_and_dialog_are_accessible(
    signed_in_page: Page, expect_accessible: Check, picture: Path
) -> None:
    page = signed_in_page
    result = sent(page, picture)
    result.get_by_role("button", name="Check the download").click()
    expect(result).to_contain_text("The download is what was uploaded")
    unfold(result, "Copy as: curl")
    expect(result.get_by_role("tabpanel").locator("code")).to_be_visible()
    unfold(result, "Details: size, ETag")
    expect(result.get_by_text("Content type: image/png")).to_be_visible()
    expect_accessible(page)

    dialog = open_dialog(page, result)
    expect_accessible(page)
    dialog.get_by_role("button", name="Create", exact=True).click()
    expect(dialog).to_contain_text("is in Content Hub")
    expect_accessible(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Close details").click()
    expect(result).to_be_hidden()
    expect_accessible(page)
