"""The connections page as Streamlit runs it, against the running service."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from client.connection.connection import ClientCredentials, NoToken, PersonalAccessToken
from client.connection.store import ConnectionStore
from components.common.plain_text import plain
from components.connections import words
from tests.app_server import ROOT, ServiceAlone
from tests.client.scripted_endpoint import ScriptedEndpoint

CANARY = "canary-secret-0123456789"


@pytest.fixture(autouse=True)
def data_dir(service_alone: ServiceAlone, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A data folder of its own beside the running service, which it talks to."""
    for variable, value in service_alone.environment_of_child().items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("TFW_DATA_DIR", str(tmp_path))
    client = (service_alone.data_dir / "oauth-client.json").read_text()
    (tmp_path / "oauth-client.json").write_text(client)
    return tmp_path


def page(roles: str = "admin") -> AppTest:
    test = AppTest.from_file(str(ROOT / "pages" / "connections.py"), default_timeout=30)
    test.user["username"], test.user["roles"] = "ann", roles
    return run(test)


def run(test: AppTest) -> AppTest:
    test.run()
    assert not test.exception
    return test


def press(test: AppTest, label: str) -> AppTest:
    [button] = [one for one in test.button if one.label == label]
    button.click()
    return run(test)


def fill(test: AppTest, **values: str) -> None:
    for name, value in values.items():
        test.text_input(key=f"connection-{name.replace('_', '-')}").set_value(value)


def add_own_service(test: AppTest, service_alone: ServiceAlone, name: str = "Stage") -> AppTest:
    """Add a connection to the running service, with its real credentials."""
    client = json.loads((service_alone.data_dir / "oauth-client.json").read_text())
    fill(
        test,
        name=name,
        graphql_url=f"{service_alone.url}/graphql",
        token_url=f"{service_alone.url}/oauth/token",
        client_id=client["client_id"],
        client_secret=client["client_secret"],
    )
    return press(test, words.SAVE)


def texts(test: AppTest) -> str:
    """Return every text of the page, as its elements hold it."""
    found = [*test.markdown, *test.caption, *test.code, *test.success, *test.error]
    return "\n".join(str(one.value) for one in found)


def test_the_connection_in_use_is_named_with_a_link_that_leads_to_it(
    service_alone: ServiceAlone,
) -> None:
    test = page()
    assert [code.value for code in test.code] == [
        f"{service_alone.url}/?connection=Embedded%20service",
        f"{service_alone.url}/graphql",
        f"{service_alone.url}/oauth/token",
    ]
    assert [one.value for one in test.subheader] == ["In use: Embedded service", words.LIST_TITLE]


def test_every_step_of_the_test_is_told_and_stays_on_the_page() -> None:
    test = press(page(), words.TEST)
    for told in (texts(test), texts(run(test))):
        assert words.GOOD_OUTCOME in told
        assert all(f"**{step}**" in told for step in words.STEPS.values())
        assert told.count(words.VERDICTS["good"]) == 7


def test_a_service_that_is_down_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMPLIENCE_GRAPHQL_URL", "http://127.0.0.1:9/graphql")
    monkeypatch.setenv("AMPLIENCE_PAT", "amp_pat_canary")
    told = texts(press(page(), words.TEST))
    assert words.BAD_OUTCOME in told
    assert "service-down" in told
    assert plain(words.failure_next("service-down")) in told
    assert "amp_pat_canary" not in told


def test_credentials_that_are_missing_are_named_and_another_connection_can_be_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AMPLIENCE_CLIENT_ID", "somebody")
    test = page()
    assert "AMPLIENCE\\_PAT" in test.error[0].value
    test = press(test, "Use Embedded service")
    assert not test.error
    assert test.subheader[0].value == "In use: Embedded service"


def test_an_admin_adds_a_connection_and_it_works(service_alone: ServiceAlone) -> None:
    test = add_own_service(page(), service_alone)
    assert test.success[0].value == words.SAVED.format(name="Stage")
    test = press(test, "Use Stage")
    assert test.subheader[0].value == "In use: Stage"
    assert words.GOOD_OUTCOME in texts(press(test, words.TEST))
    assert "60 GraphQL requests a minute" in texts(test)


def test_headers_and_no_token_are_entered_kept_and_never_shown(
    endpoint: ScriptedEndpoint, data_dir: Path
) -> None:
    test = page()
    test.checkbox(key="connection-no-token").check()
    fill(test, name="Shop", graphql_url=f"{endpoint.url}/graphql")
    fill(test, header_name_1="Host", header_value_1=CANARY)
    test = press(test, words.SAVE)
    assert "bad-header" in texts(test)
    fill(test, header_name_1="X-Shopify-Access-Token", header_value_1=CANARY)
    test = press(test, words.SAVE)
    [kept] = ConnectionStore(data_dir).all()
    assert (kept.credentials, kept.headers) == (NoToken(), (("X-Shopify-Access-Token", CANARY),))

    test = press(test, "Change Shop")
    assert test.checkbox(key="connection-no-token").value
    assert test.text_input(key="connection-header-name-1").value == "X-Shopify-Access-Token"
    assert test.text_input(key="connection-header-value-1").value == ""
    fill(test, name="Our shop")
    test = press(test, words.SAVE)
    [changed] = ConnectionStore(data_dir).all()
    assert (changed.name, changed.headers) == ("Our shop", kept.headers)

    test = press(press(test, "Use Our shop"), words.TEST)
    told = texts(test).replace("\\", "")
    assert "No token is sent." in told
    assert "with values that are kept secret: X-Shopify-Access-Token" in told
    assert endpoint.last("introspection").headers.get("Authorization") is None
    assert CANARY in {one.headers.get("X-Shopify-Access-Token") for one in endpoint.seen}
    assert CANARY not in told
    assert CANARY not in repr(test.session_state)


