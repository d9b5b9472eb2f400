"""The service put together: routes to mount, a lifespan to run, or an application of its own."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from cutout.engines.choice import EngineChoice
from cutout.jobs.jobs import CutOutJobs
from service.auth.accounts import Accounts
from service.auth.keys import load_oauth_client, load_service_keys
from service.auth.oauth import TokenEndpoint, Tokens
from service.auth.signing import SignedArea, UrlSigner, UrlVerifier
from service.content_hub.demo_data import DemoData
from service.content_hub.http import ContentHubFilesEndpoint
from service.content_hub.hub import ContentHub
from service.content_hub.sources.remote_images import RemoteImages
from service.content_hub.sources.signed_files import HUB_PATH
from service.data_folder import in_one_line
from service.errors import DISK_FULL
from service.faults.endpoint import FaultsEndpoint
from service.faults.injection import FaultInjection
from service.faults.state import Faults
from service.graphql.endpoint import GraphQLEndpoint, GraphQLRules
from service.graphql.rate_limit import RateLimit
from service.graphql.resolvers.context import Services
from service.graphql.schema import load_schema
from service.http.cors import cors_headers
from service.http.safety import SAFETY_HEADERS
from service.http.server import Stopping
from service.http.workers import Workers
from service.images.analysis import ImageAnalysis
from service.images.removal import BackgroundRemoval
from service.images.source_images import SourceImages
from service.monitoring.access_log import write_access_line
from service.monitoring.health import Health, LiveEndpoint, ReadyEndpoint
from service.monitoring.metrics import Metrics, MetricsEndpoint, StoreFigures
from service.monitoring.middleware import (
    FinishedRequest,
    HeaderPairs,
    RequestMiddleware,
    RequestObserver,
)
from service.s3_api.abort import AbortEndpoint
from service.s3_api.files import CORS_HEADERS, FileRules, FilesEndpoint
from service.store.local import LocalStore
from service.store.space import SpaceLimits
from service.store.uploads import PartLimits
from service.store_choice import ChosenStore, in_bucket, in_data_folder
from service.temp_files import TempFiles
from settings import Settings, comma_separated

PREFIXES = ("files", "graphql", "oauth", "faults", "service", "content-hub")
TEMP_FILES = "/files/{key}"
HUB_FILES = "/content-hub/{key}"
API_CORS_HEADERS = cors_headers("Retry-After", "WWW-Authenticate")
FILE_HEADERS = [*CORS_HEADERS, *SAFETY_HEADERS]
UNKNOWN_PATH = "(unknown)"  # the route of requests to no route

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Service:
    """The embedded service; `routes` answer only while `lifespan` runs.

    `store` owns the data folder; temp files lie in it unless `place` says elsewhere.
    """

    settings: Settings
    store: LocalStore
    place: ChosenStore
    hub: ContentHub
    signer: UrlSigner
    temp_files: TempFiles
    jobs: CutOutJobs
    workers: Workers
    faults: Faults
    metrics: Metrics
    stopping: Stopping
    routes: list[BaseRoute]

    @property
    def file_routes(self) -> list[BaseRoute]:
        """Those of the routes whose answers must leave as they are made: uncompressed."""
        return [
            route for route in self.routes if getattr(route, "path", "") in (TEMP_FILES, HUB_FILES)
        ]

    @asynccontextmanager
    async def lifespan(self) -> AsyncGenerator[None, None]:
        """Open the store, repair and sweep it, keep sweeping, close it at the end.

        Raises:
            DataFolderError: another process uses the data folder, or it cannot be used.
        """
        with in_one_line(self.settings.data_dir):
            await self.workers.run(self.store.open)
            await self.workers.run(self.hub.open)
            if self.settings.demo_data:
                await self.workers.run(DemoData(self.hub, self.temp_files).fill)
        sweeping = asyncio.create_task(self._keep_sweeping())
        try:
            yield
        finally:
            sweeping.cancel()
            await asyncio.gather(sweeping, return_exceptions=True)
            await self.workers.run(self.jobs.close)
            await self.workers.run(self.hub.close)
            await self.workers.run(self.place.close)
            await self.workers.run(self.store.close)

    async def _keep_sweeping(self) -> None:
        while True:
            await asyncio.sleep(self.settings.sweep_interval)
            try:
                self.metrics.swept(await self.workers.run(self.place.store.sweep))
            except Exception as error:  # whatever it was, the next sweep must still come
                self.metrics.swept(None)
                if isinstance(error, OSError) and error.errno in DISK_FULL:
                    log.warning("The disk is full; the sweep is tried again.")
                else:
                    log.exception("The sweep failed; it is tried again.")


def build_service(settings: Settings, clock: Callable[[], float] = time.time) -> Service:
    """Make the service; creates its secrets in the data folder at the first start.

    `clock` (epoch seconds) decides when URLs and files expire.

    Raises:
        DataFolderError: a kept secret cannot be read.
    """
    keys = load_service_keys(settings)
    limits = PartLimits(settings.min_part_size, settings.max_part_size, settings.multipart_limit)
    space = SpaceLimits(settings.quota, settings.disk_reserve)
    faults = Faults(permitted=settings.faults == "on")
    store = LocalStore(
        settings.data_dir,
        limits,
        clock,
        space=space,
        fsync=settings.fsync,
        tell=lambda event: metrics.uploads(event),
    )
    metrics = Metrics(
        faults, lambda: StoreFigures(store.uploads.count_open(), store.folder.space.kept)
    )
    signer = UrlSigner(keys.url_key, settings.public_url, settings.url_lifetime, clock)
    verifier = UrlVerifier(keys.url_key, clock, urlsplit(settings.public_url).scheme)
    if settings.s3_endpoint:
        place = in_bucket(settings, store, clock, lambda event: metrics.uploads(event))
    else:
        place = in_data_folder(store, signer, verifier, settings.public_url)
    temp_files = TempFiles(place.signer, place.store, limits, clock, folder=place.folder)
    hub = ContentHub(
        settings.data_dir,
        place.area,
        SignedArea(f"{settings.public_url}{HUB_PATH}", verifier),
        place.store,
        RemoteImages(comma_separated(settings.image_hosts)),
        settings.credits,
        faults.no_credits,
    )
    stopping = Stopping()
    jobs = CutOutJobs(
        engine=EngineChoice.of(settings.background_model, settings.background_model_kind)
    )
    images = SourceImages(hub.sources, stopping)
    workers = Workers()
    tokens = Tokens(keys.token_secret, settings.token_lifetime, faults.token_age_limit)
    accounts = Accounts(
        tokens.check, comma_separated(settings.pats), comma_separated(settings.ungranted_pats)
    )
    graphql = GraphQLEndpoint(
        load_schema(settings.size_spelling),
        Services(
            temp_files,
            hub,
            signer,
            BackgroundRemoval(hub.credits, images, temp_files, jobs),
            ImageAnalysis(hub.credits, images, jobs),
        ),
        GraphQLRules(
            accounts.authenticate,
            RateLimit(settings.rate_limit),
            settings.complexity_limit,
            settings.introspection,
            settings.strict_statuses,
        ),
        Workers(),  # of its own: copying a large file into an asset must not hold up the parts
    )
    rules = FileRules(settings.single_limit, settings.idle_timeout, settings.public_url, stopping)
    health = Health(store, settings.disk_reserve, place.checks)

    def observe(finished: FinishedRequest) -> None:
        metrics.observe(finished)
        write_access_line(finished)

    watch = RequestObserver(faults, observe)

    def route(path: str, app: ASGIApp, headers: HeaderPairs = ()) -> Route:
        return Route(path, RequestMiddleware(app, path, watch, headers))

    def api(path: str, app: ASGIApp, headers: HeaderPairs = API_CORS_HEADERS) -> Route:
        return route(path, FaultInjection(app, faults), headers)

    lost = RequestMiddleware(_not_found, UNKNOWN_PATH, watch)
    routes: list[BaseRoute] = [
        api("/oauth/token", TokenEndpoint(load_oauth_client(settings), tokens)),
        api("/graphql", graphql),
        api("/graphql/", graphql),
        api(TEMP_FILES, FilesEndpoint(verifier, store, rules, workers), FILE_HEADERS),
        api(HUB_FILES, ContentHubFilesEndpoint(verifier, hub.files, workers), FILE_HEADERS),
        route("/faults", FaultsEndpoint(faults, tokens.check)),
        route("/service/uploads/{upload_id}", AbortEndpoint(place.store, tokens.check, workers)),
        route("/service/live", LiveEndpoint()),
        route("/service/ready", ReadyEndpoint(health, faults, workers, stopping)),
        route("/service/metrics", MetricsEndpoint(metrics, workers)),
        # Unknown paths: the page's process would answer them with its HTML and 200.
        *(Route(f"/{prefix}", lost) for prefix in PREFIXES),
        *(Route(f"/{prefix}/{{rest:path}}", lost) for prefix in PREFIXES),
    ]
    return Service(
        settings,
        store,
        place,
        hub,
        signer,
        temp_files,
        jobs,
        workers,
        faults,
        metrics,
        stopping,
        routes,
    )


def standalone(settings: Settings) -> Starlette:
    """Return the service as an application of its own."""
    service = build_service(settings)
    return Starlette(routes=service.routes, lifespan=lambda _app: service.lifespan())


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    response = JSONResponse({"error": "not_found", "path": scope["path"]}, 404)
    await response(scope, receive, send)
