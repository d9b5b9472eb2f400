"""Variables of the environment that name a proxy or certificates which cannot be used."""

import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from client.__main__ import main
from client.contract_check.connection import check_connection
from client.errors import AddressError, BadVariableError, ServiceDownError
from client.playground.run import run_operation
from client.wire.http import Call
from tests.app_server import free_port
from tests.client.scripted_endpoint import ScriptedEndpoint
from tests.own_ca import make_certificates

NETWORK = (
    *(f"{name}_proxy" for name in ("http", "https", "all", "no")),
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
)
PASSWORD = "canary"


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NETWORK:
        for variable in (name, name.upper()):
            monkeypatch.delenv(variable, raising=False)


@pytest.fixture(scope="module")
def https(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Yield the address of a server with a certificate nobody knows, and its authority's file."""
    certificates = make_certificates(tmp_path_factory.mktemp("ca"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server, certificates.server_key)

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Say nothing of handshakes that a test wants to fail."""

    server = Quiet(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_address[1]}", certificates.authority
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("variable", ["ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"])
@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "socks4", "SOCKS5"])
def test_a_socks_proxy_is_named_by_its_variable(
    endpoint: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch, variable: str, scheme: str
) -> None:
    monkeypatch.setenv(variable, f"{scheme}://user:{PASSWORD}@127.0.0.1:1080")
    with pytest.raises(BadVariableError) as raised:
        endpoint.api().tokens.token()
    assert f"The variable {variable} names a SOCKS proxy" in str(raised.value)
    assert raised.value.details == {"name": variable}
    assert PASSWORD not in str(raised.value)


@pytest.mark.parametrize(
    "proxy",
    [
        "http://",
        "http://[bad",
        "http://proxy.example:port",
        "ftp://proxy.example:80",
        "\u201chttp://proxy.example\u201d",
        "http://127.0.0.1:9 ",
        f"htp://u:{PASSWORD}@proxy.example",
    ],
)
def test_a_proxy_that_is_none_is_named_by_its_variable(
    endpoint: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy)
    with pytest.raises(BadVariableError, match="The variable HTTP_PROXY is no address") as raised:
        endpoint.api().tokens.token()
    assert PASSWORD not in str(raised.value)


@pytest.mark.parametrize(
    "form", ["127.0.0.1:{port}", "http://u:canary@127.0.0.1:{port}", "//127.0.0.1:{port}"]
)
@pytest.mark.parametrize("variable", ["HTTP_PROXY", "all_proxy"])
def test_a_proxy_that_does_not_answer_is_named_by_its_variable(
    endpoint: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch, form: str, variable: str
) -> None:
    monkeypatch.setenv(variable, form.format(port=free_port()))
    with pytest.raises(ServiceDownError, match=f"the proxy that {variable} names") as raised:
        endpoint.api().tokens.token()
    assert PASSWORD not in str(raised.value)


def test_a_proxy_that_is_not_used_is_nobodys_fault(
    endpoint: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1080")
    assert endpoint.api().tokens.token()
    monkeypatch.setenv("HTTP_PROXY", "socks5://127.0.0.1:1080")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert endpoint.api().tokens.token()
    assert endpoint.api(embedded=True).tokens.token()


def test_an_address_that_is_none_is_no_proxys_fault(
    endpoint: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    for url in ("http://", "ftp://h/x", "h"):
        with pytest.raises(AddressError):
            endpoint.api().wire.send(Call("GET", url, "get"))


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_certificates_that_are_not_there_are_named(
    https: tuple[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    monkeypatch.setenv(variable, str(tmp_path / "nope.pem"))
    api = ScriptedEndpoint(url=https[0]).api()
    with pytest.raises(BadVariableError) as raised:
        api.tokens.token()
    assert str(raised.value) == (
        f"The variable {variable} names {tmp_path}/nope.pem, which cannot be read: "
        "no such file or directory."
    )
    assert run_operation(api, "{ viewer { id } }").failure is not None
    findings = [one for one in check_connection(api) if one.error]
    assert [one.error.code for one in findings if one.error] == ["bad-variable"]


@pytest.mark.parametrize(
    "content", ["", "not a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n"]
)
def test_a_file_without_certificates_is_named(
    https: tuple[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str
) -> None:
    file = tmp_path / "hosts.pem"
    file.write_text(content)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))
    with pytest.raises(BadVariableError, match=r"names .*hosts\.pem, which holds no certificate"):
        ScriptedEndpoint(url=https[0]).api().tokens.token()


def test_the_first_of_two_bundles_is_the_one_that_counts(
    https: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, authority = https
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    monkeypatch.setenv("CURL_CA_BUNDLE", "/nope.pem")
    answer = ScriptedEndpoint(url=url).api().wire.send(Call("POST", f"{url}/token", "token"))
    assert answer.status == 501


def test_a_refused_certificate_says_which_variable_is_not_read(
    https: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    api = ScriptedEndpoint(url=https[0]).api()
    monkeypatch.setenv("SSL_CERT_FILE", str(https[1]))
    with pytest.raises(ServiceDownError, match="SSL_CERT_FILE is not read here, REQUESTS_CA_BU"):
        api.tokens.token()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/etc/ssl/certs")
    with pytest.raises(ServiceDownError) as raised:
        api.tokens.token()
    assert "SSL_CERT_FILE" not in str(raised.value)


def test_plain_http_asks_for_no_certificates(
    endpoint: ScriptedEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nope.pem")
    assert endpoint.api().tokens.token()


@pytest.mark.parametrize(
    ("variable", "value"),
    [("REQUESTS_CA_BUNDLE", "/nope.pem"), ("ALL_PROXY", "socks5://127.0.0.1:1080")],
)
@pytest.mark.parametrize(
    "command", [["token"], ["upload", __file__], ["check", "--group", "transport"]]
)
def test_the_command_line_names_the_variable(
    https: tuple[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variable: str,
    value: str,
    command: list[str],
) -> None:
    monkeypatch.setenv("AMPLIENCE_GRAPHQL_URL", f"{https[0]}/graphql")
    monkeypatch.setenv("AMPLIENCE_TOKEN_URL", f"{https[0]}/token")
    monkeypatch.setenv("AMPLIENCE_CLIENT_ID", "me")
    monkeypatch.setenv("AMPLIENCE_CLIENT_SECRET", PASSWORD)
    monkeypatch.setenv(variable, value)
    assert main(command) == 1
    told = capsys.readouterr()
    assert f"The variable {variable} names" in told.out + told.err
    assert "Traceback" not in told.err
