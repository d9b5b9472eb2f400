"""What passes a websocket in the moments around the end of its sign-in."""

import asyncio
from collections import deque
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from web.live_sockets import (
    POLICY_VIOLATION,
    SEND_LOOK_SECONDS,
    TOO_BIG,
    LiveSocket,
    LiveSockets,
)

CLOSED = {"type": "websocket.close", "code": POLICY_VIOLATION}
OVER = {"type": "websocket.disconnect", "code": POLICY_VIOLATION}


def sent(content: bytes) -> dict[str, Any]:
    return {"type": "websocket.receive", "bytes": content}


def drawn(content: bytes) -> dict[str, Any]:
    return {"type": "websocket.send", "bytes": content}


class Wire:
    """The server's end of a websocket, and what became of the sign-in behind it."""

    def __init__(self, *incoming: dict[str, Any], limit: int | None = None) -> None:
        self.lasts = True
        self.incoming = deque(incoming)
        self.outgoing: list[Any] = []
        self.socket = LiveSocket(lambda: self.lasts, self._receive, self._send, limit)

    async def _receive(self) -> dict[str, Any]:
        return self.incoming.popleft()

    async def _send(self, message: Any) -> None:
        self.outgoing.append(message)


def run(story: Coroutine[Any, Any, None]) -> None:
    """Run it in a thread: a browser that an earlier test started has a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, story).result()


def test_messages_pass_while_the_sign_in_lasts() -> None:
    async def go() -> None:
        wire = Wire(sent(b"1"), {"type": "websocket.disconnect", "code": 1001})
        assert await wire.socket.receive() == sent(b"1")
        await wire.socket.send(drawn(b"2"))
        assert wire.outgoing == [drawn(b"2")]
        assert (await wire.socket.receive())["code"] == 1001

    run(go())


def test_nothing_passes_either_way_after_its_end() -> None:
    async def go() -> None:
        wire = Wire(sent(b"1"))
        wire.lasts = False
        assert await wire.socket.receive() == OVER
        await wire.socket.send(drawn(b"2"))
        assert wire.outgoing == [CLOSED]

    run(go())


def test_what_was_on_its_way_when_it_was_closed_never_arrives() -> None:
    async def go() -> None:
        wire = Wire(sent(b"1"))
        wire.lasts = False
        await wire.socket.watch()
        wire.lasts = True  # the role was given back
        assert await wire.socket.receive() == OVER

    run(go())


def test_a_script_that_goes_on_is_cut_off() -> None:
    async def go() -> None:
        wire = Wire()
        wire.lasts = False
        while CLOSED not in wire.outgoing:
            await wire.socket.send(drawn(b"more"))
            await asyncio.sleep(SEND_LOOK_SECONDS / 10)
        length = len(wire.outgoing)
        await wire.socket.send(drawn(b"more"))
        assert len(wire.outgoing) == length

    run(go())


def test_the_watch_closes_at_once_when_told_to_look() -> None:
    async def go() -> None:
        wire, sockets = Wire(), LiveSockets()
        sockets.add("ada's", wire.socket)
        watch = asyncio.create_task(wire.socket.watch())
        await asyncio.sleep(0)
        sockets.look_now("grace's")
        sockets.look_now("ada's")
        await asyncio.sleep(0)
        assert not wire.outgoing
        wire.lasts = False
        sockets.look_now("ada's")
        await watch
        assert wire.outgoing == [CLOSED]
        sockets.remove("ada's", wire.socket)
        sockets.look_now("ada's")

    run(go())


def test_an_open_page_is_told_to_ask_who_it_is_once_it_is_back() -> None:
    async def go() -> None:
        wire = Wire(sent(b"1"))
        await wire.socket.send({"type": "websocket.accept"})
        wire.lasts = False
        assert await wire.socket.receive() == OVER
        accepted, told, closed = wire.outgoing
        assert ForwardMsg.FromString(told["bytes"]).HasField("auto_rerun")
        assert (accepted["type"], closed) == ("websocket.accept", CLOSED)

    run(go())


def test_a_message_that_is_too_big_ends_it() -> None:
    async def go() -> None:
        wire = Wire(sent(b"1234"), {"type": "websocket.receive", "text": "12345"}, limit=4)
        assert await wire.socket.receive() == sent(b"1234")
        assert (await wire.socket.receive())["code"] == TOO_BIG
        assert wire.outgoing == [{"type": "websocket.close", "code": TOO_BIG}]

    run(go())


def test_what_the_application_closes_itself_is_not_closed_again() -> None:
    async def go() -> None:
        wire = Wire()
        await wire.socket.send({"type": "websocket.close", "code": 1009})
        wire.lasts = False
        await wire.socket.watch()
        assert wire.outgoing == [{"type": "websocket.close", "code": 1009}]

    run(go())
