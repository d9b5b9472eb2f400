import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from client.connection.connection import (
    ClientCredentials,
    Connection,
    NoToken,
    PersonalAccessToken,
    connection_from_settings,
    global_id,
)
from client.connection.store import KEY_FILE, STORE_FILE, ConnectionStore, KnownConnections
from client.encryption import EncryptionKey
from client.errors import (
    AddressError,
    ConnectionIncompleteError,
    ConnectionNameError,
    ConnectionUnknownError,
    HeaderRefusedError,
    RecordsUnavailableError,
)
from settings import read_settings

CANARIES = ("canary-secret", "amp_pat_canary", "canary-of-a-header")
STAGE = Connection(
    name="Stage",
    graphql_url="https://api.example.com/graphql",
    token_url="https://auth.example.com/oauth/token",
    credentials=ClientCredentials("canary-id", CANARIES[0]),
    organization="T3JnYW5pemF0aW9uOm9yZ19ERU1PMDAwMDAwMDAwMA==",
    rate_limit=60,
)
LIVE = replace(STAGE, name="Live", token_url="", credentials=PersonalAccessToken(CANARIES[1]))

OPEN = replace(
    LIVE, name="Open", credentials=NoToken(), headers=(("x-hasura-admin-secret", CANARIES[2]),)
)


@pytest.fixture
def store(tmp_path: Path) -> ConnectionStore:
    return ConnectionStore(tmp_path)


def known(tmp_path: Path, **environment: str) -> KnownConnections:
    (tmp_path / "oauth-client.json").write_text('{"client_id": "i", "client_secret": "s"}')
    settings = read_settings(
        {"TFW_DATA_DIR": str(tmp_path), **environment}, tmp_path / "no-secrets.toml"
    )
    return KnownConnections(settings, ConnectionStore(tmp_path))


def test_what_was_put_is_there_after_a_restart_by_name(
    store: ConnectionStore, tmp_path: Path
) -> None:
    assert store.all() == ()
    store.put(STAGE)
    store.put(LIVE)
    store.put(OPEN)
    assert ConnectionStore(tmp_path).all() == (LIVE, OPEN, STAGE)


def test_a_header_that_cannot_be_sent_is_refused(store: ConnectionStore) -> None:
    with pytest.raises(HeaderRefusedError):
        store.put(replace(STAGE, headers=(("Authorization", "canary"),)))
    with pytest.raises(HeaderRefusedError):
        store.put(replace(OPEN, headers=(("Host", "canary"),)))
    assert store.all() == ()


def test_what_was_kept_before_there_were_headers_is_read(
    store: ConnectionStore, tmp_path: Path
) -> None:
    store.put(STAGE)
    store.put(LIVE)
    key = EncryptionKey(tmp_path / KEY_FILE)
    rows = json.loads(key.decrypt((tmp_path / STORE_FILE).read_bytes()) or b"")
    for row in rows:
        del row["headers"]
    (tmp_path / STORE_FILE).write_bytes(key.encrypt(json.dumps(rows).encode()))
    assert ConnectionStore(tmp_path).all() == (LIVE, STAGE)


def test_another_reader_of_the_file_sees_a_change_at_once(
    store: ConnectionStore, tmp_path: Path
) -> None:
    reader = ConnectionStore(tmp_path)
    assert reader.all() == ()
    store.put(STAGE)
    assert reader.all() == (STAGE,)


def test_nothing_lies_in_the_folder_in_the_clear_and_nobody_else_may_read_it(
    store: ConnectionStore, tmp_path: Path
) -> None:
    store.put(STAGE)
    store.put(LIVE)
    store.put(OPEN)
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        assert not any(canary.encode() in content for canary in (*CANARIES, "canary-id"))
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {STORE_FILE, KEY_FILE}


def test_a_connection_can_be_changed_and_renamed_in_its_place(store: ConnectionStore) -> None:
    store.put(STAGE)
    store.put(replace(STAGE, rate_limit=30), instead_of="Stage")
    assert store.all()[0].rate_limit == 30
    store.put(replace(STAGE, name="Test"), instead_of="Stage")
    assert [one.name for one in store.all()] == ["Test"]


def test_a_removed_connection_is_gone(store: ConnectionStore) -> None:
    store.put(STAGE)
    store.remove("Stage")
    store.remove("Stage")
    assert store.all() == ()


def test_with_another_key_nothing_is_read_and_something_new_can_be_kept(
    store: ConnectionStore, tmp_path: Path
) -> None:
    store.put(STAGE)
    (tmp_path / KEY_FILE).unlink()
    other = ConnectionStore(tmp_path)
    assert other.all() == ()
    other.put(LIVE)
    assert other.all() == (LIVE,)


@pytest.mark.parametrize("name", ["", " Stage", "St\nage", "x" * 61, "stage", "embedded service"])
def test_a_name_that_cannot_be_told_from_others_is_refused(
    store: ConnectionStore, name: str
) -> None:
    store.put(STAGE)
    with pytest.raises(ConnectionNameError):
        store.put(replace(STAGE, name=name))
    assert store.all() == (STAGE,)


