"""A small endpoint and store on a real socket, which fails where a test tells it to."""

import hashlib
import json
import re
import sys
import time
from base64 import b64decode
from collections import defaultdict, deque
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

from client.api.api import Api
from client.connection.connection import ClientCredentials, Connection
from client.wire.retry import RetryPolicy
from tests.serving import serving

QUICK = RetryPolicy(tries=5, base=0.01, cap=0.1)
SIGNED = "X-Amz-Date=20991122T101500Z&X-Amz-Expires=3600&X-Amz-Signature=0123456789abcdef"
HTML = b"<html><body>Bad gateway</body></html>"

Action = Callable[["Handler"], None]


def s3_error(code: str, message: str = "as told", **elements: str) -> bytes:
    extra = "".join(f"<{name}>{value}</{name}>" for name, value in elements.items())
    return f"<Error><Code>{code}</Code><Message>{message}</Message>{extra}</Error>".encode()


def answer(status: int, body: bytes = b"", **headers: str) -> Action:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler: handler.reply(status, body, named)


def graphql_error(message: str, code: str | None = None, status: int = 200) -> Action:
    error: dict[str, Any] = {"message": message}
    if code:
        error["extensions"] = {"code": code}
    return answer(status, json.dumps({"errors": [error], "data": None}).encode())


def drop(handler: "Handler") -> None:
    """Close the connection without a word."""
    handler.close_connection = True


def slow(seconds: float) -> Action:
    def wait(handler: "Handler") -> None:
        time.sleep(seconds)
        handler.carry_on()

    return wait


def lose_answer(handler: "Handler") -> None:
    """Do what was asked, then close the connection without a word."""
    handler.silent = True
    handler.carry_on()
    handler.close_connection = True


