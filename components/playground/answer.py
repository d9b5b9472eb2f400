"""What came of the last run: its status, what went wrong, the answer, and how to go on."""

import time
from collections.abc import Callable

import streamlit as st

from client.export.indented_json import indented_json
from client.json_object import JsonObject, as_list, as_object, parse_json
from client.playground.answer_tables import tables_in
from client.playground.run import Run
from client.playground.samples import samples
from components.common.error_message import error_message
from components.common.error_words import ErrorText
from components.common.long_text import long_text
from components.common.moment import clock_text
from components.common.plain_text import plain
from components.playground import words
from components.playground.answer_steps import answer_steps
from components.playground.editor.answer_view import answer_view
from components.playground.state import Playground

_MOST_ERRORS = 20
_MOST_ROWS = 1_000


def outcome_line(state: Playground) -> None:
    """Draw one line on the last run above the editor: the answer itself may be out of sight."""
    if state.run:
        st.markdown(f"{_facts(state.run)} · [{words.SEE_ANSWER}](#{words.ANSWER_ANCHOR})")


def answer(state: Playground) -> None:
    """Draw the outcome of the tab on show, or how to get one."""
    run = state.run
    st.header(words.ANSWER, anchor=words.ANSWER_ANCHOR)
    if run is None:
        st.write(words.NO_ANSWER_YET)
        if state.tab.text == samples()[0].text:
            st.caption(words.HARMLESS_SAMPLE)
        return
    with st.container(key="playground-answer"):
        st.markdown(_facts(run))
        _problem(run)
        answer_steps(state, run)
        if run.status is not None:
            st.fragment(_bodies)(run)


def _facts(run: Run) -> str:
    clock = clock_text(run.started, time.time())
    if run.status is None:
        facts = words.FACTS_NOT_SENT.format(clock=clock)
        if run.outcome != "not-sent":
            facts = f"{words.NO_STATUS} · {clock}"
    else:
        facts = words.FACTS.format(
            status=run.status,
            time=words.seconds_text(run.seconds),
            size=words.bytes_text(run.size),
            clock=clock,
        )
    operation = f" · {plain(run.operation)}" if run.operation else ""
    return f"**{words.OUTCOMES[run.outcome]}**{operation} · {facts}"


def _problem(run: Run) -> None:
    if run.outcome == "ok" or run.failure is None:
        return
    if run.outcome == "not-sent":
        reason = str(run.failure.details.get("reason", ""))
        title, text = words.NOT_SENT[reason]
        error_message(ErrorText(title, text.format(message=str(run.failure)), reason))
        return
    if run.outcome in words.ADVICE and run.status is not None:
        title, text = words.ADVICE[run.outcome]
        text = text.format(status=run.status, wait=words.wait_text(run.retry_after))
        api_code = run.failure.details.get("api_code", run.failure.code)
        error_message(ErrorText(title, text, str(api_code)))
    else:
        error_message(run.failure)
    lines = [f"1. {_error_line(error)}" for error in run.errors[:_MOST_ERRORS]]
    if len(run.errors) > _MOST_ERRORS:
        lines.append(words.DIFFERENCES_CUT.format(count=len(run.errors) - _MOST_ERRORS))
    if lines:
        st.markdown("\n".join(lines))


def _error_line(error: JsonObject) -> str:
    """Return an error's message, place and code; whatever it quotes is shown as plain text."""
    parts = [plain(str(error.get("message", "")))]
    for place in as_list(error.get("locations"))[:1]:
        at = as_object(place)
        parts.append(words.ERROR_AT.format(line=at.get("line", "?"), column=at.get("column", "?")))
    if path := as_list(error.get("path")):
        parts.append(words.ERROR_PATH.format(path=plain(".".join(map(str, path)))))
    if code := as_object(error.get("extensions")).get("code"):
        parts.append(words.ERROR_CODE.format(code=plain(str(code))))
    return " · ".join(parts)


def _bodies(run: Run) -> None:
    """Draw the ways to look at an answer; each is made once its tab is open."""
    drawers: tuple[Callable[[Run], None], ...] = (_pretty, _tables, _headers, _raw)
    tabs = st.tabs(words.ANSWER_TABS, key="playground-answer-tabs", on_change="rerun")
    for tab, draw in zip(tabs, drawers, strict=True):
        if tab.open:
            with tab:
                draw(run)


def _pretty(run: Run) -> None:
    content = parse_json(run.text)
    text = indented_json(run.text)
    if not text:
        st.caption(words.NO_BODY)
        return
    answer_view(text, label=words.ANSWER, key="playground-answer-text")
    ending = "txt" if content is None else "json"
    st.download_button(
        words.ANSWER_DOWNLOAD,
        text.encode(),
        words.ANSWER_FILE.format(operation=run.operation, ending=ending),
        "text/plain" if content is None else "application/json",
        key="playground-answer-download",
        on_click="ignore",
        icon=":material/download:",
    )


def _tables(run: Run) -> None:
    tables = tables_in(run.data or {})
    if not tables:
        st.caption(words.NO_TABLE)
    for number, table in enumerate(tables):
        caption = words.counted(words.TABLE_CAPTION, len(table.rows), path=plain(table.path))
        st.caption(caption)
        rows = table.rows[:_MOST_ROWS]
        st.dataframe(  # pyright: ignore[reportUnknownMemberType] # names pyarrow, which has no types
            {column: [row[at] for row in rows] for at, column in enumerate(table.columns)},
            hide_index=True,
            key=f"playground-table-{number}",
            alt=caption,
        )
        if len(table.rows) > _MOST_ROWS:
            st.caption(words.TABLE_CUT.format(shown=_MOST_ROWS, count=len(table.rows)))


def _headers(run: Run) -> None:
    names = list(run.headers)
    name, value = words.HEADER_COLUMNS
    st.dataframe(  # pyright: ignore[reportUnknownMemberType] # names pyarrow, which has no types
        {name: names, value: [run.headers[header] for header in names]},
        hide_index=True,
        key="playground-headers",
        alt=words.ANSWER_TABS[2],
    )


def _raw(run: Run) -> None:
    if run.text:
        long_text(run.text, key="playground-raw")
    else:
        st.caption(words.NO_BODY)
