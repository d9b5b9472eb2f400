"""The parts of an upload as CSV (RFC 4180), for spreadsheets and scripts."""

import csv
import io

from client.storage.complete import Receipt

MEDIA_TYPE = "text/csv"
COLUMNS = ("part", "first_byte", "last_byte", "bytes", "etag")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def parts_as_csv(receipt: Receipt) -> str:
    """Return one line per part: number, first and last byte in the file, size in bytes, ETag.

    An ETag comes from the store as it likes. One that a spreadsheet would run as a formula gets
    an apostrophe in front, which spreadsheets take for "this is text".
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    start = 0
    for number, size, etag in receipt.parts:
        cell = f"'{etag}" if etag.startswith(_FORMULA_STARTS) else etag
        writer.writerow((number, start, start + size - 1, size, cell))
        start += size
    return text.getvalue()
