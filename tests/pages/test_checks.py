"""The checks page as Streamlit runs it, without a browser, against the running service."""

import time
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.app_server import ROOT

PATIENCE = 60


pytestmark = pytest.mark.usefixtures("environment")


def page(roles: str = "uploader") -> AppTest:
    test = AppTest.from_file(str(ROOT / "pages" / "checks.py"), default_timeout=30)
    test.user["username"], test.user["roles"] = "ann", roles
    return run(test)


def run(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception
    return test


def checked(test: AppTest, *groups: str) -> AppTest:
    """Run the check of these groups and wait for its end."""
    for box in test.checkbox:
        if box.key in {f"check-{name}" for name in ALL - set(groups)}:
            box.uncheck()
    run(test).button(key="check-start").click()
    deadline = time.monotonic() + PATIENCE
    while run(test).session_state["check_run"].running:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    return run(test)


ALL = {"transport", "schema", "limits", "storage", "background", "assets"}


def frame(element: Any) -> Any:
    """Return the data frame of a table, whose library has no types."""
    return element.value


def test_before_a_check_it_says_what_it_is_for() -> None:
    test = page()
    assert [title.value for title in test.title] == ["Checks"]
    assert test.subheader[0].value == "Nothing checked yet"


def test_nothing_that_costs_something_is_ticked() -> None:
    boxes = {box.key: box.value for box in page().checkbox}
    assert {boxes[f"check-{cost}"] for cost in ("credit", "asset", "rate")} == {False}
    assert {boxes[f"check-{group}"] for group in ALL} == {True}


def test_a_viewer_may_look_but_not_check() -> None:
    test = page(roles="viewer")
    assert not test.button
    assert "Your role lets you look" in test.info[0].value


def test_a_check_of_our_service_passes_and_its_table_can_be_narrowed() -> None:
    test = checked(page(), "schema", "assets")
    assert "Nothing differs from what is documented" in test.success[0].value
    table = frame(test.dataframe[0])
    assert "The 25 fields of Asset" in list(table["Question"])
    assert set(table["Verdict"]) == {"As expected", "Not run"}
    test.radio(key="check-show").set_value("Not run")
    table = frame(run(test).dataframe[0])
    assert set(table["Verdict"]) == {"Not run"}
    assert any("only infers" in caption.value for caption in test.caption)


def test_no_group_is_no_check() -> None:
    test = page()
    for box in test.checkbox:
        box.uncheck()
    run(test).button(key="check-start").click()
    assert "Choose at least one group" in run(test).warning[0].value


def test_an_endpoint_that_is_down_is_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPLIENCE_GRAPHQL_URL", "http://127.0.0.1:9/graphql")
    monkeypatch.setenv("AMPLIENCE_PAT", "amp_pat_canary")
    test = checked(page(), "transport")
    assert "could not be asked" in test.error[0].value
    assert "amp_pat_canary" not in f"{frame(test.dataframe[0])}"
