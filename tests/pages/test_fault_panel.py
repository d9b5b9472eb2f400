"""The fault panel on the upload page: who sees it, and what a click does."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from client.api.api import Api
from client.api.faults import FaultSwitches
from client.connection.connection import connection_from_settings
from components.upload import fault_words
from process import this_process
from settings import read_settings
from tests.app_server import ROOT, AppServer, free_port


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """An app of its own: a fault is on for everybody who uses the service."""
    server = AppServer(tmp_path_factory.mktemp("faults") / "data", free_port())
    server.start()
    yield server
    server.stop()


@pytest.fixture
def switches(server: AppServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultSwitches]:
    for variable, value in server.environment_of_child().items():
        monkeypatch.setenv(variable, value)
    switches = FaultSwitches(Api(connection_from_settings(read_settings())))
    switches.switch_all_off()
    yield switches
    switches.switch_all_off()


def upload_page(roles: str = "admin", *, qa_tools: bool = True) -> AppTest:
    if qa_tools:
        this_process().qa_tools.add("ann")
    test = AppTest.from_file(str(ROOT / "pages" / "upload.py"), default_timeout=30)
    test.user["username"], test.user["roles"] = "ann", roles
    return run(test)


def run(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception
    return test


def panels(test: AppTest) -> list[str]:
    return [panel.label for panel in test.expander if panel.label == fault_words.TITLE]


def banners(test: AppTest) -> list[str]:
    return [warning.value.replace("\\", "") for warning in test.warning]


@pytest.mark.usefixtures("switches")
def test_an_admin_with_qa_tools_has_the_panel_and_no_banner_while_nothing_is_on() -> None:
    test = upload_page()
    assert panels(test) == [fault_words.TITLE]
    assert banners(test) == []
    assert fault_words.NOTHING_ON in [caption.value for caption in test.caption]


def test_an_admin_without_qa_tools_sees_only_what_is_on(switches: FaultSwitches) -> None:
    assert panels(upload_page(qa_tools=False)) == []
    switches.switch_on({"cors_off": {}})
    test = upload_page(qa_tools=False)
    assert panels(test) == []
    assert banners(test) == [
        "Faults that are on: answers have no CORS headers. "
        "To switch them off, open the QA tools in the sidebar."
    ]


@pytest.mark.parametrize("roles", ["viewer", "uploader", "viewer,uploader"])
def test_others_see_what_is_on_and_not_the_panel(switches: FaultSwitches, roles: str) -> None:
    assert panels(upload_page(roles)) == []
    assert banners(upload_page(roles)) == []
    switches.switch_on({"cors_off": {}})
    test = upload_page(roles)
    assert panels(test) == []
    assert banners(test) == [
        "Faults that are on: answers have no CORS headers. An admin can switch them off."
    ]


def test_a_scenario_is_one_click_and_keeps_what_is_on(switches: FaultSwitches) -> None:
    switches.switch_on({"cors_off": {}})
    test = upload_page()
    test.button(key="fault-part-7").click()
    run(test)
    assert switches.read().on["fail_part"]["times"] == 2
    assert list(switches.read().on) == ["fail_part", "cors_off"]
    assert banners(test) == [
        "Faults that are on: part 7 is refused with HTTP 500; answers have no CORS headers."
    ]
    shown = [text.value.replace("\\", "") for text in test.markdown]
    assert "Part 7 is refused with HTTP 500, 2 more times" in shown


def test_each_switch_and_all_of_them_can_be_switched_off(switches: FaultSwitches) -> None:
    switches.switch_on({"cors_off": {}, "no_credits": {}, "latency": {"ms": 1}})
    test = upload_page()
    test.button(key="fault-off-cors_off").click()
    run(test)
    assert list(switches.read().on) == ["latency", "no_credits"]
    test.button(key="fault-all-off").click()
    run(test)
    assert switches.read().on == {}
    assert banners(test) == []


@pytest.mark.parametrize("name", ["latency", "fail_part", "rate_limit", "no_credits"])
def test_any_switch_can_be_set_with_a_form_made_of_its_fields(
    switches: FaultSwitches, name: str
) -> None:
    kind = next(kind for kind in switches.read().available if kind.name == name)
    test = upload_page()
    test.selectbox(key="fault_kind").set_value(kind)
    run(test)
    for field in kind.fields:
        if not field.choices:
            box = test.number_input(key=f"fault_{name}_{field.name}")
            assert (box.min, box.max) == (field.lowest, field.highest)
    next(button for button in test.button if button.label == fault_words.SWITCH_ON).click()
    run(test)
    expected = {field.name: fault_words.example(kind, field) for field in kind.fields}
    assert switches.read().on == {name: expected}


def test_a_count_left_empty_means_until_switched_off(switches: FaultSwitches) -> None:
    kind = next(kind for kind in switches.read().available if kind.name == "wrong_etag")
    test = upload_page()
    test.selectbox(key="fault_kind").set_value(kind)
    run(test)
    test.number_input(key="fault_wrong_etag_times").set_value(None)
    test.number_input(key="fault_wrong_etag_part").set_value(9)
    next(button for button in test.button if button.label == fault_words.SWITCH_ON).click()
    run(test)
    assert switches.read().on == {"wrong_etag": {"part": 9, "times": None}}
    shown = [text.value.replace("\\", "") for text in test.markdown]
    assert "The answer to part 9 has a wrong ETag, until switched off" in shown


@pytest.mark.usefixtures("switches")
def test_another_endpoint_has_no_panel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPLIENCE_GRAPHQL_URL", "http://127.0.0.1:9/graphql")
    monkeypatch.setenv("AMPLIENCE_PAT", "amp_pat_canary")
    test = upload_page()
    assert panels(test) == []
    assert not test.error


@pytest.mark.usefixtures("switches")
def test_there_is_no_panel_where_the_setting_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TFW_FAULTS", "off")
    assert panels(upload_page()) == []


def test_a_refusal_is_shown_with_the_panel(
    switches: FaultSwitches, monkeypatch: pytest.MonkeyPatch
) -> None:
    test = upload_page()
    wrong = fault_words.Scenario("Wrong", {"latency": {"ms": 0}})
    monkeypatch.setitem(fault_words.SCENARIOS, "late", wrong)
    run(test)
    test.button(key="fault-late").click()
    run(test)
    [error] = test.error
    assert "it must be a whole number" in error.value
    assert "faults-refused" in error.value.replace("\\", "")
    assert switches.read().on == {}
    run(test)
    assert not test.error
