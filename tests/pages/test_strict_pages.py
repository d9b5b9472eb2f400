"""The assets page and the playground's pickers on an endpoint that is as strict as a real one.

A search kept to a folder or repository by a global id finds nothing there, and an empty keyword
neither (tests/app/strict_service.py); what is in no folder is in a folder that stands for none.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from client.connection.connection import bare_id
from client.content_hub.assets import NO_FOLDER_ID
from components.playground.state import Playground
from tests.app.strict_remote import StrictRemote
from tests.app.strict_service import NO_FOLDER_LABEL
from tests.app_server import ROOT

BOTTLES = "Products / Bottles"


@pytest.fixture(autouse=True)
def environment(
    strict_remote: StrictRemote, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The connection to the strict endpoint, without pauses for its rate limit."""
    settings = {**strict_remote.settings(with_pat=True), "AMPLIENCE_RATE_LIMIT": "0"}
    for variable, value in settings.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("TFW_DATA_DIR", str(tmp_path))


def page(name: str) -> AppTest:
    test = AppTest.from_file(str(ROOT / "pages" / name), default_timeout=60)
    test.user["username"], test.user["roles"] = "ann", "admin"
    return test


def run(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception
    return test


def titles(test: AppTest) -> set[str]:
    """Return the names on the cards."""
    labels = (one.label.replace("\\", "") for one in test.button)
    names = {one.removeprefix("Open ") for one in labels if one.startswith("Open ")}
    return names - {"in playground"}


def folder_field(test: AppTest) -> Any:
    return next(box for box in test.selectbox if box.label == "Folder")


def choose_folder(test: AppTest, label: str) -> AppTest:
    field = folder_field(test)
    field.set_value(field.options[field.options.index(label)])
    return run(test)


def test_what_is_in_a_folder_is_listed_and_found() -> None:
    test = choose_folder(run(page("assets.py")), BOTTLES)
    listed = titles(test)
    assert {"Bottle, green", "Bottle, blue"} <= listed
    test.text_input(key="assets-search").set_value("BLUE")
    assert titles(run(test)) == {"Bottle, blue"}
    test.text_input(key="assets-search").set_value("*")
    assert titles(run(test)) == listed


def test_a_search_in_a_repository_finds_what_lies_in_its_folders() -> None:
    test = run(page("assets.py"))
    test.text_input(key="assets-search").set_value("bottle")
    assert {"Bottle, green", "Bottle, blue"} <= titles(run(test))


def test_what_is_in_no_folder_comes_last_and_has_what_is_in_none() -> None:
    test = run(page("assets.py"))
    assert folder_field(test).options[-1] == NO_FOLDER_LABEL
    everything = titles(test)
    loose = titles(choose_folder(test, NO_FOLDER_LABEL))
    assert not loose & {"Bottle, green", "Bottle, blue"}
    assert loose < everything
    test.text_input(key="assets-search").set_value("bottle")
    assert "Bottle, blue" not in titles(run(test))


def playground(text: str) -> AppTest:
    test = page("playground.py")
    test.session_state["playground-with-form"] = True
    run(test)
    state_of(test).replace(text, "")
    return run(test)


def state_of(test: AppTest) -> Playground:
    return test.session_state["playground"]


def executed(test: AppTest) -> dict[str, Any]:
    test.button(key="playground-form-run").click()
    elements: list[Any] = list(run(test).get("bidi_component"))
    data = [json.loads(element.proto.json) for element in elements]
    answer = json.loads(next(one["text"] for one in data if one.get("view") == "answer"))
    return answer["data"]["assetSearch"]


@pytest.mark.parametrize(
    ("name", "label"),
    [("assetFolderId", f"Demo repository / {BOTTLES}"), ("assetRepositoryId", "Demo repository")],
)
def test_a_filter_picked_finds_what_is_there(name: str, label: str) -> None:
    test = playground(
        f'{{ assetSearch(keyword: "bottle", filters: {{ {name}: [] }}) {{ total }} }}'
    )
    field = test.multiselect(key=f"form-{state_of(test).active}-assetSearch-filters-{name}")
    [value] = [one.rpartition(" · ")[2] for one in field.options if one.startswith(f"{label} · ")]
    assert bare_id(value) == value
    field.set_value([value])
    assert value in state_of(run(test)).tab.text
    assert executed(test)["total"] > 0


def test_what_stands_for_no_folder_is_offered_last_of_its_repository() -> None:
    test = playground('{ assetSearch(keyword: "*", filters: { assetFolderId: [] }) { total } }')
    key = f"form-{state_of(test).active}-assetSearch-filters-assetFolderId"
    options = test.multiselect(key=key).options
    offered = [one for one in options if bare_id(NO_FOLDER_ID) in one]
    assert offered
    first = options.index(offered[0])
    assert any(BOTTLES in one for one in options[:first])


def test_assets_are_offered_by_name() -> None:
    test = playground('mutation { publishAsset(input: { id: "" }) { publishJobId } }')
    box = test.selectbox(key=f"form-{state_of(test).active}-publishAsset-input-id")
    assert any("Bottle, green" in one for one in box.options)
