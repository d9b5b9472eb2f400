"""What the tray tells the browser."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from client.api.api import Api
from client.connection.connection import connection_from_settings
from client.transfers.browser import BrowserTransfers, UploadOptions
from client.transfers.registry import TransferRegistry
from client.wire.exchange import ExchangeLog
from settings import read_settings
from tests.app_server import ServiceAlone
from tests.client.remembered import FINGERPRINT

PART = 5_242_880
FILE = {"id": "t", "name": "film.mp4", "size": PART + 1, "modified": 1, "fingerprint": FINGERPRINT}
IN_PARTS = UploadOptions(part_size=PART, kind="multipart")


@pytest.fixture
def registry(service_alone: ServiceAlone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    for variable, value in service_alone.environment_of_child().items():
        monkeypatch.setenv(variable, value)
    registry = TransferRegistry(tmp_path)
    yield registry
    registry.close()


@pytest.fixture
def transfers(
    registry: TransferRegistry, service_alone: ServiceAlone
) -> Iterator[BrowserTransfers]:
    settings = read_settings(service_alone.environment_of_child(), Path("/nonexistent"))
    log = ExchangeLog()
    api = Api(connection_from_settings(settings), log)
    yield BrowserTransfers(api, registry, "ann", log)
    api.close()


def draw() -> None:
    from components.upload.tray.tray import tray

    tray()


def data_of(transfers: BrowserTransfers) -> dict[str, Any]:
    """Draw the tray and return what it hands to its JavaScript."""
    test = AppTest.from_function(draw, default_timeout=30)
    test.user["username"], test.user["roles"] = "ann", "uploader"
    test.session_state["browser_transfers"] = transfers
    test.run()
    assert not test.exception
    [component] = test.get("bidi_component")
    return json.loads(component.proto.json)  # pyright: ignore[reportAttributeAccessIssue]


def pick(transfers: BrowserTransfers) -> None:
    event = {"kind": "picked", "event": "e1", "holder": "p", "type": "video/mp4", "head": ""}
    transfers.handle({**event, **FILE}, IN_PARTS)


def test_the_choices_and_an_acknowledgement_go_out(transfers: BrowserTransfers) -> None:
    pick(transfers)
    data = data_of(transfers)
    assert data["seen"] == "e1"
    choices = {name: data[name] for name in ("route", "rateCap", "checkParts", "sha256")}
    assert choices == {"route": "automatic", "rateCap": 0, "checkParts": True, "sha256": False}


def test_a_plan_goes_out_with_deadline_and_known_parts_until_it_was_used(
    transfers: BrowserTransfers, registry: TransferRegistry
) -> None:
    pick(transfers)
    news = data_of(transfers)["transfers"]["t"]
    plan = news["plan"]
    [stored] = registry.list("ann")
    assert (news["answers"], news["done"], plan["etags"]) == ("e1", False, {})
    assert (plan["deadline"], plan["contentMd5"]) == (stored.deadline, True)
    assert [row[:3] for row in plan["parts"]] == [[1, 0, PART], [2, PART, PART + 1]]
    assert "plan" in data_of(transfers)["transfers"]["t"]
    registry.leases.report("ann", "t", lease_owner="p", etags=[(1, '"a"')], gone=True)
    assert "plan" not in data_of(transfers)["transfers"]["t"]
    transfers.handle({"kind": "resumed", "event": "e2", "holder": "q", **FILE}, IN_PARTS)
    assert data_of(transfers)["transfers"]["t"]["plan"]["etags"] == {"1": '"a"'}


def test_a_refused_file_is_explained_in_words(transfers: BrowserTransfers) -> None:
    pick(transfers)
    wrong = {"kind": "resumed", "event": "e2", "holder": "p", **FILE, "size": 7}
    transfers.handle(wrong, IN_PARTS)
    news = data_of(transfers)["transfers"]["t"]
    assert news["answers"] == "e2"
    assert "plan" not in news
    assert news["error"]["code"] == "file-differs"
    assert "the size is 7 bytes and was 5,242,881 bytes" in news["error"]["text"]
