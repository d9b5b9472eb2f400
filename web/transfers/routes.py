"""`/transfers`: what the page's transfer engine asks of the app, and tells it.

`Gate` lets only signed-in visitors through, tells who they are, and refuses foreign origins. Work
that needs the endpoint or the store goes on when nobody waits for it: an answer that is not there
after `PATIENCE` is `pending`, and the browser asks for it again in the same words.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Hashable, Mapping
from concurrent.futures import Future
from dataclasses import asdict
from functools import partial
from typing import Any, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from client.errors import ClientError, RecordsUnavailableError
from client.transfers.bodies import (
    Cancel,
    Complete,
    Fail,
    FieldError,
    Forget,
    Plan,
    Report,
    Resume,
    read_body,
)
from client.transfers.browser import TransferAnswer
from client.transfers.jobs import Jobs
from client.transfers.record import Problem
from client.transfers.registry import TransferRegistry
from client.transfers.visitors import Visitor, Visitors
from web.sign_in.gate import ROLES_HEADER, SESSION_HEADER, UPLOADERS, USER_HEADER
from web.transfers.description import openapi

PATH = "/transfers"
BODY_LIMIT = 1_048_576
"""Bytes of a body: the beginnings of 25 files with long names, or the ETags of 10,000 parts."""
PATIENCE = 10.0
"""Seconds an answer is waited for; proxies break a request off that is silent for 30 to 60."""
ALL_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
UNEXPECTED = "It is in the log of this app as {id}."

_log = logging.getLogger(__name__)

Explain = Callable[[Problem], Mapping[str, str]]
"""Returns the code of a problem, and its words for people as `text`."""
_Body = TypeVar("_Body", Plan, Resume, Complete, Fail, Cancel, Forget, Report)


class _RefusalError(Exception):
    """A request that is not carried out, and the answer that says why."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.answer = refusal(status, code, message)


class TransferRoutes:
    """The requests of the page's transfer engine."""

    def __init__(
        self,
        registry: TransferRegistry,
        visitors: Visitors,
        jobs: Jobs[TransferAnswer],
        explain: Explain,
        now: Callable[[], float],
    ) -> None:
        """Serve what a registry remembers; `now` is seconds since the epoch."""
        self._registry = registry
        self._visitors = visitors
        self._jobs = jobs
        self._explain = explain
        self._now = now

    async def overview(self, request: Request) -> Response:
        """Answer the visitor's transfers, newest first, and the time here."""
        found = await run_in_threadpool(self._registry.list, owner_of(request))
        return _json({"now": self._now(), "transfers": [record.as_json() for record in found]})

    async def details(self, request: Request) -> Response:
        """Answer one transfer with its parts and tries."""
        owner, transfer_id = owner_of(request), request.path_params["id"]
        found = await run_in_threadpool(self._registry.details, owner, transfer_id)
        return _forgotten() if found is None else _json(found)

    async def plan(self, request: Request) -> Response:
        """Answer the plan of each file, or what is wrong with it."""
        asked, visitor = await self._read(request, Plan)
        keys: dict[Hashable, str] = {
            (visitor.owner, "plan", file.id): file.id for file in asked.files
        }

        def work(new: frozenset[Hashable]) -> Mapping[Hashable, TransferAnswer]:
            answers = visitor.transfers.plan(asked, frozenset(keys[key] for key in new))
            return {key: answers[keys[key]] for key in new}

        return await self._answers(self._jobs.begin(keys, work), keys)

    async def resume(self, request: Request) -> Response:
        """Answer the plan of a file that was chosen again, with the ETags that are there."""
        asked, visitor = await self._read(request, Resume)
        answer = await run_in_threadpool(visitor.transfers.resume, asked)
        return self._files({asked.id: answer})

    async def complete(self, request: Request) -> Response:
        """Answer the link of each file, or what is wrong with it."""
        asked, visitor = await self._read(request, Complete)
        keys: dict[Hashable, str] = {
            (visitor.owner, "complete", file.id): file.id for file in asked.files
        }
        futures: dict[Hashable, Future[TransferAnswer]] = {}
        for key, file in zip(keys, asked.files, strict=True):
            work = partial(visitor.transfers.complete, file, asked.holder)
            futures |= self._jobs.begin([key], partial(_same_for_each, work))
        return await self._answers(futures, keys)

    async def fail(self, request: Request) -> Response:
        """Remember why a file was given up, and answer with words for that."""
        told, visitor = await self._read(request, Fail)
        return self._files({told.id: await run_in_threadpool(visitor.transfers.fail, told)})

    async def cancel(self, request: Request) -> Response:
        """Cancel transfers: 204, also where there is nothing to cancel."""
        asked, visitor = await self._read(request, Cancel)
        await run_in_threadpool(visitor.transfers.cancel, asked)
        return _nothing()

    async def forget(self, request: Request) -> Response:
        """Forget transfers that have ended: 204, also where there is nothing to forget."""
        asked, visitor = await self._read(request, Forget)
        await run_in_threadpool(visitor.transfers.forget, asked)
        return _nothing()

    async def report(self, request: Request) -> Response:
        """Take a report; answer the ids that are not remembered, and those another window sends."""
        told, visitor = await self._read(request, Report)
        outcomes = await run_in_threadpool(self._report, visitor.owner, told)
        return _json(
            {
                word: [key for key, outcome in outcomes.items() if outcome == word]
                for word in ("unknown", "elsewhere")
            }
        )

    async def description(self, _request: Request) -> Response:
        """Answer what there is to ask here, as OpenAPI 3.1."""
        return _json(openapi())

    def _report(self, owner: str, told: Report) -> dict[str, str]:
        return {
            file.id: self._registry.leases.report(
                owner,
                file.id,
                lease_owner=told.holder,
                parts=file.parts,
                tries=file.tries,
                gone=told.gone,
            )
            for file in told.files
        }

    async def _read(self, request: Request, kind: type[_Body]) -> tuple[_Body, Visitor]:
        if not may_send(request):
            raise _RefusalError(403, "role-required", "Only uploaders and admins send files.")
        content = await _body(request)
        if content is None:
            raise _RefusalError(413, "body-too-large", f"A body has at most {BODY_LIMIT:,} bytes.")
        try:
            read = read_body(kind, content)
        except FieldError as error:
            raise _RefusalError(400, "bad-request", str(error)) from error
        session = request.headers[SESSION_HEADER.decode()]
        return read, self._visitors.of(owner_of(request), session)

    async def _answers(
        self, futures: Mapping[Hashable, Future[TransferAnswer]], ids: Mapping[Hashable, str]
    ) -> Response:
        waiting = [asyncio.wrap_future(future) for future in futures.values()]
        for wrapped in waiting:
            wrapped.add_done_callback(_look_at)
        await asyncio.wait(waiting, timeout=PATIENCE)
        answers: dict[str, TransferAnswer | None] = {}
        for key, future in futures.items():
            answers[ids[key]] = None
            if future.done():
                answers[ids[key]] = _answer_of(future)
                self._jobs.take(key, future)
        return self._files(answers)

    def _files(self, answers: Mapping[str, TransferAnswer | None]) -> Response:
        return _json(
            {
                "now": self._now(),
                "files": [
                    {"id": transfer_id, **self._as_json(answer)}
                    for transfer_id, answer in answers.items()
                ],
            }
        )

    def _as_json(self, answer: TransferAnswer | None) -> Mapping[str, Any]:
        if answer is None:
            return {"pending": True}
        if answer.problem:
            return {"error": self._explain(answer.problem)}
        if answer.plan:
            plan = answer.plan
            return {
                "plan": {
                    "kind": plan.kind,
                    "contentType": plan.content_type,
                    "leastPart": plan.min_part_size,
                    "mostPart": plan.max_part_size,
                    "urls": list(plan.urls.values()),
                    "parts": [
                        (part.number, part.start, part.end, answer.etags.get(part.number))
                        for part in plan.parts
                    ],
                    "deadline": plan.deadline,
                    "contentMd5": answer.takes_md5,
                    "link": answer.link_to_come and asdict(answer.link_to_come),
                }
            }
        return {"link": answer.link and asdict(answer.link)}


