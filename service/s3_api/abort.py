"""`DELETE /service/uploads/{upload_id}?key={key}`: aborts an upload, with an access token.

The documented API has no call for it. The store's own abort needs a URL signed for DELETE, which
clients are never given.
"""

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from urllib.parse import parse_qs

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from service import errors
from service.http.headers import REQUEST_ID, read_headers
from service.http.workers import Workers
from service.store.temp_store import TempStore
from service.store.uploads import Upload

log = logging.getLogger(__name__)


class AbortEndpoint:
    """Removes the parts of an upload that is not complete; the files of others it leaves alone."""

    def __init__(
        self, store: TempStore, authenticate: Callable[[str | None], str], workers: Workers
    ) -> None:
        """Serve the aborts.

        Args:
            store: has the multipart uploads.
            authenticate: turns the Authorization header into a client id, or raises
                GraphQLRequestError.
            workers: the threads that do the work.
        """
        self._store = store
        self._authenticate = authenticate
        self._workers = workers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = await self._answer(scope)
        response.headers["Cache-Control"] = "no-store"
        await response(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response:
        try:
            self._authenticate(read_headers(scope).get("authorization"))
            if scope["method"] != "DELETE":
                return _refusal(405, "method_not_allowed", "Use DELETE.", {"Allow": "DELETE"})
            query = parse_qs(scope["query_string"].decode("latin-1"))
            upload = Upload(query.get("key", [""])[0], scope["path_params"]["upload_id"])
            await self._workers.run(self._store.abort_upload, upload)
        except errors.GraphQLRequestError as error:
            return _refusal(error.status, error.code.lower(), error.message, error.headers)
        except errors.S3ApiError as error:
            if error.status == HTTPStatus.INTERNAL_SERVER_ERROR:
                log.exception("%s the store failed", scope[REQUEST_ID])
            code = "no_such_upload" if error.code == "NoSuchUpload" else "store_failed"
            return _refusal(error.status, code, error.message, error.headers)
        return Response(status_code=HTTPStatus.NO_CONTENT)


def _refusal(status: int, code: str, message: str, headers: Mapping[str, str]) -> Response:
    return JSONResponse({"error": code, "message": message}, status, headers)
