"""GET and HEAD of a finished temp file."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from service import errors
from service.http.file_headers import UNPACKED
from service.http.safety import policy_for
from service.http.workers import Workers
from service.s3_api.ranges import (
    ByteRange,
    Validators,
    check_preconditions,
    is_not_modified,
    requested_range,
)
from service.store.objects import ObjectReader, Objects, StoredObject

BLOCK = 1024 * 1024
OPEN_TRIES = 5  # an overwriting PUT may remove the file between reading its row and opening it


class ObjectResponse(Response):
    """Streams bytes of an object from disk in blocks of 1 MiB, read in a thread."""

    def __init__(
        self,
        reader: ObjectReader,
        wanted: ByteRange,
        status: int,
        headers: Mapping[str, str],
        workers: Workers,
    ) -> None:
        """Send `wanted` of what `reader`, already at its start, has; closes the reader."""
        super().__init__(status_code=status, headers=headers)
        self.headers["content-length"] = str(wanted.length)
        self._reader = reader
        self._left = wanted.length
        self._workers = workers

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response; stops reading the disk when the client goes away."""
        gone = asyncio.ensure_future(_disconnected(receive))
        try:
            start = {"status": self.status_code, "headers": self.raw_headers}
            await send({"type": "http.response.start", **start})
            while self._left and not gone.done():
                block = await self._workers.run(self._reader.read, min(BLOCK, self._left))
                if not block:
                    raise EOFError(f"{self._reader.stored.key} is shorter than its record says")
                self._left -= len(block)
                await send({"type": "http.response.body", "body": block, "more_body": True})
            if not self._left:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()
            self._reader.close()


@dataclass(frozen=True)
class _DownloadAnswer:
    status: int
    headers: dict[str, str]
    wanted: ByteRange | None


async def download(
    objects: Objects, key: str, headers: Mapping[str, str], workers: Workers
) -> Response:
    """Answer a GET: whole or in part, 304 when the client's copy is current.

    Raises:
        S3ApiError: NoSuchKey, PreconditionFailed, InvalidRange.
    """
    answer, reader = await workers.run(_open, objects, key, headers)
    if reader is None or answer.wanted is None:
        return Response(status_code=answer.status, headers=answer.headers)
    return ObjectResponse(reader, answer.wanted, answer.status, answer.headers, workers)


async def describe(
    objects: Objects, key: str, headers: Mapping[str, str], workers: Workers
) -> Response:
    """Answer a HEAD: what the same GET would say, without the bytes.

    Raises:
        S3ApiError: NoSuchKey, PreconditionFailed, InvalidRange.
    """
    answer = _decide(headers, await workers.run(objects.find, key))
    response = Response(status_code=answer.status, headers=answer.headers)
    if answer.wanted is not None:
        response.headers["content-length"] = str(answer.wanted.length)
    return response


def _open(
    objects: Objects, key: str, headers: Mapping[str, str]
) -> tuple[_DownloadAnswer, ObjectReader | None]:
    for _ in range(OPEN_TRIES):
        stored = objects.find(key)
        answer = _decide(headers, stored)
        if answer.wanted is None:
            return answer, None
        try:
            return answer, ObjectReader(stored, answer.wanted.start)
        except FileNotFoundError:
            continue
    raise errors.no_such_key(key)


def _decide(headers: Mapping[str, str], stored: StoredObject) -> _DownloadAnswer:
    validators = Validators.of(stored.etag, stored.modified)
    described = {
        "Cache-Control": UNPACKED,
        **stored.headers,
        **policy_for(stored.content_type),
        "Accept-Ranges": "bytes",
        "ETag": validators.etag,
        "Last-Modified": validators.last_modified,
    }
    check_preconditions(headers, validators)
    if is_not_modified(headers, validators):
        return _DownloadAnswer(HTTPStatus.NOT_MODIFIED, described, None)
    described["Content-Type"] = stored.content_type
    wanted = requested_range(headers, stored.size, validators)
    if wanted is None:
        return _DownloadAnswer(HTTPStatus.OK, described, ByteRange(0, stored.size))
    described["Content-Range"] = f"bytes {wanted.start}-{wanted.stop - 1}/{stored.size}"
    return _DownloadAnswer(HTTPStatus.PARTIAL_CONTENT, described, wanted)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
