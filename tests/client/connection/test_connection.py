import json
from pathlib import Path

import pytest

from client.api.api import Api
from client.connection.connection import (
    ClientCredentials,
    PersonalAccessToken,
    connection_from_settings,
)
from client.errors import AddressError, ConnectionIncompleteError, ServiceDownError
from client.transfers.upload import upload_file
from settings import Settings, read_settings
from tests.client.scripted_endpoint import QUICK, ScriptedEndpoint


def settings(tmp_path: Path, **environment: str) -> Settings:
    return read_settings({"TFW_DATA_DIR": str(tmp_path), **environment}, tmp_path / "none.toml")


def test_the_embedded_service_is_the_default(tmp_path: Path) -> None:
    (tmp_path / "oauth-client.json").write_text('{"client_id": "i", "client_secret": "s"}')
    connection = connection_from_settings(settings(tmp_path))
    assert connection.embedded
    assert connection.graphql_url == "http://127.0.0.1:8501/graphql"
    assert connection.token_url == "http://127.0.0.1:8501/oauth/token"
    assert connection.credentials == ClientCredentials("i", "s")
    assert (connection.single_limit, connection.parallel) == (104_857_600, 3)
    assert connection.reach == {}
    assert connection.host == "127.0.0.1:8501"


def test_credentials_in_the_settings_need_no_file(tmp_path: Path) -> None:
    connection = connection_from_settings(
        settings(tmp_path, TFW_CLIENT_ID="i", TFW_CLIENT_SECRET="s")
    )
    assert connection.credentials == ClientCredentials("i", "s")


@pytest.mark.parametrize("content", [None, "", "[]", "{}", '{"client_id": "i"}'])
def test_a_missing_or_broken_credentials_file_is_named(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "oauth-client.json").write_text(content)
    with pytest.raises(ConnectionIncompleteError, match=r"oauth-client\.json"):
        connection_from_settings(settings(tmp_path))


def test_a_remote_endpoint_wins_and_a_pat_wins_over_the_id(tmp_path: Path) -> None:
    remote = {
        "AMPLIENCE_GRAPHQL_URL": "https://api.example/graphql",
        "AMPLIENCE_CLIENT_ID": "i",
        "AMPLIENCE_CLIENT_SECRET": "s",
    }
    connection = connection_from_settings(settings(tmp_path, **remote))
    assert connection.credentials == ClientCredentials("i", "s")
    assert (connection.single_limit, connection.parallel) == (100_000_000, 1)
    assert not connection.embedded
    connection = connection_from_settings(settings(tmp_path, **remote, AMPLIENCE_PAT="amp_pat_x"))
    assert connection.credentials == PersonalAccessToken("amp_pat_x")


def test_a_remote_endpoint_without_credentials_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ConnectionIncompleteError, match="AMPLIENCE_PAT"):
        connection_from_settings(
            settings(tmp_path, AMPLIENCE_GRAPHQL_URL="https://api.example/graphql")
        )


def test_secrets_do_not_show_in_a_repr() -> None:
    shown = f"{ClientCredentials('i', 'hidden')!r} {PersonalAccessToken('hidden')!r}"
    assert "hidden" not in shown


def test_public_urls_are_reached_locally_with_the_public_host(
    endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    local, public = endpoint.url, "https://files.example:8443"
    connection = endpoint.connection(reach={public: local})
    endpoint.url = public  # from now on the URLs handed out start with the public name
    path = tmp_path / "clip.bin"
    path.write_bytes(bytes(100))
    receipt = upload_file(Api(connection, policy=QUICK), path)
    assert receipt.download_url.startswith(public)
    assert endpoint.last("part 1").headers["Host"] == "files.example:8443"
    assert connection.public_url(f"{local}/graphql") == f"{public}/graphql"
    assert connection.local_url(f"{public}.evil/x") == (f"{public}.evil/x", None)


@pytest.mark.parametrize(("embedded", "asks_the_proxy"), [(True, False), (False, True)])
def test_only_remote_connections_use_the_proxy_of_the_environment(
    endpoint: ScriptedEndpoint,
    monkeypatch: pytest.MonkeyPatch,
    *,
    embedded: bool,
    asks_the_proxy: bool,
) -> None:
    for name in ("NO_PROXY", "no_proxy", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    api = endpoint.api(embedded=embedded)
    if asks_the_proxy:
        with pytest.raises(ServiceDownError, match="proxy"):
            api.tokens.token()
    else:
        assert api.tokens.token()


@pytest.mark.parametrize("url", ["ftp://h/x", "nothing", "http://", ""])
def test_what_is_no_address_is_refused_at_once(endpoint: ScriptedEndpoint, url: str) -> None:
    api = endpoint.api(token_url=url)
    with pytest.raises(AddressError, match="token"):
        api.tokens.token()
    assert len(api.log.entries()) == 1


def test_a_public_url_in_the_settings_is_reached_locally(tmp_path: Path) -> None:
    (tmp_path / "oauth-client.json").write_text(
        json.dumps({"client_id": "i", "client_secret": "s"})
    )
    connection = connection_from_settings(
        settings(tmp_path, TFW_PUBLIC_URL="https://files.example")
    )
    assert connection.reach == {"https://files.example": "http://127.0.0.1:8501"}
    assert connection.host == "files.example"
