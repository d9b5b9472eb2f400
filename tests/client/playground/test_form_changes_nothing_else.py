"""Changes of the form in documents and variables that chance writes: all else stays as it is."""

import re
from typing import Any

from graphql import TokenKind, Undefined, build_schema
from graphql.language import Lexer, Source
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from client.playground.form import read_form
from client.playground.form_text import write_form
from client.playground.written import Written, read_tree, same, with_variables
from client.written_json import read_written

ROUNDS = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
NUMBERS = st.sampled_from(["0", "-0", "1.10", "1E5", "9007199254740993", "1e400", "12"])
STRINGS = st.sampled_from(['""', '"a b"', '"# no"', '"\\u00e9 \\" \\\\"', '"é 😀 {,}"', '"\\/"'])
NAMES: tuple[str, ...] = ("a", "b", "c", "d")


# JSON ----------------------------------------------------------------------------------------

SPACE = st.sampled_from(["", "", " ", "\n", "\t ", "\r\n  "])


@st.composite
def json_texts(draw: st.DrawFn, deep: int = 3, *, top: bool = False) -> str:
    kind = "object" if top else draw(st.sampled_from(["plain", "plain", "list", "object"]))
    before, behind = draw(SPACE), draw(SPACE)
    if kind == "plain" or not deep:
        literals = st.sampled_from(["null", "true", "false"])
        return before + draw(st.one_of(NUMBERS, STRINGS, literals)) + behind
    inner = draw(st.lists(json_texts(deep - 1), max_size=3))
    if kind == "list":
        return f"{before}[{','.join(inner) or draw(SPACE)}]{behind}"
    names = [draw(st.sampled_from(NAMES)) for _ in inner]
    entries = [
        f'{draw(SPACE)}"{name}"{draw(SPACE)}:{one}' for name, one in zip(names, inner, strict=True)
    ]
    return f"{before}{{{','.join(entries) or draw(SPACE)}}}{behind}"


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=4)),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=2)
    ),
    max_leaves=5,
)
JSON_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


@ROUNDS
@given(json_texts(top=True), st.sampled_from(NAMES), VALUES)
def test_a_variable_that_is_set_changes_in_its_place(text: str, name: str, value: Any) -> None:
    tree = read_tree(text)
    made = with_variables(text, {name: value})
    assert same(read_written(made), {**tree.value, name: value})
    old = _last(tree, name)
    if old is None:
        assert [*_words(text)[:-1]] == _words(made)[: len(_words(text)) - 1]
        return
    new = _last(read_tree(made), name)
    assert new
    assert (made[: new.start], made[new.end :]) == (text[: old.start], text[old.end :])
    if same(old.value, value):
        assert made == text


@ROUNDS
@given(json_texts(top=True), st.sampled_from(NAMES))
def test_a_variable_that_is_removed_takes_its_comma_along(text: str, name: str) -> None:
    tree = read_tree(text)
    made = with_variables(text, {name: Undefined})
    left = [entry for entry in tree.entries or () if entry.name != name]
    assert [text[slice(*entry.span)] for entry in left] == [
        made[slice(*entry.span)] for entry in read_tree(made).entries or ()
    ]
    assert same(read_written(made), {one: tree.value[one] for one in tree.value if one != name})
    if len(left) == len(tree.entries or ()):
        assert made == text


@ROUNDS
@given(json_texts(top=True), st.data())
def test_of_a_value_within_values_only_what_differs_changes(text: str, data: st.DataObject) -> None:
    tree = read_tree(text)
    path, old = data.draw(st.sampled_from(_effective(tree)))
    value = data.draw(st.sampled_from([None, "new", 7]))
    new = _with(tree.value, path, value)
    made = with_variables(text, new)
    assert same(read_written(made), new)
    if path and not same(old.value, value):
        written = {None: "null", "new": '"new"', 7: "7"}[value]
        assert made == text[: old.start] + written + text[old.end :]


def _last(tree: Written, name: str) -> Written | None:
    found = [entry.value for entry in tree.entries or () if entry.name == name]
    return found[-1] if found else None


def _words(text: str) -> list[str]:
    return JSON_WORD.findall(text)


Path = tuple[str | int, ...]


def _effective(tree: Written, at: Path = ()) -> list[tuple[Path, Written]]:
    """Return the values that count: of two of a name the last one."""
    found = [(at, tree)]
    last = {entry.name: entry.value for entry in tree.entries or ()}
    for name, one in last.items():
        found += _effective(one, (*at, name))
    for number, one in enumerate(tree.items or ()):
        found += _effective(one, (*at, number))
    return found


def _with(values: Any, path: Path, value: Any) -> Any:
    if not path:
        return values
    name, rest = path[0], path[1:]
    changed: Any = list(values) if isinstance(name, int) else dict(values)
    changed[name] = _with(changed[name], rest, value) if rest else value
    return changed


# Documents -----------------------------------------------------------------------------------

