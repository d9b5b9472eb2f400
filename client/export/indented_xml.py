"""Indents XML; only the white space between tags changes.

Parsing and writing it again would lose declaration and comments, rename prefixes and spell `&quot;`
anew, which is what somebody who looks at an ETag wants to see.
"""

import re
from typing import Literal

from client.json_object import MOST_LEVELS

_TOKEN = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(?:\"[^\"]*\"|'[^']*'|[^\"'>])*>|[^<]+", re.DOTALL
)
_INDENT = "  "

_Kind = Literal["opens", "closes", "stands alone", "text"]


def indented_xml(text: str) -> str:
    """Return a well-formed document over lines; text beside tags stays beside them.

    One with more than `MOST_LEVELS` levels stays as it is: it would be white space for the most.
    """
    tokens: list[str] = _TOKEN.findall(text)
    set_out: list[str] = []
    depth, before = 0, ""
    for token, after in zip(tokens, [*tokens[1:], ""], strict=True):
        kind = _kind(token)
        is_content = before == "opens" and _kind(after) == "closes"
        if kind == "text" and token.isspace() and not is_content:
            continue
        if kind == "closes":
            depth -= 1
        closes_at_once = kind == "closes" and before == "opens"
        if set_out and "text" not in (kind, before) and not closes_at_once:
            set_out.append("\n" + _INDENT * depth)
        set_out.append(token)
        if kind == "opens":
            depth += 1
        if depth > MOST_LEVELS:
            return text
        before = kind
    return "".join(set_out)


def _kind(token: str) -> _Kind:
    if not token.startswith("<") or token.startswith("<![CDATA["):
        return "text"
    if token.startswith("</"):
        return "closes"
    alone = token.startswith(("<?", "<!")) or token.endswith("/>")
    return "stands alone" if alone else "opens"
