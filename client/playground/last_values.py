"""Values of earlier answers in variables: `"{{last.downloadUrl}}"` stands for what came last.

The text of the variables keeps the placeholder, as do the history and a shared link: a signed URL
is put in on its way to the endpoint, and into a script that is to be run as it is.
"""

import json
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from graphql import NamedTypeNode, NonNullTypeNode, OperationDefinitionNode

from client.api.document import read_variables
from client.errors import NotSentError
from client.json_object import JsonObject, as_list, as_object
from client.wire.exchange import mask_text

NO_LAST_VALUE = "no-last-value"
"""The reason of a refusal: a placeholder has no value, or none that can be put in."""
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_COLON = re.compile(r"\s*:")
_PLACEHOLDER = re.compile(r"\{\{\s*last\.([\w.]*)\s*\}\}", re.ASCII)
"""As in last_values.js of the editor, which says what comes near it and is none."""
_MOST_LOOKED_AT = 100_000
"""Values of an answer that are gone through for one of a name."""
_MOST_LISTED_OF = 200
"""Objects of an answer whose names are told."""
_PLAIN_KINDS = {"String", "ID", "Int", "Float", "Boolean"}
_MISSING = object()


@dataclass(frozen=True)
class _Nothing:
    """What an answer says where it has a name and no value: of which name, and in which words."""

    name: str
    said: str


@dataclass(frozen=True)
class EarlierAnswers:
    """The `data` of what a person was answered, the newest first.

    Attributes:
        here: by the endpoint that is to be asked; its values are put in.
        elsewhere: by others. No value of it is: what one service signed is no other one's to see.
    """

    here: Sequence[JsonObject]
    elsewhere: Sequence[JsonObject] = ()


@dataclass(frozen=True)
class Filled:
    """Variables with values in the place of placeholders, and these values."""

    text: str
    values: tuple[Any, ...] = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """The texts of the values that hold a signature or a token, as signed URLs do."""
        return tuple(text for text in _texts(self.values) if mask_text(text) != text)


def is_placeholder(value: object) -> bool:
    """Return whether a value of the variables stands for one of an earlier answer."""
    return isinstance(value, str) and _PLACEHOLDER.fullmatch(value) is not None


def fill_in(variables: str, answers: EarlierAnswers) -> Filled:
    """Return the variables with the value that each placeholder stands for; all else as written.

    A string that is nothing but a placeholder becomes the value itself, whatever its kind; within
    a longer string a text, number or truth value is put in its place. `last.a.b` is the field `b`
    of a field `a`, wherever that is in the newest answer that has it, in the first place that has
    it there; of a list, its first item. Where that place says null, an older value is not taken.

    Args:
        variables: as written; it need not be JSON.
        answers: the earlier answers.

    Raises:
        NotSentError: `NO_LAST_VALUE`: no answer of the endpoint has that name, or the newest that
            has it says null, or it is an object or a list within a longer string.
    """
    values: list[Any] = []

    def value(placeholder: re.Match[str]) -> Any:
        values.append(_value(placeholder, answers))
        return values[-1]

    def filled(found: re.Match[str]) -> str:
        is_name = _COLON.match(variables, found.end())
        return found[0] if is_name else _filled(found[0], value)

    if not _PLACEHOLDER.search(variables):
        return Filled(variables)
    return Filled(_STRING.sub(filled, variables), tuple(values))


def check_kinds(operation: OperationDefinitionNode, variables: str, filled: Filled) -> None:
    """Check that no object or list is put in for a variable that is declared as text, say.

    Args:
        operation: what is to be sent.
        variables: as written.
        filled: what `fill_in` made of them.

    Raises:
        NotSentError: `NO_LAST_VALUE`: one is.
    """
    if not filled.values:
        return
    written, values = read_variables(variables), read_variables(filled.text)
    for definition in operation.variable_definitions or ():
        kind, name = definition.type, definition.variable.name.value
        kind = kind.type if isinstance(kind, NonNullTypeNode) else kind
        placeholder = _PLACEHOLDER.fullmatch(str(written.get(name)))
        if placeholder and isinstance(kind, NamedTypeNode) and kind.name.value in _PLAIN_KINDS:
            _check_plain(placeholder, values.get(name), f"${name} is declared as {kind.name.value}")


