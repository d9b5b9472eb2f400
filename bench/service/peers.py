"""The stores that the service is compared with, each with a way to begin and end an upload."""

import secrets
import shutil
import subprocess
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, urlsplit

import defusedxml.ElementTree
import requests

from bench.service import calls
from bench.service.bare import BareService
from service.auth.keys import load_service_keys
from service.auth.signing import SigningKey, UrlSigner
from settings import read_settings
from tests.app_server import ROOT, free_port

CEPH = ROOT / "tests" / "s3" / "ceph.sh"
MOTO = ROOT / ".venv" / "peers" / "bin" / "moto_server"
PATIENCE = 60  # seconds a store may take to start


class Store(Protocol):
    """Something that takes parts."""

    def begin(self, count: int) -> Sequence[str]:
        """Return the URLs of that many new parts."""
        ...

    def forget(self, urls: Sequence[str]) -> None:
        """Remove what was put there."""
        ...


@dataclass(frozen=True)
class Service:
    """Our own service, asked as its clients ask it."""

    service: BareService

    def begin(self, count: int) -> Sequence[str]:
        """Open an upload."""
        return calls.part_urls(self.service)[:count]

    def forget(self, urls: Sequence[str]) -> None:
        """Abort it; its clients cannot, so the URL is signed with the service's own key."""
        settings = read_settings({"TFW_DATA_DIR": str(self.service.data_dir)})
        key = load_service_keys(settings).url_key
        _abort(UrlSigner(key, self.service.url, 3600), urls[0])


@dataclass(frozen=True)
class Dav:
    """A folder that takes files by PUT, without an ETag of their content."""

    url: str

    def begin(self, count: int) -> Sequence[str]:
        """Name some files."""
        return [f"{self.url}/part-{number}" for number in range(count)]

    def forget(self, urls: Sequence[str]) -> None:
        """Delete them."""
        for url in urls:
            requests.delete(url, timeout=10)


@dataclass(frozen=True)
class S3:
    """A store that speaks S3, with URLs signed by our own signer."""

    url: str
    key: SigningKey

    @property
    def _signer(self) -> UrlSigner:
        return UrlSigner(self.key, self.url, 3600)

    def create_bucket(self) -> None:
        """Make the bucket that everything goes to."""
        requests.put(self._signer.sign("PUT", "/bench"), timeout=30).raise_for_status()

    def begin(self, count: int) -> Sequence[str]:
        """Create a multipart upload."""
        url = self._signer.sign("POST", "/bench/file", {"uploads": ""})
        created = requests.post(url, timeout=30)
        created.raise_for_status()
        document = defusedxml.ElementTree.fromstring(created.content)
        upload_id = document.findtext("{*}UploadId") or ""
        return [
            self._signer.sign("PUT", "/bench/file", {"partNumber": str(n), "uploadId": upload_id})
            for n in range(1, count + 1)
        ]

    def forget(self, urls: Sequence[str]) -> None:
        """Abort it."""
        _abort(self._signer, urls[0])


def _abort(signer: UrlSigner, part_url: str) -> None:
    parts = urlsplit(part_url)
    upload_id = parse_qs(parts.query)["uploadId"][0]
    url = signer.sign("DELETE", parts.path, {"uploadId": upload_id})
    requests.delete(url, timeout=60).raise_for_status()


@contextmanager
def moto() -> Generator[S3]:
    """Run moto's server, which keeps parts in memory."""
    port = free_port()
    process = subprocess.Popen(
        [MOTO, "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    store = S3(f"http://127.0.0.1:{port}", SigningKey("bench", "bench-secret", "us-east-1"))
    try:
        _wait_until_it_answers(store.url)
        store.create_bucket()
        yield store
    finally:
        process.terminate()
        process.wait(10)


def ceph_is_installed() -> bool:
    """Tell whether the packages are here that the tests install."""
    return all(map(shutil.which, ("ceph", "ceph-mon", "ceph-osd", "radosgw", "radosgw-admin")))


@contextmanager
def ceph(folder: Path) -> Generator[S3]:
    """Run a Ceph gateway on one OSD, the smallest there is."""
    port, key = free_port(), SigningKey("bench", secrets.token_hex(16), "default")
    try:
        subprocess.run(
            ["sh", CEPH, "start", folder, str(port), str(free_port()), key.key_id, key.secret],
            check=True,
            timeout=180,
        )
        store = S3(f"http://127.0.0.1:{port}", key)
        store.create_bucket()
        yield store
    finally:
        subprocess.run(["sh", CEPH, "stop", folder], check=True, timeout=60)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_it_answers(url: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            requests.get(url, timeout=5)
        except requests.ConnectionError:
            assert time.monotonic() < deadline, url
            time.sleep(0.1)
        else:
            return
