"""What a visitor has open in the playground, and what came of the last run of each tab."""

import re
import time
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from client.api import Api
from client.errors import ClientError, RecordsUnavailableError
from client.operation_collection import samples
from client.operation_link import read_link
from client.run_operation import Run, run_operation
from client.saved_operations import Operation, OperationStore
from client.schema import LoadedSchema, read_schema
from components import playground_words as words
from components.session import api, of_connection, operation_store, username

LINK_QUERY = "op"
TAB_KEY = "playground-tab"
_SCHEMA_KEPT = 300  # seconds
_STATE, _SCHEMA = "playground", "playground_schema"
_NAME = re.compile(r"^[ \t]*(?:query|mutation|subscription)\s+([_A-Za-z]\w*)", re.MULTILINE)
_FIELD = re.compile(r"\{\s*(?:[_A-Za-z]\w*\s*:\s*)?([_A-Za-z]\w*)")


@dataclass
class Playground:
    """The open tabs of one visit; every change is written to the store at once.

    Attributes:
        versions: of each tab's text; raised where Python replaces what the person typed.
        carets: where the caret was last, and the operation under it.
        problem: why the store cannot be used; the visit goes on without it.
    """

    owner: str
    store: OperationStore
    tabs: dict[str, Operation] = field(default_factory=dict[str, Operation])
    versions: dict[str, int] = field(default_factory=dict[str, int])
    carets: dict[str, tuple[str, int]] = field(default_factory=dict[str, tuple[str, int]])
    runs: dict[str, Run] = field(default_factory=dict[str, Run])
    active: str = ""
    problem: ClientError | None = None

    @property
    def tab(self) -> Operation:
        """The tab on show."""
        return self.tabs[self.active]

    @property
    def run(self) -> Run | None:
        """What came of the last run of the tab on show, during this visit."""
        return self.runs.get(self.active)

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
        if not self.tabs:
            first = samples()[0]
            self.open(first.text, first.variables)
        latest = max(self.tabs.values(), key=lambda tab: tab.facts.get("used", 0.0))
        self.active = latest.id

    def open(self, text: str, variables: str = "", name: str = "") -> None:
        """Open a tab and show it."""
        tab = Operation(text, variables, name, at=time.time())
        self._keep(tab)
        self.show(tab.id)

    def show(self, tab_id: str) -> None:
        """Show an open tab."""
        self.active = tab_id
        self._keep(self.tab)

    def close(self, tab_id: str) -> None:
        """Close a tab; the last one leaves an empty one behind."""
        ids = list(self.tabs)
        at = ids.index(tab_id)
        del self.tabs[tab_id]
        self.runs.pop(tab_id, None)
        self._store(lambda: self.store.close_tab(self.owner, tab_id))
        if not self.tabs:
            self.open(words.NEW_TEXT)
        elif self.active == tab_id:
            self.show(list(self.tabs)[max(0, at - 1)])

    def typed(self, tab_id: str, text: str, variables: str) -> None:
        """Keep what the person typed."""
        tab = self.tabs.get(tab_id)
        if tab and (tab.text, tab.variables) != (text, variables):
            self._keep(replace(tab, text=text, variables=variables))

    def replace(self, text: str, variables: str) -> None:
        """Replace what the tab on show holds, in the editor too."""
        self.versions[self.active] = self.version + 1
        self.typed(self.active, text, variables)

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
        entry = Operation(tab.text, tab.variables, tab.name, facts=facts)
        self._store(lambda: self.store.add_history(self.owner, entry))

    def _keep(self, tab: Operation) -> None:
        tab = replace(tab, facts={"used": time.time()})
        self.tabs[tab.id] = tab
        self._store(lambda: self.store.put_tab(self.owner, tab))

    def _store(self, write: Any) -> None:
        try:
            write()
        except RecordsUnavailableError as error:
            self.problem = error
        else:
            self.problem = None


def playground() -> Playground:
    """Return what this visit has open."""
    if _STATE not in st.session_state:
        opened = Playground(username(), operation_store())
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


def title_of(operation: Operation) -> str:
    """Return what a tab or an entry is called: its name, its operation's, or its first field's."""
    if operation.name:
        return operation.name
    found = _NAME.search(operation.text) or _FIELD.search(operation.text)
    return found[1] if found else words.UNTITLED
