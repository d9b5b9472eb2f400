"""Changes values within a text, and leaves every other letter of it as it is.

A document and its variables are somebody's writing: the order of names, comments, the spelling of
numbers and white space stay, except for the value that changes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from graphql import Undefined

from client.playground.form_field import FormField
from client.written_json import WrittenFloat, read_written, write_written

_COMMENT = re.compile(r"#[^\r\n]*")
_COMMENT_BEHIND = re.compile(r"[ \t,]*#[^\r\n]*")
_LAST_LINE = re.compile(r"(\r\n|\n|\r)([ \t]*)[^\r\n]*\Z")
_LINE_BEGUN = re.compile(r"(\r\n|\n|\r)[ \t]*\Z")
_NEWLINE = re.compile(r"\r\n|\n|\r")
_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_BLOCK_EDGE = re.compile(r"(?<=[\[{])\n\s*|\n\s*(?=[\]}])")
_LAYOUT = re.compile(r"\n\s*")


class Row:
    """Things side by side between two brackets, with all that stands around them.

    Attributes:
        items: the things as they are written.
        gaps: what stands before the first, between each two, and behind the last one.
    """

    def __init__(
        self,
        text: str,
        place: tuple[int, int],
        spans: Sequence[tuple[int, int]],
        *,
        between: str = ", ",
        padding: str = "",
        commas: bool = False,
    ) -> None:
        """Take a row apart.

        Args:
            text: what holds it.
            place: where it begins behind its opening bracket, and where its closing one is.
            spans: where its items are.
            between: what parts two items on one line, where the row does not show it.
            padding: what parts the brackets from an only item.
            commas: whether nothing but a comma parts two items.
        """
        ends = [place[0], *(end for _, end in spans)]
        starts = [*(start for start, _ in spans), place[1]]
        self.gaps = [text[end:start] for end, start in zip(ends, starts, strict=True)]
        self.items = [text[start:end] for start, end in spans]
        self._between, self._padding, self._commas = between, padding, commas

    def __str__(self) -> str:
        """Return the row as it is written now."""
        parts = [part for pair in zip(self.gaps, [*self.items, ""], strict=True) for part in pair]
        return "".join(parts)

    @property
    def indent(self) -> str | None:
        """What stands left of an item on a line of its own; None where they share a line."""
        line = _LAST_LINE.search(self._gap) if self.items else None
        return line[2] if line else None

    def add(self, item: str, at: int | None = None) -> None:
        """Add an item, at the end or before another one, the way the others are written."""
        count = len(self.items)
        if not count:
            [inside] = self.gaps
            self.gaps = [inside if "#" in inside else self._padding, self._padding]
        elif at is None or at == count:
            self.gaps[count:] = self._behind()
        else:
            self.gaps.insert(at + 1, self._separator())
        self.items.insert(count if at is None else at, item)

    def remove(self, at: int) -> None:
        """Remove an item and its comma; comments stay."""
        before, behind = self.gaps[at : at + 2]
        first, last = at == 0, at == len(self.items) - 1
        if first and last:
            left = before + behind if "#" in before + behind else ""
        elif not last and "#" not in behind:
            left = before or ("" if first else " ")
        elif not first and "#" not in before:
            left = behind
        else:
            rest = behind.lstrip(" \t,")
            left = (_LINE_BEGUN.sub("", before) if _NEWLINE.match(rest) else before) + rest
        self.gaps[at : at + 2] = [left]
        del self.items[at]

    @property
    def _gap(self) -> str:
        """What shows how items are parted: the last gap between two, or what is before the one."""
        return self.gaps[len(self.items) - 1]

    def _separator(self) -> str:
        plain = _COMMENT.sub("", self._gap)
        line = _LAST_LINE.search(plain)
        if line:
            return ("," if self._commas or "," in plain else "") + line[1] + line[2]
        return (plain if len(self.items) > 1 else "") or self._between

    def _behind(self) -> list[str]:
        """Return the gaps around a new last item. A comment behind the one before stays with it."""
        tail = self.gaps[-1]
        comment = _COMMENT_BEHIND.match(tail)
        if comment is None:
            return [self._separator(), tail]
        rest = tail[comment.end() :]
        newline = _NEWLINE.match(rest)
        return [f"{comment[0]}{newline[0] if newline else ''}{self.indent or ''}", rest]


@dataclass(frozen=True)
class Written:
    """A value with its place in a text.

    Attributes:
        value: what it stands for; `Undefined` for a variable that is not given.
        entries: of an object, in their order.
        items: of a list.
        field: what the schema says of it, where it is known.
        variable: the name of the variable that it comes from.
    """

    start: int
    end: int
    value: Any
    entries: "tuple[WrittenEntry, ...] | None" = None
    items: "tuple[Written, ...] | None" = None
    field: FormField | None = None
    variable: str = ""


@dataclass(frozen=True)
class WrittenEntry:
    """A name and its value, as an object or the arguments of a field have them."""

    name: str
    start: int
    value: Written

    @property
    def span(self) -> tuple[int, int]:
        """Where both are."""
        return self.start, self.value.end


class Rewriting:
    """A text with the values that change. What is known of one notation is in its subclass.

    Attributes:
        variables: values that are not written in this text but come from variables.
        gone: the places whose text does not stay.
    """

    padding = ""
    commas = False

    def __init__(self, text: str) -> None:
        """Begin with the text as it is."""
        self.text = text
        self.variables: dict[str, Any] = {}
        self.gone: list[tuple[int, int]] = []

    def name(self, name: str) -> str:
        """Return the name of a new value as it is written."""
        raise NotImplementedError

    def literal(self, field: FormField | None, value: Any, indent: str | None, /) -> str:
        """Return a new value, for a line that begins so; on one line where there is no indent."""
        raise NotImplementedError

    def value(self, old: Written, new: Any) -> str:
        """Return the text of a value that is to be another one."""
        text = self.text[old.start : old.end]
        if same(old.value, new):
            return text
        if old.variable:
            self.variables[old.variable] = new
            return text
        inside = (old.start + 1, old.end - 1)
        if old.entries is not None and isinstance(new, Mapping):
            row = self._row(inside, [entry.span for entry in old.entries], self.padding)
            values = cast(Mapping[str, Any], new)
            one_of = old.field is not None and old.field.one_of
            self.entries(row, old.entries, values, fields_of(old.field), one_of=one_of)
        elif old.items is not None and isinstance(new, list):
            row = self._row(inside, [(item.start, item.end) for item in old.items])
            self._items(row, old, cast(list[Any], new))
        else:
            self.gone.append((old.start, old.end))
            return self.literal(old.field, new, self._indent_at(old.start))
        return f"{text[0]}{row}{text[-1]}"

    def entries(
        self,
        row: Row,
        old: Sequence[WrittenEntry],
        new: Mapping[str, Any],
        fields: Mapping[str, FormField],
        *,
        one_of: bool = False,
    ) -> None:
        """Change what a row of names and values says.

        A value that comes from a variable is left out there, and its name stays for the next one;
        but among those of which one may be given, it goes.
        """
        last = {
            entry.name: number for number, entry in enumerate(old)
        }  # of two of a name it counts
        removed: list[int] = []
        for number, entry in enumerate(old):
            value = new.get(entry.name, Undefined)
            if value is Undefined and (one_of or not entry.value.variable):
                removed.append(number)
            elif last[entry.name] == number:
                name = self.text[entry.start : entry.value.start]
                row.items[number] = name + self.value(entry.value, value)
        for name, value in new.items():
            if name not in last and value is not Undefined:
                literal = self.literal(fields.get(name), value, row.indent)
                row.add(f"{self.name(name)}: {literal}")
        for number in reversed(removed):
            self.gone.append(old[number].span)
            row.remove(number)

    def _items(self, row: Row, old: Written, new: list[Any]) -> None:
        """Change the items that are others; what is the same at both ends of the list stays."""
        was, items = cast(list[Any], old.value), old.items or ()
        most = min(len(was), len(new))
        head = next((at for at in range(most) if not same(was[at], new[at])), most)
        most -= head
        tail = next((at for at in range(most) if not same(was[-1 - at], new[-1 - at])), most)
        for at in range(head, min(len(was), len(new)) - tail):
            row.items[at] = self.value(items[at], new[at])
        item = old.field.item if old.field else None
        for at in range(len(was) - tail, len(new) - tail):
            row.add(self.literal(item, new[at], row.indent), at)
        for at in reversed(range(len(new) - tail, len(was) - tail)):
            self.gone.append((items[at].start, items[at].end))
            row.remove(at)

    def _row(
        self, inside: tuple[int, int], spans: Sequence[tuple[int, int]], padding: str = ""
    ) -> Row:
        return Row(self.text, inside, spans, padding=padding, commas=self.commas)

    def _indent_at(self, place: int) -> str | None:
        line = _LAST_LINE.search(self.text[:place])
        return line[2] if line else None


class JsonRewriting(Rewriting):
    """JSON text in which values change."""

    commas = True

    def name(self, name: str) -> str:
        """Return the name of a new value."""
        return write_written(name)

    def literal(self, _field: FormField | None, value: Any, indent: str | None, /) -> str:
        """Return a new value."""
        if indent is not None:
            return write_written(value, indent)
        # No string of JSON holds a line's end, so each of them is layout.
        return _LAYOUT.sub(" ", _BLOCK_EDGE.sub("", write_written(value)))


def with_variables(text: str, new: Mapping[str, Any]) -> str:
    """Return variables as JSON text with some set; one that is `Undefined` is removed.

    Args:
        text: a JSON object, or blank.
        new: the values by the variables' names.
    """
    if not text.strip():
        given = {name: value for name, value in new.items() if value is not Undefined}
        return write_written(given) if given else text
    old = read_tree(text)
    rewriting = JsonRewriting(text)
    there = rewriting.value(old, {**cast(Mapping[str, Any], old.value), **new})
    if not old.entries and there not in ("{}", text[old.start : old.end]):
        there = write_written({name: one for name, one in new.items() if one is not Undefined})
    return text[: old.start] + there + text[old.end :]


def read_tree(text: str) -> Written:
    """Return the values of a JSON text with their places; it is known to be JSON."""
    return _JsonReader(text).value()


class _JsonReader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_JSON_TOKEN.finditer(text))
        self._next = 0

    def value(self) -> Written:
        token = self._take()
        start = token.start()
        if token[0] == "{":
            entries = self._each("}", self._entry)
            values = {entry.name: entry.value.value for entry in entries}
            return Written(start, self._end, values, entries=tuple(entries))
        if token[0] == "[":
            items = self._each("]", self.value)
            return Written(start, self._end, [one.value for one in items], items=tuple(items))
        return Written(start, token.end(), read_written(token[0]))

    def _entry(self) -> WrittenEntry:
        name = self._take()
        self._take()  # the colon
        return WrittenEntry(str(read_written(name[0])), name.start(), self.value())

    def _each(self, close: str, read: Any) -> list[Any]:
        found: list[Any] = []
        while self._tokens[self._next][0] != close:
            found.append(read())
            if self._tokens[self._next][0] == ",":
                self._take()
        self._take()
        return found

    def _take(self) -> re.Match[str]:
        self._next += 1
        return self._tokens[self._next - 1]

    @property
    def _end(self) -> int:
        return self._tokens[self._next - 1].end()


def fields_of(field: FormField | None) -> Mapping[str, FormField]:
    """Return what a group holds, by name."""
    return {inner.name: inner for inner in field.fields} if field else {}


def same(one: Any, other: Any) -> bool:
    """Return whether two values are one and the same in JSON and GraphQL."""
    if one is Undefined or other is Undefined:  # which is equal to None
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        mine, theirs = cast(Mapping[str, Any], one), cast(Mapping[str, Any], other)
        return mine.keys() == theirs.keys() and all(same(mine[name], theirs[name]) for name in mine)
    if isinstance(one, list) and isinstance(other, list):
        ours, those = cast(list[Any], one), cast(list[Any], other)
        return len(ours) == len(those) and all(map(same, ours, those))
    if isinstance(one, WrittenFloat) and isinstance(other, WrittenFloat):
        return one.text == other.text
    if isinstance(one, bool) or isinstance(other, bool):  # in Python True is 1
        return one is other
    return bool(one == other)
