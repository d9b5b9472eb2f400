"""kill -9 at random instants during parallel uploads."""

import hashlib
import http.client
import json
import os
import random
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Generator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from service.store.local import DATABASE_FILE, LocalStore
from service.store.uploads import PartLimits
from tests.app_server import free_port
from tests.service.api_client import MULTIPART, SINGLE, part_list, wait_until
from tests.service.process import ROOT

KILLS = int(os.environ.get("KILLS", "25"))
STARTS_KILLED = 0.1  # of all kills: these hit a service that is still repairing its folder
LONGEST = 0.2  # seconds of traffic before a kill
UPLOADERS = 4
MINIMUM = 1000
LARGEST = 60_000
SETTINGS = {"TFW_MIN_PART_SIZE": str(MINIMUM), "TFW_SWEEP_INTERVAL": "1", "TFW_ACCESS_LOG": "off"}


@dataclass
class Upload:
    """What one multipart upload was told, and what it sent."""

    urls: dict[str, Any]
    bodies: list[bytes]
    etags: list[str] = field(default_factory=list[str])
    asked_to_complete: bool = False
    completed: bool = False

    def content(self) -> bytes:
        return b"".join(self.bodies[: len(self.etags)])


@dataclass
class File:
    """One single upload, and every content that it may have now."""

    urls: dict[str, str]
    possible: list[bytes | None] = field(default_factory=lambda: [None])


