"""`/transfers`: what is remembered of a visitor's transfers, and what a page load reports of them.

`Gate` lets only signed-in visitors through, tells who they are, and refuses foreign origins.
"""

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from client.errors import RecordsUnavailableError
from client.transfers.registry import TransferRegistry
from web.sign_in.gate import ROLES_HEADER, USER_HEADER

PATH = "/transfers"
BODY_LIMIT = 65_536
"""Bytes of a report; a browser's beacon may carry no more."""
MOST_ROWS = 1_000
HIGHEST_PART = 10_000
LARGEST_NUMBER = 2**53 - 1
"""The largest whole number that JavaScript tells apart from its neighbours."""
ROUTES = ("direct", "relay")
UPLOADERS = {"uploader", "admin"}
ALL_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]

_LEASE_OWNER = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_ETAG = re.compile(r"[\x20-\x7e]{1,256}")


@dataclass(frozen=True)
class TransferReport:
    """What a page load tells of a transfer: parts that arrived, and tries, each checked.

    A try has `part`, `size`, `started`, `seconds`, `status`, `code`, `etag`, `request_id` and
    `route`. `gone` says that the page load ends.
    """

    lease_owner: str
    etags: Sequence[tuple[int, str]]
    tries: Sequence[Mapping[str, Any]]
    gone: bool


class FieldError(ValueError):
    """A field of a report is not as it must be; the message names field, value and limit."""


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
            lease_owner=report.lease_owner,
            etags=report.etags,
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


def read_report(body: bytes) -> TransferReport:
    """Return a report whose every field has been looked at.

    Raises:
        FieldError: a field is missing, of another type, or out of its limits.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FieldError("The report is not valid JSON.") from error
    fields = _object("the report", content)
    return TransferReport(
        lease_owner=_text(
            "holder", fields.get("holder"), _LEASE_OWNER, "1 to 64 letters, digits or _.:-"
        ),
        etags=[_etag_of_part(*row) for row in _rows("parts", fields.get("parts", []))],
        tries=[_try(*row) for row in _rows("tries", fields.get("tries", []))],
        gone=_flag("gone", fields.get("gone", False)),
    )


def _etag_of_part(name: str, value: object) -> tuple[int, str]:
    row = _list(name, value)
    if len(row) != 2:
        raise _wrong(name, value, "a part number and an ETag")
    number = _whole(f"{name}[0]", row[0], 1, HIGHEST_PART)
    return number, _etag(f"{name}[1]", row[1])


def _try(name: str, value: object) -> dict[str, Any]:
    fields = _object(name, value)
    given = {key: fields.get(key) for key in ("code", "etag", "request_id")}
    route = fields.get("route", ROUTES[0])
    if route not in ROUTES:
        raise _wrong(f"{name}.route", route, f"one of {', '.join(ROUTES)}")
    return {
        "part": _whole(f"{name}.part", fields.get("part"), 1, HIGHEST_PART),
        "size": _whole(f"{name}.size", fields.get("size", 0), 0, LARGEST_NUMBER),
        "started": _number(f"{name}.started", fields.get("started")),
        "seconds": _number(f"{name}.seconds", fields.get("seconds")),
        "status": _whole(f"{name}.status", fields.get("status"), 0, 599),
        "route": route,
        **{key: _etag(f"{name}.{key}", text) if text else None for key, text in given.items()},
    }


def _etag(name: str, value: object) -> str:
    return _text(name, value, _ETAG, "1 to 256 printable ASCII characters")


def _rows(name: str, value: object) -> Iterable[tuple[str, object]]:
    rows = _list(name, value)
    if len(rows) > MOST_ROWS:
        raise FieldError(f"{name} has {len(rows):,} rows; it may have at most {MOST_ROWS:,}.")
    return ((f"{name}[{index}]", row) for index, row in enumerate(rows))


def _list(name: str, value: object) -> list[object]:
    if not isinstance(value, list):
        raise _wrong(name, value, "a list")
    return cast("list[object]", value)


def _object(name: str, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(name, value, "an object")
    return cast("dict[str, Any]", value)


def _text(name: str, value: object, pattern: re.Pattern[str], rule: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise _wrong(name, value, rule)
    return value


def _whole(name: str, value: object, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise _wrong(name, value, f"a whole number from {least:,} to {most:,}")
    return value


def _number(name: str, value: object) -> float:
    rule = f"a number from 0 to {LARGEST_NUMBER:,}"
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise _wrong(name, value, rule)
    if not 0 <= value <= LARGEST_NUMBER:
        raise _wrong(name, value, rule)
    return float(value)


def _flag(name: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _wrong(name, value, "true or false")
    return value


def _wrong(name: str, value: object, rule: str) -> FieldError:
    shown = json.dumps(value)
    shown = shown if len(shown) <= 80 else f"{shown[:80]}…"
    return FieldError(f"{name} is {shown}; it must be {rule}.")


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
