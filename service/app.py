"""The service put together: routes to mount, a lifespan to run, or an application of its own."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from service.files import CORS_HEADERS, SAFETY_HEADERS, FileRules, FilesEndpoint
from service.graphql_http import GraphQLEndpoint
from service.keys import load_oauth_client, load_service_keys
from service.oauth import TokenEndpoint, Tokens
from service.resolvers.context import Context
from service.schema import load_schema
from service.signing import UrlSigner, UrlVerifier
from service.stamp import Stamped
from service.store.local import LocalStore
from service.store.uploads import PartLimits
from service.temp_files import TempFiles
from service.workers import Workers
from settings import Settings

PREFIXES = ("files", "graphql", "oauth")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Service:
    """The embedded service; `routes` answer only while `lifespan` runs."""

    settings: Settings
    store: LocalStore
    signer: UrlSigner
    temp_files: TempFiles
    workers: Workers
    routes: list[BaseRoute]

    @asynccontextmanager
    async def lifespan(self) -> AsyncGenerator[None, None]:
        """Open the store, repair and sweep it, keep sweeping, close it at the end.

        Raises:
            DataFolderError: another process uses the data folder.
        """
        await self.workers.run(self.store.open)
        sweeping = asyncio.create_task(self._keep_sweeping())
        try:
            yield
        finally:
            sweeping.cancel()
            await asyncio.gather(sweeping, return_exceptions=True)
            await self.workers.run(self.store.close)

    async def _keep_sweeping(self) -> None:
        while True:
            await asyncio.sleep(self.settings.sweep_interval)
            try:
                await self.workers.run(self.store.sweep)
            except Exception:  # whatever it was, the next sweep must still come
                log.exception("The sweep failed; it is tried again.")


def build_service(settings: Settings) -> Service:
    """Make the service; creates its secrets in the data folder at the first start.

    Raises:
        DataFolderError: a kept secret cannot be read.
    """
    keys = load_service_keys(settings)
    limits = PartLimits(settings.min_part_size, settings.max_part_size, settings.multipart_limit)
    store = LocalStore(settings.data_dir, limits)
    signer = UrlSigner(keys.url_key, settings.public_url, settings.url_lifetime)
    temp_files = TempFiles(signer, store.uploads, limits)
    workers = Workers()
    tokens = Tokens(keys.token_secret, settings.token_lifetime)
    rules = FileRules(settings.single_limit, settings.idle_timeout, settings.public_url)
    routes = _routes(
        TokenEndpoint(load_oauth_client(settings), tokens),
        GraphQLEndpoint(
            load_schema(), tokens.check, lambda client: Context(client, temp_files), workers
        ),
        FilesEndpoint(UrlVerifier(keys.url_key), store, rules, workers),
    )
    return Service(settings, store, signer, temp_files, workers, routes)


def standalone(settings: Settings) -> Starlette:
    """Return the service as an application of its own."""
    service = build_service(settings)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncGenerator[None, None]:
        async with service.lifespan():
            yield

    return Starlette(routes=service.routes, lifespan=lifespan)


def _routes(
    token: TokenEndpoint, graphql: GraphQLEndpoint, files: FilesEndpoint
) -> list[BaseRoute]:
    own = [
        Route("/oauth/token", Stamped(token)),
        Route("/graphql", Stamped(graphql)),
        Route("/graphql/", Stamped(graphql)),
        Route("/files/{key}", Stamped(files, [*CORS_HEADERS, *SAFETY_HEADERS])),
    ]
    # The page's process answers unknown paths with its HTML and 200; not under these prefixes.
    lost = Stamped(_not_found)
    bare = [Route(f"/{prefix}", lost) for prefix in PREFIXES if prefix != "graphql"]
    below = [Route(f"/{prefix}/{{rest:path}}", lost) for prefix in PREFIXES]
    return [*own, *bare, *below]


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    response = JSONResponse({"error": "not_found", "path": scope["path"]}, 404)
    await response(scope, receive, send)