SCHEMA = build_schema("""
scalar Any
input In { a: In, b: Any, c: [Any], d: [In!] }
type Query { f(a: In, b: Any, c: [Any], d: [In!]): Thing }
type Thing { x: Int, y: Int, z(first: Int): Thing }
""")
GAPS = st.sampled_from([" ", "  ", "\n", ", ", "\n\n  ", " # one\n", "\n# two, (three)\n"])


@st.composite
def rows(draw: st.DrawFn, parts: list[str]) -> str:
    return "".join(part + draw(GAPS) for part in parts)


@st.composite
def literals(draw: st.DrawFn, deep: int = 2) -> str:
    kind = draw(st.sampled_from(["plain", "plain", "list", "object"]))
    if kind == "plain" or not deep:
        words = st.sampled_from(["null", "true", "RED"])
        return draw(st.one_of(NUMBERS, STRINGS, words))
    inner = draw(st.lists(literals(deep - 1), max_size=3))
    if kind == "list":
        return draw(rows(["[", *inner, "]"])).rstrip(", ")
    parts = [part for at, one in enumerate(inner) for part in (NAMES[at], ":", one)]
    return draw(rows(["{", *parts, "}"])).rstrip(", ")


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, list[str]]:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    parts = [part for name in names for part in (name, ":", draw(literals()))]
    arguments = ["(", *parts, ")"] if names else []
    chosen = draw(st.lists(st.sampled_from(["x", "y", "...F", "q: x"]), min_size=1, max_size=4))
    words = ["query", "Q", "{", "f", *arguments, "@skip(if: false)", "{", *chosen, "}", "}"]
    return draw(rows(["fragment F on Thing { x }", *words, "query Other { f { x } }"])), names


@ROUNDS
@given(documents(), st.sampled_from(NAMES), VALUES)
def test_an_argument_that_is_set_changes_in_its_place(
    document: tuple[str, list[str]], name: str, value: Any
) -> None:
    text, names = document
    made = _written(text, {name: value})
    assert same(_values(made), {**_values(text), name: value})
    if name not in names:
        assert _comments(made) == _comments(text)
    elif not isinstance(value, list | dict):
        old, new = _place(text, name), _place(made, name)
        assert (made[: new.start], made[new.end :]) == (text[: old.start], text[old.end :])
    _others_are_as_written(text, made, name)


@ROUNDS
@given(documents(), st.sampled_from(NAMES))
def test_an_argument_that_is_removed_leaves_all_else(
    document: tuple[str, list[str]], name: str
) -> None:
    text, names = document
    made = _written(text, {name: Undefined})
    assert _values(made).keys() == {one for one in names if one != name}
    _others_are_as_written(text, made, name)
    if name in names:
        inside = len(_comments(text[_place(text, name).start : _place(text, name).end]))
        assert len(_comments(made)) >= len(_comments(text)) - inside - 2  # around its colon
    else:
        assert made == text


@ROUNDS
@given(documents(), st.sets(st.sampled_from([("x",), ("y",), ("z", "x"), ("z", "z", "y")])))
def test_what_is_answered_changes_alone(
    document: tuple[str, list[str]], outputs: set[tuple[str, ...]]
) -> None:
    text, _ = document
    form = read_form(SCHEMA, text, "", "Q")
    assert form
    made, _ = write_form(SCHEMA, text, "", form, form.values, sorted(outputs))
    now = read_form(SCHEMA, made, "", "Q")
    assert now
    wanted = outputs & set(now.outputs) if ("z", "z", "y") in outputs else outputs
    assert set(now.outputs) == wanted
    assert _comments(made) == _comments(text)
    for kept in ("...F", "q: x"):
        assert made.count(kept) == text.count(kept)
    for name in _values(text):
        old, new = _place(text, name), _place(made, name)
        assert made[new.start : new.end] == text[old.start : old.end]


def _others_are_as_written(text: str, made: str, name: str) -> None:
    for other in _values(text).keys() - {name}:
        old, new = _place(text, other), _place(made, other)
        assert made[new.start : new.end] == text[old.start : old.end]
    assert made[made.index("@skip") :] == text[text.index("@skip") :]
    head = text.index("f", text.index("{", text.index("query")))
    assert made[:head] == text[:head]


def _written(text: str, values: dict[str, Any]) -> str:
    form = read_form(SCHEMA, text, "", "Q")
    assert form
    made, variables = write_form(SCHEMA, text, "", form, {**form.values, **values}, form.outputs)
    assert variables == ""
    return made


def _values(text: str) -> Any:
    form = read_form(SCHEMA, text, "", "Q")
    assert form
    return form.values


def _place(text: str, name: str) -> Written:
    form = read_form(SCHEMA, text, "", "Q")
    assert form
    return next(entry.value for entry in form.arguments if entry.name == name)


def _comments(text: str) -> list[str]:
    lexer = Lexer(Source(text))
    token = lexer.token
    while lexer.advance().kind is not TokenKind.EOF:
        pass
    found: list[str] = []
    while token:
        if token.kind is TokenKind.COMMENT:
            found.append(token.value or "")
        token = token.next
    return found
