"""Indents JSON without changing a value.

Reading and writing it again would change numbers (`1.10`, `1E400`, digits beyond a float's), drop
all but the last of equal names, and spell escapes anew. So only the white space between tokens is
changed here.
"""

import re

from client.json_object import parse_json

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_OPENING, _CLOSING = {"{", "["}, {"}", "]"}
_INDENT = "  "


def indented_json(text: str) -> str:
    """Return JSON over lines, every token as it was; what is no readable JSON stays as it is."""
    if parse_json(text) is None:
        return text
    set_out: list[str] = []
    depth, before = 0, ""
    for token in _TOKEN.finditer(text):
        part = token[0]
        if part in _CLOSING:
            depth -= 1
        opens_line = before in _OPENING or before == ","
        if (part in _CLOSING and before not in _OPENING) or (part not in _CLOSING and opens_line):
            set_out.append("\n" + _INDENT * depth)
        set_out.append(": " if part == ":" else part)
        if part in _OPENING:
            depth += 1
        before = part
    return "".join(set_out)


def members_of(text: str) -> list[tuple[str, str]]:
    """Return names and values of a valid object, each as it is written, equal names included."""
    members: list[tuple[str, str]] = []
    depth, start, name = 0, 0, ""
    for token in _TOKEN.finditer(text):
        if token[0] in _CLOSING:
            depth -= 1
        if depth == 1 and token[0] == ":":
            name, start = text[start : token.start()].strip(), token.end()
        elif name and (depth == 0 or (depth == 1 and token[0] == ",")):
            members.append((name, text[start : token.start()].strip()))
            name, start = "", token.end()
        elif depth == 0:
            start = token.end()
        if token[0] in _OPENING:
            depth += 1
    return members