def test_a_secret_is_gone_from_the_page_once_it_is_saved(data_dir: Path) -> None:
    test = page()
    fill(test, name="Stage", client_id="somebody", client_secret=CANARY)
    test = press(test, words.SAVE)
    assert [one.name for one in ConnectionStore(data_dir).all()] == ["Stage"]
    for shown in (test, press(test, "Change Stage")):
        assert shown.text_input(key="connection-client-secret").value == ""
        assert CANARY not in texts(shown)
        assert CANARY not in repr(shown.session_state)
    assert test.text_input(key="connection-client-id").value == "somebody"


def test_a_refused_connection_keeps_what_was_typed(data_dir: Path) -> None:
    test = page()
    fill(test, name="Embedded service", client_id="somebody", client_secret=CANARY)
    test = press(test, words.SAVE)
    assert "connection-name" in test.error[0].value
    assert test.text_input(key="connection-client-id").value == "somebody"
    assert ConnectionStore(data_dir).all() == ()


def test_a_changed_connection_keeps_its_secret_and_the_visit_follows_its_name(
    data_dir: Path, service_alone: ServiceAlone
) -> None:
    test = press(add_own_service(page(), service_alone), "Use Stage")
    test = press(test, "Change Stage")
    fill(test, name="Test")
    test = press(test, words.SAVE)
    assert test.subheader[0].value == "In use: Test"
    [kept] = ConnectionStore(data_dir).all()
    assert isinstance(kept.credentials, ClientCredentials)
    assert words.GOOD_OUTCOME in texts(press(test, words.TEST))


def test_a_removed_connection_leaves_its_visitors_on_the_first(
    data_dir: Path, service_alone: ServiceAlone
) -> None:
    test = press(add_own_service(page(), service_alone), "Use Stage")
    test = press(test, words.REMOVE_NOW)
    assert ConnectionStore(data_dir).all() == ()
    assert test.subheader[0].value == "In use: Embedded service"


@pytest.mark.parametrize("roles", ["viewer", "uploader"])
def test_others_may_use_connections_and_not_change_them(
    roles: str, service_alone: ServiceAlone
) -> None:
    add_own_service(page(), service_alone)
    test = page(roles)
    assert not test.text_input
    assert {one.label for one in test.button} == {words.TEST, "Use Stage"}
    assert press(test, "Use Stage").subheader[0].value == "In use: Stage"


def test_a_name_is_shown_letter_by_letter(service_alone: ServiceAlone) -> None:
    test = add_own_service(page(), service_alone, name="**Stage** [x](https://a)")
    assert r"\*\*Stage\*\* \[x\]" in texts(test)


def test_what_copying_brought_along_is_not_saved(data_dir: Path) -> None:
    test = run(page())
    url = "\ufeffhttps://api.example.com/graphql\u200b"
    fill(test, name="Stage", graphql_url=url, pat=f"\u201cBearer amp_pat_{CANARY}\u200b\u201d")
    press(test, words.SAVE)
    [made] = ConnectionStore(data_dir).all()
    assert made.graphql_url == "https://api.example.com/graphql"
    assert made.credentials == PersonalAccessToken(f"amp_pat_{CANARY}")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("pat", "amp_pat_a\nb", "personal access token contains a line break"),
        ("graphql_url", "https://api.example.com/gra\u3000phql", "U+3000"),
    ],
)
def test_a_character_that_cannot_be_meant_is_named_at_saving(
    data_dir: Path, field: str, value: str, said: str
) -> None:
    test = run(page())
    fill(test, **{"name": "Stage", "pat": "amp_pat_x", field: value})
    [error] = press(test, words.SAVE).error
    assert said in error.value.replace("\\", "")
    assert "odd-characters" in error.value
    assert ConnectionStore(data_dir).all() == ()


@pytest.mark.parametrize(
    ("variable", "value"),
    [("REQUESTS_CA_BUNDLE", "/nope.pem"), ("HTTPS_PROXY", "socks5://u:canary@127.0.0.1:1080")],
)
def test_the_test_names_a_variable_that_names_nothing(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv("AMPLIENCE_GRAPHQL_URL", "https://127.0.0.1:9/graphql")
    monkeypatch.setenv("AMPLIENCE_PAT", "amp_pat_x")
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "https_proxy", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, value)
    test = run(page())
    test.button(key="connection-test").click()
    found = "\n".join(str(one.value) for one in (*run(test).markdown, *test.caption))
    assert variable in found.replace("\\", "")
    assert "bad-variable" in found
    assert "canary" not in found
