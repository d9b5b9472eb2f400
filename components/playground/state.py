"""What a visitor has open in the playground, and what becomes of the last run of each tab."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import streamlit as st

from client.api.api import Api
from client.api.schema import LoadedSchema, is_amplience, read_schema
from client.connection.connection import Connection, Endpoint
from client.errors import ClientError, NotSentError, RecordsUnavailableError
from client.playground.last_values import EarlierAnswers, check_kinds, fill_in
from client.playground.link import read_link
from client.playground.run import ReadOperation, Run, not_sent, read_operation, send_operation
from client.playground.runs import MOST_AT_ONCE, Runs, TabRun
from client.playground.samples import samples
from client.playground.saved_operations import (
    LONGEST_NAME,
    MOST_TABS,
    OperationStore,
    SavedOperation,
)
from components.common.plain_text import plain
from components.playground import words
from components.session import api, connection, of_connection, username
from process import this_process

LINK_QUERY = "op"
RUNNING = "running"
"""What the history says of an operation whose answer has not come."""
FAULT = "fault"
"""What it says of one that came to nothing by a fault of this app."""
_SCHEMA_KEPT = 300  # seconds
_SOON = 0.4  # seconds in which most answers are there: they are drawn with the press itself
_STATE, _SCHEMA = "playground", "playground_schema"
_NAME = re.compile(r"^[ \t]*(?:query|mutation|subscription)\s+([_A-Za-z]\w*)", re.MULTILINE)
_FIELD = re.compile(r"\{\s*(?:[_A-Za-z]\w*\s*:\s*)?([_A-Za-z]\w*)")


T = TypeVar("T")


@dataclass
class Playground:
    """The open tabs of one visit; every change is written to the store at once.

    Other windows of the same person may have the same tabs open. Where one of them changed a tab
    since it was read here, what is written here goes on as a tab of its own: nothing is lost.

    Attributes:
        known: each tab as the store held it when it was read or written here last.
        moved: the tab and version that something was typed into -> the tab it went on as.
        closed: the tabs that can be opened again, the one closed last first.
        notice: what has to be said of another window, or of a tab that made room; empty for
            nothing.
        refusal: why the last press of Run ran nothing; empty where it did.
        versions: of each tab's text; raised where Python replaces what the person typed.
        taken: of each tab, what its editor told last and was kept: the version that it was typed
            into, and its two numbers.
        carets: where the caret was last, and the operation under it.
        caret_wanted: how often somebody opened a tab to write in.
        runs: of all tabs of everybody.
        interrupted: of tabs whose last run an earlier process began and did not see the end of,
            its entry in the history.
        problem: why the store cannot be used; the visit goes on without it.
    """

    owner: str
    store: OperationStore
    runs: Runs
    tabs: dict[str, SavedOperation] = field(default_factory=dict[str, SavedOperation])
    known: dict[str, SavedOperation] = field(default_factory=dict[str, SavedOperation])
    closed: Sequence[str] = ()
    moved: dict[tuple[str, int], str] = field(default_factory=dict[tuple[str, int], str])
    notice: str = ""
    refusal: str = ""
    versions: dict[str, int] = field(default_factory=dict[str, int])
    taken: dict[str, tuple[int, int, int]] = field(default_factory=dict[str, tuple[int, int, int]])
    carets: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    caret_wanted: int = 0
    interrupted: dict[str, SavedOperation] = field(default_factory=dict[str, SavedOperation])
    active: str = ""
    problem: ClientError | None = None

    @property
    def tab(self) -> SavedOperation:
        """The tab on show."""
        return self.tabs[self.active]

    @property
    def run(self) -> TabRun | None:
        """The last run of the tab on show."""
        return self.runs.of(self.owner, self.active)

    @property
    def before(self) -> TabRun | None:
        """The answered run of the tab on show before its last one."""
        return self.runs.before(self.owner, self.active)

    @property
    def answers(self) -> EarlierAnswers:
        """What the person's tabs were answered, by the connection in use and by others."""
        return self._answers_for(connection())

    def _answers_for(self, asked: Connection) -> EarlierAnswers:
        return EarlierAnswers(
            self.runs.answers(self.owner, asked.endpoint),
            self.runs.answers_elsewhere(self.owner, asked.endpoint),
        )

    @property
    def follows(self) -> str:
        """The tab and version, as `tab/version`, whose text goes on in the tab on show."""
        froms = (
            f"{old}/{version}" for (old, version), new in self.moved.items() if new == self.active
        )
        return next(froms, "")

    @property
    def version(self) -> int:
        """The version of the text on show."""
        return self.versions.get(self.active, 0)

    def caret_of(self, tab_id: str) -> tuple[str | None, int | None]:
        """Return the name of the operation under the caret, and the caret's place in the text."""
        name, cursor = self.carets.get(tab_id, (None, None))
        return name or None, cursor

    def load(self, first: str) -> None:
        """Take over what the store remembers; without anything a tab with the `first` text."""
        try:
            remembered = self.store.tabs(self.owner)
        except RecordsUnavailableError as error:
            self.problem, remembered = error, ()
        self.tabs = {tab.id: tab for tab in remembered}
        self.known = dict(self.tabs)
        self._look_at_closed()
        if not self.tabs:
            self.open(first)
        latest = max(self.tabs.values(), key=lambda tab: tab.facts.get("used", 0.0))
        self.active = latest.id
        for entry in self._newest():
            tab_id = str(entry.facts.get("tab", ""))
            was_lost = entry.facts["outcome"] == RUNNING and entry.at < self.runs.since
            if was_lost and tab_id in self.tabs:
                self.interrupted.setdefault(tab_id, entry)

    def open(self, text: str, variables: str = "", name: str = "") -> None:
        """Open a tab and show it."""
        tab = SavedOperation(text, variables, name, at=time.time())
        self.notice = ""
        self._keep(tab)
        self.active = tab.id
        self._close_surplus()

    def show(self, tab_id: str) -> None:
        """Show an open tab, as another window has left it."""
        self.notice = ""
        self.active = self._keep(self.tabs[tab_id])

    def close(self, tab_id: str) -> None:
        """Close a tab; the last one leaves an empty one behind."""
        at = list(self.tabs).index(tab_id)
        if len(self.tabs) == 1 and self.tab.text == words.NEW_TEXT:
            return
        del self.tabs[tab_id]
        known = self.known.pop(tab_id, None)
        closed = self._store(lambda: self.store.close_tab(self.owner, tab_id, known))
        if not self.tabs:
            self.open(words.NEW_TEXT)
        elif self.active == tab_id:
            self.show(list(self.tabs)[min(at, len(self.tabs) - 1)])
        if closed is False:
            self.notice = words.STAYS_OPEN_ELSEWHERE
        self._look_at_closed()

    def close_others(self, tab_id: str) -> None:
        """Close all tabs but one."""
        self.show(tab_id)
        for other in [one for one in self.tabs if one != self.active]:
            self.close(other)

    def reopen(self) -> None:
        """Open the tab that was closed last, where it was."""
        tab = self._store(lambda: self.store.reopen_tab(self.owner))
        if tab is None:
            return
        self.tabs[tab.id] = self.known[tab.id] = tab
        self.versions[tab.id] = self.versions.get(tab.id, 0) + 1  # the editor may hold an older one
        stored = self._read(lambda: self.store.tabs(self.owner)) or ()
        place = {one.id: index for index, one in enumerate(stored)}
        self._put_in_order(sorted(self.tabs, key=lambda one: place.get(one, len(place))))
        self.show(tab.id)
        self._close_surplus()

    def rename(self, tab_id: str, name: str) -> None:
        """Give a tab a name, or with an empty one the title that its text gives it."""
        name = " ".join(name.split())[:LONGEST_NAME]
        for _ in range(2):  # the first writes nothing where another window changed the text
            if self.tabs[tab_id].name != name:
                self._keep(replace(self.tabs[tab_id], name=name), is_use=False)

    def move(self, tab_id: str, before: str) -> None:
        """Move a tab to the place before another one; behind all others where that is not open."""
        ids = [one for one in self.tabs if one != tab_id]
        ids.insert(ids.index(before) if before in ids else len(ids), tab_id)
        self._put_in_order(ids)
        self._store(lambda: self.store.move_tab(self.owner, tab_id, before))

    def duplicate(self, tab_id: str) -> None:
        """Open a tab's operation once more, in a tab after it."""
        tab = self.tabs[tab_id]
        ids = list(self.tabs)
        self.open(tab.text, tab.variables, tab.name)
        following = ids[ids.index(tab_id) + 1 :]
        self.move(self.active, following[0] if following else "")

    def typed(self, tab_id: str, text: str, variables: str) -> str:
        """Keep what the person typed; return the tab that holds it, which may be a new one."""
        tab = self.tabs.get(tab_id)
        if tab and (tab.text, tab.variables) != (text, variables):
            return self._keep(replace(tab, text=text, variables=variables))
        return tab_id

    def replace(self, text: str, variables: str) -> None:
        """Replace what the tab on show holds, in the editor too."""
        version = self.version
        self.typed(self.active, text, variables)
        self.versions[self.active] = version + 1

    def execute(self, tab_id: str, press: int = 0) -> None:
        """Run the operation under a tab's caret, whether or not this page waits for its answer.

        It is kept in the history from its beginning. Nothing is run while the tab's last one is
        awaited, nor for a press that was taken before.

        Args:
            tab_id: the tab.
            press: a number of the press of Run; 0 for one that is not told twice.
        """
        self.refusal = ""
        tab = self.tabs[tab_id]
        name, cursor = self.caret_of(tab_id)
        last = self.runs.of(self.owner, tab_id)
        if press and ((last and last.press == press) or self._was_taken(press)):
            return
        if last and last.awaited:
            self.refusal = words.STILL_RUNS.format(operation=plain(last.operation))
            return
        client = api()  # the one that is sent to: the values that are put in are of its answers
        try:
            filled = fill_in(tab.variables, self._answers_for(client.connection))
            operation = read_operation(tab.text, filled.text, name, cursor)
            check_kinds(operation.chosen.node, tab.variables, filled)
        except NotSentError as error:
            self.runs.put(self.owner, tab_id, not_sent(name, error))
            return
        self._begin(client, tab, operation, press)

    def _begin(
        self, client: Api, tab: SavedOperation, operation: ReadOperation, press: int
    ) -> None:
        facts: dict[str, Any] = {
            "operation": operation.name,
            "outcome": RUNNING,
            "tab": tab.id,
            "press": press,
        }
        entry = SavedOperation(tab.text, tab.variables, tab.name, facts=facts)

        def work() -> Run:
            kept = self._store(lambda: self.store.add_history(self.owner, entry)) or entry
            tell: dict[str, Any] = {"outcome": FAULT}
            try:
                outcome = send_operation(client, operation)
                tell = _told(outcome)
            finally:
                changed = replace(kept, facts={**facts, **tell})
                self._store(lambda: self.store.change_history(self.owner, changed))
            return outcome

        run = TabRun(operation.name, client.connection.endpoint, press)
        if not self.runs.begin(self.owner, tab.id, run, work):
            self.refusal = words.TOO_MANY_RUN.format(count=MOST_AT_ONCE)
            return
        self.interrupted.pop(tab.id, None)
        run.wait(_SOON)

    def cancel(self) -> None:
        """Wait no longer for the answer of the tab on show."""
        if self.run:
            self.run.cancel()

    def _was_taken(self, press: int) -> bool:
        return any(entry.facts.get("press") == press for entry in self._newest())

    def _newest(self) -> Sequence[SavedOperation]:
        """Return what was run last: as much as can be awaited, of all the person's windows."""
        return self._store(lambda: self.store.newest_history(self.owner, MOST_AT_ONCE)) or ()

    def _put_in_order(self, tab_ids: Sequence[str]) -> None:
        self.tabs = {tab_id: self.tabs[tab_id] for tab_id in tab_ids}

    def _look_at_closed(self) -> None:
        """Learn which tabs can be opened again; what was run in others is forgotten."""
        before = self.closed
        self.closed = self._read(lambda: self.store.closed_tabs(self.owner)) or ()
        for gone in {*before} - {*self.closed} - {*self.tabs}:
            self.runs.forget(self.owner, gone)

    def _close_surplus(self) -> None:
        """Close tabs where more are open than are kept, and say which."""
        surplus = self._read(lambda: self.store.close_surplus(self.owner)) or ()
        for tab in surplus:
            if tab.id != self.active:
                self.tabs.pop(tab.id, None)
                self.known.pop(tab.id, None)
            title = plain(title_of(tab)[:LONGEST_NAME])
            made_room = words.MADE_ROOM.format(most=MOST_TABS, title=title)
            self.notice = f"{self.notice}\n\n{made_room}".strip()
        self._look_at_closed()

    def _keep(self, tab: SavedOperation, *, is_use: bool = True) -> str:
        """Write a tab to the store; return its id: a new one if another window had changed it."""
        tab = replace(tab, facts={"used": time.time()}) if is_use else tab
        known = self.known.get(tab.id)
        other = self._store(lambda: self.store.change_tab(self.owner, tab, known))
        if other is None:
            self.tabs[tab.id] = tab
            if self.problem is None:
                self.known[tab.id] = tab
            return tab.id
        self.tabs[tab.id] = self.known[tab.id] = other
        version = self.versions.get(tab.id, 0)
        self.versions[tab.id] = version + 1
        return tab.id if tab.says_what(known) else self._go_on_anew(tab, version)

    def _go_on_anew(self, tab: SavedOperation, version: int) -> str:
        """Open a new tab for what was written here into one that another window has changed."""
        anew = SavedOperation(tab.text, tab.variables, tab.name, at=time.time())
        self.versions[anew.id] = version
        self.moved[tab.id, version] = anew.id
        if tab.id in self.carets:
            self.carets[anew.id] = self.carets[tab.id]
        self.runs.go_on_as(self.owner, tab.id, anew.id)
        if self.active == tab.id:
            self.active = anew.id
        self.notice = words.CHANGED_ELSEWHERE
        kept = self._keep(anew)
        self._close_surplus()
        return kept

    def _read(self, read: Callable[[], T]) -> T | None:
        """Return what the store says; that it can be read does not mean that it can be written."""
        try:
            return read()
        except RecordsUnavailableError as error:
            self.problem = error
            return None

    def _store(self, write: Callable[[], T]) -> T | None:
        """Return what the store says; None where it cannot be used, which is a `problem` then."""
        try:
            said = write()
        except RecordsUnavailableError as error:
            self.problem = error
            return None
        self.problem = None
        return said


