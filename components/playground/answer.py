"""What becomes of the last run: its status, what went wrong, the answer, and how to go on."""

import time
from collections.abc import Callable
from functools import partial

import streamlit as st

from client.api.schema import is_amplience
from client.errors import (
    ClientError,
    CreditsExhaustedError,
    PermissionDeniedError,
    TokenWantedError,
)
from client.export.csv_table import MEDIA_TYPE, table_as_csv
from client.export.indented_json import indented_json
from client.json_object import JsonObject, as_list, as_object, parse_json
from client.playground.answer_tables import tables_in
from client.playground.comparison import MOST_LINES, difference
from client.playground.run import Run
from client.playground.runs import TabRun
from client.playground.samples import samples
from client.wire.body_text import UTF_8
from client.wire.http import ANSWER_LIMIT
from components.common.error_message import error_message
from components.common.error_words import UNEXPECTED, UNEXPECTED_TITLE, ErrorText
from components.common.long_text import long_text
from components.common.moment import clock_text
from components.common.plain_text import on_one_line, plain
from components.playground import words
from components.playground.answer_steps import answer_steps
from components.playground.editor.answer_view import answer_view
from components.playground.state import Playground, loaded_schema
from components.session import connection
from components.words import part_size_text

_POLL = 0.5  # seconds
_WITH_ADVICE = (PermissionDeniedError, CreditsExhaustedError, TokenWantedError)
"""Their own words say what to do, which those on answers of their kind cannot."""
_MOST_ERRORS = 20
_LONGEST_MESSAGE = 1_000  # characters
_MOST_ROWS = 1_000


def outcome_line(state: Playground) -> None:
    """Draw one line on the last run above the editor: the answer itself may be out of sight.

    While its answer is awaited, the page is drawn anew once that is there.
    """
    run = state.run
    if run is None:
        return
    if run.awaited:
        st.fragment(_watch, run_every=_POLL)(run)
    st.markdown(_line(run))


def _watch(run: TabRun) -> None:
    if not run.awaited:
        st.rerun()


def answer(state: Playground) -> None:
    """Draw the outcome of the tab on show, or how to get one."""
    run = state.run
    with st.container(horizontal=True, vertical_alignment="center", key="playground-answer-head"):
        st.header(words.ANSWER, anchor=False, width="content")
        if run:
            st.markdown(_line(run))
    if run is None:
        _no_answer_yet(state)
        return
    with st.container(key="playground-answer"):
        if run.fault:
            st.error(UNEXPECTED.format(id=run.fault), title=UNEXPECTED_TITLE)
            return
        if run.outcome is None:
            st.write(words.ANSWER_AWAITED if run.awaited else words.ANSWER_NOT_AWAITED)
            return
        _problem(run.outcome)
        if run.outcome.status is not None:
            st.fragment(_bodies)(run.outcome, state.before)
        answer_steps(state, run.outcome, asked_here=not _asked(run))


def _no_answer_yet(state: Playground) -> None:
    if entry := state.interrupted.get(state.active):
        operation = plain(str(entry.facts.get("operation", "")))
        st.warning(words.INTERRUPTED.format(operation=operation, clock=_clock(entry.at)))
        return
    st.write(words.NO_ANSWER_YET)
    if state.tab.text == samples()[0].text and is_amplience(loaded_schema().schema):
        st.caption(words.HARMLESS_SAMPLE)


def outcome_spoken(run: TabRun) -> str:
    """Return what came of a run in words without marks, for screen readers."""
    _icon, _, said = words.OUTCOMES[_outcome(run)].partition(" ")
    status = f", HTTP {run.outcome.status}" if run.outcome and run.outcome.status else ""
    return f"{on_one_line(run.operation) or words.RUN}: {said}{status}"


def _outcome(run: TabRun) -> str:
    if run.outcome:
        return run.outcome.outcome
    return "running" if run.awaited else "fault" if run.fault else "cancelled"


def _line(run: TabRun) -> str:
    if run.outcome:
        return f"{_facts(run.outcome)}{_asked(run)}"
    facts = f"{plain(run.operation)} · {_clock(run.begun)}{_asked(run)}"
    return f"**{words.OUTCOMES[_outcome(run)]}** · {facts}"


def _asked(run: TabRun) -> str:
    """Say what was asked, where that is not the connection in use."""
    used = connection()
    if run.asked is None or run.asked == used.endpoint:
        return ""
    same_name = run.asked.connection == used.name
    text = words.ASKED_AT_ANOTHER_ADDRESS if same_name else words.ASKED_OF
    return f" · {text.format(connection=plain(run.asked.connection))}"


