import base64
import json
import logging
from pathlib import Path
from urllib.parse import quote_plus

import jwt
import pytest
import requests

from service.auth.keys import OAuthClient, load_oauth_client, load_service_keys
from service.errors import DataFolderError
from tests.service.api_client import SINGLE, Api
from tests.service.live import Live, make_settings, running

FORM_TYPE = "application/x-www-form-urlencoded"


def by_basic(api: Api, credentials: bytes, **fields: str) -> requests.Response:
    return api.http.post(
        f"{api.base_url}/oauth/token",
        data=fields,
        headers={"Authorization": f"Basic {base64.b64encode(credentials).decode()}"},
        timeout=10,
    )


def form(api: Api, **changes: str) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_id": api.client_id,
        "client_secret": api.client_secret,
        **changes,
    }


def test_the_answer_has_the_documented_fields_and_the_type_that_clients_require(live: Live) -> None:
    answer = live.api.ask_token(**form(live.api))
    assert answer.status_code == 200
    assert answer.json().keys() == {"access_token", "token_type", "expires_in"}
    assert answer.json()["token_type"] == "Bearer"  # RFC 6749 section 5.1
    assert answer.json()["expires_in"] == live.settings.token_lifetime == 300
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Local-Service"] == "1"
    claims = jwt.decode(answer.json()["access_token"], options={"verify_signature": False})
    assert claims["exp"] - claims["iat"] == 300


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_id": "wrong"}, "invalid_client"),
        ({"client_secret": "ü"}, "invalid_client"),
        ({"client_secret": ""}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "unsupported_grant_type"),
    ],
)
def test_a_refusal_says_why(api: Api, changes: dict[str, str], error: str) -> None:
    answer = api.ask_token(**form(api, **changes))
    assert answer.status_code == 400
    assert answer.json()["error"] == error
    assert answer.json()["error_description"]


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        ("{}", "application/json"),
        ("client_id=a&client_id=b", "application/x-www-form-urlencoded"),
        ("&".join(f"a{i}=1" for i in range(50)), "application/x-www-form-urlencoded"),
        (b"a=\xff", "application/x-www-form-urlencoded"),
        ("a=" + "x" * 20_000, "application/x-www-form-urlencoded"),
    ],
)
def test_a_form_that_cannot_be_read_is_an_invalid_request(
    api: Api, content: str | bytes, content_type: str
) -> None:
    answer = api.http.post(
        f"{api.base_url}/oauth/token",
        data=content,
        headers={"Content-Type": content_type},
        timeout=10,
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("content", "content_type"),
    [("", FORM_TYPE), ("{}", FORM_TYPE), ("{}", "application/json"), ("", "")],
)
def test_parameters_may_stand_in_the_query_string(
    api: Api, content: str, content_type: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Two of Amplience's tools send them so (contract 19.2); the log tells, without the secret."""
    answer = api.http.post(
        f"{api.base_url}/oauth/token",
        params=form(api),
        data=content,
        headers={"Content-Type": content_type},
        timeout=10,
    )
    assert answer.status_code == 200
    assert "query string" in caplog.text
    assert api.client_secret not in caplog.text


def test_parameters_may_be_divided_but_not_given_twice(api: Api) -> None:
    given = form(api)
    secret = {"client_secret": given.pop("client_secret")}
    url = f"{api.base_url}/oauth/token"
    assert api.http.post(url, params=given, data=secret, timeout=10).status_code == 200
    twice = api.http.post(url, params=given, data={**given, **secret}, timeout=10)
    assert (twice.status_code, twice.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("encoded", [False, True])
def test_http_basic_authenticates(tmp_path: Path, encoded: bool) -> None:
    """Clients should encode id and secret as in a form (RFC 6749, 2.3.1); not all of them do."""
    client_id, secret = "id with space", "+%/:ü"
    with running(tmp_path, client_id=client_id, client_secret=secret) as live:
        pair = (quote_plus(client_id), quote_plus(secret)) if encoded else (client_id, secret)
        grant = {"grant_type": "client_credentials"}
        assert by_basic(live.api, ":".join(pair).encode(), **grant).status_code == 200
        refused = by_basic(live.api, f"{client_id}:wrong".encode(), **grant)
        assert (refused.status_code, refused.json()["error"]) == (401, "invalid_client")
        assert refused.headers["WWW-Authenticate"].startswith("Basic ")


@pytest.mark.parametrize("credentials", [b"\xff:\xff", b"no colon", b""])
def test_basic_that_cannot_be_right_is_refused(api: Api, credentials: bytes) -> None:
    answer = by_basic(api, credentials, grant_type="client_credentials")
    assert answer.status_code in {400, 401}
    assert answer.json()["error"] in {"invalid_request", "invalid_client"}


def test_authenticating_in_two_ways_is_refused(api: Api) -> None:
    answer = by_basic(api, f"{api.client_id}:{api.client_secret}".encode(), **form(api))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("header", [b"Basic \xc3\xa4abc", b"Basic \xe4", b"Basic =", b"Basic"])
def test_basic_that_is_no_base64_is_refused(api: Api, header: bytes) -> None:
    url, grant = f"{api.base_url}/oauth/token", {"grant_type": "client_credentials"}
    answer = api.http.post(url, data=grant, headers={"Authorization": header}, timeout=10)
    assert answer.status_code in {400, 401}
    assert answer.json()["error"] in {"invalid_request", "invalid_client"}


def test_beside_basic_a_form_may_name_the_same_client_and_leave_the_rest_empty(api: Api) -> None:
    credentials = f"{api.client_id}:{api.client_secret}".encode()
    same = {"grant_type": "client_credentials", "client_id": api.client_id, "client_secret": ""}
    assert by_basic(api, credentials, **same).status_code == 200
    other = by_basic(api, credentials, **{**same, "client_id": "other"})
    assert (other.status_code, other.json()["error"]) == (400, "invalid_request")


def test_other_methods_are_not_allowed(api: Api) -> None:
    answer = api.http.get(f"{api.base_url}/oauth/token", timeout=10)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")


def test_tokens_urls_and_the_client_survive_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        token, client = first.api.token(), first.api.client_id
        urls = first.api.single()
        first.api.put(urls["uploadUrl"], b"kept")
        port = first.settings.port
    with running(tmp_path) as second:
        assert second.api.client_id == client
        answer = second.api.post_graphql({"query": SINGLE}, Authorization=f"Bearer {token}")
        assert answer.status_code == 200
        moved = urls["downloadUrl"].replace(f":{port}", f":{second.settings.port}", 1)
        kept = second.api.get(moved, Host=f"127.0.0.1:{port}")
        assert kept.content == b"kept"


def test_secrets_are_kept_private_and_out_of_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    settings = make_settings(tmp_path / "new")
    client, keys = load_oauth_client(settings), load_service_keys(settings)
    files = sorted((tmp_path / "new").iterdir())
    assert [file.name for file in files] == ["oauth-client.json", "service-keys.json"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert json.loads(files[0].read_text()).keys() == {"client_id", "client_secret"}
    assert (load_oauth_client(settings), load_service_keys(settings)) == (client, keys)
    assert client.client_secret not in caplog.text + repr(client)
    assert keys.url_secret not in caplog.text + repr(keys) + repr(keys.url_key)


def test_a_configured_client_is_used_and_not_written(tmp_path: Path) -> None:
    settings = make_settings(tmp_path, client_id="mine", client_secret="secret")
    assert load_oauth_client(settings) == OAuthClient("mine", "secret")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", ["", "[]", '{"client_id": "x"}'])
def test_a_damaged_secrets_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "oauth-client.json").write_text(content)
    with pytest.raises(DataFolderError, match=r"oauth-client\.json cannot be read"):
        load_oauth_client(make_settings(tmp_path))
