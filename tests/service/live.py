"""Running services for the tests."""

import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette

from service.app import Service, build_service
from service.auth.keys import load_oauth_client, load_service_keys
from service.auth.signing import UrlSigner
from service.http.protocol import DirectBodyProtocol, listen
from settings import Settings, read_settings
from tests.service.api_client import Api, wait_until

SMALL: dict[str, Any] = {
    "single_limit": 1_000_000,
    "multipart_limit": 2_000_000,
    "min_part_size": 100_000,
    "max_part_size": 1_500_000,
    "idle_timeout": 1,
}


@dataclass
class FastClock:
    """A clock that is as many seconds ahead as a test tells it."""

    ahead: float = 0

    def __call__(self) -> float:
        return time.time() + self.ahead


@dataclass(frozen=True)
class Live:
    """A service that listens."""

    api: Api
    service: Service

    @property
    def settings(self) -> Settings:
        return self.service.settings

    @property
    def files(self) -> list[str]:
        return [path.name for path in self.service.store.folder.path.iterdir()]

    def signer(self, age: float = 0, **changes: Any) -> UrlSigner:
        """A signer with the service's key whose clock is `age` seconds late."""
        key = replace(load_service_keys(self.settings).url_key, **changes)
        return UrlSigner(key, self.settings.public_url, 3600, lambda: time.time() - age)


def make_settings(data_dir: Path, **changes: Any) -> Settings:
    settings = read_settings({"TFW_DATA_DIR": str(data_dir)}, data_dir / "no-secrets.toml")
    changed = replace(settings, **changes)
    return replace(changed, public_url=changed.local_url)


def room_is_counted_right(live: Live) -> bool:
    folder = live.service.store.folder
    return (folder.space.kept, folder.space.expected) == (sum(folder.sizes().values()), 0)


@contextmanager
def running(
    data_dir: Path,
    clock: Callable[[], float] = time.time,
    /,
    *,
    server_options: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Generator[Live, None, None]:
    """Run a service on a free port, in a thread; `server_options` go to uvicorn."""
    listener = listen("127.0.0.1", 0)
    settings = make_settings(data_dir, port=listener.getsockname()[1], **changes)
    service = build_service(settings, clock)
    app = Starlette(routes=service.routes, lifespan=lambda _: service.lifespan())
    options: dict[str, Any] = {
        "http": DirectBodyProtocol,
        "access_log": False,
        "log_level": "warning",
    }
    config = uvicorn.Config(app, **(options | dict(server_options or {})))
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        wait_until(lambda: server.started)
        client = load_oauth_client(settings)
        with_api = Api(settings.public_url, client.client_id, client.client_secret)
        yield Live(with_api, service)
        with_api.http.close()
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listener.close()
