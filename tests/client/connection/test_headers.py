"""Which headers a connection may send along."""

import pytest

from client.connection.headers import checked_headers, header_variable
from client.errors import HeaderRefusedError, OddCharactersError


def test_what_was_pasted_is_cleaned_and_empty_rows_count_for_nothing() -> None:
    entered = [
        (" x-hasura-admin-secret: ", " canary "),
        ("", ""),
        ("X-Shop", "\u201ctwo words\u201d"),
    ]
    assert checked_headers(entered, with_token=True) == (
        ("x-hasura-admin-secret", "canary"),
        ("X-Shop", "two words"),
    )


@pytest.mark.parametrize(
    ("entered", "says"),
    [
        ([("Host", "canary")], "The header Host is set for each request anew."),
        ([("content-LENGTH", "canary")], "set for each request anew"),
        ([("Transfer-Encoding", "canary")], "set for each request anew"),
        ([("Proxy-Authorization", "canary")], "set for each request anew"),
        ([("Authorization", "canary")], "has the token already"),
        ([("X Token", "canary")], "U+0020"),
        ([("X(Token)", "canary")], "is no name of a header"),
        ([("X:Token", "canary")], "is no name of a header"),
        ([("", "canary")], "has no header to go with"),
        ([("X-Token", "")], "has no value"),
        ([("X-Token", "canary"), ("x-token", "canary")], "is there twice"),
        ([("X-Token", "canary"), ("X_Token", "canary")], "is there twice"),
        ([("X-Token", "canary\r\nHost: b")], "a line break"),
        ([("X-Token", "canary\u0151")], "U+0151"),
    ],
)
def test_what_cannot_be_sent_is_refused_without_its_value(
    entered: list[tuple[str, str]], says: str
) -> None:
    with pytest.raises((HeaderRefusedError, OddCharactersError)) as error:
        checked_headers(entered, with_token=True)
    assert says in str(error.value)
    assert "canary" not in f"{error.value} {error.value.details}"


def test_without_a_token_the_header_of_tokens_is_free() -> None:
    entered = [("Authorization", "Basic Y2FuYXJ5")]
    assert checked_headers(entered, with_token=False) == tuple(entered)


def test_the_variable_of_a_header_cannot_be_one_that_programs_use() -> None:
    assert header_variable("Path") == "HEADER_PATH"
    assert header_variable("x-hasura-admin-secret") == "HEADER_X_HASURA_ADMIN_SECRET"
