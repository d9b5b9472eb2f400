from dataclasses import replace

import pytest

from client.connection.connection import ClientCredentials, PersonalAccessToken
from client.connection.draft import ConnectionDraft, draft_of
from client.errors import ConnectionIncompleteError

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
