"""`/faults`: read, set and clear the switches, with an access token of the service."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from asgi.request_body import ClientGone, respond
from service import errors
from service.faults.state import Faults, FaultsNotPermitted
from service.faults.switches import (
    Switches,
    SwitchesError,
    describe_switches,
    read_switches,
)
from service.http.body import Body
from service.http.headers import read_headers

METHODS = ("GET", "PUT", "DELETE")
BODY_LIMIT = 16_384  # bytes
IDLE_TIMEOUT = 10  # seconds


class FaultsEndpoint:
    """Answers with the switches that are on; GET adds what could be switched on."""

    def __init__(self, faults: Faults, authenticate: Callable[[str | None], str]) -> None:
        """Serve the switches.

        Args:
            faults: the switches.
            authenticate: turns the Authorization header into a client id, or raises
                GraphQLRequestError.
        """
        self._faults = faults
        self._authenticate = authenticate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = read_headers(scope)
        body = Body(headers, receive, IDLE_TIMEOUT)
        try:
            response = await self._answer(scope["method"], headers, body)
        except ClientGone:
            return
        response.headers["Cache-Control"] = "no-store"
        await respond(response, body, scope, receive, send)

    async def _answer(self, method: str, headers: Mapping[str, str], body: Body) -> Response:
        try:
            self._authenticate(headers.get("authorization"))
            if method not in METHODS:
                return _refusal(405, "method_not_allowed", "Use GET, PUT or DELETE.", Allow=METHODS)
            self._faults.require_permission()
            if method != "GET":
                self._faults.set(await _wanted(method, body))
        except errors.GraphQLRequestError as error:
            return JSONResponse(
                {"error": error.code.lower(), "message": error.message}, error.status, error.headers
            )
        except FaultsNotPermitted as error:
            return _refusal(HTTPStatus.FORBIDDEN, "faults_not_permitted", str(error))
        except errors.S3ApiError as error:
            return _refusal(error.status, "invalid_request", error.message)
        except SwitchesError as error:
            content = {"error": "invalid_switches", "problems": error.problems}
            return JSONResponse(content, HTTPStatus.BAD_REQUEST)
        switches = self._faults.switches
        state: dict[str, Any] = {"on": switches.names, "switches": switches.as_json()}
        if method == "GET":
            state["available"] = describe_switches()
        return JSONResponse(state)


async def _wanted(method: str, body: Body) -> Switches:
    if method == "DELETE":
        return Switches()
    try:
        content = json.loads(await body.read(BODY_LIMIT))
    except (ValueError, RecursionError) as error:
        raise errors.invalid_request("The body is not valid JSON.") from error
    return read_switches(content)


def _refusal(status: int, code: str, message: str, **headers: tuple[str, ...]) -> Response:
    listed = {name: ", ".join(values) for name, values in headers.items()}
    return JSONResponse({"error": code, "message": message}, status, listed)
