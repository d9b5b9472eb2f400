"""An answer to a request whose body is still coming, without a socket."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest
from anyio.from_thread import start_blocking_portal
from starlette.responses import Response
from starlette.types import Message

from asgi.request_body import ClientGone, RequestBody, respond

MORE: Message = {"type": "http.request", "body": b"abc", "more_body": True}
LAST: Message = {"type": "http.request", "body": b"d", "more_body": False}
GONE: Message = {"type": "http.disconnect"}


def answered(*messages: Message, read: bool = False) -> tuple[list[Message], list[Message]]:
    """Answer a request; return what was sent, and which messages of the client were not read."""
    waiting, sent = list(messages), list[Message]()

    async def receive() -> Message:
        if not waiting:
            await asyncio.sleep(60)
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    async def run() -> None:
        body = RequestBody(receive, 1)
        while read and not body.finished:
            await body.next_block()
        await respond(Response(b"no", 403), body, {"type": "http"}, receive, send)

    # A thread of its own: the browser tests leave an event loop running in this one.
    with start_blocking_portal() as portal:
        portal.call(run)
    return sent, waiting


def content_of(sent: Iterable[Message]) -> list[tuple[bytes, bool]]:
    return [(one["body"], one.get("more_body", False)) for one in sent if "body" in one]


def test_an_answer_to_a_whole_body_keeps_the_connection() -> None:
    sent, _ = answered(MORE, LAST, read=True)
    assert content_of(sent) == [(b"no", False)]
    assert b"connection" not in dict(sent[0]["headers"])


def test_an_answer_goes_out_before_the_rest_is_read_and_closes_after_it() -> None:
    sent, unread = answered(MORE, MORE, LAST)
    assert content_of(sent) == [(b"no", True), (b"", False)]
    assert dict(sent[0]["headers"])[b"connection"] == b"close"
    assert unread == []


@pytest.mark.parametrize("messages", [(MORE,), (MORE, GONE)], ids=["silent", "gone"])
def test_a_client_that_sends_no_more_is_not_waited_for(
    messages: tuple[Message, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asgi.request_body.LINGER_IDLE_SECONDS", 0.05)
    sent, _ = answered(*messages)
    assert content_of(sent) == [(b"no", True), (b"", False)]


def test_what_is_read_of_a_refused_body_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asgi.request_body.LINGER_BYTES", 5)
    _, unread = answered(MORE, MORE, MORE, LAST)
    assert unread == [MORE, LAST]


def test_a_client_that_leaves_is_no_end_of_its_body() -> None:
    async def receive() -> Any:
        return GONE

    with start_blocking_portal() as portal, pytest.raises(ClientGone):
        portal.call(RequestBody(receive, 1).next_block)
