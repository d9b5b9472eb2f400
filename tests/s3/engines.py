"""The stores that the protocol is tried on: our own, and Ceph's gateway."""

import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import defusedxml.ElementTree
import requests

from service.auth.keys import load_service_keys
from service.auth.signing import SigningKey, UrlSigner
from service.store.sweep import GRACE
from tests.app_server import free_port
from tests.service.live import FastClock, Live, running

SCRIPT = Path(__file__).with_name("ceph.sh")
PROGRAMS = ("ceph", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin")
LIFETIME = 3600
LOOPBACK = "127.0.0.1"
BUCKET = "/tests"
EXPIRING_BUCKET = "/expiring"
PAGE = "https://page.example"  # the origin that the buckets' CORS rule names


@dataclass(frozen=True)
class Upload:
    """A multipart upload on one engine."""

    path: str
    upload_id: str


class Engine(Protocol):
    """What the protocol's cases need of a store beside URLs."""

    http: requests.Session

    def signer(
        self, *, age: float = 0, lifetime: int = LIFETIME, host: str = LOOPBACK
    ) -> UrlSigner:
        """Return a signer with the store's key whose clock is `age` seconds late."""
        ...

    def new_path(self) -> str:
        """Return the path of a file that does not exist yet."""
        ...

    def create_upload(self) -> Upload:
        """Open a multipart upload for a new path."""
        ...

    def put_and_let_expire(self) -> str:
        """Store a file that the engine removes by itself in a few seconds; return its path."""
        ...


def session() -> requests.Session:
    http = requests.Session()
    http.trust_env = False
    return http


@dataclass
class Embedded:
    """Our own service, with the documented limits."""

    live: Live
    expiring: Live
    clock: FastClock
    http: requests.Session = field(default_factory=session)

    def signer(
        self, *, age: float = 0, lifetime: int = LIFETIME, host: str = LOOPBACK
    ) -> UrlSigner:
        base_url = self.live.settings.public_url.replace(LOOPBACK, host)
        key = load_service_keys(self.live.settings).url_key
        return UrlSigner(key, base_url, lifetime, lambda: time.time() - age)

    def new_path(self) -> str:
        return f"/files/{secrets.token_hex(16)}"

    def create_upload(self) -> Upload:
        upload = self.live.service.store.uploads.create(1, time.time() + LIFETIME)
        return Upload(f"/files/{upload.key}", upload.upload_id)

    def put_and_let_expire(self) -> str:
        path = self.new_path()
        url = self.expiring.service.signer.sign("PUT", path)
        assert self.http.put(url, data=b"short-lived", timeout=10).ok
        self.clock.ahead += self.expiring.settings.url_lifetime + GRACE + 1
        return self.expiring.signer().sign("GET", path)


@dataclass
class Ceph:
    """A Ceph gateway; the bucket has the CORS rule that a page on `PAGE` needs."""

    base_url: str
    key: SigningKey
    http: requests.Session = field(default_factory=session)

    def __post_init__(self) -> None:
        self._ask("PUT", BUCKET)
        self._ask("PUT", BUCKET, {"cors": ""}, CORS_RULE)
        self._ask("PUT", EXPIRING_BUCKET)
        self._ask("PUT", EXPIRING_BUCKET, {"lifecycle": ""}, LIFECYCLE_RULE)

    def signer(
        self, *, age: float = 0, lifetime: int = LIFETIME, host: str = LOOPBACK
    ) -> UrlSigner:
        base_url = self.base_url.replace(LOOPBACK, host)
        return UrlSigner(self.key, base_url, lifetime, lambda: time.time() - age)

    def new_path(self) -> str:
        return f"{BUCKET}/{secrets.token_hex(16)}"

    def create_upload(self) -> Upload:
        path = self.new_path()
        root = defusedxml.ElementTree.fromstring(self._ask("POST", path, {"uploads": ""}))
        upload_id = next(child.text for child in root if child.tag.endswith("UploadId"))
        return Upload(path, upload_id or "")

    def put_and_let_expire(self) -> str:
        path = f"{EXPIRING_BUCKET}/{secrets.token_hex(16)}"
        self._ask("PUT", path, body="short-lived")
        return self.signer().sign("GET", path)

    def _ask(
        self, method: str, path: str, parameters: Mapping[str, str] | None = None, body: str = ""
    ) -> bytes:
        url = self.signer().sign(method, path, parameters)
        answer = self.http.request(method, url, data=body, timeout=30)
        assert answer.ok, answer.text
        return answer.content


CORS_RULE = f"""<CORSConfiguration><CORSRule><AllowedOrigin>{PAGE}</AllowedOrigin>
<AllowedMethod>PUT</AllowedMethod><AllowedMethod>POST</AllowedMethod>
<AllowedMethod>GET</AllowedMethod><AllowedHeader>*</AllowedHeader>
<ExposeHeader>ETag</ExposeHeader></CORSRule></CORSConfiguration>"""
LIFECYCLE_RULE = """<LifecycleConfiguration><Rule><ID>day</ID><Prefix></Prefix>
<Status>Enabled</Status><Expiration><Days>1</Days></Expiration>
<AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation>
</AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>"""


def ceph_is_installed() -> bool:
    return all(shutil.which(name) for name in PROGRAMS)


@contextmanager
def embedded_engine(folder: Path) -> Generator[Engine, None, None]:
    clock = FastClock()
    with (
        running(folder / "live") as live,
        running(folder / "expiring", clock, url_lifetime=60, sweep_interval=0.1) as expiring,
    ):
        engine = Embedded(live, expiring, clock)
        yield engine
        engine.http.close()


@contextmanager
def ceph_engine(folder: Path) -> Generator[Engine, None, None]:
    port, key = free_port(), SigningKey("tests", secrets.token_hex(16), "default")
    start = ["sh", str(SCRIPT), "start", str(folder), str(port), str(free_port())]
    try:
        subprocess.run([*start, key.key_id, key.secret], check=True, timeout=180)
        engine = Ceph(f"http://{LOOPBACK}:{port}", key)
        yield engine
        engine.http.close()
    finally:
        subprocess.run(["sh", str(SCRIPT), "stop", str(folder)], check=True, timeout=60)
        shutil.rmtree(folder, ignore_errors=True)


def is_root() -> bool:
    return os.geteuid() == 0
