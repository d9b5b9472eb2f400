"""The gate and the session routes, in front of an application that tells what reached it."""

import dataclasses
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from settings import Settings
from web.sign_in.access import Access
from web.sign_in.gate import Gate, cookie_name
from web.sign_in.routes import session_routes
from web.sign_in.sessions import reference_of

COOKIE = "tfw_session_8599"
ORIGIN = "http://127.0.0.1:8599"
SOCKETS = "ws://127.0.0.1:8599"
SPOOFED = {"X-Tfw-User": "demo", "X-TFW-ROLES": "admin", "x-tfw-session": "1", "X-Tfw-New": "1"}


def identity(headers: Any) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.startswith("x-tfw-")}


async def echo(request: Request) -> JSONResponse:
    return JSONResponse(identity(request.headers))


async def echo_socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_json(identity(socket.headers))
    await socket.close()


@pytest.fixture
def client(access: Access, settings: Settings) -> TestClient:
    paths = ["/", "/transfers/{rest:path}", "/relay", "/transfersandmore", "/media/a.png"]
    routes = [Route(path, echo, methods=["GET", "POST", "DELETE"]) for path in paths]
    sockets = [WebSocketRoute("/stream", echo_socket), WebSocketRoute("/relay/x", echo_socket)]
    app = Starlette(
        routes=[*routes, *sockets, *session_routes(access, settings)],
        middleware=[Middleware(Gate, access=access, settings=settings)],
    )
    return TestClient(app, base_url=ORIGIN)


@pytest.fixture
def session_id(access: Access) -> str:
    return access.sessions.open("ada")


@pytest.fixture
def signed_in(client: TestClient, session_id: str) -> TestClient:
    client.cookies.set(COOKIE, session_id)
    return client


def socket_identity(client: TestClient, headers: dict[str, str] | None = None) -> dict[str, str]:
    with client.websocket_connect(f"{SOCKETS}/stream", headers={**(headers or {})}) as socket:
        return socket.receive_json()


def test_identity_is_injected_into_requests_and_websockets(
    signed_in: TestClient, session_id: str
) -> None:
    expected = {
        "x-tfw-user": "ada",
        "x-tfw-roles": "viewer,uploader",
        "x-tfw-session": reference_of(session_id),
    }
    assert signed_in.get("/transfers/1").json() == expected
    assert socket_identity(signed_in) == expected


def test_spoofed_identity_is_removed(client: TestClient) -> None:
    assert client.get("/", headers=SPOOFED).json() == {}
    assert client.get("/transfersandmore", headers=SPOOFED).json() == {}
    assert socket_identity(client, SPOOFED) == {}


def test_spoofed_identity_never_wins_over_the_session(signed_in: TestClient) -> None:
    assert signed_in.get("/transfers/1", headers=SPOOFED).json()["x-tfw-user"] == "ada"
    assert socket_identity(signed_in, SPOOFED)["x-tfw-user"] == "ada"


@pytest.mark.parametrize("path", ["/transfers/1", "/transfers/", "/relay", "/media/a.png"])
def test_protected_paths_need_a_session(client: TestClient, path: str) -> None:
    response = client.get(path, headers=SPOOFED)
    assert response.status_code == 401
    assert response.json()["error"] == "sign-in-required"
    assert response.headers["cache-control"] == "no-store"


