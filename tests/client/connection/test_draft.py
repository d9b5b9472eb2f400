from dataclasses import replace

import pytest

from client.connection.connection import ClientCredentials, NoToken, PersonalAccessToken
from client.connection.draft import ConnectionDraft, draft_of
from client.errors import ConnectionIncompleteError, HeaderRefusedError

DRAFT = ConnectionDraft(name=" Stage ", client_id="me", client_secret="canary")


def test_amplience_s_own_addresses_are_the_ones_to_begin_with() -> None:
    made = DRAFT.connection()
    assert made.name == "Stage"
    assert made.graphql_url == "https://api.amplience.net/graphql"
    assert made.token_url == "https://auth.amplience.net/oauth/token"
    assert made.credentials == ClientCredentials("me", "canary")
    assert made.rate_limit == 60


def test_a_token_takes_the_place_of_id_and_secret() -> None:
    made = replace(DRAFT, client_secret="", pat=" amp_pat_x ").connection()
    assert made.credentials == PersonalAccessToken("amp_pat_x")


def test_the_fields_of_a_connection_hold_no_secret() -> None:
    for draft in (DRAFT, replace(DRAFT, client_id="", client_secret="", pat="canary")):
        fields = draft_of(draft.connection())
        assert (fields.client_secret, fields.pat) == ("", "")
        assert "canary" not in repr(draft)


def test_a_secret_left_empty_stays() -> None:
    before = DRAFT.connection()
    changed = replace(draft_of(before), name="Test", rate_limit=30).connection(before)
    assert changed == replace(before, name="Test", rate_limit=30)
    token = replace(before, credentials=PersonalAccessToken("amp_pat_x"))
    assert draft_of(token).connection(token) == token


@pytest.mark.parametrize(
    "change",
    [
        {"graphql_url": "https://elsewhere.example/graphql"},
        {"token_url": "https://elsewhere.example/token"},
        {"client_id": "another"},
    ],
)
def test_a_kept_secret_goes_nowhere_else(change: dict[str, str]) -> None:
    before = DRAFT.connection()
    draft = draft_of(before)
    with pytest.raises(ConnectionIncompleteError, match="fill in the secret"):
        replace(draft, **change).connection(before)  # type: ignore[arg-type]
    replace(draft, client_secret="new", **change).connection(before)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "fields", [{}, {"client_id": "me"}, {"pat": "amp_pat_x", "client_secret": "s"}]
)
def test_no_credentials_and_both_kinds_are_refused(fields: dict[str, str]) -> None:
    with pytest.raises(ConnectionIncompleteError):
        ConnectionDraft(name="Stage", **fields).connection()  # type: ignore[arg-type]


OPEN = ConnectionDraft(
    name="Open",
    graphql_url="https://shop.example/graphql",
    no_token=True,
    headers=(("X-Shopify-Access-Token", "canary"), ("", "")),
)


def test_no_token_is_a_way_to_ask_too() -> None:
    made = OPEN.connection()
    assert made.credentials == NoToken()
    assert made.headers == (("X-Shopify-Access-Token", "canary"),)
    assert "canary" not in repr(made)
    assert "canary" not in repr(OPEN)


def test_no_token_and_a_secret_contradict_each_other() -> None:
    for secret in ({"pat": "x"}, {"client_secret": "x"}):
        with pytest.raises(ConnectionIncompleteError, match="one of both holds"):
            replace(OPEN, **secret).connection()  # type: ignore[arg-type]


def test_who_wants_a_token_again_has_to_fill_one_in() -> None:
    before = OPEN.connection()
    with pytest.raises(ConnectionIncompleteError, match="Fill in a client id"):
        replace(draft_of(before), no_token=False).connection(before)


def test_the_value_of_a_header_left_empty_stays_and_goes_nowhere_else() -> None:
    before = OPEN.connection()
    draft = draft_of(before)
    assert draft.headers == (("X-Shopify-Access-Token", ""),)
    assert draft.connection(before) == before
    assert replace(draft, headers=(("", ""),)).connection(before).headers == ()
    with pytest.raises(HeaderRefusedError, match="has no value"):
        replace(draft, graphql_url="https://elsewhere.example/graphql").connection(before)
    with pytest.raises(HeaderRefusedError, match="has no value"):
        replace(draft, headers=(("X-Other", ""),)).connection(before)
