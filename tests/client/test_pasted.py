"""What comes along with copied credentials, and what is made of it at every place of entry."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from client.__main__ import main
from client.api.api import Api
from client.connection.connection import (
    ClientCredentials,
    PersonalAccessToken,
    connection_from_settings,
)
from client.connection.draft import ConnectionDraft, draft_of
from client.errors import ConnectionIncompleteError, OddCharactersError, UnexpectedAnswerError
from client.pasted import Kind, as_meant
from client.wire.http import Call
from settings import read_settings
from tests.client.scripted_endpoint import ScriptedEndpoint, answer

TOKEN = "amp_pat_AbC0123.x-y_z~9"
URL = "https://api.example.com/graphql"
SURROUNDED = [
    "{}\u200b",
    "\ufeff{}",
    "\u2060{}\u200d",
    "\u201c{}\u201d",
    "\u2018{}\u2019",
    "\u201e{}\u201c",
    "\xab {} \xbb",
    "\xa0\u3000{}\u2028",
    "\r\n{}\n",
    "\u202a{}\u202c",
    "\u200b\u201c\ufeff{}\u201d\xad ",
]


@pytest.mark.parametrize("form", SURROUNDED)
@pytest.mark.parametrize(
    ("kind", "value"),
    [("token", TOKEN), ("secret", "pass word/1+"), ("id", "c0ffee-1"), ("address", URL)],
)
def test_what_is_around_a_value_and_cannot_be_part_of_it_goes(
    form: str, kind: Kind, value: str
) -> None:
    assert as_meant(form.format(value), kind, "field") == value


@pytest.mark.parametrize("prefix", ["Bearer ", "bearer\xa0", "Authorization: Bearer ", "BEARER  "])
@pytest.mark.parametrize("form", ["{}", "'{}'", '"{}"', "`{}`", "\ufeff{}\n"])
def test_the_scheme_before_a_token_goes(prefix: str, form: str) -> None:
    assert as_meant(form.format(prefix + TOKEN), "token", "field") == TOKEN
    assert as_meant(prefix + form.format(TOKEN), "token", "field") == TOKEN


def test_characters_that_show_nothing_go_from_within_too() -> None:
    split = "\u200b".join(TOKEN)
    assert as_meant(split, "token", "field") == TOKEN
    assert as_meant("https://api.\u200bexample.com\xad/graphql", "address", "f") == URL


def test_a_secret_keeps_what_it_may_have() -> None:
    for secret in ('"quoted"', "Bearer of news", "a b", "~!@#$%^&*()"):
        assert as_meant(secret, "secret", "field") == secret
    assert as_meant("https://b\xfccher.example/graphql", "address", "f").endswith(
        "cher.example/graphql"
    )


@pytest.mark.parametrize(
    "nothing", ["", "  ", "\u200b", "\ufeff\n", "\u201c\u201d", "\u201c \u200b\u201d"]
)
def test_nothing_is_nothing(nothing: str) -> None:
    assert as_meant(nothing, "token", "field") == ""


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("token", "amp_pat_a\nb", "a line break (U+000A) after 9 characters"),
        ("token", "amp_pat_a\r\nb", "a line break (U+000D) after 9 characters"),
        ("token", "\u201camp_pat_a", "U+201C (left double quotation mark) at the start"),
        ("token", "amp_pat_a\u2019", "U+2019 (right single quotation mark) at the end"),
        ("token", "amp_pat_a b", "U+0020 (space) after 9 characters"),
        ("id", "caf\xe9-client", "U+00E9 (latin small letter e with acute) after 3 characters"),
        ("secret", "se\xa0cret", "U+00A0 (no-break space) after 2 characters"),
        ("secret", "se\x00cret", "U+0000 (a control character) after 2 characters"),
        ("secret", "secret\u3164", "U+3164 (hangul filler) at the end"),
        ("address", "https://a.example/gra\nphql", "a line break (U+000A) after 21 characters"),
        ("address", "https://a.example/\x1b[0m", "U+001B (a control character) after 18"),
    ],
)
def test_what_may_be_meant_is_named(kind: Kind, text: str, said: str) -> None:
    with pytest.raises(OddCharactersError) as raised:
        as_meant(text, kind, "field of mine")
    assert said in str(raised.value)
    assert str(raised.value).startswith("The field of mine contains ")
    assert "amp_pat" not in str(raised.value)
    assert raised.value.details["field"] == "field of mine"


def test_the_form_takes_what_was_meant() -> None:
    draft = ConnectionDraft(
        name="Stage",
        graphql_url=f"\ufeff{URL}\u200b",
        token_url="\u201chttps://auth.example.com/oauth/token\u201d",
        client_id="\u200bme",
        client_secret="canary\u200b",
        organization="\u201corg_DEMO0000000000\u201d",
    )
    made = draft.connection()
    assert (made.graphql_url, made.token_url) == (URL, "https://auth.example.com/oauth/token")
    assert made.credentials == ClientCredentials("me", "canary")
    assert (
        made.organization
        == replace(draft, organization="org_DEMO0000000000").connection().organization
    )
    pat = replace(draft, client_id="", client_secret="", pat=f"Bearer {TOKEN}\u200b")
    assert pat.connection().credentials == PersonalAccessToken(TOKEN)


def test_pasting_the_same_address_with_more_around_it_keeps_the_secret() -> None:
    before = ConnectionDraft(name="Stage", client_id="me", client_secret="canary").connection()
    draft = replace(draft_of(before), graphql_url=f"{before.graphql_url}\u200b")
    assert draft.connection(before).credentials == before.credentials


@pytest.mark.parametrize(
    "change",
    [
        {"pat": "amp_pat_a\nb", "client_secret": ""},
        {"client_id": "m e"},
        {"client_secret": "s\u201ds"},
        {"graphql_url": "https://a b/graphql"},
        {"token_url": "https://a/\u3000x"},
        {"organization": "org_\xe9"},
        {"repository": "a\nb"},
    ],
)
def test_the_form_names_what_it_cannot_take(change: dict[str, str]) -> None:
    draft = ConnectionDraft(name="Stage", client_id="me", client_secret="canary")
    with pytest.raises(OddCharactersError, match="contains"):
        replace(draft, **change).connection()  # type: ignore[arg-type]


SETTINGS = {"AMPLIENCE_GRAPHQL_URL": URL, "AMPLIENCE_PAT": TOKEN}
NOWHERE = Path("none.toml")


@pytest.mark.parametrize("form", [*SURROUNDED, "Bearer {}", '"{}"'])
def test_the_settings_take_what_was_meant(form: str) -> None:
    settings = read_settings({**SETTINGS, "AMPLIENCE_PAT": form.format(TOKEN)}, NOWHERE)
    assert connection_from_settings(settings).credentials == PersonalAccessToken(TOKEN)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("AMPLIENCE_PAT", "amp_pat_a\nb"),
        ("AMPLIENCE_GRAPHQL_URL", "https://a b/graphql"),
        ("AMPLIENCE_TOKEN_URL", "https://a/\u201c"),
        ("AMPLIENCE_ORGANIZATION", "org \xe9"),
        ("AMPLIENCE_REPOSITORY", "r\u3000r"),
    ],
)
def test_the_settings_name_the_variable(variable: str, value: str) -> None:
    with pytest.raises(ConnectionIncompleteError, match=f"The {variable} contains "):
        connection_from_settings(read_settings({**SETTINGS, variable: value}, NOWHERE))


@pytest.mark.parametrize(
    "credentials",
    [
        PersonalAccessToken("a\nb"),
        PersonalAccessToken("caf\xe9 "),
    ],
)
def test_a_token_that_was_kept_before_is_named_when_it_is_used(
    endpoint: ScriptedEndpoint, credentials: Any
) -> None:
    api: Api = endpoint.api(credentials=credentials)
    with pytest.raises(OddCharactersError, match="personal access token contains"):
        api.operations.viewer()
    assert endpoint.times("graphql") == 0


def test_a_kept_token_is_sent_as_it_was_meant(endpoint: ScriptedEndpoint) -> None:
    api = endpoint.api(credentials=PersonalAccessToken("\ufeffBearer amp_pat_x\u200b"))
    assert api.tokens.token() == "amp_pat_x"


@pytest.mark.parametrize("token", ["a\\nb", "caf\u00e9", "a b"])
def test_a_token_handed_out_that_no_header_can_carry_is_named(
    endpoint: ScriptedEndpoint, token: str
) -> None:
    endpoint.on("token", answer(200, f'{{"access_token":"{token}"}}'.encode()))
    with pytest.raises(UnexpectedAnswerError, match="cannot be sent: The access token contains"):
        endpoint.api().tokens.token()


@pytest.mark.parametrize("value", ["image/png\n", "image/\u200bpng", "a\x00"])
def test_a_header_of_any_call_is_looked_at(endpoint: ScriptedEndpoint, value: str) -> None:
    call = Call("PUT", f"{endpoint.url}/single", "put", {"Content-Type": value}, b"x")
    with pytest.raises(OddCharactersError, match="header Content-Type contains"):
        endpoint.api().wire.send(call)


@pytest.mark.parametrize(
    ("pat", "status", "said"),
    [
        ("amp_pat_a\nb", 1, "The AMPLIENCE_PAT contains a line break"),
        ("\ufeffamp_pat_b\u200b", 0, ""),
    ],
)
def test_the_command_line_has_no_traceback(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    pat: str,
    status: int,
    said: str,
) -> None:
    monkeypatch.setenv("AMPLIENCE_PAT", pat)
    assert main(["token"]) == status
    told = capsys.readouterr()
    assert said in told.err
    assert told.out == ("" if status else "amp_pat_b\n")
