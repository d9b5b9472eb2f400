"""`main.py` as Streamlit runs it, without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.app_server import ROOT
from web.sign_in.access import Access


def run_main() -> AppTest:
    test = AppTest.from_file(str(ROOT / "main.py"), default_timeout=30).run()
    assert not test.exception
    return test


def test_run_alone_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.sign_in.access._published", [])
    test = run_main()
    assert [title.value for title in test.title] == ["Temp File Workbench"]
    assert "python app.py" in test.error[0].value
    assert not test.text_input


def test_signed_out_visitor_gets_the_sign_in_form(
    access: Access, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.sign_in.access._published", [access])
    test = run_main()
    assert [title.value for title in test.title] == ["Temp File Workbench"]
    assert [field.label for field in test.text_input] == ["User name", "Password"]
    assert not test.sidebar.children
