"""Which hosts and origins are ours, for every kind of address the app may have."""

from typing import Any

import pytest

from settings import Settings, read_settings
from web.sign_in.origin import HostProblem, OwnAddresses

PROXIED = {"TFW_PUBLIC_URL": "https://Files.Example.com:443", "TFW_PORT": "8501"}
LOCAL = {"TFW_PORT": "8501"}
NAMED = {"TFW_HOST": "Workbench.lan", "TFW_PORT": "8501"}


def own(environment: dict[str, str], tmp_path: Any) -> OwnAddresses:
    settings: Settings = read_settings(environment, tmp_path / "none.toml")
    return OwnAddresses(settings)


def request(
    headers: list[tuple[str, str]], scheme: str = "http", port: int = 8501, version: str = "1.1"
) -> dict[str, Any]:
    return {
        "type": "websocket" if scheme.startswith("ws") else "http",
        "scheme": scheme,
        "http_version": version,
        "server": ("127.0.0.1", port),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
    }


@pytest.mark.parametrize(
    ("environment", "host", "problem"),
    [
        (LOCAL, "127.0.0.1:8501", None),
        (LOCAL, "localhost:8501", None),
        (LOCAL, "[::1]:8501", None),
        (LOCAL, "[0:0:0:0:0:0:0:1]:8501", None),
        (LOCAL, "192.168.1.5:8501", None),
        (LOCAL, "127.0.0.1", HostProblem.FOREIGN),
        (LOCAL, "127.0.0.1:8502", HostProblem.FOREIGN),
        (LOCAL, "localhost.evil.example:8501", HostProblem.FOREIGN),
        (LOCAL, "127.0.0.1.nip.example:8501", HostProblem.FOREIGN),
        (LOCAL, "2130706433:8501", HostProblem.FOREIGN),  # no spelling that a browser sends
        (LOCAL, "workbench.lan:8501", HostProblem.FOREIGN),
        (NAMED, "workbench.LAN:8501", None),
        (NAMED, "workbench.lan", HostProblem.FOREIGN),
        (PROXIED, "files.example.com", None),
        (PROXIED, "FILES.example.com:443", None),
        (PROXIED, "files.example.com:8501", HostProblem.FOREIGN),
        (PROXIED, "files.example.com:80", HostProblem.FOREIGN),
        (PROXIED, "127.0.0.1:8501", None),  # whoever watches it, and a proxy that keeps no Host
        (PROXIED, "evil.example", HostProblem.FOREIGN),
        (LOCAL, "", HostProblem.MALFORMED),
        (LOCAL, ":8501", HostProblem.MALFORMED),
        (LOCAL, "a b:8501", HostProblem.MALFORMED),
        (LOCAL, "localhost:8501:8501", HostProblem.MALFORMED),
        (LOCAL, "localhost:port", HostProblem.MALFORMED),
        (LOCAL, "user@localhost:8501", HostProblem.MALFORMED),
        (LOCAL, "localhost:8501/", HostProblem.MALFORMED),
        (LOCAL, "http://localhost:8501", HostProblem.MALFORMED),
        (LOCAL, "[::1", HostProblem.MALFORMED),
        (LOCAL, "x" * 64 + ":8501", HostProblem.MALFORMED),
    ],
)
def test_host(
    environment: dict[str, str], host: str, problem: HostProblem | None, tmp_path: Any
) -> None:
    assert own(environment, tmp_path).host_problem(request([("host", host)])) is problem


def test_one_host_is_named_except_by_http_1_0(tmp_path: Any) -> None:
    addresses = own(LOCAL, tmp_path)
    twice = [("host", "localhost:8501")] * 2
    assert addresses.host_problem(request([])) is HostProblem.MALFORMED
    assert addresses.host_problem(request(twice)) is HostProblem.MALFORMED
    assert addresses.host_problem(request([], version="1.0")) is None
    assert addresses.host_problem(request(twice, version="1.0")) is HostProblem.MALFORMED


def test_the_port_is_the_one_the_request_came_in_at(tmp_path: Any) -> None:
    """As with `uvicorn app:app --port 9000`, which no setting tells of."""
    asked = request([("host", "localhost:9000"), ("origin", "http://localhost:9000")], "ws", 9000)
    addresses = own(LOCAL, tmp_path)
    assert addresses.host_problem(asked) is None
    assert addresses.is_own_request(asked)


@pytest.mark.parametrize("scheme", ["http", "ws"])
@pytest.mark.parametrize(
    ("environment", "host", "origin", "ours"),
    [
        (LOCAL, "127.0.0.1:8501", "http://127.0.0.1:8501", True),
        (LOCAL, "localhost:8501", "http://localhost:8501", True),
        (LOCAL, "LOCALHOST:8501", "HTTP://localhost:8501", True),
        (LOCAL, "[::1]:8501", "http://[::1]:8501", True),
        (LOCAL, "192.168.1.5:8501", "http://192.168.1.5:8501", True),
        (LOCAL, "192.168.1.5:8501", "http://192.168.1.6:8501", False),
        (LOCAL, "127.0.0.1:8501", "http://localhost:8501", False),
        (LOCAL, "127.0.0.1:8501", "http://127.0.0.1:8888", False),
        (LOCAL, "127.0.0.1:8501", "http://127.0.0.1", False),
        (LOCAL, "127.0.0.1:8501", "https://127.0.0.1:8501", False),
        (LOCAL, "127.0.0.1:8501", "null", False),
        (LOCAL, "127.0.0.1:8501", "", False),
        (LOCAL, "127.0.0.1:8501", "file://", False),
        (LOCAL, "127.0.0.1:8501", "http://127.0.0.1:8501/", False),
        (PROXIED, "files.example.com", "https://files.example.com", True),
        (PROXIED, "files.example.com:443", "https://files.example.com", True),
        (PROXIED, "127.0.0.1:8501", "https://files.example.com", True),
        (PROXIED, "127.0.0.1:8501", "http://127.0.0.1:8501", True),
        (PROXIED, "files.example.com", "http://files.example.com", False),
        (PROXIED, "files.example.com", "https://files.example.com:8443", False),
        (PROXIED, "files.example.com", "http://127.0.0.1:8501", False),
        (PROXIED, "files.example.com", "https://evil.example", False),
    ],
)
def test_origin(
    environment: dict[str, str], host: str, origin: str, ours: bool, scheme: str, tmp_path: Any
) -> None:
    asked = request([("host", host), ("origin", origin)], scheme)
    assert own(environment, tmp_path).is_own_request(asked) is ours


def test_programs_send_no_origin_and_browsers_say_where_a_read_comes_from(tmp_path: Any) -> None:
    addresses = own(LOCAL, tmp_path)
    host = ("host", "localhost:8501")
    assert addresses.is_own_request(request([host]))
    for site, ours in (
        ("same-origin", True),
        ("none", True),
        ("same-site", False),
        ("cross-site", False),
    ):
        assert addresses.is_own_request(request([host, ("sec-fetch-site", site)])) is ours


def test_two_origins_are_nobodys(tmp_path: Any) -> None:
    twice = [("host", "localhost:8501"), *[("origin", "http://localhost:8501")] * 2]
    assert not own(LOCAL, tmp_path).is_own_request(request(twice))