def test_protected_websocket_needs_a_session(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(f"{SOCKETS}/relay/x"):
        pass


def test_protected_paths_open_with_a_session(signed_in: TestClient) -> None:
    assert signed_in.get("/transfers/1").json()["x-tfw-user"] == "ada"
    with signed_in.websocket_connect(f"{SOCKETS}/relay/x") as socket:
        assert socket.receive_json()["x-tfw-user"] == "ada"


def test_similar_paths_are_not_protected(client: TestClient) -> None:
    assert client.get("/transfersandmore").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_other_sites_cannot_use_the_cookie(signed_in: TestClient, headers: dict[str, str]) -> None:
    for response in (
        signed_in.post("/transfers/1", headers=headers),
        signed_in.post("/session", headers=headers),
        signed_in.delete("/session", headers=headers),
    ):
        assert response.status_code == 403
        assert response.json()["error"] == "wrong-origin"
    assert signed_in.get("/transfers/1").status_code == 200


@pytest.mark.parametrize("headers", [{"Origin": ORIGIN}, {"Sec-Fetch-Site": "same-origin"}, {}])
def test_own_pages_may_post(signed_in: TestClient, headers: dict[str, str]) -> None:
    assert signed_in.post("/transfers/1", headers=headers).status_code == 200


def test_session_of_removed_user_is_worth_nothing(client: TestClient, access: Access) -> None:
    client.cookies.set(COOKIE, access.sessions.open("removed"))
    assert client.get("/").json() == {}
    assert client.get("/relay").status_code == 401


@pytest.mark.parametrize("cookie", ["", "guess", '"', "a=b; c", "\\", "%00"])
def test_odd_cookies_are_nobody(client: TestClient, cookie: str) -> None:
    assert client.get("/", headers={"Cookie": f"{COOKIE}={cookie}"}).json() == {}


def test_ticket_becomes_a_cookie_that_scripts_cannot_read(
    client: TestClient, access: Access
) -> None:
    response = client.post("/session", content=access.tickets.issue("ada"))
    assert response.status_code == 204
    cookie = response.headers["set-cookie"].lower()
    assert cookie.startswith(f"{COOKIE}=")
    for attribute in ("httponly", "samesite=lax", "path=/", "max-age=28800"):
        assert attribute in cookie
    assert "secure" not in cookie
    assert client.get("/transfers/1").json()["x-tfw-user"] == "ada"


def test_nobody_is_looked_up_where_nobody_asks(signed_in: TestClient, access: Access) -> None:
    access.users.path.unlink()
    assert signed_in.get("/").json() == {}


def test_the_page_can_ask_whose_cookie_came_back(client: TestClient, session_id: str) -> None:
    nobody = client.get("/session", headers=SPOOFED)
    assert (nobody.status_code, nobody.json()) == (200, {"username": None})
    assert nobody.headers["cache-control"] == "no-store"
    client.cookies.set(COOKIE, session_id)
    assert client.get("/session").json() == {"username": "ada"}


def test_cookie_is_secure_behind_https(access: Access, settings: Settings) -> None:
    public = dataclasses.replace(settings, public_url="https://files.example.com")
    app = Starlette(routes=session_routes(access, public))
    client = TestClient(app, base_url=public.public_url)
    response = client.post("/session", content=access.tickets.issue("ada"))
    assert "; secure" in response.headers["set-cookie"].lower()
    assert cookie_name(public) == "tfw_session"


@pytest.mark.parametrize("body", [b"", b"guess", b"\xff", b"x" * 5000])
def test_bad_ticket_is_refused_without_a_cookie(client: TestClient, body: bytes) -> None:
    response = client.post("/session", content=body)
    assert response.status_code == 401
    assert response.json()["error"] == "bad-ticket"
    assert "set-cookie" not in response.headers


def test_sign_out_revokes_on_the_server(signed_in: TestClient, session_id: str) -> None:
    response = signed_in.delete("/session")
    assert response.status_code == 204
    assert "max-age=0" in response.headers["set-cookie"].lower()
    signed_in.cookies.set(COOKIE, session_id)
    assert signed_in.get("/relay").status_code == 401


def test_sign_out_without_a_session_is_fine(client: TestClient) -> None:
    assert client.delete("/session").status_code == 204


def test_other_methods_answer_json(client: TestClient) -> None:
    response = client.put("/session")
    assert response.status_code == 405
    assert response.json()["error"] == "method-not-allowed"


def test_a_page_can_ask_whose_its_cookie_is(client: TestClient, session_id: str) -> None:
    assert client.get("/session").json() == {"username": None}
    client.cookies.set(COOKIE, session_id)
    answer = client.get("/session")
    assert answer.json() == {"username": "ada"}
    assert answer.headers["cache-control"] == "no-store"