def transfer_routes(routes: TransferRoutes) -> list[BaseRoute]:
    """Return everything under `/transfers`."""
    posts = {
        "plan": routes.plan,
        "resume": routes.resume,
        "complete": routes.complete,
        "fail": routes.fail,
        "cancel": routes.cancel,
        "forget": routes.forget,
        "report": routes.report,
    }
    return [
        Route(PATH, _answered(routes.overview), methods=["GET"]),
        Route(f"{PATH}/openapi.json", _answered(routes.description), methods=["GET"]),
        *(Route(f"{PATH}/{name}", _answered(act), methods=["POST"]) for name, act in posts.items()),
        Route(f"{PATH}/{{id}}", _answered(routes.details), methods=["GET"]),
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


def _answered(
    act: Callable[[Request], Awaitable[Response]],
) -> Callable[[Request], Awaitable[Response]]:
    """Return the same act, which answers what it raises."""

    async def answer(request: Request) -> Response:
        try:
            return await act(request)
        except _RefusalError as error:
            return error.answer
        except RecordsUnavailableError as error:
            return refusal(503, error.code, str(error))

    return answer


def _same_for_each(
    work: Callable[[], TransferAnswer], keys: frozenset[Hashable]
) -> Mapping[Hashable, TransferAnswer]:
    return dict.fromkeys(keys, work())


def _look_at(wrapped: asyncio.Future[TransferAnswer]) -> None:
    """Keep asyncio from logging a failure that `_answer_of` tells of."""
    if not wrapped.cancelled():
        wrapped.exception()


def _answer_of(future: Future[TransferAnswer]) -> TransferAnswer:
    try:
        return future.result()
    except ClientError as error:
        return TransferAnswer(problem=Problem(error.code, error.details, str(error)))
    except Exception as error:  # noqa: BLE001 - logged, and said on the file's card
        error_id = secrets.token_hex(4)
        _log.error("Told to the browser as %s", error_id, exc_info=error)
        return TransferAnswer(problem=Problem("unexpected", {}, UNEXPECTED.format(id=error_id)))


async def _body(request: Request) -> bytes | None:
    """Return the body, None when it is larger than one may be."""
    body = bytearray()
    async for chunk in request.stream():
        if len(body) <= BODY_LIMIT:
            body += chunk
    return bytes(body) if len(body) <= BODY_LIMIT else None


async def _unknown(_request: Request) -> Response:
    return refusal(404, "not-found", "There is nothing at this address.")


def _forgotten() -> Response:
    return refusal(404, "transfer-forgotten", "No transfer of yours has this id.")


def _nothing() -> Response:
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


def _json(content: Mapping[str, Any], status: int = 200) -> Response:
    return JSONResponse(content, status, headers={"Cache-Control": "no-store"})
