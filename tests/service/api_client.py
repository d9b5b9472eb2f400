"""A small client for the tests: it knows the wire, and nothing of the service's insides."""

import math
import socket
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import defusedxml.ElementTree
import requests

SINGLE = "mutation { createTempFileUploadUrl { uploadUrl downloadUrl } }"
MULTIPART = """mutation ($size: Float!) {
  createTempFileMultipartUploadUrl(input: { filesize: $size }) {
    downloadUrl completeUrl uploadPartUrls minPartSize maxPartSize
  }
}"""
PART = 100_000  # the minimum of the shared service
BLOCKS = [bytes([number]) * PART for number in range(1, 3)] + [b"end"]
SIZE = sum(len(block) for block in BLOCKS)
TOKEN_SECONDS = 200  # then another is asked for: it lives for 300


@dataclass
class Api:
    """Calls to one running service."""

    base_url: str
    client_id: str
    client_secret: str
    http: requests.Session = field(default_factory=requests.Session)
    _token: str = ""
    _stale: float = math.inf
    patience: float = 60
    """Seconds to wait for GraphQL's answer."""

    def __post_init__(self) -> None:
        self.http.trust_env = False

    def ask_token(self, **form: str) -> requests.Response:
        return self.http.post(f"{self.base_url}/oauth/token", data=form, timeout=10)

    def token(self) -> str:
        if not self._token or time.monotonic() > self._stale:
            answer = self.ask_token(
                grant_type="client_credentials",
                client_id=self.client_id,
                client_secret=self.client_secret,
            )
            self._token = answer.json()["access_token"]
            self._stale = time.monotonic() + TOKEN_SECONDS
        return self._token

    def forget_token(self) -> None:
        self._token = ""

    def graphql(self, query: str, variables: Mapping[str, Any] | None = None) -> requests.Response:
        return self.post_graphql({"query": query, "variables": variables})

    def post_graphql(self, body: Any, **headers: str) -> requests.Response:
        return self.http.post(
            f"{self.base_url}/graphql",
            json=body,
            headers={"Authorization": f"Bearer {self.token()}", **headers},
            timeout=self.patience,
        )

    def single(self) -> dict[str, str]:
        return self.graphql(SINGLE).json()["data"]["createTempFileUploadUrl"]

    def multipart(self, size: int) -> dict[str, Any]:
        answer = self.graphql(MULTIPART, {"size": size}).json()
        return answer["data"]["createTempFileMultipartUploadUrl"]

    def put(self, url: str, data: Any = b"", **headers: str) -> requests.Response:
        return self.http.put(url, data=data, headers=headers, timeout=30)

    def get(self, url: str, **headers: str) -> requests.Response:
        return self.http.get(url, headers=headers, timeout=30)

    def complete(self, url: str, body: str | bytes) -> requests.Response:
        headers = {"Content-Type": "application/xml"}
        return self.http.post(url, data=body, headers=headers, timeout=30)

    def put_parts(self, urls: Iterable[str], parts: Iterable[bytes]) -> list[str]:
        answers = [self.put(url, part) for url, part in zip(urls, parts, strict=False)]
        assert [answer.status_code for answer in answers] == [200] * len(answers)
        return [answer.headers["ETag"] for answer in answers]


def uploaded(api: Api, blocks: Sequence[bytes] = BLOCKS) -> tuple[dict[str, Any], list[str]]:
    urls = api.multipart(SIZE)
    return urls, api.put_parts(urls["uploadPartUrls"], blocks)


def part_list(etags: Iterable[str], first: int = 1) -> str:
    """The complete request for parts numbered from `first`."""
    rows = (
        f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>"
        for number, etag in enumerate(etags, first)
    )
    return f"<CompleteMultipartUpload>{''.join(rows)}</CompleteMultipartUpload>"


def xml(answer: requests.Response) -> Element:
    assert answer.headers["Content-Type"] == "application/xml"
    return defusedxml.ElementTree.fromstring(answer.content)


def error(answer: requests.Response) -> tuple[int, dict[str, str]]:
    """Status and elements of an S3 error document."""
    root = xml(answer)
    assert root.tag == "Error"
    return answer.status_code, {child.tag: child.text or "" for child in root}


def error_code(answer: requests.Response) -> tuple[int, str]:
    status, elements = error(answer)
    assert {"Code", "Message", "Resource", "RequestId", "HostId"} <= elements.keys()
    return status, elements["Code"]


def send_head(url: str, *headers: str, method: str = "PUT") -> socket.socket:
    """Open a connection and send the head of a request, without a body."""
    parts = urlsplit(url)
    connection = socket.create_connection((parts.hostname or "", parts.port or 80), timeout=15)
    target = f"{parts.path}?{parts.query}"
    lines = [f"{method} {target} HTTP/1.1", f"Host: {parts.netloc}", *headers, "", ""]
    connection.sendall("\r\n".join(lines).encode())
    return connection


def read_all(connection: socket.socket) -> bytes:
    """Read until the server closes."""
    received = b""
    while block := connection.recv(65536):
        received += block
    return received


def wait_until(condition: Any, seconds: float = 60, pause: float = 0.02) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true"
        time.sleep(pause)
