"""What Streamlit runs for every visitor: sign-in, navigation, sidebar, page."""

from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

import streamlit as st
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from client.errors import ClientError
from components import words
from components.common.error_message import error_message
from components.common.plain_text import plain
from components.connections.choice import (
    connection_banner,
    connection_note,
    follow_connection_link,
    use_connection,
)
from components.page_visit import note_page
from components.qa_tools import qa_switch
from components.session import connection
from components.shell import ICON
from components.sign_in.sign_in import sign_in_page, user_menu
from components.sign_in.words import SIGN_IN
from components.unexpected import failed_callback, told_in_place
from components.upload.tray.tray import tray
from web.sign_in.access import Access, published
from web.sign_in.check import sign_in
from web.sign_in.users import PageUser

CONNECTIONS = "Connections"
# Pixels, enough for what it holds: Streamlit's own 300 would be missed beside the playground. A
# docstring here would be drawn on every page.
SIDEBAR_WIDTH = 220


def main() -> None:
    """Show the page asked for, or the sign-in page in its place."""
    # Set before anything else: the icon of a page in the navigation would be fetched from Google
    # as the browser's tab icon otherwise, and a sidebar that is drawn keeps its width.
    st.set_page_config(page_icon=ICON, initial_sidebar_state=SIDEBAR_WIDTH)
    access = published()
    if access is None:
        st.navigation([st.Page(_not_started, title=words.PRODUCT)], position="hidden").run()
        return
    reference = st.user.get("session")
    user = access.user_of(reference if isinstance(reference, str) else None)
    if user is None:
        _signed_out(access)
    else:
        _signed_in(user)


def _not_started() -> None:
    st.title(words.PRODUCT, anchor=False)
    st.error(words.NOT_STARTED)


def _signed_out(access: Access) -> None:
    _end_with_its_tab()
    check = partial(sign_in, access, address=st.context.ip_address or "this machine")
    page = st.navigation(_sign_in_pages(partial(sign_in_page, check)), position="hidden")
    st.set_page_config(page_title=f"{SIGN_IN} · {words.TITLE_SUFFIX}")
    page.run()


def _end_with_its_tab() -> None:
    """Have Streamlit forget this session when its tab is closed: there is nothing to come back for.

    Other sessions are kept for `server.disconnectedSessionTTL`, each with three descriptors.
    """
    context = get_script_run_ctx(suppress_warning=True)
    if context and Runtime.exists():
        Runtime.instance().mark_session_nonresumable(context.session_id)


def _signed_in(user: PageUser) -> None:
    pages = [
        st.Page("pages/upload.py", title="Upload", icon=":material/upload:", default=True),
        st.Page("pages/playground.py", title="Playground", icon=":material/terminal:"),
        st.Page("pages/background.py", title="Background", icon=":material/background_replace:"),
        st.Page("pages/assets.py", title="Assets", icon=":material/photo_library:"),
        st.Page(
            # Not pages/requests.py: it would hide the library of that name from its siblings.
            "pages/request_log.py",
            title="Requests",
            url_path="requests",
            icon=":material/list_alt:",
        ),
        st.Page("pages/checks.py", title="Checks", icon=":material/fact_check:"),
        st.Page("pages/connections.py", title=CONNECTIONS, icon=":material/cable:"),
    ]
    page = st.navigation(pages)
    note_page(page.url_path)
    st.set_page_config(page_title=f"{page.title} · {words.TITLE_SUFFIX}", layout="wide")
    st.logo(ICON, size="large")
    with st.sidebar:
        user_menu(user.name, user.roles)
    with st.container():  # of every run, so that the page below stays the same elements
        failed_callback()
    try:
        follow_connection_link()
        endpoint = connection()
    except ClientError as error:
        if page.title == CONNECTIONS:  # where another one can be chosen
            with told_in_place():
                page.run()
        else:
            error_message(error)
        return
    with st.sidebar:
        connection_note(endpoint)
        qa_switch(endpoint)
    with st.container():
        connection_banner(endpoint)
        if page is pages[0] and _asked_for() not in {one.url_path for one in pages}:
            address = plain(_asked_for())
            st.info(words.NO_SUCH_PAGE.format(address=address), icon=":material/help:")
    tray(use_connection)
    with told_in_place():
        page.run()


def _sign_in_pages(draw: Callable[[], None]) -> list[StreamlitPage]:
    """Return the sign-in page, also under the address asked for, so that it is kept."""
    pages = [st.Page(draw, title=SIGN_IN, default=True)]
    asked_for = _asked_for()
    if asked_for and "/" not in asked_for:
        pages.append(st.Page(draw, title=SIGN_IN, url_path=asked_for))
    return pages


def _asked_for() -> str:
    """Return the path of the browser's address; the first page has an empty one."""
    return urlsplit(st.context.url or "").path.strip("/")


main()
