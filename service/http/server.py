"""Stopping: readiness goes off first, running requests end, and then the process does.

SIGTERM: for `TFW_NOTICE_SECONDS` everything but new long work is answered as ever, and
`/service/ready` says 503; then the listener is closed, and running requests have
`TFW_STOP_SECONDS`. Ctrl-C leaves the first step out. What still runs then is cut off, as by a
client that leaves: the store keeps nothing of a body that did not arrive. A second signal ends the
process at once.
"""

import asyncio
import logging
import os
import signal
import socket
import time
from contextlib import suppress
from types import FrameType
from typing import cast

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

CUT_SECONDS = 1.0
"""How long requests that were cut off have to notice it."""

log = logging.getLogger(__name__)


class Stopping:
    """Whether this process was told to stop; set once, by its server. Thread-safe."""

    def __init__(self) -> None:
        self._begun = False

    def __call__(self) -> bool:
        """Return whether it was."""
        return self._begun

    def begin(self) -> None:
        """Say that it was."""
        self._begun = True


class StoppableServer(uvicorn.Server):
    """uvicorn's server, which stops as described above."""

    def __init__(
        self, config: uvicorn.Config, stopping: Stopping, notice: float, patience: float
    ) -> None:
        """Serve as configured.

        Args:
            config: what to serve, and how.
            stopping: is told when the server is.
            notice: seconds to go on taking requests after SIGTERM.
            patience: seconds that running requests may take after that.
        """
        super().__init__(config)
        config.app = _Quietly(cast(ASGIApp, config.app), stopping)
        config.timeout_graceful_shutdown = None  # `shutdown` sees to it
        self._stopping = stopping
        self._notice = notice
        self._patience = patience
        self._closes_at: float | None = None

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until stopped; the process then ends by the signal, as if it were not handled.

        Raises:
            SystemExit: 1 when the application could not be started.
        """
        # Python would turn Ctrl-C into a traceback when uvicorn sends itself the signal again.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        try:
            super().run(sockets)
        except SystemExit:
            raise SystemExit(1) from None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; a second signal ends the process here and now."""
        del frame
        if self._stopping():
            signal.signal(sig, signal.SIG_DFL)
            signal.raise_signal(sig)
            os._exit(128 + sig)  # the first process of a container is spared by its own signals
        self._captured_signals.append(sig)
        self._stopping.begin()
        notice = 0.0 if sig == signal.SIGINT else self._notice
        self._closes_at = time.monotonic() + notice

    async def on_tick(self, counter: int) -> bool:
        """Return whether the listener is to be closed now."""
        is_over = await super().on_tick(counter)
        return is_over or (self._closes_at is not None and time.monotonic() >= self._closes_at)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close the listener, let running requests end or cut them off, and end the lifespan."""
        self._stopping.begin()
        cutting = asyncio.create_task(self._cut_off())
        try:
            await super().shutdown(sockets)
        finally:
            cutting.cancel()

    async def _cut_off(self) -> None:
        await asyncio.sleep(self._patience)
        left = len(self.server_state.tasks)
        if left:
            log.warning("Stopping: %d requests took too long and are cut off.", left)
        for connection in list(self.server_state.connections):
            transport = connection.transport
            if not transport.is_closing():
                # The end reaches whoever reads the socket, in the event loop or in a thread.
                number = transport.get_extra_info("socket").fileno()
                with suppress(OSError), socket.socket(fileno=os.dup(number)) as shared:
                    shared.shutdown(socket.SHUT_RDWR)
            transport.abort()
        await asyncio.sleep(CUT_SECONDS)
        for task in list(self.server_state.tasks):
            task.cancel()


class _Quietly:
    """Ends a request that is cut off without the traceback that uvicorn would log of it."""

    def __init__(self, app: ASGIApp, stopping: Stopping) -> None:
        self._app = app
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except asyncio.CancelledError:
            if not self._stopping():
                raise
