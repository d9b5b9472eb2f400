"""The operation to share or save: as a link to it, and as scripts."""

import time
from collections.abc import Callable
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import streamlit as st

from client.api.document import ChosenOperation, choose_operation, read_variables
from client.connection.connection import Connection
from client.errors import NotSentError
from client.export.scripts.curl import upload_as_curl
from client.export.scripts.curl_operation import operation_as_curl
from client.export.scripts.powershell import operation_as_powershell, upload_as_powershell
from client.export.scripts.python import upload_as_python
from client.export.scripts.python_operation import operation_as_python
from client.export.scripts.request import SnippetRequest, snippet_request
from client.playground.last_values import NO_LAST_VALUE, Filled, check_kinds, fill_in
from client.playground.link import write_link
from client.storage.plan import (
    DEFAULT_PART_SIZE,
    UploadPlan,
    part_ranges,
    planned_parts,
    signed_until,
)
from client.transfers.slot import MULTIPART, SINGLE
from components.common.long_text import long_text
from components.common.moment import clock_text
from components.common.plain_text import plain
from components.playground import words
from components.playground.state import LINK_QUERY, Playground
from components.session import CONNECTION_QUERY, connection

_EXAMPLE_FILES = {SINGLE: ("product.png", 1_000_000, "image/png")}
_EXAMPLE_VIDEO = ("product-film.mp4", 11_723_249, "video/mp4")

OperationScript = Callable[[SnippetRequest, Connection | None], str]
UploadScript = Callable[[UploadPlan, Connection | None], str]
_SCRIPTS: tuple[tuple[str, str, str, OperationScript, UploadScript], ...] = (
    (words.AS_CURL, "sh", "text/x-shellscript", operation_as_curl, upload_as_curl),
    (words.AS_POWERSHELL, "ps1", "text/plain", operation_as_powershell, upload_as_powershell),
    (words.AS_PYTHON, "py", "text/x-python", operation_as_python, upload_as_python),
)


def export_operation(state: Playground) -> None:
    """Draw link and scripts of the operation under the caret, once they are asked for."""
    with st.expander(words.TAKE_ALONG, key="playground-take", on_change="rerun") as expander:
        if not expander.open:
            return
        link_tab, *script_tabs = st.tabs(
            words.TAKE_ALONG_TABS, key="playground-take-tabs", on_change="rerun"
        )
        if link_tab.open:
            with link_tab:
                _link(state)
        for tab, script in zip(script_tabs, _SCRIPTS, strict=True):
            if tab.open:
                with tab:
                    _script(state, *script)


def _link(state: Playground) -> None:
    value = write_link(state.tab)
    if value is None:
        st.info(words.LINK_TOO_LONG)
        return
    here = urlsplit(st.context.url or "")
    name = connection().name
    st.caption(words.LINK_CAPTION.format(connection=plain(name)))
    query = urlencode({CONNECTION_QUERY: name, LINK_QUERY: value}, quote_via=quote)
    address = urlunsplit((here.scheme, here.netloc, here.path, query, ""))
    long_text(address, key="playground-share-link")


def _script(
    state: Playground,
    caption: str,
    ending: str,
    media_type: str,
    operation_script: OperationScript,
    upload_script: UploadScript,
) -> None:
    try:
        chosen = choose_operation(state.tab.text, *state.caret_of(state.active))
        filled = fill_in(state.tab.variables, state.answers)
        variables = read_variables(filled.text)
        check_kinds(chosen.node, state.tab.variables, filled)
    except NotSentError as error:
        st.caption(words.SNIPPET_UNREADY)
        if error.details["reason"] == NO_LAST_VALUE:
            st.caption(plain(str(error)))
        return
    plan = _example_plan(chosen)
    scope = "operation"
    if plan:
        scope = st.radio(
            words.SNIPPET_SCOPE,
            words.SNIPPET_SCOPES,
            format_func=words.SNIPPET_SCOPES.__getitem__,
            horizontal=True,
            key=f"playground-scope-{ending}",
        )
    if plan and scope == "upload":
        text = upload_script(plan, connection())
    else:
        text = operation_script(snippet_request(chosen, variables, connection()), connection())
    st.caption(caption)
    if not (plan and scope == "upload"):
        _what_it_holds(filled)
    long_text(text, key=f"playground-script-{ending}", height=380)
    name = f"{chosen.name or chosen.first_field}.{ending}"
    st.download_button(
        words.DOWNLOAD_SCRIPT.format(name=name),
        text.encode(),
        name,
        media_type,
        key=f"playground-script-save-{ending}",
        on_click="ignore",
        icon=":material/download:",
    )


def _what_it_holds(filled: Filled) -> None:
    """Say that values are in a script where the text on show has placeholders."""
    if not filled.secrets:
        if filled.values:
            st.caption(words.HOLDS_VALUES)
        return
    said, now = [words.HOLDS_SIGNED], time.time()
    known = [end for end in map(signed_until, filled.secrets) if end is not None]
    if known:
        until = words.WORKS_UNTIL if min(known) > now else words.WORKED_UNTIL
        said.append(until.format(clock=clock_text(min(known), now)))
    st.caption(f":material/key: {' '.join(said)}")


def _example_plan(chosen: ChosenOperation) -> UploadPlan | None:
    """Return the plan of an example file, for a script of its upload; None for other operations."""
    if chosen.first_field not in (SINGLE, MULTIPART):
        return None
    name, size, content_type = _EXAMPLE_FILES.get(chosen.first_field, _EXAMPLE_VIDEO)
    single = chosen.first_field == SINGLE
    part_size = size if single else DEFAULT_PART_SIZE
    urls = [""] * len(part_ranges(size, part_size))
    return UploadPlan(
        kind="single" if single else "multipart",
        name=name,
        size=size,
        content_type=content_type,
        part_size=part_size,
        parts=planned_parts(size, part_size, urls),
        complete_url=None if single else "",
        download_url="",
        deadline=0.0,
    )
