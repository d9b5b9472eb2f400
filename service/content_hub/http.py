"""`/content-hub/{file_id}`: the permanent files, by signed URL."""

from collections.abc import Mapping

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from asgi.request_body import respond
from service import errors
from service.auth.signing import SignedRequest, UrlVerifier
from service.content_hub.files import PermanentFiles
from service.http.body import Body
from service.http.headers import REQUEST_ID, read_headers
from service.http.workers import Workers
from service.s3_api.download import describe, download
from service.s3_api.xml import error_document
from service.store.objects import Objects, Segment, StoredObject

METHODS = "GET, HEAD"
IDLE_TIMEOUT = 10  # seconds


class _PermanentObjects(Objects):
    """Shows permanent files the way the store shows temp files."""

    def __init__(self, files: PermanentFiles) -> None:
        self._files = files

    def find(self, key: str) -> StoredObject:
        """Return the description of a permanent file.

        Raises:
            S3ApiError: NoSuchKey.
        """
        file = self._files.find(key)
        if file is None:
            raise errors.no_such_key(key)
        segments = [Segment(self._files.path(file), file.size)]
        return StoredObject(key, file.size, file.etag, file.media_type, file.created, segments)


class ContentHubFilesEndpoint:
    """Serves originals and thumbnails; errors are S3's, as for temp files."""

    def __init__(self, verifier: UrlVerifier, files: PermanentFiles, workers: Workers) -> None:
        self._verifier = verifier
        self._objects = _PermanentObjects(files)
        self._workers = workers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = read_headers(scope)
        try:
            response = await self._answer(scope, headers)
        except errors.S3ApiError as error:
            document = error_document(error, scope["path"], scope[REQUEST_ID])
            response = Response(document, error.status, error.headers, "application/xml")
        body = Body(headers, receive, IDLE_TIMEOUT)
        await respond(response, body, scope, receive, send)

    async def _answer(self, scope: Scope, headers: Mapping[str, str]) -> Response:
        method, key = scope["method"], scope["path_params"]["key"]
        if method not in METHODS.split(", "):
            raise errors.method_not_allowed(method, METHODS)
        path = scope.get("raw_path", scope["path"].encode()).decode("latin-1")
        query = scope["query_string"].decode("latin-1")
        # One URL is for GET and HEAD alike: whoever may read the bytes may ask how many there are.
        self._verifier.verify(SignedRequest("GET", path, query, headers))
        answer = download if method == "GET" else describe
        return await answer(self._objects, key, headers, self._workers)
