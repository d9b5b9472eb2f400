"""Bad input: it may be refused in many ways, but it is never granted and never fails the service.

`FUZZ` multiplies the inputs; at 1 there are 100,000 in well under a minute.
"""

import os
import random
import secrets
from collections.abc import Generator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import defusedxml.ElementTree
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette.applications import Starlette

from service.app import standalone
from service.auth.keys import load_service_keys
from service.auth.signing import SignedRequest, SigningKey, UrlSigner, UrlVerifier
from service.errors import S3ApiError
from service.http.file_headers import KEPT
from service.s3_api.xml import error_document, read_complete
from tests.service.api_client import part_list
from tests.service.live import SMALL, make_settings

FUZZ = float(os.environ.get("FUZZ", "1"))
URLS, DOCUMENTS, REQUESTS = (int(count * FUZZ) for count in (50_000, 40_000, 10_000))

KEY = SigningKey("LOCALKEY", "secret", "local")
NOON = 1_790_000_000.0
HOST = "files.example:8501"
BYTES = [chr(code) for code in range(256)]
PIECES = (
    *("&", "=", "%", "+", "/", "//", ".", "..", "/../", ";", "?", "#", "%00", "%2F", "%2f", "%26"),
    *("%FF", "%C3", "%zz", "%%", "ä", "\u2028", "0", "1", "X-Amz-", "X-Amz-Expires=99999"),
    *("uploadId=x", "partNumber=2", "&partNumber=2", "&uploadId=other", "X-Amz-Date=", "host"),
    *("99991231T235959Z", "00010101T000000Z", "GET", "AWS4-HMAC-SHA256", "9" * 400, "host;x-a"),
)


@pytest.fixture
def chance() -> random.Random:
    """New inputs each run; `SEED` repeats a run that failed."""
    seed = int(os.environ.get("SEED", str(secrets.randbits(32))))
    print(f"SEED={seed}")  # noqa: T201 - pytest shows it when the test fails
    return random.Random(seed)  # noqa: S311 - repeatable, not secret


def mutated(text: str, chance: random.Random) -> str:
    """Insert, delete, replace, double, swap or re-encode pieces of a text, one to four times."""
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        start = chance.randrange(len(text) + 1)
        stop = min(len(text), start + chance.choice((0, 1, 1, 2, 8, 40)))
        piece = text[start:stop]
        text = text[:start] + _instead(piece, text, chance) + text[stop:]
    return text


def _instead(piece: str, text: str, chance: random.Random) -> str:
    place = chance.randrange(len(text) + 1)
    return chance.choice(
        (
            "",
            chance.choice(BYTES),
            chance.choice(PIECES),
            piece + chance.choice(PIECES),
            piece * 2,
            text[place : place + len(piece)],
            piece.swapcase(),
            "".join(f"%{ord(character):02X}" for character in piece if ord(character) < 256),
            unquote(piece),
        )
    )


# Signed URLs


def meaning(request: SignedRequest) -> tuple[Any, ...]:
    """What a request asks for, read without the code under test.

    AWS signs the decoded path and the sorted, decoded parameters. So other encodings of the same
    characters, another order of the parameters, empty items between `&` and an `=` added to or
    missing after an empty value are the same request, and stay granted; so is the host in capitals
    (RFC 3986 section 6.2.2.1), and without a number after its colon. Everything else is not.
    """
    items = [item for item in request.query.split("&") if item]
    pairs = [item.split("=", 1) if "=" in item else [item, ""] for item in items]
    decoded = sorted((unquote(name), unquote(value)) for name, value in pairs)
    host = " ".join(request.headers.get("host", "").lower().split())
    return request.method, unquote(request.path), decoded, host


def signed_requests() -> list[SignedRequest]:
    signer = UrlSigner(KEY, f"http://{HOST}", 3600, lambda: NOON)
    operations: list[tuple[str, str, Mapping[str, str]]] = [
        ("GET", "/files/0123456789abcdef", {}),
        ("PUT", "/files/0123456789abcdef", {"partNumber": "1", "uploadId": "a-b_c"}),
        ("POST", "/files/0123456789abcdef", {"uploadId": "a-b_c"}),
        ("PUT", f"/files/{quote('ä +&=%/?')}", {"sign & name": "+ä/?=", "empty": ""}),
    ]
    requests: list[SignedRequest] = []
    for method, path, parameters in operations:
        url = urlsplit(signer.sign(method, path, parameters))
        requests.append(SignedRequest(method, url.path, url.query, {"host": HOST}))
    return requests


