r"""How `assetSearch` finds assets, in SQL.

What Amplience writes of keywords (contract 19.3): case does not matter, a part of a word is
enough, several words find assets with any of them, and words in double quotes are a phrase, in
which a space also stands for a hyphen; words and phrases may stand together. No keyword, an empty
one and `*` find everything. What it leaves open is decided here:

- a keyword is looked for in name, label, file name and tags, and never across two of them;
- a quote that is not closed ends with the keyword, as it does while somebody types;
- in a phrase a hyphen also stands for a space, and runs of white space count as one;
- `%`, `_`, `\` and a `*` inside a word are characters like others;
- texts are alike when Unicode calls them canonically caseless alike, so that a name that macOS
  decomposed (NFD) is found by what a keyboard types (NFC), and the other way round.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    bindparam,
    false,
    func,
    or_,
    select,
    update,
)

from service.content_hub.database import assets
from service.content_hub.model import Search
from service.content_hub.refusal import InputRefusedError
from service.content_hub.text import LONGEST

MOST_TERMS = 50  # words and phrases of a keyword: each is looked for in every asset
EVERYTHING = "*"
_LONGEST_TERM = 3 * LONGEST  # characters; folding makes at most three of one
_TERM = re.compile(r'"([^"]*)"?|([^\s"]+)')
_FOLDING = 1  # which `searched_text` made the rows; 0 was before Unicode forms were told alike


@dataclass(frozen=True)
class Term:
    """A word or phrase to look for, folded; in a phrase, spaces stand for hyphens too."""

    text: str
    phrase: bool = False


def searched_text(fields: Iterable[str]) -> str:
    """Return what terms are looked for in: a line for each field, folded."""
    return "\n".join(map(_folded, fields))


def terms_of(keyword: str | None) -> Sequence[Term]:
    """Return what a keyword looks for; nothing stands for everything.

    Raises:
        InputRefusedError: there are too many terms.
    """
    terms: dict[Term, None] = {}
    for phrase, word in _TERM.findall(_folded(keyword or "")):
        if word == EVERYTHING:
            return ()
        if word:
            terms[Term(word)] = None
        elif phrase.strip():
            terms[Term(phrase.strip().replace("-", " "), phrase=True)] = None
        if len(terms) > MOST_TERMS:
            raise InputRefusedError(
                f"keyword has more than {MOST_TERMS} words and phrases; it must have at most that."
            )
    return list(terms)


def query_of(search: Search) -> Select[Any]:
    """Return the query for what a search finds, in an order that leaves no two assets alike.

    Raises:
        InputRefusedError: the keyword cannot be used.
    """
    query = select(assets)
    if terms := terms_of(search.keyword):
        # No asset has what is beyond these; and SQLite has limits of its own for patterns.
        can_be = (
            term for term in terms if len(term.text) <= _LONGEST_TERM and "\0" not in term.text
        )
        query = query.where(or_(false(), *map(_has, can_be)))
    if search.repository_ids is not None:
        query = query.where(assets.c.repository_id.in_(search.repository_ids))
    if search.folder_ids is not None:
        inside = assets.c.folder_id.in_([item for item in search.folder_ids if item])
        at_root = assets.c.folder_id.is_(None)
        query = query.where(inside | at_root if None in search.folder_ids else inside)
    columns = [(assets.c[order.moment], order.ascending) for order in search.orders]
    columns.append((assets.c.number, search.orders[-1].ascending))
    return query.order_by(*(column if rising else column.desc() for column, rising in columns))


def fold_anew(connection: Connection) -> None:
    """Bring rows that an earlier version wrote up to what is looked for today."""
    if connection.exec_driver_sql("PRAGMA user_version").scalar_one() == _FOLDING:
        return
    found = select(assets.c.number, assets.c.name, assets.c.label, assets.c.filename, assets.c.tags)
    rows = [
        {"row": row.number, "text": searched_text([row.name, row.label, row.filename, *row.tags])}
        for row in connection.execute(found)
    ]
    if rows:
        one = update(assets).where(assets.c.number == bindparam("row"))
        connection.execute(one.values(searched=bindparam("text")), rows)
    connection.exec_driver_sql(f"PRAGMA user_version = {_FOLDING}")


def _folded(text: str) -> str:
    """Return one spelling for all canonically caseless alike texts (Unicode 3.13, D145)."""
    caseless = unicodedata.normalize("NFD", text).casefold()
    return " ".join(unicodedata.normalize("NFC", caseless).split())


def _has(term: Term) -> ColumnElement[bool]:
    searched: ColumnElement[str] = assets.c.searched
    if term.phrase:
        searched = func.replace(searched, "-", " ", type_=String)
    return searched.contains(term.text, autoescape=True)
