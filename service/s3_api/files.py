"""The HTTP side of temp files: what an S3-like store answers on `/files/{key}`."""

import base64
import binascii
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from asgi.request_body import ClientGone, respond
from service import errors
from service.auth.signing import Grant, SignedRequest, UrlVerifier
from service.http.body import Body
from service.http.cors import cors_headers, preflight
from service.http.direct_body import Receivers, offer_of
from service.http.file_headers import content_type, kept_headers
from service.http.headers import REQUEST_ID, read_headers
from service.http.workers import Workers
from service.s3_api.download import describe, download
from service.s3_api.ranges import check_write_conditions
from service.s3_api.xml import complete_document, error_document, read_complete
from service.store.folder import Draft, PartFile
from service.store.local import LocalStore
from service.store.uploads import Upload

METHODS = "GET, HEAD, PUT, POST, DELETE"
COMPLETE_LIMIT = 2**20  # bytes of XML; 10,000 parts need less
BATCH = 2**20  # bytes written and hashed at a time
BUCKET = "files"

CORS_HEADERS = cors_headers(
    "ETag",
    "Server-Timing",
    "Content-Range",
    "Accept-Ranges",
    "Content-Length",
    "Last-Modified",
    "Content-Disposition",
    "Content-Encoding",
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FileRules:
    """What the endpoint enforces: sizes in bytes, time in seconds; no new PUT while `stopping`."""

    single_limit: int
    idle_timeout: float
    base_url: str
    stopping: Callable[[], bool] = lambda: False


@dataclass(frozen=True)
class _StorageCall:
    """One request whose signature was checked."""

    key: str
    headers: Mapping[str, str]
    body: Body
    grant: Grant

    @property
    def upload(self) -> Upload:
        return Upload(self.key, self.grant.parameters["uploadId"])

    def admit(self, former: str | None) -> None:
        check_write_conditions(self.headers, self.key, former)


_Operation = Callable[[_StorageCall], Awaitable[Response]]


class FilesEndpoint:
    """Serves `/files/{key}`; every operation needs a presigned URL for exactly that method."""

    def __init__(
        self, verifier: UrlVerifier, store: LocalStore, rules: FileRules, workers: Workers
    ) -> None:
        self._verifier = verifier
        self._store = store
        self._rules = rules
        self._workers = workers
        self._receivers = Receivers()
        self._operations: dict[tuple[str, frozenset[str]], _Operation] = {
            ("GET", frozenset()): self._get,
            ("HEAD", frozenset()): self._head,
            ("PUT", frozenset()): self._put,
            ("PUT", frozenset({"partNumber", "uploadId"})): self._put_part,
            ("POST", frozenset({"uploadId"})): self._complete,
            ("DELETE", frozenset({"uploadId"})): self._abort,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = read_headers(scope)
        body = Body(headers, receive, self._rules.idle_timeout, offer_of(scope))
        with closing(body), self._store.leases.hold(scope["path_params"]["key"]):
            try:
                response = await self._answer(scope, headers, body)
            except ClientGone:
                log.info("%s the client left before its body was complete", scope[REQUEST_ID])
                return
            await respond(response, body, scope, receive, send)

    async def _answer(self, scope: Scope, headers: Mapping[str, str], body: Body) -> Response:
        if scope["method"] == "OPTIONS":
            return preflight(headers, METHODS)
        try:
            return await self._operate(scope, headers, body)
        except errors.S3ApiError as error:
            if error.code == "IncompleteBody":
                log.info("%s the client left, or sent less than it announced", scope[REQUEST_ID])
            return _refusal(error, scope)
        except OSError as error:
            if error.errno in errors.DISK_FULL:
                log.warning("%s there is no room: %s", scope[REQUEST_ID], error.strerror)
            else:
                log.exception("%s the store failed", scope[REQUEST_ID])
            return _refusal(errors.store_failed(error), scope)

    async def _operate(self, scope: Scope, headers: Mapping[str, str], body: Body) -> Response:
        method = scope["method"]
        if method not in METHODS.split(", "):
            raise errors.method_not_allowed(method, METHODS)
        query = scope["query_string"].decode("latin-1")
        path = scope.get("raw_path", scope["path"].encode()).decode("latin-1")
        grant = self._verifier.verify(SignedRequest(method, path, query, headers))
        operation = self._operations.get((method, frozenset(grant.parameters)))
        if operation is None:
            raise errors.method_not_allowed(method, METHODS)
        return await operation(_StorageCall(scope["path_params"]["key"], headers, body, grant))

    async def _get(self, call: _StorageCall) -> Response:
        await call.body.discard()
        return await download(self._store.objects, call.key, call.headers, self._workers)

    async def _head(self, call: _StorageCall) -> Response:
        return await describe(self._store.objects, call.key, call.headers, self._workers)

    async def _put(self, call: _StorageCall) -> Response:
        length = call.body.require_length(self._rules.single_limit)
        media_type, kept = content_type(call.headers), kept_headers(call.headers)
        if "if-match" in call.headers or "if-none-match" in call.headers:
            # Refused before its body is sent, where that is known.
            call.admit(await self._workers.run(self._store.objects.etag, call.key))

        def record(file: PartFile) -> None:
            expires = call.grant.expires
            self._store.objects.put(call.key, file, media_type, expires, kept, call.admit)

        return await self._receive(call, length, record)

    async def _put_part(self, call: _StorageCall) -> Response:
        text = call.grant.parameters["partNumber"]
        if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= 10_000:
            raise errors.invalid_argument(
                "partNumber", text, "Part number must be an integer between 1 and 10000, inclusive"
            )
        number = int(text)
        length = call.body.require_length(self._store.uploads.limits.max_part_size)
        await self._workers.run(self._store.uploads.admit_part, call.upload, number, length)

        def record(file: PartFile) -> None:
            self._store.uploads.put_part(call.upload, number, file)

        return await self._receive(call, length, record)

    async def _receive(
        self, call: _StorageCall, length: int, record: Callable[[PartFile], None]
    ) -> Response:
        """Write the body to a draft and record it; whatever goes wrong, the draft is removed."""
        expected = _content_md5(call.headers)
        if self._rules.stopping():
            raise errors.stopping()
        with self._store.folder.draft(length) as draft:
            if not await call.body.read_directly(self._receivers, draft):
                # Disk and MD5 stay off the event loop; the body waits meanwhile: bounded memory.
                async for batch in call.body.batches(BATCH):
                    await self._workers.run(draft.write, batch)
            calculated = base64.b64encode(draft.digest()).decode()
            if expected is not None and expected != calculated:
                raise errors.bad_digest(expected, calculated)
            file = await self._workers.run(_finish, draft, record)
        return Response(headers={"ETag": f'"{file.md5}"'})

    async def _complete(self, call: _StorageCall) -> Response:
        call.body.require_length(COMPLETE_LIMIT)
        document = await call.body.read(COMPLETE_LIMIT)
        started = time.perf_counter()
        etag = await self._workers.run(
            lambda: self._store.uploads.complete(call.upload, read_complete(document), call.admit)
        )
        elapsed = (time.perf_counter() - started) * 1000
        location = f"{self._rules.base_url}/{BUCKET}/{call.key}"
        return Response(
            complete_document(location, BUCKET, call.key, etag),
            media_type="application/xml",
            headers={"Server-Timing": f"complete;dur={elapsed:.3f}"},
        )

    async def _abort(self, call: _StorageCall) -> Response:
        await self._workers.run(self._store.uploads.abort, call.upload)
        return Response(status_code=HTTPStatus.NO_CONTENT)


def _finish(draft: Draft, record: Callable[[PartFile], None]) -> PartFile:
    file = draft.finish()
    record(file)
    return file


def _refusal(error: errors.S3ApiError, scope: Scope) -> Response:
    document = error_document(error, scope["path"], scope[REQUEST_ID])
    headers = {**error.headers}
    if error.code == "RequestTimeout":
        headers["Connection"] = "close"
    return Response(document, error.status, headers, media_type="application/xml")


def _content_md5(headers: Mapping[str, str]) -> str | None:
    value = headers.get("content-md5")
    if value is None:
        return None
    try:
        digest = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise errors.invalid_digest(value) from error
    if len(digest) != 16:
        raise errors.invalid_digest(value)
    return base64.b64encode(digest).decode()
