import csv
import io

import pytest

from client.export.csv_table import parts_as_csv, table_as_csv
from client.storage.complete import Receipt


def receipt(*etags: str) -> Receipt:
    parts = tuple((number, 10, etag) for number, etag in enumerate(etags, 1))
    return Receipt("a", 10 * len(etags), '"x-2"', "video/mp4", "http://s/a", 0.0, parts=parts)


def test_parts_are_lines_with_their_bytes_and_quoted_etags() -> None:
    assert parts_as_csv(receipt('"abc"', '"def"')) == (
        'part,first_byte,last_byte,bytes,etag\r\n1,0,9,10,"""abc"""\r\n2,10,19,10,"""def"""\r\n'
    )


@pytest.mark.parametrize("etag", ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", 'a,"b"\r\nc', "ü"])
def test_an_etag_is_read_back_and_never_starts_a_formula(etag: str) -> None:
    [_, row] = csv.reader(io.StringIO(parts_as_csv(receipt(etag)), newline=""))
    assert row[4].removeprefix("'") == etag
    assert not row[4].startswith(("=", "+", "-", "@", "\t", "\r"))


def test_numbers_of_a_table_stay_numbers_and_formulas_become_text() -> None:
    rows = [("-1.5e-3", "=1+1", 'a "b"'), ("-", "+x", "")]
    found = list(csv.reader(io.StringIO(table_as_csv(("n", "=f", "t"), rows), newline="")))
    assert found == [["n", "'=f", "t"], ["-1.5e-3", "'=1+1", 'a "b"'], ["'-", "'+x", ""]]
