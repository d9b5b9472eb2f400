"""What the tray tells the browser."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from client.storage.plan import UploadSlot
from components.upload.uploader.choices import MOST_PARALLEL
from process import this_process

FAR = 4_000_000_000.0

pytestmark = pytest.mark.usefixtures("environment")


def draw() -> None:
    from components.upload.tray.tray import tray

    tray(print)


def draw_with_links() -> None:
    import streamlit as st

    from components.playground.upload_slot import open_slot
    from components.upload.tray.tray import tray

    if st.session_state.get("open"):
        open_slot(st.session_state.pop("open"))
    tray(print)


def page(script: Any = draw) -> AppTest:
    test = AppTest.from_function(script, default_timeout=30)
    test.user["username"], test.user["roles"], test.user["session"] = "ann", "uploader", "s"
    return test


def data_of(test: AppTest) -> dict[str, Any]:
    """Draw the tray and return what it hands to its JavaScript."""
    test.run()
    assert not test.exception
    [component] = test.get("bidi_component")
    return json.loads(component.proto.json)  # pyright: ignore[reportAttributeAccessIssue]


def test_the_user_the_connection_and_the_choices_go_out() -> None:
    data = data_of(page())
    words = data.pop("words")
    assert words["states"]
    assert data.pop("undecided")
    assert data == {
        "owner": "ann",
        "connection": "Embedded service",
        "slot": None,
        "kind": None,
        "partSize": None,
        "parallel": MOST_PARALLEL,
        "route": "automatic",
        "rateCap": 0,
        "checkParts": True,
        "sha256": False,
    }


def test_the_next_file_goes_to_the_links_that_wait_until_they_were_taken() -> None:
    test = page(draw_with_links)
    url = "https://store.example/files/k?X-Amz-Signature=c0ffee"
    test.session_state["open"] = slot = UploadSlot("single", (url,), url, FAR)
    data = data_of(test)
    assert isinstance(data["slot"], str)
    assert "c0ffee" not in json.dumps(data)
    slots = this_process().slots
    assert slots.get("bob", data["slot"]) is None
    assert slots.take("ann", data["slot"]) == slot
    assert data_of(test)["slot"] is None
