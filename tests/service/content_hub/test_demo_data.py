"""`--demo-data`: something to show, made once, reachable through the API."""

import io
import logging
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from service.content_hub.demo_data import ASSETS, DemoData
from tests.service.api_client import Api
from tests.service.live import Live, running

QUERY = """{
  viewer { mediaHubs { edges { node { assetRepositories { edges { node {
    label
    assetFolders { edges { node { label children { label } } } }
    assets { edges { node { name label tags mimeType published file thumbUrl } } }
  } } } } } } }
}"""


def first_repository(api: Api) -> dict[str, Any]:
    answer = api.graphql(QUERY).json()
    assert "errors" not in answer, answer
    (hub,) = answer["data"]["viewer"]["mediaHubs"]["edges"]
    return hub["node"]["assetRepositories"]["edges"][0]["node"]


def labels(connection: dict[str, Any]) -> list[str]:
    return [edge["node"]["label"] for edge in connection["edges"]]


def fill(live: Live) -> int:
    return DemoData(live.service.hub, live.service.temp_files).fill()


def test_the_content_hub_has_folders_and_pictures_after_the_start(tmp_path: Path) -> None:
    with running(tmp_path, demo_data=True) as live:
        repository = first_repository(live.api)
        assert labels(repository["assetFolders"]) == ["Products", "Banners"]
        assets = [edge["node"] for edge in repository["assets"]["edges"]]
        assert [asset["name"] for asset in assets] == [asset.name for asset in ASSETS]
        assert {asset["mimeType"] for asset in assets} == {"image/png"}
        assert [asset["published"] for asset in assets] == [asset.published for asset in ASSETS]
        picture = live.api.get(assets[0]["thumbUrl"])
        assert picture.status_code == 200
        assert Image.open(io.BytesIO(picture.content)).format in {"JPEG", "PNG", "WEBP"}


def test_a_second_start_makes_nothing_twice_and_keeps_what_people_did(tmp_path: Path) -> None:
    with running(tmp_path, demo_data=True) as live:
        assert fill(live) == 0
    with running(tmp_path, demo_data=True) as live:
        repository = first_repository(live.api)
        assert len(repository["assets"]["edges"]) == len(ASSETS)
        assert labels(repository["assetFolders"]) == ["Products", "Banners"]


def test_without_it_the_content_hub_is_empty(live: Live) -> None:
    names = [edge["node"]["name"] for edge in first_repository(live.api)["assets"]["edges"]]
    assert not [name for name in names if name in {asset.name for asset in ASSETS}]


def test_a_start_without_room_for_demo_data_is_still_a_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    with running(tmp_path, demo_data=True, disk_reserve=2**60) as live:
        assert first_repository(live.api)["assets"]["edges"] == []
    assert "The demo data is not complete" in caplog.text
