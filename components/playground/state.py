"""What a visitor has open in the playground, and what came of the last run of each tab."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import streamlit as st

from client.api.api import Api
from client.api.schema import LoadedSchema, read_schema
from client.errors import ClientError, RecordsUnavailableError
from client.playground.link import read_link
from client.playground.run import Run, run_operation
from client.playground.samples import samples
from client.playground.saved_operations import OperationStore, SavedOperation
from components.playground import words
from components.session import api, of_connection, username
from process import this_process

LINK_QUERY = "op"
TAB_KEY = "playground-tab"
_SCHEMA_KEPT = 300  # seconds
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
        notice: what has to be said of another window; empty for nothing.
        versions: of each tab's text; raised where Python replaces what the person typed.
        carets: where the caret was last, and the operation under it.
        problem: why the store cannot be used; the visit goes on without it.
    """

    owner: str
    store: OperationStore
    tabs: dict[str, SavedOperation] = field(default_factory=dict[str, SavedOperation])
    known: dict[str, SavedOperation] = field(default_factory=dict[str, SavedOperation])
    moved: dict[tuple[str, int], str] = field(default_factory=dict[tuple[str, int], str])
    notice: str = ""
    versions: dict[str, int] = field(default_factory=dict[str, int])
    carets: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    runs: dict[str, Run] = field(default_factory=dict[str, Run])
    active: str = ""
    problem: ClientError | None = None

    @property
    def tab(self) -> SavedOperation:
        """The tab on show."""
        return self.tabs[self.active]

    @property
    def run(self) -> Run | None:
        """What came of the last run of the tab on show, during this visit."""
        return self.runs.get(self.active)

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

    def load(self) -> None:
        """Take over what the store remembers; without anything a sample is opened."""
        try:
            remembered = self.store.tabs(self.owner)
        except RecordsUnavailableError as error:
            self.problem, remembered = error, ()
        self.tabs = {tab.id: tab for tab in remembered}
        self.known = dict(self.tabs)
        if not self.tabs:
            first = samples()[0]
            self.open(first.text, first.variables)
        latest = max(self.tabs.values(), key=lambda tab: tab.facts.get("used", 0.0))
        self.active = latest.id

    def open(self, text: str, variables: str = "", name: str = "") -> None:
        """Open a tab and show it."""
        tab = SavedOperation(text, variables, name, at=time.time())
        self.notice = ""
        self._keep(tab)
        self.active = tab.id

    def show(self, tab_id: str) -> None:
        """Show an open tab, as another window has left it."""
        self.notice = ""
        self.active = self._keep(self.tabs[tab_id])

    def close(self, tab_id: str) -> None:
        """Close a tab; the last one leaves an empty one behind."""
        ids = list(self.tabs)
        at = ids.index(tab_id)
        del self.tabs[tab_id]
        self.runs.pop(tab_id, None)
        known = self.known.pop(tab_id, None)
        closed = self._store(lambda: self.store.close_tab(self.owner, tab_id, known))
        if not self.tabs:
            self.open(words.NEW_TEXT)
        elif self.active == tab_id:
            self.show(list(self.tabs)[max(0, at - 1)])
        if closed is False:
            self.notice = words.STAYS_OPEN_ELSEWHERE

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

    def execute(self, tab_id: str, name: str | None, cursor: int | None) -> None:
        """Run an operation of a tab; the outcome is kept with the tab and in the history."""
        tab = self.tabs[tab_id]
        run = run_operation(api(), tab.text, tab.variables, name, cursor)
        self.runs[tab_id] = run
        if run.outcome == "not-sent":
            return
        facts: dict[str, Any] = {
            "operation": run.operation,
            "outcome": run.outcome,
            "status": run.status,
            "seconds": run.seconds,
            "size": run.size,
        }
        entry = SavedOperation(tab.text, tab.variables, tab.name, facts=facts)
        self._store(lambda: self.store.add_history(self.owner, entry))

    def _keep(self, tab: SavedOperation) -> str:
        """Write a tab to the store; return its id: a new one if another window had changed it."""
        tab = replace(tab, facts={"used": time.time()})
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
        if tab.id in self.runs:
            self.runs[anew.id] = self.runs.pop(tab.id)
        if self.active == tab.id:
            self.active = anew.id
        self.notice = words.CHANGED_ELSEWHERE
        return self._keep(anew)

    def _store(self, write: Callable[[], T]) -> T | None:
        """Return what the store says; None where it cannot be used, which is a `problem` then."""
        try:
            said = write()
        except RecordsUnavailableError as error:
            self.problem = error
            return None
        self.problem = None
        return said


def playground() -> Playground:
    """Return what this visit has open."""
    if _STATE not in st.session_state:
        opened = Playground(username(), this_process().operations)
        opened.load()
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


def _endpoint(api: Api) -> tuple[str, str]:
    return api.connection.name, api.connection.graphql_url


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
    st.session_state[TAB_KEY] = playground().active
    return True


def title_of(operation: SavedOperation) -> str:
    """Return what a tab or an entry is called: its name, its operation's, or its first field's."""
    if operation.name:
        return operation.name
    found = _NAME.search(operation.text) or _FIELD.search(operation.text)
    return found[1] if found else words.UNTITLED