def _clock(moment: float) -> str:
    return clock_text(moment, time.time())


def _facts(run: Run) -> str:
    clock = _clock(run.started)
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
    error_message(_advice(run, run.failure))
    lines = [f"1. {_error_line(error)}" for error in run.errors[:_MOST_ERRORS]]
    if len(run.errors) > _MOST_ERRORS:
        lines.append(words.DIFFERENCES_CUT.format(count=len(run.errors) - _MOST_ERRORS))
    if lines:
        st.markdown("\n".join(lines))


def _advice(run: Run, failure: ClientError) -> ErrorText | ClientError:
    """Return what to say of a failure, and what to do: by its own words or by its outcome's."""
    advice = words.ADVICE.get(run.outcome)
    if isinstance(failure, _WITH_ADVICE) or run.status is None:
        advice = None
    if not is_amplience(loaded_schema().schema):
        of_code = words.ADVICE_ELSEWHERE.get(failure.code)
        advice = of_code or (advice and words.ADVICE_ELSEWHERE.get(run.outcome, advice))
    if advice is None:
        return failure
    title, text = advice
    text = text.format(
        status=run.status,
        wait=words.wait_text(run.retry_after),
        said=failure.details.get("said", ""),
        most=part_size_text(ANSWER_LIMIT),
    )
    api_code = on_one_line(str(failure.details.get("api_code", failure.code)))
    return ErrorText(title, text, api_code.replace("`", "'"))


def _error_line(error: JsonObject) -> str:
    """Return an error's message, place and code; whatever it quotes is shown as plain text."""
    message = str(error.get("message", ""))
    parts = [plain(message)]
    if len(message) > _LONGEST_MESSAGE:
        cut = plain(message[:_LONGEST_MESSAGE])
        parts = [words.MESSAGE_CUT.format(message=cut, count=f"{len(message):,}")]
    for place in as_list(error.get("locations"))[:1]:
        at = as_object(place)
        parts.append(words.ERROR_AT.format(line=at.get("line", "?"), column=at.get("column", "?")))
    if path := as_list(error.get("path")):
        parts.append(words.ERROR_PATH.format(path=plain(".".join(map(str, path)))))
    if code := as_object(error.get("extensions")).get("code"):
        parts.append(words.ERROR_CODE.format(code=plain(str(code))))
    return " · ".join(parts)


def _bodies(run: Run, before: TabRun | None) -> None:
    """Draw the ways to look at an answer; each is made once its tab is open."""
    compare = partial(_compare, before=before)
    drawers: tuple[Callable[[Run], None], ...] = (_pretty, _tables, _headers, _raw, compare)
    tabs = st.tabs(words.ANSWER_TABS, key="playground-answer-tabs", on_change="rerun")
    for tab, draw in zip(tabs, drawers, strict=True):
        if tab.open:
            with tab:
                draw(run)


def _pretty(run: Run) -> None:
    text = indented_json(run.text)
    if not text:
        st.caption(words.NO_BODY)
        return
    if run.encoding not in (UTF_8, ""):
        st.caption(words.ANSWER_ENCODING.format(encoding=run.encoding))
    is_json = parse_json(run.text) is not None
    ending = "json" if is_json else "txt"
    answer_view(
        text,
        label=words.ANSWER,
        key="playground-answer-text",
        file_name=words.ANSWER_FILE.format(operation=run.operation, ending=ending),
        media_type="application/json" if is_json else "text/plain",
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
        st.download_button(
            words.TABLE_CSV.format(path=plain(table.path)),
            partial(table_as_csv, table.columns, table.rows),
            f"{table.path}.csv",
            MEDIA_TYPE,
            key=f"playground-table-csv-{number}",
            on_click="ignore",
            icon=":material/download:",
        )


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


def _compare(run: Run, before: TabRun | None) -> None:
    """Draw what differs from the answer that this tab had before."""
    if before is None or before.outcome is None:
        st.caption(words.NOTHING_BEFORE)
        return
    changed = difference(before.outcome.text, run.text)
    told = words.COMPARED if changed else words.SAME_AS_BEFORE
    if changed is None:
        told = words.TOO_LONG_TO_COMPARE
    st.caption(told.format(clock=_clock(before.begun), most=f"{MOST_LINES:,}"))
    if changed:
        st.code(changed, language="diff", wrap_lines=True)
