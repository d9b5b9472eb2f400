"""The text of an answer's bytes, and how it is said to have come."""

import json

import pytest

from client.wire.body_text import body_text

TEXT = json.dumps({"data": {"name": "Zoë"}}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("codec", "content_type", "encoding"),
    [
        ("utf-8", "application/json", "UTF-8"),
        ("utf-8", "application/json; charset=iso-8859-1", "UTF-8"),
        ("utf-8-sig", "application/json", "UTF-8 with a byte order mark"),
        ("utf-16", "application/json", "UTF-16"),
        ("utf-16-le", "application/json", "UTF-16"),
        ("utf-16-be", "application/json", "UTF-16"),
        ("iso-8859-1", 'application/json; charset="ISO-8859-1"', "ISO-8859-1"),
        ("windows-1252", "application/json;charset=Windows-1252", "WINDOWS-1252"),
    ],
)
def test_what_can_be_read_is_read_and_its_encoding_named(
    codec: str, content_type: str, encoding: str
) -> None:
    read = body_text(TEXT.encode(codec), content_type)
    assert (read.text, read.encoding) == (TEXT, encoding)


@pytest.mark.parametrize("content_type", ["", "application/json; charset=zlib", "a; charset=no"])
def test_bytes_of_no_known_encoding_are_said_to_be_that(content_type: str) -> None:
    read = body_text(TEXT.encode("iso-8859-1"), content_type)
    assert read.encoding == ""
    assert "Zo\N{REPLACEMENT CHARACTER}" in read.text


def test_a_body_that_was_cut_within_a_character_is_still_utf_8() -> None:
    content = "Zoë".encode()[:-1]
    assert body_text(content, cut=True) == body_text(b"Zo")
    assert body_text(content).encoding == ""


def test_nothing_is_nothing() -> None:
    assert body_text(b"").text == ""