@dataclass
class Seen:
    what: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class ScriptedEndpoint:
    url: str = ""
    min_part_size: int = 4
    size_fields: tuple[str, ...] = ("fileSize", "filesize")
    introspection: bool = True
    tells_everybody: bool = False
    takes_content_md5: bool = True
    complete_etag: str | None = None
    expires_in: int = 300
    parts: dict[int, bytes] = field(default_factory=dict[int, bytes])
    stored: bytes | None = None
    content_type: str = "binary/octet-stream"
    completed: bool = False
    tokens: int = 0
    seen: list[Seen] = field(default_factory=list[Seen])
    script: dict[str, deque[Action]] = field(
        default_factory=lambda: defaultdict[str, deque[Action]](deque)
    )

    def on(self, what: str, *actions: Action) -> None:
        """Let the next requests of this kind meet these actions, one each."""
        self.script[what].extend(actions)

    def times(self, what: str) -> int:
        return sum(seen.what == what for seen in self.seen)

    def last(self, what: str) -> Seen:
        return next(seen for seen in reversed(self.seen) if seen.what == what)

    def connection(self, **changes: Any) -> Connection:
        values: dict[str, Any] = {
            "name": "scripted",
            "graphql_url": f"{self.url}/graphql",
            "token_url": f"{self.url}/token",
            "credentials": ClientCredentials("demo", "s+cret/value"),
            "single_limit": 50,
            "multipart_limit": 10_000_000,
        }
        return Connection(**values | changes)

    def api(self, policy: RetryPolicy = QUICK, **changes: Any) -> Api:
        return Api(self.connection(**changes), policy=policy)

    @property
    def etag(self) -> str:
        data = self.stored or b""
        if not self.completed:
            return f'"{hashlib.md5(data).hexdigest()}"'  # noqa: S324
        digests = b"".join(hashlib.md5(part).digest() for _, part in sorted(self.parts.items()))  # noqa: S324
        return f'"{hashlib.md5(digests).hexdigest()}-{len(self.parts)}"'  # noqa: S324


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    endpoint: ScriptedEndpoint
    silent = False
    body = b""

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        self.meet()

    do_PUT = do_GET = do_DELETE = do_POST  # noqa: N815 - the names http.server looks for

    def meet(self) -> None:
        self.silent = False
        self.body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        what = self.what()
        self.endpoint.seen.append(Seen(what, dict(self.headers), self.body))
        actions = self.endpoint.script[what]
        (actions.popleft() if actions else Handler.carry_on)(self)

    def what(self) -> str:
        split = urlsplit(self.path)
        name = split.path.strip("/")
        if name == "part":
            return f"part {parse_qs(split.query)['partNumber'][0]}"
        return "introspection" if b"__schema" in self.body else name

    def reply(
        self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> None:
        if self.silent:
            return
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def carry_on(self) -> None:
        what = self.what()
        if what.startswith("part "):
            self.take_part(int(what.removeprefix("part ")))
        else:
            {
                "token": self.give_token,
                "graphql": self.answer_graphql,
                "introspection": self.answer_introspection,
                "single": self.take_single,
                "complete": self.complete,
                "object": self.give_object,
            }[what]()

    def give_token(self) -> None:
        form = parse_qs(self.body.decode())
        if form["client_secret"] != ["s+cret/value"]:
            problem = {"error": "invalid_client", "error_description": "client secret not valid"}
            self.reply(400, json.dumps(problem).encode())
            return
        self.endpoint.tokens += 1
        token = {
            "access_token": f"eyJraWQi.token.{self.endpoint.tokens}",
            "expires_in": self.endpoint.expires_in,
        }
        self.reply(200, json.dumps(token).encode())

    def answer_introspection(self) -> None:
        if "Authorization" not in self.headers and not self.endpoint.tells_everybody:
            graphql_error("who asks?", "UNAUTHENTICATED", status=401)(self)
            return
        if "Authorization" in self.headers and not self.endpoint.introspection:
            graphql_error("GraphQL introspection is not allowed", status=400)(self)
            return
        fields = [{"name": name} for name in self.endpoint.size_fields]
        argument = {"name": "input", "type": {"ofType": {"inputFields": fields}}}
        mutation = {"name": "createTempFileMultipartUploadUrl", "args": [argument]}
        self.reply_data({"__schema": {"mutationType": {"fields": [mutation]}}})

    def answer_graphql(self) -> None:
        query = json.loads(self.body)["query"]
        if "createTempFileUploadUrl" in query:
            urls = {"uploadUrl": self.url("single?"), "downloadUrl": self.url("object?")}
            aliases = re.findall(r"(\w+): createTempFileUploadUrl", query)
            self.reply_data(dict.fromkeys(aliases or ["createTempFileUploadUrl"], urls))
        elif "createTempFileMultipartUploadUrl" in query:
            self.answer_multipart(query)
        else:
            self.reply_data({"echo": json.loads(self.body).get("variables")})

    def answer_multipart(self, query: str) -> None:
        match = re.search(r"\{ (file[sS]ize): (\d+) \}", query)
        assert match
        if match[1] not in self.endpoint.size_fields:
            graphql_error(f'Field "{match[1]}" is not defined by type "Input".', status=400)(self)
            return
        count = -(-int(match[2]) // self.endpoint.min_part_size)
        payload = {
            "downloadUrl": self.url("object?"),
            "completeUrl": self.url("complete?uploadId=u1&"),
            "uploadPartUrls": [
                self.url(f"part?partNumber={number}&uploadId=u1&") for number in range(1, count + 1)
            ],
            "minPartSize": self.endpoint.min_part_size,
            "maxPartSize": 2_147_483_648,
        }
        self.reply_data({"createTempFileMultipartUploadUrl": payload})

    def reply_data(self, data: object) -> None:
        self.reply(200, json.dumps({"data": data}).encode())

    def url(self, rest: str) -> str:
        return f"{self.endpoint.url}/{rest}{SIGNED}"

    def refuses_headers(self) -> bool:
        if self.headers.get("Authorization"):
            self.reply(400, s3_error("InvalidArgument", "Only one auth mechanism allowed"))
            return True
        md5 = self.headers.get("Content-MD5")
        if md5 and not self.endpoint.takes_content_md5:
            self.reply(403, s3_error("AccessDenied", "not signed", HeadersNotSigned="content-md5"))
            return True
        if md5 and b64decode(md5) != hashlib.md5(self.body).digest():  # noqa: S324
            self.reply(400, s3_error("BadDigest"))
            return True
        return False

    def take_part(self, number: int) -> None:
        if not self.refuses_headers():
            self.endpoint.parts[number] = self.body
            self.reply_etag(self.body)

    def take_single(self) -> None:
        if not self.refuses_headers():
            self.endpoint.stored = self.body
            self.endpoint.content_type = self.headers.get("Content-Type", "binary/octet-stream")
            self.reply_etag(self.body)

    def reply_etag(self, body: bytes) -> None:
        self.reply(200, headers={"ETag": f'"{hashlib.md5(body).hexdigest()}"'})  # noqa: S324

    def complete(self) -> None:
        if self.endpoint.completed:
            self.reply(404, s3_error("NoSuchUpload"))
            return
        root = ElementTree.fromstring(self.body)  # noqa: S314 - our own client's document
        space = "{http://s3.amazonaws.com/doc/2006-03-01/}"
        numbers = [int(part.findtext(f"{space}PartNumber") or 0) for part in root]
        self.endpoint.stored = b"".join(self.endpoint.parts[number] for number in numbers)
        self.endpoint.completed = True
        etag = self.endpoint.etag if self.endpoint.complete_etag is None else ""
        result = (
            f"<CompleteMultipartUploadResult><ETag>{etag}</ETag></CompleteMultipartUploadResult>"
        )
        self.reply(200, result.encode())

    def give_object(self) -> None:
        data = self.endpoint.stored
        if data is None:
            self.reply(404, s3_error("NoSuchKey"))
            return
        headers = {"ETag": self.endpoint.etag, "Content-Type": self.endpoint.content_type}
        match = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if not match:
            self.reply(200, data, headers)
            return
        start, end = int(match[1]), int(match[2] or len(data) - 1)
        headers["Content-Range"] = f"bytes {start}-{end}/{len(data)}"
        self.reply(206, data[start : end + 1], headers)


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        """Let pass that a client went away, which some tests are about."""
        if not isinstance(sys.exception(), ConnectionError):
            raise


@contextmanager
def running_endpoint() -> Generator[ScriptedEndpoint]:
    endpoint = ScriptedEndpoint()
    handler = type("BoundHandler", (Handler,), {"endpoint": endpoint})
    with serving(QuietServer(("127.0.0.1", 0), handler)) as port:
        endpoint.url = f"http://127.0.0.1:{port}"
        yield endpoint