class Client:
    """A kept connection to the service; any failure of it ends the traffic."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self._token = token

    def ask(self, method: str, url: str, body: bytes = b"") -> tuple[int, bytes, str]:
        parts = urlsplit(url)
        self._connection.request(method, f"{parts.path}?{parts.query}", body)
        answer = self._connection.getresponse()
        return answer.status, answer.read(), answer.getheader("ETag") or ""

    def mutate(self, query: str, variables: dict[str, int] | None = None) -> dict[str, Any]:
        body = json.dumps({"query": query, "variables": variables})
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._token}"}
        self._connection.request("POST", "/graphql", body, headers)
        return next(iter(json.loads(self._connection.getresponse().read())["data"].values()))

    def close(self) -> None:
        self._connection.close()


class Traffic:
    """Threads that upload until the service dies; remembers what was acknowledged."""

    def __init__(self, port: int, token: str, seed: int) -> None:
        self.uploads: list[Upload] = []
        self.files: list[File] = []
        self._threads = [
            threading.Thread(target=self._run, args=(port, token, chances(seed + n)))
            for n in range(UPLOADERS)
        ]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        for thread in self._threads:
            thread.join()

    def _run(self, port: int, token: str, chance: random.Random) -> None:
        # Whatever else goes wrong than the connection fails the test: threads' exceptions do.
        with suppress(OSError, http.client.HTTPException), closing(Client(port, token)) as client:
            while True:
                self._upload(client, chance)
                self._put_twice(client, chance)

    def _upload(self, client: Client, chance: random.Random) -> None:
        bodies = [random_body(chance) for _ in range(chance.randint(1, 4))]
        urls = client.mutate(MULTIPART, {"size": sum(len(body) for body in bodies)})
        upload = Upload(urls, bodies)
        self.uploads.append(upload)
        for url, body in zip(urls["uploadPartUrls"], bodies, strict=False):
            status, _, etag = client.ask("PUT", url, body)
            assert status == 200
            upload.etags.append(etag)
        if chance.random() < 0.7:
            upload.asked_to_complete = True
            status, _, _ = client.ask("POST", urls["completeUrl"], part_list(upload.etags).encode())
            assert status == 200
            upload.completed = True

    def _put_twice(self, client: Client, chance: random.Random) -> None:
        file = File(client.mutate(SINGLE))
        self.files.append(file)
        for _ in range(2):
            body = random_body(chance)
            file.possible.append(body)
            status, _, _ = client.ask("PUT", file.urls["uploadUrl"], body)
            assert status == 200
            file.possible = [body]


def chances(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - repeatable, not secret


def random_body(chance: random.Random) -> bytes:
    return chance.randbytes(chance.randint(MINIMUM, LARGEST))


class Processes:
    """Starts and kills the service; it always has the same port and the same folder."""

    def __init__(self, data_dir: Path, parent: "subprocess.Popen[str]") -> None:
        self.port = free_port()
        self.data_dir = data_dir
        self._parent = parent
        self._pid = 0

    def start(self) -> None:
        assert self._parent.stdin
        assert self._parent.stdout
        arguments = f"--port {self.port} --data-dir {self.data_dir}"
        self._parent.stdin.write(f"{arguments}\n")
        self._parent.stdin.flush()
        self._pid = int(self._parent.stdout.readline())

    def wait_until_ready(self) -> None:
        wait_until(self._answers, pause=0.002)

    def kill(self) -> None:
        os.kill(self._pid, signal.SIGKILL)
        wait_until(self._is_gone, pause=0.002)

    def _is_gone(self) -> bool:
        try:
            os.kill(self._pid, 0)
        except ProcessLookupError:
            return True
        return False

    def _answers(self) -> bool:
        assert not self._is_gone()
        with socket.socket() as probe, suppress(OSError):
            probe.connect(("127.0.0.1", self.port))
            probe.settimeout(5)
            probe.sendall(b"GET /files HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return probe.recv(12) == b"HTTP/1.1 404"
        return False


@contextmanager
def processes(data_dir: Path) -> Generator[Processes, None, None]:
    parent = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("forking_service.py"))],
        cwd=ROOT,
        env={**os.environ, **SETTINGS, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with parent:
        yield Processes(data_dir, parent)
        parent.kill()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass
class Audit:
    """Compares what a restarted service has with what was acknowledged; counts what it saw."""

    data_dir: Path
    parts: int = 0
    completed: int = 0
    in_flight: int = 0
    whole: dict[str, str] = field(default_factory=dict[str, str])

    def check(self, client: Client, traffic: Traffic) -> None:
        self.no_file_without_a_row()
        for upload in traffic.uploads:
            self._check_upload(client, upload)
        for file in traffic.files:
            self._check_file(client, file)

    def no_file_without_a_row(self) -> None:
        with closing(sqlite3.connect(self.data_dir / DATABASE_FILE)) as database:
            rows = dict(database.execute("SELECT file_name, size FROM parts"))
        folder = self.data_dir / "files"
        assert {path.name: path.stat().st_size for path in folder.iterdir()} == rows

    def _check_upload(self, client: Client, upload: Upload) -> None:
        self.parts += len(upload.etags)
        self.completed += upload.completed
        self.in_flight += len(upload.etags) < len(upload.bodies)
        status, content, _ = client.ask("GET", upload.urls["downloadUrl"])
        if upload.completed:
            assert status == 200
        if status == 200:
            assert upload.asked_to_complete
            assert content == upload.content()
        if not upload.etags:
            return
        # An open upload takes its parts; a completed one answers the same list again.
        status, _, _ = client.ask(
            "POST", upload.urls["completeUrl"], part_list(upload.etags).encode()
        )
        assert status == 200
        _, content, _ = client.ask("GET", upload.urls["downloadUrl"])
        assert sha256(content) == sha256(upload.content())
        self.whole[upload.urls["downloadUrl"]] = sha256(content)

    def _check_file(self, client: Client, file: File) -> None:
        status, content, _ = client.ask("GET", file.urls["downloadUrl"])
        assert (content if status == 200 else None) in file.possible
        if status == 200:
            self.whole[file.urls["downloadUrl"]] = sha256(content)


def token_of(service: Processes) -> str:
    fields = json.loads((service.data_dir / "oauth-client.json").read_text())
    form = f"grant_type=client_credentials&client_id={fields['client_id']}"
    with closing(http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)) as connection:
        connection.request(
            "POST",
            "/oauth/token",
            f"{form}&client_secret={fields['client_secret']}",
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        return json.loads(connection.getresponse().read())["access_token"]


def kill_while_it_starts(service: Processes, chance: random.Random) -> None:
    service.start()
    time.sleep(chance.uniform(0, 0.1))
    service.kill()


def test_kill_9_at_random_instants_loses_nothing_acknowledged(
    tmp_path: Path,
) -> None:
    seed = secrets.randbits(32)
    chance = chances(seed)
    audit = Audit(tmp_path)
    kills = 0
    with processes(tmp_path) as service:
        service.start()
        service.wait_until_ready()
        # On a busy machine little is under way when it is killed: go on until enough was.
        while kills < KILLS or audit.parts <= KILLS or audit.in_flight <= KILLS / 10:
            traffic = Traffic(service.port, token_of(service), seed + kills * UPLOADERS)
            time.sleep(chance.uniform(0, LONGEST))
            service.kill()
            kills += 1
            traffic.end()
            if chance.random() < STARTS_KILLED:
                kill_while_it_starts(service, chance)
                kills += 1
            service.start()
            service.wait_until_ready()
            with closing(Client(service.port, "")) as client:
                audit.check(client, traffic)
        with closing(Client(service.port, "")) as client:
            for url, digest in audit.whole.items():
                assert sha256(client.ask("GET", url)[1]) == digest
        service.kill()
    print(  # noqa: T201 - for `make soak`
        f"\n{kills} kills (seed {seed}): {audit.parts} acknowledged parts, "
        f"{audit.completed} completed files, {audit.in_flight} uploads cut, none lost"
    )
    nothing_is_left_after_the_sweep(tmp_path)


def nothing_is_left_after_the_sweep(data_dir: Path) -> None:
    limits = PartLimits(MINIMUM, 2**31, 2**31)
    store = LocalStore(data_dir, limits, lambda: time.time() + 7200)
    store.open()
    assert store.folder.sizes() == {}
    store.close()