def _check_plain(placeholder: re.Match[str], value: Any, declared: str) -> None:
    inner = as_object(value)
    if not (inner or isinstance(value, dict | list)):
        return
    what = "a list" if isinstance(value, list) else "an object"
    fields = [f"{{{{last.{placeholder[1]}.{name}}}}}" for name in names_in([inner], 3)]
    hint = f" Name one of its fields: {', '.join(fields)}." if fields else ""
    raise NotSentError(f"{placeholder[0]} is {what}, and {declared}.{hint}", reason=NO_LAST_VALUE)


def names_in(answers: Iterable[JsonObject], most: int) -> tuple[str, ...]:
    """Return names of fields that `last.` can be followed by, those of the newest answer first.

    They are of fields with a text or a number where they count, at most so many.
    """
    fields = (
        field
        for answer in answers
        for inner in islice(_objects(answer), _MOST_LISTED_OF)
        for field in inner.items()
    )
    seen: set[str] = set()
    found: list[str] = []
    for name, value in fields:
        is_new = name not in seen
        seen.add(name)
        if is_new and isinstance(value, str | int | float) and not name.startswith("__"):
            found.append(name)
        if len(found) == most:
            break
    return tuple(found)


def _filled(written: str, value_of: Callable[[re.Match[str]], Any]) -> str:
    try:
        text: str = json.loads(written)
    except json.JSONDecodeError:
        return written  # reading the variables says what is wrong
    if whole := _PLACEHOLDER.fullmatch(text):
        return json.dumps(value_of(whole))

    def put_in(found: re.Match[str]) -> str:
        value = value_of(found)
        if isinstance(value, dict | list):
            raise NotSentError(
                f"{found[0]} is no text, so that it cannot be a part of one.",
                reason=NO_LAST_VALUE,
            )
        return value if isinstance(value, str) else json.dumps(value)

    filled = _PLACEHOLDER.sub(put_in, text)
    return written if filled == text else json.dumps(filled)


def _value(placeholder: re.Match[str], answers: EarlierAnswers) -> Any:
    path = placeholder[1].split(".")
    value = _latest(path, answers.here)
    if isinstance(value, _Nothing):
        raise NotSentError(
            f"{placeholder[0]} has no value: the newest answer {value.said} for {value.name}, and "
            "an older one is not taken in its place.",
            reason=NO_LAST_VALUE,
        )
    if value is not _MISSING:
        return value
    known = ", ".join(names_in(answers.here, most=10))
    hint = f"There are: {known}." if known else "No answer so far has any."
    message = f"No earlier answer of your tabs has a value for {placeholder[0]}. {hint}"
    found = _latest(path, answers.elsewhere)
    if not (found is _MISSING or isinstance(found, _Nothing)):
        hint = f" There are: {known}." if known else ""
        message = (
            f"Only another connection, or this one at another address, answered with a value for "
            f"{placeholder[0]}. It is not sent to this one: ask this one for a value first.{hint}"
        )
    raise NotSentError(message, reason=NO_LAST_VALUE)


def _latest(path: Sequence[str], answers: Sequence[JsonObject]) -> Any:
    """Return what the newest answer says that has the name; `_MISSING` where none has."""
    for answer in answers:
        for inner in _objects(answer):
            value = _at(inner, path)
            if value is not _MISSING:
                return value
    return _MISSING


def _at(inner: JsonObject, path: Sequence[str]) -> Any:
    value: Any = inner
    for at, name in enumerate(path):
        while items := as_list(value):
            value = items[0]
        if value is None or value == []:
            return _Nothing(path[at - 1], "says null" if value is None else "has an empty list")
        fields = as_object(value)
        if name not in fields:
            return _MISSING
        value = fields[name]
    return _Nothing(path[-1], "says null") if value is None else value


def _objects(answer: JsonObject) -> Iterator[JsonObject]:
    """Yield the objects of an answer, those further up first."""
    return (inner for inner in map(as_object, _within(answer)) if inner)


def _texts(values: Sequence[Any]) -> Iterator[str]:
    return (text for text in _within(list(values)) if isinstance(text, str))


def _within(value: Any) -> Iterator[Any]:
    """Yield a value and all that it holds, what is further up first."""
    unread: deque[Any] = deque([value])
    for _ in range(_MOST_LOOKED_AT):
        if not unread:
            return
        value = unread.popleft()
        yield value
        unread.extend(as_list(value))
        unread.extend(as_object(value).values())
