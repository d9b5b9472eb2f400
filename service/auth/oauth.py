"""Access tokens: the client-credentials endpoint and the check of a bearer token (contract 2.1)."""

import hmac
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import jwt
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from asgi.request_body import ClientGone, respond
from service import errors
from service.auth.keys import OAuthClient
from service.auth.token_request import read_token_request, unknown_client
from service.http.body import Body
from service.http.cors import preflight
from service.http.headers import REQUEST_ID, read_headers

FORM_LIMIT = 16_384  # bytes
IDLE_TIMEOUT = 10  # seconds
ISSUER = "temp-file-workbench"
ALGORITHM = "HS256"
EXPIRED = "The access token has expired; ask for a new one."
TELLTALE_URL = "%s a client secret came in the query string, where proxies may log it"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tokens:
    """Issues and checks access tokens; `lifetime` is in seconds.

    `age_limit` may return an age in seconds at which tokens count as expired, whatever they say.
    """

    secret: str = field(repr=False)
    lifetime: int
    age_limit: Callable[[], int | None] = lambda: None

    def issue(self, client_id: str) -> str:
        """Return a new signed token (JWT) for the client."""
        now = int(time.time())
        claims = {"iss": ISSUER, "sub": client_id, "iat": now, "exp": now + self.lifetime}
        return jwt.encode(claims, self.secret, ALGORITHM, headers={"kid": ISSUER})

    def check(self, authorization: str | None) -> str:
        """Return the client id of an `Authorization` header; the scheme is case-insensitive.

        Raises:
            GraphQLRequestError: UNAUTHENTICATED.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise _unauthenticated("Send an access token: Authorization: Bearer <token>.")
        try:
            claims = jwt.decode(
                token.strip(),
                self.secret,
                [ALGORITHM],
                issuer=ISSUER,
                options={"require": ["exp", "iat", "sub", "iss"]},
            )
        except jwt.ExpiredSignatureError as error:
            raise _unauthenticated(EXPIRED) from error
        except jwt.InvalidTokenError as error:
            raise _unauthenticated("The access token is not valid.") from error
        limit = self.age_limit()
        if limit is not None and time.time() >= claims["iat"] + limit:
            raise _unauthenticated(EXPIRED)
        return claims["sub"]


class TokenEndpoint:
    """`POST /oauth/token`."""

    def __init__(self, client: OAuthClient, tokens: Tokens) -> None:
        self._client = client
        self._tokens = tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = read_headers(scope)
        body = Body(headers, receive, IDLE_TIMEOUT)
        try:
            response = await self._answer(scope, headers, body)
        except ClientGone:
            return
        response.headers["Cache-Control"] = "no-store"
        await respond(response, body, scope, receive, send)

    async def _answer(self, scope: Scope, headers: Mapping[str, str], body: Body) -> Response:
        if scope["method"] == "OPTIONS":
            return preflight(headers, "POST")
        if scope["method"] != "POST":
            return JSONResponse(
                {"error": "invalid_request", "error_description": "Use POST."},
                405,
                {"Allow": "POST"},
            )
        try:
            content = await body.read(FORM_LIMIT)
            request = read_token_request(headers, scope["query_string"], content)
            if request.secret_in_url:
                log.warning(TELLTALE_URL, scope[REQUEST_ID])
        except errors.S3ApiError as error:
            return _refusal(errors.OAuthError("invalid_request", error.message))
        except errors.OAuthError as error:
            return _refusal(error)
        if request.grant_type != "client_credentials":
            wanted = "grant_type must be client_credentials"
            return _refusal(errors.OAuthError("unsupported_grant_type", wanted))
        if not any(self._is_known(*pair) for pair in request.credentials):
            return _refusal(unknown_client(request))
        token = self._tokens.issue(self._client.client_id)
        return JSONResponse(
            {
                "access_token": token,
                "token_type": "Bearer",
                "expires_in": self._tokens.lifetime,
            }
        )

    def _is_known(self, client_id: str, secret: str) -> bool:
        known = self._client
        id_matches = hmac.compare_digest(client_id.encode(), known.client_id.encode())
        return hmac.compare_digest(secret.encode(), known.client_secret.encode()) and id_matches


def _refusal(error: errors.OAuthError) -> Response:
    content = {"error": error.error, "error_description": error.description}
    return JSONResponse(content, error.status, error.headers)


def _unauthenticated(message: str) -> errors.GraphQLRequestError:
    return errors.GraphQLRequestError(
        "UNAUTHENTICATED", message, 401, {"WWW-Authenticate": "Bearer"}
    )
