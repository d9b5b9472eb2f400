"""The GraphQL documents that the client sends, one `.graphql` file each.

Every file is a valid document as it stands. What may only be written as a literal, since its type
is documented nowhere (contract 0.2), has an example's value there, which whoever
sends the document replaces.
"""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def document(name: str) -> str:
    """Return the text of `name.graphql`, without the line break at its end."""
    return (FOLDER / f"{name}.graphql").read_text(encoding="utf-8").rstrip()
