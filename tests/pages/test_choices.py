"""The Advanced controls of the upload page, and what they make of a person's choice."""

import pytest
from streamlit.testing.v1 import AppTest

from components.upload.uploader.choices import MOST_PARALLEL
from tests.app_server import ServiceAlone


def controls() -> None:
    import streamlit as st

    from components.upload.uploader import choices

    choices.choices()
    st.session_state["chosen"] = (
        choices.parallel(),
        choices.route(),
        choices.rate_cap(),
        choices.check_parts(),
        choices.sha256(),
        (choices.kind(), choices.part_size()),
    )


@pytest.fixture
def test(service_alone: ServiceAlone, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    for variable, value in service_alone.environment_of_child().items():
        monkeypatch.setenv(variable, value)
    return run(AppTest.from_function(controls, default_timeout=30))


def run(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception
    return test


def test_untouched_controls_check_every_part_and_limit_nothing(test: AppTest) -> None:
    *chosen, wish = test.session_state["chosen"]
    assert chosen == [MOST_PARALLEL, "automatic", 0, True, False]
    assert wish == (None, None)


def test_choices_reach_the_engine_in_its_units(test: AppTest) -> None:
    test.radio(key="upload_kind").set_value("multipart")
    test.number_input(key="upload_part_size").set_value(5)
    test.slider(key="upload_parallel").set_value(3)
    test.radio(key="upload_route").set_value("relay")
    test.number_input(key="upload_rate_cap").set_value(2.5)
    test.checkbox(key="upload_check_parts").uncheck()
    test.checkbox(key="upload_sha256").check()
    *chosen, wish = run(test).session_state["chosen"]
    assert chosen == [3, "relay", 2_500_000, False, True]
    assert wish == ("multipart", 5 * 1024**2)


def test_the_rate_cap_says_how_it_works(test: AppTest) -> None:
    assert "one at a time" in test.number_input(key="upload_rate_cap").help
