"""The sign-in page, and the piece of JavaScript behind signing in and out."""

import secrets
from collections.abc import Callable, Iterable

import streamlit as st

from components.common.plain_text import plain
from components.registry import component
from components.sign_in import words
from components.words import PRODUCT
from process import this_process
from web.sign_in.check import Accepted, Refused, Wait

CARD_WIDTH = 420
_LEAVING = "signing_out"

Check = Callable[[str, str], Accepted | Refused | Wait]


def sign_in_page(check: Check) -> None:
    """Draw the sign-in form; a submitted user name and password go through `check`.

    Once accepted, the browser exchanges the ticket for a cookie and loads the same address anew.
    """
    with (
        st.container(horizontal_alignment="center"),
        st.container(border=True, width=CARD_WIDTH, key="sign-in-card"),
    ):
        st.title(PRODUCT, anchor=False)
        st.write(words.PURPOSE)
        with st.form("sign-in", border=False):
            username = st.text_input(
                words.USERNAME, autocomplete="username", key="sign-in-username"
            )
            password = st.text_input(
                words.PASSWORD,
                type="password",
                autocomplete="current-password",
                key="sign-in-password",
            )
            answer = st.container()
            if st.form_submit_button(words.SIGN_IN, type="primary", width="stretch"):
                with answer:
                    _answer(username, password, check)


def user_menu(name: str, roles: Iterable[str]) -> None:
    """Draw who is signed in and the sign-out button.

    It is the browser that ends the session: it first reports what has arrived of its uploads.
    """
    st.caption(plain(words.signed_in_as(name, roles)))
    st.button(
        words.SIGN_OUT,
        icon=":material/logout:",
        key="sign-out",
        width="stretch",
        on_click=_leave,
    )
    if _LEAVING in st.session_state:
        _exchange("", st.session_state[_LEAVING])


def _leave() -> None:
    st.session_state[_LEAVING] = secrets.token_hex(4)


def _answer(username: str, password: str, check: Check) -> None:
    if not username.strip() or not password.strip():
        st.error(words.SIGN_IN_INCOMPLETE)
        return
    match check(username, password):
        case Accepted(ticket):
            _exchange(ticket, secrets.token_hex(4))
        case Refused():
            st.error(words.SIGN_IN_REFUSED)
        case Wait(seconds):
            st.error(words.sign_in_wait(seconds))


def _exchange(ticket: str, exchange_id: str) -> None:
    """Have the browser trade a ticket for the session cookie; without one, drop the cookie.

    It does so once for every id, however often this is drawn.
    """
    data = {
        "id": exchange_id,
        "ticket": ticket,
        "busy": words.SIGNING_IN if ticket else words.SIGNING_OUT,
        "failed": words.SIGN_IN_FAILED,
        "words": words.LEAVING,
        "notKept": words.cookie_not_kept(this_process().settings.public_url, st.context.url or ""),
    }
    component("sign_in")(key="session-exchange", data=data)
