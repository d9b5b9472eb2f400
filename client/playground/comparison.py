"""What differs between two answers."""

import difflib

from client.export.indented_json import indented_json

MOST_LINES = 5_000
"""Lines of one answer that are compared: finding what moved takes time by their square."""
_AROUND = 3  # lines that are shown before and after what differs


def difference(before: str, now: str) -> str | None:
    """Return what differs between two answers, line by line, as a unified diff without its head.

    JSON is compared as it is laid out, so white space makes no difference; anything else as it
    came. The text is empty where nothing differs, and None where an answer has too many lines.
    """
    one, other = indented_json(before).splitlines(), indented_json(now).splitlines()
    if one == other:
        return ""
    if max(len(one), len(other)) > MOST_LINES:
        return None
    lines = list(difflib.unified_diff(one, other, n=_AROUND, lineterm=""))
    return "\n".join(lines[2:])
