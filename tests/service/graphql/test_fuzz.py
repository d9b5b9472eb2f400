"""Whatever is sent, the answer is GraphQL, and never our own failure.

`FUZZ` multiplies the inputs, some 500 at 1. They go straight into the application, without a
socket between.
"""

import json
import os
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import anyio.from_thread
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.types import Message

from service.app import build_service
from service.graphql.schema import load_schema
from tests.service.graphql.documents import documents, json_values, texts
from tests.service.live import SMALL, make_settings

INPUTS = int(500 * float(os.environ.get("FUZZ", "1")))
STATUSES = {200, 400, 401, 405, 406, 415}
PAT = "amp_pat_fuzz"
JSON = "application/json"
Headers = list[tuple[bytes, bytes]]
USUAL: Headers = [(b"authorization", f"Bearer {PAT}".encode()), (b"content-type", JSON.encode())]


def many(share: float) -> settings:
    """Settings of a test that sends this share of the inputs."""
    return settings(
        max_examples=max(1, round(INPUTS * share)),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        database=None,
    )


@dataclass
class Target:
    """The application, called in a thread of its own; counts what it answers."""

    app: Starlette
    portal: anyio.from_thread.BlockingPortal
    counts: Counter[str] = field(default_factory=Counter[str])

    def send(
        self, body: bytes, headers: Headers = USUAL, method: str = "POST", query: bytes = b""
    ) -> None:
        status, content = self.portal.call(self._send, body, headers, method, query)
        assert status in STATUSES, (status, content)
        answer = json.loads(content)
        assert set(answer) <= {"data", "errors"}
        for error in answer.get("errors", []):
            assert error["message"]
            assert error["extensions"]["code"] != "INTERNAL_SERVER_ERROR"
        codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
        self.counts[f"{status} {' '.join(sorted(codes)) or 'data'}"] += 1

    async def _send(
        self, body: bytes, headers: Headers, method: str, query: bytes
    ) -> tuple[int, bytes]:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        length = (b"content-length", str(len(body)).encode())
        scope = {
            "type": "http",
            "method": method,
            "path": "/graphql",
            "raw_path": b"/graphql",
            "query_string": query,
            "headers": [*headers, length],
        }
        await self.app(scope, receive, send)
        return sent[0]["status"], b"".join(part.get("body", b"") for part in sent[1:])


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Generator[Target, None, None]:
    service = build_service(
        make_settings(tmp_path_factory.mktemp("fuzz"), **SMALL, pats=PAT, access_log="off")
    )
    app = Starlette(routes=service.routes)
    with (
        anyio.from_thread.start_blocking_portal() as portal,
        portal.wrap_async_context_manager(service.lifespan()),
    ):
        target = Target(app, portal)
        yield target
    print(f"\n{target.counts.total()} inputs: {dict(target.counts.most_common())}")  # noqa: T201


def body_of(query: str, variables: Any = None) -> bytes:
    return json.dumps({"query": query, "variables": variables}).encode()


@many(0.4)
@given(query=documents(load_schema()), values=st.lists(json_values, max_size=3))
def test_random_documents(target: Target, query: str, values: list[Any]) -> None:
    target.send(body_of(query, {f"v{number}": value for number, value in enumerate(values)}))


@many(0.2)
@given(
    body=st.one_of(
        json_values.map(lambda value: json.dumps(value).encode()),
        st.dictionaries(
            st.sampled_from(["query", "variables", "operationName", "extensions", "id"]),
            st.one_of(json_values, st.sampled_from(["{viewer{id}}", "query A{__typename}", "A"])),
        ).map(lambda value: json.dumps(value).encode()),
        st.text().map(lambda text: json.dumps({"query": text}).encode()),
        st.binary(max_size=200),
        st.sampled_from(
            [b'{"query": "' + b"{" * 9_000, b"[" * 9_000, b"\xff\xfe{\x00}\x00", b'{"query":1e999}']
        ),
    )
)
def test_random_bodies(target: Target, body: bytes) -> None:
    target.send(body)


names = st.sampled_from(
    [b"accept", b"content-type", b"authorization", b"content-encoding", b"x-amz-date", b"cookie"]
)
header_values = st.one_of(
    st.sampled_from(
        [
            JSON.encode(),
            b"application/graphql-response+json",
            b"application/json;q=0, */*",
            b"*/*;q=2",
            b"application/json; charset=utf-16",
            b"text/html",
            f"bearer {PAT}".encode(),
            b"Bearer a.b.c",
            b"Bearer amp_pat_",
            b",;=q",
        ]
    ),
    st.binary(max_size=40),
)


@many(0.2)
@given(
    headers=st.lists(st.tuples(names, header_values), max_size=4),
    method=st.sampled_from(["POST", "GET", "PUT", "HEAD", "DELETE", "QUERY"]),
    usual=st.booleans(),
)
def test_random_headers(target: Target, headers: Headers, method: str, usual: bool) -> None:
    chosen = [*headers, *(USUAL if usual else [])]
    target.send(body_of("{ viewer { id } }"), chosen, method, b"query=%7Bviewer%7Bid%7D%7D")


parameters = st.builds(
    "{}={}".format,
    st.sampled_from(["query", "variables", "operationName", "extensions"]),
    st.one_of(texts, st.sampled_from(["{viewer{id}}", "mutation{__typename}", "%ff", "{}"])),
)


@many(0.2)
@given(
    query=st.one_of(
        st.binary(max_size=60),
        st.lists(parameters, max_size=5).map(lambda pairs: "&".join(pairs).encode()),
    )
)
def test_random_query_strings(target: Target, query: bytes) -> None:
    target.send(b"", USUAL, "GET", query)
