"""Tables as CSV (RFC 4180), for spreadsheets and scripts."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from client.storage.complete import Receipt

MEDIA_TYPE = "text/csv"
COLUMNS = ("part", "first_byte", "last_byte", "bytes", "etag")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")


def table_as_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a line with the columns and one per row.

    Cells come from stores and endpoints as they like. One that a spreadsheet would run as a formula
    gets an apostrophe in front, which spreadsheets take for "this is text".
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(map(_cell, columns))
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return text.getvalue()


def parts_as_csv(receipt: Receipt) -> str:
    """Return one line per part: number, first and last byte in the file, size in bytes, ETag."""
    return table_as_csv(COLUMNS, _parts(receipt))


def _parts(receipt: Receipt) -> Iterator[tuple[int, int, int, int, str]]:
    start = 0
    for number, size, etag in receipt.parts:
        yield number, start, start + size - 1, size, _as_text(etag)
        start += size


def _cell(value: object) -> str:
    text = str(value)
    return text if _NUMBER.fullmatch(text) else _as_text(text)


def _as_text(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
