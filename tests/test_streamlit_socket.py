"""The tab without a browser sees what a browser would, so that other tests can rely on it."""

import pytest

from tests.app_server import AppServer
from tests.streamlit_socket import StreamlitSocket, sign_in


def test_it_sees_the_form_signs_in_and_runs_every_page(app_server: AppServer) -> None:
    cookie = sign_in(app_server.url, app_server.password)
    with StreamlitSocket(app_server.url) as stranger:
        assert stranger.run().widget("Password")
    with StreamlitSocket(app_server.url, cookie=cookie) as tab:
        pages = tab.run().pages
        titles = [tab.run(page).texts for page in pages]
    assert len(pages) == 7
    for page, texts in zip(pages, titles, strict=True):
        assert (page or "upload") in " ".join(texts).lower()


def test_a_wrong_password_is_told(app_server: AppServer) -> None:
    with pytest.raises(LookupError, match="Not signed in"):
        sign_in(app_server.url, "no such password")


def test_a_tab_goes_on_where_the_lost_one_was(app_server: AppServer) -> None:
    cookie = sign_in(app_server.url, app_server.password)
    with StreamlitSocket(app_server.url, cookie=cookie) as tab:
        lost = tab.run().session_id
    with StreamlitSocket(app_server.url, cookie=cookie, session_id=lost) as tab:
        assert tab.run().session_id == lost
