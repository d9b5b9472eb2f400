"""`/transfers`: what is remembered of a visitor's transfers, and what a page load reports of them.

`Gate` lets only signed-in visitors through, tells who they are, and refuses foreign origins.
"""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from client.errors import RecordsUnavailableError
from client.transfers.registry import TransferRegistry
from client.transfers.report import FieldError, TransferReport, read_report
from web.sign_in.gate import ROLES_HEADER, USER_HEADER

PATH = "/transfers"
BODY_LIMIT = 65_536
"""Bytes of a report; a browser's beacon may carry no more."""
UPLOADERS = {"uploader", "admin"}
ALL_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class TransferRoutes:
    """The three requests of the page's transfer engine."""

    def __init__(self, registry: TransferRegistry, now: Callable[[], float]) -> None:
        """Serve what a registry remembers; `now` is seconds since the epoch."""
        self._registry = registry
        self._now = now

    async def overview(self, request: Request) -> Response:
        """Answer the visitor's transfers, newest first, and the time here."""
        return await self._answer(lambda: self._overview(owner_of(request)))

    async def details(self, request: Request) -> Response:
        """Answer one transfer with its parts and tries."""
        owner, transfer_id = owner_of(request), request.path_params["id"]
        return await self._answer(lambda: self._details(owner, transfer_id))

    async def report(self, request: Request) -> Response:
        """Take a report: 204, or 404, or 409 once another page load has the transfer."""
        if not may_send(request):
            return refusal(403, "role-required", "Only uploaders and admins send files.")
        body = await _body(request)
        if body is None:
            return refusal(413, "report-too-large", f"A report has at most {BODY_LIMIT:,} bytes.")
        try:
            report = read_report(body)
        except FieldError as error:
            return refusal(400, "bad-report", str(error))
        owner, transfer_id = owner_of(request), request.path_params["id"]
        return await self._answer(lambda: self._report(owner, transfer_id, report))

    def _overview(self, owner: str) -> Response:
        found = [record.as_json() for record in self._registry.list(owner)]
        return _json({"now": self._now(), "transfers": found})

    def _details(self, owner: str, transfer_id: str) -> Response:
        found = self._registry.details(owner, transfer_id)
        return _forgotten() if found is None else _json(found)

    def _report(self, owner: str, transfer_id: str, report: TransferReport) -> Response:
        outcome = self._registry.leases.report(
            owner,
            transfer_id,
            lease_owner=report.holder,
            etags=report.parts,
            tries=report.tries,
            gone=report.gone,
        )
        if outcome == "elsewhere":
            return refusal(409, "transfer-elsewhere", "Another window sends this file.")
        if outcome == "unknown":
            return _forgotten()
        return Response(status_code=204, headers={"Cache-Control": "no-store"})

    async def _answer(self, answer: Callable[[], Response]) -> Response:
        try:
            return await run_in_threadpool(answer)
        except RecordsUnavailableError as error:
            return refusal(503, "records-unavailable", str(error))


def transfer_routes(registry: TransferRegistry, now: Callable[[], float]) -> list[BaseRoute]:
    """Return everything under `/transfers`; arguments as of `TransferRoutes`."""
    routes = TransferRoutes(registry, now)
    return [
        Route(PATH, routes.overview, methods=["GET"]),
        Route(f"{PATH}/{{id}}", routes.details, methods=["GET"]),
        Route(f"{PATH}/{{id}}/report", routes.report, methods=["POST"]),
        nothing_else_below(PATH),
    ]


def nothing_else_below(path: str) -> BaseRoute:
    """Return a route that answers 404, where Streamlit would answer with its page and 200."""
    return Route(f"{path}/{{rest:path}}", _unknown, methods=ALL_METHODS)


def may_send(request: Request) -> bool:
    """Return whether the visitor may do more than look."""
    roles = request.headers.get(ROLES_HEADER.decode(), "").split(",")
    return not UPLOADERS.isdisjoint(roles)


def owner_of(request: Request) -> str:
    """Return who the gate let in."""
    return request.headers[USER_HEADER.decode()]


def refusal(status: int, code: str, message: str) -> Response:
    """Return an error as JSON that nothing on the way keeps."""
    return _json({"error": code, "message": message}, status)


async def _body(request: Request) -> bytes | None:
    """Return the body, None when it is larger than a report may be."""
    body = bytearray()
    async for chunk in request.stream():
        if len(body) <= BODY_LIMIT:
            body += chunk
    return bytes(body) if len(body) <= BODY_LIMIT else None


async def _unknown(_request: Request) -> Response:
    return refusal(404, "not-found", "There is nothing at this address.")


def _forgotten() -> Response:
    return refusal(404, "transfer-forgotten", "No transfer of yours has this id.")


def _json(content: Mapping[str, Any], status: int = 200) -> Response:
    return JSONResponse(content, status, headers={"Cache-Control": "no-store"})
