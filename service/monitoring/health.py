"""Liveness and readiness, for whoever restarts the service or sends it requests."""

import secrets
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from service.errors import ServiceError
from service.faults.state import Faults
from service.http.workers import Workers
from service.store.folder import DRAFT_SUFFIX
from service.store.local import LocalStore

_NO_STORE = {"Cache-Control": "no-store"}


class Health:
    """Asks the store whether it could take and give files now; may block."""

    def __init__(
        self,
        store: LocalStore,
        disk_reserve: int,
        elsewhere: Mapping[str, Callable[[], Mapping[str, Any]]],
    ) -> None:
        """Check a store.

        Args:
            store: the data folder's.
            disk_reserve: what must stay free on its disk, in bytes.
            elsewhere: further checks by their names, where temp files are kept elsewhere.
        """
        self._store = store
        self._disk_reserve = disk_reserve
        self._elsewhere = elsewhere

    def checks(self) -> dict[str, Mapping[str, Any]]:
        """Return the result of every check by its name; no result names a path."""
        checks: dict[str, Callable[[], Mapping[str, Any]]] = {
            "storage": self._storage,
            "database": self._database,
            "disk": self._disk,
            **self._elsewhere,
        }
        results: dict[str, Mapping[str, Any]] = {}
        for name, check in checks.items():
            try:
                results[name] = check()
            except (OSError, ServiceError) as error:
                results[name] = {"ok": False, "problem": type(error).__name__}
        return results

    def _storage(self) -> dict[str, Any]:
        # Named like a body being received: should the process die here, the next start removes it.
        probe = self._store.folder.path / f"{secrets.token_hex(16)}{DRAFT_SUFFIX}"
        try:
            probe.write_bytes(b"ready?")
        finally:
            with suppress(OSError):
                probe.unlink()
        return {"ok": True}

    def _database(self) -> dict[str, Any]:
        return {"ok": True, "open_uploads": self._store.uploads.count_open()}

    def _disk(self) -> dict[str, Any]:
        free = shutil.disk_usage(self._store.folder.path).free
        figures = {"free_bytes": free, "reserve_bytes": self._disk_reserve}
        return {"ok": free >= self._disk_reserve, **figures}


class LiveEndpoint:
    """`GET /service/live`: the process answers; nothing else is asked."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await JSONResponse({"live": True}, headers=_NO_STORE)(scope, receive, send)


class ReadyEndpoint:
    """`GET /service/ready`: 200 when every check holds, else 503; the details either way.

    A process that was told to stop is not ready, whatever the checks say.
    """

    def __init__(
        self, health: Health, faults: Faults, workers: Workers, stopping: Callable[[], bool]
    ) -> None:
        self._health = health
        self._faults = faults
        self._workers = workers
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        checks = await self._workers.run(self._health.checks)
        if self._stopping():
            checks["process"] = {"ok": False, "problem": "stopping"}
        ready = all(check["ok"] for check in checks.values())
        content = {"ready": ready, "checks": checks, "faults": self._faults.active()}
        status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        await JSONResponse(content, status, _NO_STORE)(scope, receive, send)
