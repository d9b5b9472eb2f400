"""The link to an operation."""

import base64
import json
import zlib

import pytest

from client.playground.link import LARGEST_CONTENT, LONGEST_LINK, read_link, write_link
from client.playground.saved_operations import SavedOperation

SIGNED = "https://s.example/f?X-Amz-Credential=AKIA1&X-Amz-Signature=c0ffee&X-Amz-Expires=3600"


def test_a_link_brings_the_operation_back() -> None:
    operation = SavedOperation('{ a(b: "é\u2028\U0001f600") }', '{"a": "\\n"}', "My & name?")
    value = write_link(operation)
    assert value is not None
    assert set(value) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
    found = read_link(value)
    assert found is not None
    assert (found.text, found.variables, found.name) == (
        operation.text,
        operation.variables,
        operation.name,
    )


def test_nothing_secret_is_in_a_link() -> None:
    operation = SavedOperation(
        f'# Bearer abcdefgh12345\n{{ a(b: "{SIGNED}", c: "amp_pat_secret12") }}',
        json.dumps({"imageUrl": SIGNED, "token": "eyJhbGciOi.canary"}),
    )
    found = read_link(write_link(operation) or "")
    assert found is not None
    content = found.text + found.variables
    for secret in ("c0ffee", "AKIA1", "abcdefgh12345", "secret12", "canary"):
        assert secret not in content
    assert "https://s.example/f?" in content


def test_a_long_operation_has_no_link() -> None:
    noise = base64.b64encode(bytes(range(256)) * 200).decode()
    scattered = "".join(chr(33 + (ord(letter) * place) % 90) for place, letter in enumerate(noise))
    assert write_link(SavedOperation(scattered)) is None


def packed(content: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.compress(content)).decode().rstrip("=")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "?",
        "é",
        "abc",
        "x" * (LONGEST_LINK + 1),
        packed(b"not json"),
        packed(b"[]"),
        packed(b'{"text": 7, "variables": "", "name": ""}'),
        packed(b'{"text": "' + b" " * (LARGEST_CONTENT + 1) + b'", "variables": "", "name": ""}'),
        packed(b"{}")[:-4],
    ],
)
def test_another_value_is_no_link(value: str) -> None:
    assert read_link(value) is None
