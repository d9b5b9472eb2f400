"""Each page as Streamlit runs it, without a browser, against the running service."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.app_server import ROOT

pytestmark = pytest.mark.usefixtures("environment")


def page(name: str, roles: str = "admin") -> AppTest:
    test = AppTest.from_file(str(ROOT / "pages" / name), default_timeout=30)
    test.user["username"], test.user["roles"] = "ann", roles
    return test


def run(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception
    return test


def test_upload_offers_the_drop_zone() -> None:
    test = run(page("upload.py"))
    assert [title.value for title in test.title] == ["Upload"]
    assert len(test.get("bidi_component")) == 1


def test_a_viewer_may_look_but_gets_no_drop_zone() -> None:
    test = run(page("upload.py", roles="viewer"))
    assert not test.get("bidi_component")
    assert "Your role lets you look" in test.info[0].value


def test_part_size_is_left_to_the_line_and_stays_below_the_service_s_bound() -> None:
    size = run(page("upload.py")).number_input(key="upload_part_size")
    assert (size.min, size.max, size.value) == (0, 2048, 0)