def test_what_nobody_sees_in_a_name_is_named(store: ConnectionStore) -> None:
    with pytest.raises(ConnectionNameError, match=r"U\+200B \(zero width space\)"):
        store.put(replace(STAGE, name="Odd \u200bone"))


@pytest.mark.parametrize(
    "address",
    [
        "",
        "api.example.com",
        "ftp://a/",
        "https://",
        "https://user:word@a/",
        "https://a/#x",
        "https://a b/",
        "https://[",
        "https://a:99999/",
    ],
)
def test_an_address_that_credentials_cannot_go_to_is_refused(
    store: ConnectionStore, address: str
) -> None:
    with pytest.raises(AddressError):
        store.put(replace(STAGE, graphql_url=address))
    with pytest.raises(AddressError):
        store.put(replace(STAGE, token_url=address))
    store.put(replace(LIVE, token_url=""))  # nobody asks for a token there


@pytest.mark.parametrize(
    "credentials",
    [ClientCredentials("", "s"), ClientCredentials("i", ""), PersonalAccessToken("")],
)
def test_missing_credentials_are_refused(
    store: ConnectionStore, credentials: ClientCredentials | PersonalAccessToken
) -> None:
    with pytest.raises(ConnectionIncompleteError, match="missing"):
        store.put(replace(STAGE, credentials=credentials))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RecordsUnavailableError, match=STORE_FILE):
        ConnectionStore(tmp_path / "file")


def test_the_settings_connections_come_first_and_are_not_stored(tmp_path: Path) -> None:
    connections = known(tmp_path)
    assert [one.name for one in connections.all()] == ["Embedded service"]
    connections.store.put(STAGE)
    assert [one.name for one in connections.all()] == ["Embedded service", "Stage"]
    assert connections.named("").embedded
    assert connections.named("Stage") == STAGE
    assert connections.is_stored("Stage")
    assert not connections.is_stored("Embedded service")


def test_amplience_and_the_embedded_service_stand_side_by_side(tmp_path: Path) -> None:
    connections = known(tmp_path, AMPLIENCE_PAT="amp_pat_x", AMPLIENCE_ORGANIZATION="org_1")
    assert [one.name for one in connections.all()] == ["Amplience", "Embedded service"]
    first = connections.first()
    assert first.graphql_url == "https://api.amplience.net/graphql"
    assert (first.organization, first.rate_limit) == (global_id("Organization", "org_1"), 60)


def test_a_name_of_the_settings_is_taken_and_hides_a_stored_one(tmp_path: Path) -> None:
    without = known(tmp_path)
    without.put(replace(LIVE, name="amplience"))
    assert without.is_stored("amplience")
    connections = known(tmp_path, AMPLIENCE_PAT="amp_pat_x")
    assert [one.name for one in connections.all()] == ["Amplience", "Embedded service"]
    assert not connections.is_stored("amplience")
    with pytest.raises(ConnectionNameError, match="Amplience"):
        connections.put(replace(LIVE, name="Amplience"))


def test_without_its_credentials_amplience_is_named_and_the_others_still_work(
    tmp_path: Path,
) -> None:
    connections = known(tmp_path, AMPLIENCE_CLIENT_ID="i")
    assert [one.name for one in connections.all()] == ["Embedded service"]
    with pytest.raises(ConnectionIncompleteError, match="AMPLIENCE_CLIENT_SECRET"):
        connections.first()


def test_a_renamed_connection_is_found_by_what_it_was_called(tmp_path: Path) -> None:
    connections = known(tmp_path)
    connections.put(STAGE)
    connections.put(replace(STAGE, name="Test"), instead_of="Stage")
    connections.put(replace(STAGE, name="Review"), instead_of="Test")
    connections.put(replace(STAGE, name="Review", rate_limit=30), instead_of="Review")
    for name in ("Stage", "Test", "Review"):
        assert known(tmp_path).named(name).name == "Review"
    connections.put(replace(STAGE, name="Stage"))  # a new one of that name comes first
    assert connections.named("Stage").former_names == ()
    assert connections.named("Test").name == "Review"


def test_an_unknown_name_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConnectionUnknownError, match="Nowhere"):
        known(tmp_path).named("Nowhere")


@pytest.mark.parametrize(
    "text",
    [
        "org_DEMO0000000000",
        " org_DEMO0000000000 ",
        "Organization:org_DEMO0000000000",
        "T3JnYW5pemF0aW9uOm9yZ19ERU1PMDAwMDAwMDAwMA==",
    ],
)
def test_ids_may_be_written_bare_or_as_the_api_has_them(text: str) -> None:
    assert global_id("Organization", text) == "T3JnYW5pemF0aW9uOm9yZ19ERU1PMDAwMDAwMDAwMA=="


def test_no_id_stays_none() -> None:
    assert global_id("AssetRepository", " ") == ""


def test_amplience_needs_nothing_but_a_token(tmp_path: Path) -> None:
    settings = read_settings({"AMPLIENCE_PAT": "amp_pat_x"}, tmp_path / "none.toml")
    assert connection_from_settings(settings).credentials == PersonalAccessToken("amp_pat_x")
