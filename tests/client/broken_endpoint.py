"""The embedded service behind something that spoils its answers: one planted fault each."""

import json
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests
from requests.structures import CaseInsensitiveDict

from tests.serving import serving

HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "host", "date", "server"}
RESULT = b"<CompleteMultipartUploadResult><ETag>any</ETag></CompleteMultipartUploadResult>"
NO_LENGTH = b"<Error><Code>MissingContentLength</Code></Error>"
TWO_WAYS = b"<Error><Code>InvalidArgument</Code></Error>"
NOWHERE = "00000000-0000-4000-8000-000000000000"
HTML = b"<html><body>Something went wrong</body></html>"


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def to_storage(self) -> bool:
        return self.path.startswith("/files/")

    @property
    def completes(self) -> bool:
        return self.method == "POST" and self.to_storage


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: bytes = b""


Forward = Callable[[Request], Reply]
Fault = Callable[[Request, Forward], Reply]


def without(headers: Mapping[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in headers.items() if key.lower() != name.lower()}


def etags_without_quotes(request: Request, forward: Forward) -> Reply:
    reply = forward(request)
    etag = CaseInsensitiveDict(reply.headers).get("ETag")
    if request.method != "PUT" or etag is None:
        return reply
    return replace(reply, headers={**without(reply.headers, "ETag"), "ETag": etag.strip('"')})


def parts_in_any_order(request: Request, forward: Forward) -> Reply:
    if request.completes:
        rows = re.findall(rb"<Part><PartNumber>.*?</Part>", request.body)
        ordered = b"".join(sorted(rows))
        request = replace(request, body=request.body.replace(b"".join(rows), ordered))
    return forward(request)


def etags_not_compared(request: Request, forward: Forward) -> Reply:
    reply = forward(request)
    refused = request.completes and b"<Code>InvalidPart</Code>" in reply.body
    return Reply(200, {"Content-Type": "application/xml"}, RESULT) if refused else reply


def ranges_ignored(request: Request, forward: Forward) -> Reply:
    return forward(replace(request, headers=without(request.headers, "Range")))


def content_type_lost(request: Request, forward: Forward) -> Reply:
    if request.method == "PUT":
        request = replace(request, headers=without(request.headers, "Content-Type"))
    return forward(request)


def bearer_let_pass(request: Request, forward: Forward) -> Reply:
    if request.to_storage:
        request = replace(request, headers=without(request.headers, "Authorization"))
    return forward(request)


def a_field_of_another_type(request: Request, forward: Forward) -> Reply:
    reply = forward(request)
    if b"__schema" not in request.body or b"IntrospectionQuery" not in request.body:
        return reply
    content: Any = json.loads(reply.body)
    for kind in content["data"]["__schema"]["types"]:
        if kind["name"] == "Asset":
            [revision] = [one for one in kind["fields"] if one["name"] == "revisionNumber"]
            revision["type"]["name"] = "Int"
    return replace(reply, body=json.dumps(content).encode())


def errors_as_html(request: Request, forward: Forward) -> Reply:
    reply = forward(request)
    failed = request.path.startswith("/graphql") and b'"errors"' in reply.body
    return Reply(500, {"Content-Type": "text/html"}, HTML) if failed else reply


def no_introspection(request: Request, forward: Forward) -> Reply:
    if b"__schema" not in request.body:
        return forward(request)
    error = {"message": "Introspection is off.", "extensions": {"code": "FORBIDDEN"}}
    body = json.dumps({"errors": [error]}).encode()
    return Reply(403, {"Content-Type": "application/json"}, body)


# What public clients rely on (contract 19), each taken away.


def empty_header_refused(request: Request, forward: Forward) -> Reply:
    if request.to_storage and "Authorization" in request.headers:
        return Reply(400, {"Content-Type": "application/xml"}, TWO_WAYS)
    return forward(request)


def new_files_only_not_known(request: Request, forward: Forward) -> Reply:
    return forward(replace(request, headers=without(request.headers, "If-None-Match")))


def tokens_as_documented(request: Request, forward: Forward) -> Reply:
    """Read the form and nothing else, and answer with the two fields that are documented."""
    if not request.path.startswith("/oauth/token"):
        return forward(request)
    path = request.path.partition("?")[0]
    headers = without(request.headers, "Authorization")
    reply = forward(replace(request, path=path, headers=headers))
    content: Any = json.loads(reply.body) if reply.status == 200 else {}
    content.pop("token_type", None)
    return replace(reply, body=json.dumps(content).encode()) if content else reply


def no_page_let_in(request: Request, forward: Forward) -> Reply:
    is_api = not request.to_storage
    return Reply(405) if is_api and request.method == "OPTIONS" else forward(request)


def body_lost_at_an_upgrade(request: Request, forward: Forward) -> Reply:
    return forward(replace(request, body=b"") if "Upgrade" in request.headers else request)


def refusals_with_400(request: Request, forward: Forward) -> Reply:
    reply = forward(request)
    refused = request.path.startswith("/graphql") and b'"errors"' in reply.body
    return replace(reply, status=400) if refused and reply.status == 200 else reply


def schema_told_to_everybody(request: Request, forward: Forward) -> Reply:
    if b"__schema" in request.body and "Authorization" not in request.headers:
        content = b'{"data": {"__schema": {"queryType": {"name": "Query"}}}}'
        return Reply(200, {"Content-Type": "application/json"}, content)
    return forward(request)


def _with_search(request: Request, old: str, new: str) -> Request:
    if b"assetSearch" not in request.body:
        return request
    return replace(request, body=re.sub(old.encode(), new.encode(), request.body))


def a_star_is_a_word(request: Request, forward: Forward) -> Reply:
    """Look for a star in the place of everything, as for any word that nothing has."""
    return forward(_with_search(request, r'(keyword(?:\\?": |: \\)")\*', r"\1nothinghasthis"))


def phrases_are_words(request: Request, forward: Forward) -> Reply:
    return forward(_with_search(request, r'"\\"([^"]*)\\""', r'"\1"'))


def all_words_are_needed(request: Request, forward: Forward) -> Reply:
    return forward(_with_search(request, r'"keyword": "(\w+ \w+)"', r'"keyword": "\\"\1\\""'))


def filters_want_global_ids(request: Request, forward: Forward) -> Reply:
    return forward(_with_search(request, r'("place": ")[0-9a-f-]{36}"', rf'\g<1>{NOWHERE}"'))


def filters_want_bare_ids(request: Request, forward: Forward) -> Reply:
    return forward(_with_search(request, r'("place": ")[\w=]{37,}"', rf'\g<1>{NOWHERE}"'))


def every_page_is_the_first(request: Request, forward: Forward) -> Reply:
    return forward(_with_search(request, r', "after": "[^"]*"', ""))


@contextmanager
def running_broken(service_url: str, faults: Sequence[Fault]) -> Generator[str]:
    """Pass everything to the service, through these faults; yields the address to use."""
    http = requests.Session()
    http.trust_env = False

    def to_service(request: Request) -> Reply:
        answer = http.request(
            request.method,
            service_url + request.path,
            headers=dict(request.headers),
            data=request.body,
            timeout=60,
            allow_redirects=False,
        )
        return Reply(answer.status_code, dict(answer.headers), answer.content)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else each answer after the first waits 40 ms

        def pass_on(self) -> None:
            if "Transfer-Encoding" in self.headers:
                self.close_connection = True
                self.reply(Reply(411, {"Content-Type": "application/xml"}, NO_LENGTH))
                return
            request = Request(
                self.command,
                self.path,
                {name: text for name, text in self.headers.items() if name.lower() != "host"},
                self.rfile.read(int(self.headers.get("Content-Length", "0"))),
            )
            self.reply(chain(faults, to_service)(request))

        def reply(self, reply: Reply) -> None:
            body = reply.body.replace(service_url.encode(), url.encode())
            self.send_response(reply.status)
            for name, text in reply.headers.items():
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, text)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self.pass_on
            raise AttributeError(name)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    url = f"http://127.0.0.1:{server.server_address[1]}"
    with http, serving(server):
        yield url


def chain(faults: Sequence[Fault], last: Forward) -> Forward:
    """Return what passes a request through every fault, the first one outermost."""
    if not faults:
        return last
    return lambda request: faults[0](request, chain(faults[1:], last))