def forged(request: SignedRequest, chance: random.Random) -> SignedRequest:
    kind = chance.randrange(10)
    if kind < 6:
        return replace(request, query=mutated(request.query, chance))
    if kind == 6:
        return replace(request, path=mutated(request.path, chance))
    if kind == 7:
        return replace(request, headers={"host": mutated(HOST, chance)})
    if kind == 8:
        method = chance.choice(("GET", "HEAD", "PUT", "POST", "DELETE", "get", ""))
        return replace(request, method=method, query=mutated(request.query, chance))
    noise = "".join(chance.choices(BYTES, k=chance.randrange(200)))
    return replace(request, query=noise)


def test_no_changed_url_is_granted(chance: random.Random) -> None:
    verifier = UrlVerifier(KEY, lambda: NOON)
    originals = signed_requests()
    granted = refused = 0
    for _ in range(URLS):
        original = chance.choice(originals)
        request = forged(original, chance)
        try:
            verifier.verify(request)
        except S3ApiError as error:
            refused += error.status in (400, 403)
        else:
            assert meaning(request) == meaning(original), request
            granted += 1
    assert refused + granted == URLS
    assert refused > granted > 0


def test_every_other_encoding_of_a_url_stays_granted(chance: random.Random) -> None:
    verifier = UrlVerifier(KEY, lambda: NOON)
    for original in signed_requests():
        for _ in range(200):
            items = original.query.split("&")
            chance.shuffle(items)
            query = "&".join(_reencoded(item, chance) for item in items)
            verifier.verify(replace(original, query=query))


def _reencoded(item: str, chance: random.Random) -> str:
    name, _, value = item.partition("=")
    return "=".join(
        "".join(
            f"%{byte:02x}" if chance.random() < 0.5 else quote(bytes([byte]), safe="")
            for byte in unquote(part).encode()
        )
        for part in (name, value)
    )


# The complete request


def documents() -> list[str]:
    etags = ['"0cc175b9c0f1b6a831c399e269772661"', "92eb5ffee6ae2fec3ad71c777531578f"]
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    namespace = '<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    checksum = "<ChecksumSHA256>LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=</ChecksumSHA256>"
    return [
        part_list(etags),
        head + part_list(etags).replace("<CompleteMultipartUpload>", namespace),
        part_list(etags).replace("</ETag>", f"</ETag>{checksum}"),
        f'{head}<!DOCTYPE a [<!ENTITY b "c">]>{part_list(["&b;"])}',
    ]


XML_PIECES = (
    *("<", ">", "</", "/>", "&", "&amp;", "&#0;", "&#xD800;", "&quot;", "<!--", "-->", "<![CDATA["),
    *("]]>", "<?", "?>", "<!DOCTYPE x>", '<!ENTITY a "b">', 'xmlns:a="b"', "a:", "\x00", "\ufffe"),
    *("<Part>", "</Part>", "<PartNumber>", "<ETag>", "9" * 30, "-1", "1e3", "\u0661", "<Part/>"),
)


def broken_document(chance: random.Random) -> bytes:
    if chance.random() < 0.1:
        return chance.randbytes(chance.randrange(300))
    text = chance.choice(documents())
    if chance.random() < 0.7:
        place = chance.randrange(len(text) + 1)
        text = text[:place] + chance.choice(XML_PIECES) + text[place:]
    text = mutated(text, chance)
    encoding = chance.choice(("utf-8", "utf-8", "utf-8", "utf-16", "utf-32", "latin-1"))
    return text.encode(encoding, errors="replace")


CODES = {"MissingRequestBodyError", "MalformedXML", "InvalidRequest"}


def test_no_broken_list_of_parts_is_more_than_a_refusal(chance: random.Random) -> None:
    refused = accepted = 0
    for _ in range(DOCUMENTS):
        document = broken_document(chance)
        try:
            listed = read_complete(document)
        except S3ApiError as error:
            refused += error.status == 400 and error.code in CODES
            defusedxml.ElementTree.fromstring(error_document(error, "/files/x", "ID"))
        else:
            assert listed
            assert all(0 <= part.number <= 99_999 for part in listed)
            # An ETag of quotes alone is one that matches no part: InvalidPart, at the store.
            assert all(part.etag is not None or part.checksums for part in listed)
            accepted += 1
    assert refused + accepted == DOCUMENTS
    assert refused > accepted > 0


# Whole requests, through routing, signatures, headers and bodies


