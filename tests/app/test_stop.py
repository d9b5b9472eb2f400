"""Stopping the app and the service alone: who is told, what ends well, and what is cut off."""

import asyncio
import json
import signal
import socket
import threading
from collections.abc import Generator
from pathlib import Path

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from service.http.protocol import DirectBodyProtocol, listen
from service.http.server import StoppableServer, Stopping
from tests.app_server import AppServer, ServiceAlone, free_port
from tests.service.api_client import Api, error_code, read_all, send_head, wait_until
from tests.service.images.test_removal import ORGANIZATION, REMOVE
from tests.service.sample_images import png
from tests.visit import visit

SIZE = 3_000_000
LONG = "600"


@pytest.fixture(params=[AppServer, ServiceAlone], ids=["app", "service"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[AppServer]:
    """Either of them. Not started yet."""
    made: AppServer = request.param(tmp_path / "data", free_port())
    yield made
    made.stop()


def started(server: AppServer, notice: str, patience: str) -> Api:
    server.environment |= {
        "TFW_NOTICE_SECONDS": notice,
        "TFW_STOP_SECONDS": patience,
    }
    server.start()
    client = json.loads((server.data_dir / "oauth-client.json").read_text())
    return Api(server.url, **client)


def begun(server: AppServer, api: Api) -> tuple[socket.socket, str]:
    """Send half of a file; return the connection and where the file will be."""
    urls = api.single()
    head = (f"Content-Length: {SIZE}", "Content-Type: image/png", "Connection: close")
    connection = send_head(urls["uploadUrl"], *head)
    connection.sendall(bytes(SIZE // 2))
    wait_until(lambda: list((server.data_dir / "files").glob("*.partial")))
    return connection, urls["downloadUrl"]


def listens(server: AppServer) -> bool:
    try:
        socket.create_connection(("127.0.0.1", server.port), 5).close()
    except ConnectionError:
        return False
    return True


def log_of(server: AppServer) -> str:
    text = server.log_file.read_text()
    for word in ("Traceback", "CancelledError", "Broken pipe", "Exception"):
        assert word not in text, text
    return text


def test_readiness_goes_off_first_and_what_was_begun_ends_well(server: AppServer) -> None:
    api = started(server, notice=LONG, patience=LONG)
    image = api.single()
    assert api.put(image["uploadUrl"], png(), **{"Content-Type": "image/png"}).ok
    connection, link = begun(server, api)
    with connection:
        server.signal(signal.SIGTERM)
        wait_until(lambda: api.get(f"{server.url}/service/ready").status_code == 503)
        answer = api.get(f"{server.url}/service/ready").json()
        assert answer["ready"] is False
        assert answer["checks"]["process"] == {"ok": False, "problem": "stopping"}
        assert answer["checks"]["storage"] == {"ok": True}
        assert api.get(f"{server.url}/service/live").status_code == 200

        new = api.put(api.single()["uploadUrl"], b"a new one")
        assert error_code(new) == (503, "ServiceUnavailable")
        assert int(new.headers["Retry-After"]) > 0
        removal = api.graphql(REMOVE, {"org": ORGANIZATION, "img": image["downloadUrl"]})
        assert removal.status_code == 503
        assert removal.json()["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"

        connection.sendall(bytes(SIZE - SIZE // 2))
        assert read_all(connection).startswith(b"HTTP/1.1 200 ")
        assert len(api.get(link).content) == SIZE
    server.signal(signal.SIGTERM)  # a second one does not wait for what is left of the notice
    assert server.wait() == -signal.SIGTERM
    log_of(server)


def test_after_the_notice_nobody_is_let_in_and_what_runs_may_end(server: AppServer) -> None:
    api = started(server, notice="0", patience=LONG)
    connection, _ = begun(server, api)
    with connection:
        server.signal(signal.SIGTERM)
        wait_until(lambda: not listens(server))
        connection.sendall(bytes(SIZE - SIZE // 2))
        assert read_all(connection).startswith(b"HTTP/1.1 200 ")
    assert server.wait() == -signal.SIGTERM
    [kept] = (server.data_dir / "files").iterdir()
    assert kept.stat().st_size == SIZE
    assert "cut off" not in log_of(server)


def test_what_takes_too_long_is_cut_off_in_one_line_and_leaves_nothing(server: AppServer) -> None:
    api = started(server, notice="0", patience="1")
    connection, _ = begun(server, api)
    with connection:
        server.signal(signal.SIGTERM)
        assert server.wait() == -signal.SIGTERM
    assert list((server.data_dir / "files").iterdir()) == []
    assert "Stopping: 1 requests took too long and are cut off." in log_of(server)


def test_a_request_that_notices_nothing_is_cancelled_without_a_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun, cancelled = threading.Event(), threading.Event()

    async def deaf(scope: Scope, receive: Receive, send: Send) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    listener = listen("127.0.0.1", 0)
    config = uvicorn.Config(deaf, http=DirectBodyProtocol, lifespan="off", log_level="warning")
    server = StoppableServer(config, Stopping(), notice=0, patience=0)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
    thread.start()
    with socket.create_connection(listener.getsockname()) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert begun.wait(30)
        server.should_exit = True
        assert connection.recv(100) == b""
    thread.join(30)
    assert cancelled.is_set()
    assert [record.getMessage() for record in caplog.records] == [
        "Stopping: 1 requests took too long and are cut off."
    ]


def test_ctrl_c_waits_for_nothing_where_nothing_runs(server: AppServer) -> None:
    started(server, notice=LONG, patience=LONG).http.close()
    server.signal(signal.SIGINT)
    assert server.wait() == -signal.SIGINT
    assert "KeyboardInterrupt" not in log_of(server)


def test_ctrl_c_twice_leaves_what_runs(server: AppServer) -> None:
    api = started(server, notice=LONG, patience=LONG)
    connection, _ = begun(server, api)
    with connection:
        server.signal(signal.SIGINT)
        wait_until(lambda: not listens(server))
        server.signal(signal.SIGINT)
        assert server.wait() == -signal.SIGINT
    log_of(server)


def test_an_open_tab_does_not_hold_up_a_stop(own_app_server: AppServer) -> None:
    own_app_server.environment["TFW_STOP_SECONDS"] = LONG
    own_app_server.start()
    with visit(own_app_server.url):
        own_app_server.signal(signal.SIGTERM)
        assert own_app_server.wait() == -signal.SIGTERM
    log_of(own_app_server)