def _told(outcome: Run) -> dict[str, Any]:
    return {
        "outcome": outcome.outcome,
        "status": outcome.status,
        "seconds": outcome.seconds,
        "size": outcome.size,
    }


def playground() -> Playground:
    """Return what this visit has open."""
    if _STATE not in st.session_state:
        process = this_process()
        opened = Playground(username(), process.operations, process.runs)
        is_ours = is_amplience(loaded_schema().schema)
        opened.load(samples()[0].text if is_ours else words.NEW_TEXT)
        st.session_state[_STATE] = opened
    return st.session_state[_STATE]


def loaded_schema() -> LoadedSchema:
    """Return the endpoint's schema: read once a visit, or shortly before in another one."""
    remembered = of_connection()
    if _SCHEMA not in remembered:
        remembered[_SCHEMA] = found = _schema_of(api())
        if not found.live:
            _schema_of.clear(api())  # the next visit tries again
    return remembered[_SCHEMA]


def forget_schema() -> None:
    """Have the schema read again."""
    of_connection().pop(_SCHEMA, None)
    _schema_of.clear(api())


def _endpoint(api: Api) -> Endpoint:
    return api.connection.endpoint


@st.cache_resource(
    ttl=_SCHEMA_KEPT, max_entries=20, show_spinner=False, hash_funcs={Api: _endpoint}
)
def _schema_of(api: Api) -> LoadedSchema:
    return read_schema(api)


def open_from_link() -> bool:
    """Open the operation that the address holds, once; tell whether it could be read."""
    value = st.query_params.get(LINK_QUERY)
    if value is None:
        return True
    del st.query_params[LINK_QUERY]
    operation = read_link(value)
    if operation is None:
        return False
    playground().open(operation.text, operation.variables, operation.name)
    return True


def title_of(operation: SavedOperation) -> str:
    """Return what a tab or an entry is called: its name, its operation's, or its first field's."""
    if operation.name:
        return operation.name
    found = _NAME.search(operation.text) or _FIELD.search(operation.text)
    return found[1] if found else words.UNTITLED