class Wire:
    """Calls the application as a server would, without a socket."""

    def __init__(self, app: Starlette, portal: BlockingPortal) -> None:
        self._app = app
        self._portal = portal

    def ask(self, method: str, target: str, headers: list[tuple[str, str]], body: bytes) -> int:
        path, _, query = target.partition("?")
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [
                (name.lower().encode(), value.encode("latin-1")) for name, value in headers
            ],
            "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 1),
        }
        return self._portal.call(self._call, scope, body)

    async def _call(self, scope: dict[str, Any], body: bytes) -> int:
        messages = [{"type": "http.request", "body": body, "more_body": False}]
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return messages.pop() if messages else {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        return sent[0]["status"] if sent else 0  # nobody is told anything who has left


@pytest.fixture
def wire(tmp_path: Path) -> Generator[tuple[Wire, UrlSigner], None, None]:
    settings = make_settings(tmp_path, **SMALL, access_log="off")
    app = standalone(settings)
    key = load_service_keys(settings).url_key
    signer = UrlSigner(key, settings.public_url, 3600)
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(app.router.lifespan_context(app)),
    ):
        yield Wire(app, portal), signer


HEADER_VALUES = (
    *("bytes=0-", "bytes=-5", "bytes=5-1", "bytes=0-0,2-3", f"bytes={'9' * 30}-", "bytes=--", ""),
    *('"x"', "*", "W/*", "Mon, 01 Jan 0001 00:00:00 GMT", "Fri, 31 Dec 99999999999 23:59:59 GMT"),
    *("Mon, 01 Jan 2026 00:00:00 +9999", "Bearer x", "Basic eA==", "chunked", "0", "-1", "7", "9"),
    *('inline; filename="\xc3\xa4"', "gzip", "aws-chunked", "\x01", "\t", "max-age=1", "b" * 3000),
    *("1e3", "18446744073709551616", "image/png", "a" * 300, "\xe4", "XUFAKrxLKna5cZ2REBfFkg=="),
)
HEADER_NAMES = (
    *("Range", "If-Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"),
    *("Content-Length", "Content-Type", "Content-MD5", "Transfer-Encoding", "Authorization"),
    *KEPT,
    *(
        "Origin",
        "Access-Control-Request-Headers",
        "Accept",
        "x-amz-acl",
        "Host",
        "Expect",
        "Cookie",
    ),
)
METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "BREW")


def strange_request(
    signer: UrlSigner, chance: random.Random
) -> tuple[str, str, list[tuple[str, str]], bytes]:
    method = chance.choice(METHODS)
    parameters = chance.choice(
        (
            {},
            {"uploadId": chance.choice(("x", "", "ä"))},
            {"uploadId": "x", "partNumber": chance.choice(("1", "0", "x", "10001", "²", "9" * 50))},
            {"acl": ""},
        )
    )
    path = f"/files/{chance.choice(('known', 'unknown', 'a%00b', '%E4', '..', 'x' * 300))}"
    url = urlsplit(signer.sign(method, path, parameters))
    target = f"{url.path}?{url.query}"
    if chance.random() < 0.2:
        target = mutated(target, chance).encode("ascii", errors="replace").decode()
    headers = [("Host", url.netloc)] if chance.random() < 0.95 else []
    for _ in range(chance.choice((0, 1, 1, 2, 4))):
        value = chance.choice(HEADER_VALUES)
        if chance.random() < 0.3:
            value = mutated(value, chance).encode("latin-1", errors="replace").decode("latin-1")
        headers.append((chance.choice(HEADER_NAMES), value.replace("\n", "").replace("\r", "")))
    body = chance.choice((b"", b"content", broken_document(chance)))
    if chance.random() < 0.7:
        headers.append(("Content-Length", str(len(body))))
    return method, target, headers, body


def _asks_for_what_s3_has_not(
    request: tuple[str, str, list[tuple[str, str]], bytes], status: int
) -> bool:
    method, _, headers, _ = request
    return (status, method) in {(501, "PUT"), (501, "POST")} and "If-None-Match" in dict(headers)


def test_no_request_makes_the_service_fail(
    wire: tuple[Wire, UrlSigner], chance: random.Random
) -> None:
    app, signer = wire
    known = urlsplit(signer.sign("PUT", "/files/known"))
    head = [("Host", known.netloc), ("Content-Length", "7")]
    assert app.ask("PUT", f"{known.path}?{known.query}", head, b"content") == 200
    statuses: set[int] = set()
    for _ in range(REQUESTS):
        request = strange_request(signer, chance)
        status = app.ask(*request)
        assert status < 500 or _asks_for_what_s3_has_not(request, status), request
        statuses.add(status)
    assert statuses >= {200, 400, 403, 404, 405, 411}  # the inputs reach behind the signature
