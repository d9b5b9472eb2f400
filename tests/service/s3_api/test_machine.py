"""The multipart protocol, in any order of events, against a model of what it promises."""

import hashlib
import http.client
import itertools
import os
import socket
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

import defusedxml.ElementTree
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,  # pyright: ignore[reportUnknownVariableType]
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,  # pyright: ignore[reportUnknownVariableType]
)

from service.store.local import LocalStore
from service.store.sweep import GRACE
from service.temp_files import MultipartUrls
from tests.service.api_client import part_list, read_all, send_head, wait_until
from tests.service.live import Live, running
from tests.service.store.test_store import Clock

STEPS = int(1000 * float(os.environ.get("FUZZ", "1")))  # carried out in each run, counted
STEPS_PER_EXAMPLE = 60
MINIMUM, LARGEST, TOTAL = 4, 64, 150
TINY: dict[str, Any] = {
    "single_limit": 50,
    "multipart_limit": TOTAL,
    "min_part_size": MINIMUM,
    "max_part_size": LARGEST,
}
FULL_SIZE_PARTS = [MINIMUM, MINIMUM + 1, LARGEST]
SIZES = st.sampled_from([0, 1, MINIMUM - 1, *FULL_SIZE_PARTS, LARGEST + 1])
NUMBERS = st.integers(1, 4)
NOWHERE = "0" * 32

Answer = tuple[int, str, bytes]  # status, S3 error code, and the body, of a PUT the ETag
Listed = tuple[tuple[int, str], ...]


@dataclass
class Upload:
    """What the model knows of one multipart upload."""

    urls: MultipartUrls
    expires: float
    parts: dict[int, bytes] = field(default_factory=dict[int, bytes])
    completed: Listed | None = None
    content: bytes = b""
    etag: str = ""
    gone: bool = False


@dataclass
class File:
    """What the model knows of one single upload."""

    upload_url: str
    download_url: str
    content: bytes | None = None
    expires: float = 0


def etag_of(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def assembled_etag(parts: list[bytes]) -> str:
    digests = b"".join(bytes.fromhex(etag_of(part)) for part in parts)
    return f"{etag_of(digests)}-{len(parts)}"


KEPT_FOR = 2  # seconds; the service closes a connection after five idle ones


class Wire:
    """Sends requests over one kept connection."""

    def __init__(self, live: Live) -> None:
        self._connection = http.client.HTTPConnection(
            urlsplit(live.settings.public_url).netloc, timeout=20
        )
        self._used = time.monotonic()

    def ask(self, method: str, url: str, body: bytes = b"", **headers: str) -> Answer:
        if time.monotonic() - self._used > KEPT_FOR:
            self.close()
        try:
            return self._ask(method, url, body, headers)
        except BaseException:
            self.close()  # half an exchange must not disturb the next one
            raise
        finally:
            self._used = time.monotonic()

    def _ask(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        parts = urlsplit(url)
        self._connection.request(method, f"{parts.path}?{parts.query}", body, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status < 300:
            etag = (answer.getheader("ETag") or "").encode()
            return answer.status, "", etag if method == "PUT" else content
        code = defusedxml.ElementTree.fromstring(content).findtext("Code")
        return answer.status, code or "", b""

    def close(self) -> None:
        self._connection.close()


class Protocol(RuleBasedStateMachine):
    """Every rule is one step: it asks the service and compares with the model."""

    live: ClassVar[Live]
    clock: ClassVar[Clock]
    wire: ClassVar[Wire]
    steps: ClassVar[int] = 0
    _contents: ClassVar["itertools.count[int]"] = itertools.count()

    uploads: Bundle[Upload] = Bundle("uploads")
    files: Bundle[File] = Bundle("files")

    def __init__(self) -> None:
        super().__init__()
        self.known: list[Upload] = []
        self.singles: list[File] = []

    @property
    def store(self) -> LocalStore:
        return self.live.service.store

    def count(self) -> None:
        type(self).steps += 1

    def fresh_content(self, size: int) -> bytes:
        """No two bodies are equal, unless they are too short to differ."""
        return f"{next(self._contents):064x}".encode()[::-1][:size].ljust(size, b".")

    def wait_for_the_last_request(self) -> None:
        """An answer arrives a moment before its request ends and lets go of its file."""
        wait_until(lambda: not self.store.leases.held())

    def expired(self, moment: float) -> bool:
        return self.clock.now >= moment

    # What happens

    @initialize(target=uploads)
    def begin(self) -> Upload:
        return self.new_upload()

    @rule(target=uploads)
    def create(self) -> Upload:
        return self.new_upload()

    def new_upload(self) -> Upload:
        urls = self.live.service.temp_files.multipart(TOTAL)
        upload = Upload(urls, self.clock.now + self.live.settings.url_lifetime)
        self.known.append(upload)
        self.count()
        return upload

    @rule(upload=uploads, number=NUMBERS, size=SIZES)
    def put_part(self, upload: Upload, number: int, size: int) -> None:
        content = self.fresh_content(size)
        answer = self.wire.ask("PUT", upload.urls.upload_part_urls[number - 1], content)
        expected = self.part_answer(upload, number, content)
        assert answer == expected
        if expected[0] == 200:
            upload.parts[number] = content
        self.count()

    @rule(upload=uploads, size=st.sampled_from(FULL_SIZE_PARTS))
    def put_the_next_part(self, upload: Upload, size: int) -> None:
        number = max(upload.parts, default=0) + 1
        if number <= 8:
            self.put_part(upload, number, size)

    @rule(upload=uploads, number=NUMBERS, sent=st.integers(0, MINIMUM))
    def leave_in_the_middle_of_a_part(self, upload: Upload, number: int, sent: int) -> None:
        url = upload.urls.upload_part_urls[number - 1]
        with send_head(url, f"Content-Length: {MINIMUM + 1}") as connection:
            connection.sendall(b"x" * sent)
            connection.shutdown(socket.SHUT_WR)
            with suppress(ConnectionResetError):
                read_all(connection)  # the service has seen the request when this ends
        self.wait_for_the_last_request()
        self.count()

    @rule(upload=uploads)
    def complete_with_all_parts(self, upload: Upload) -> None:
        numbers = sorted(upload.parts)
        self.complete(upload, tuple((n, etag_of(upload.parts[n])) for n in numbers))

    @rule(
        upload=uploads,
        numbers=st.lists(NUMBERS, max_size=4),
        wrong=st.sampled_from([None, None, 0, 1]),
    )
    def complete_with_any_list(self, upload: Upload, numbers: list[int], wrong: int | None) -> None:
        etags = [etag_of(upload.parts[n]) if n in upload.parts else NOWHERE for n in numbers]
        if wrong is not None and wrong < len(etags):
            etags[wrong] = NOWHERE
        self.complete(upload, tuple(zip(numbers, etags, strict=True)))

    @rule(upload=uploads)
    def complete_again(self, upload: Upload) -> None:
        if upload.completed is not None:
            self.complete(upload, upload.completed)

    @rule(upload=uploads)
    def abort(self, upload: Upload) -> None:
        head, _, query = upload.urls.complete_url.partition("?")
        upload_id = next(i for i in query.split("&") if i.startswith("uploadId=")).partition("=")[2]
        url = self.live.service.signer.sign("DELETE", urlsplit(head).path, {"uploadId": upload_id})
        status, code, _ = self.wire.ask("DELETE", url)
        if upload.gone or upload.completed:
            assert (status, code) == (404, "NoSuchUpload")
        else:
            assert (status, code) == (204, "")
            upload.gone, upload.parts = True, {}
        self.count()

    @rule(upload=uploads, fresh=st.booleans())
    def download(self, upload: Upload, fresh: bool) -> None:
        content = upload.content if upload.completed and not upload.gone else None
        self.get(upload.urls.download_url, content, upload.expires, fresh)

    @rule(upload=uploads, start=st.integers(0, TOTAL), length=st.integers(1, TOTAL))
    def download_a_range(self, upload: Upload, start: int, length: int) -> None:
        if upload.completed and not upload.gone and not self.expired(upload.expires):
            answer = self.wire.ask(
                "GET", upload.urls.download_url, Range=f"bytes={start}-{start + length - 1}"
            )
            if start < len(upload.content):
                assert answer == (206, "", upload.content[start : start + length])
            else:
                assert answer[:2] == (416, "InvalidRange")
            self.count()

    @rule(target=files)
    def create_single(self) -> File:
        urls = self.live.service.temp_files.single()
        file = File(urls.upload_url, urls.download_url)
        file.expires = self.clock.now + self.live.settings.url_lifetime
        self.singles.append(file)
        self.count()
        return file

    @rule(file=files, size=st.sampled_from([0, 1, 50, 51]))
    def put_single(self, file: File, size: int) -> None:
        content = self.fresh_content(size)
        answer = self.wire.ask("PUT", file.upload_url, content)
        if self.expired(file.expires):
            assert answer[:2] == (403, "AccessDenied")
        elif size > 50:
            assert answer[:2] == (400, "EntityTooLarge")
        else:
            assert answer == (200, "", f'"{etag_of(content)}"'.encode())
            file.content = content
        self.count()

    @rule(file=files, fresh=st.booleans())
    def download_single(self, file: File, fresh: bool) -> None:
        self.get(file.download_url, file.content, file.expires, fresh)

    @rule(seconds=st.sampled_from([1, 60, 1800, 3599, 3600, 3606]))
    def time_passes(self, seconds: int) -> None:
        type(self).clock.now += seconds
        self.count()

    @rule()
    def sweep(self) -> None:
        self.wait_for_the_last_request()
        assert self.store.sweep() == self.forget_expired()
        self.count()

    @rule()
    def restart(self) -> None:
        self.wait_for_the_last_request()
        self.store.close()
        self.store.open()
        self.forget_expired()
        self.count()

    @rule(upload=consumes(uploads))
    def lose_sight_of(self, upload: Upload) -> None:
        """Fewer uploads to choose from: later steps meet each one more often."""
        self.download(upload, fresh=True)

    # What must hold

    @invariant()
    def the_folder_has_the_models_files_and_no_other(self) -> None:
        parts = [part for upload in self.known for part in upload.parts.values()]
        parts += [file.content for file in self.singles if file.content is not None]
        sizes = self.store.folder.sizes()
        assert sorted(sizes.values()) == sorted(len(part) for part in parts)
        assert self.store.folder.space.kept == sum(sizes.values())

    def teardown(self) -> None:
        type(self).clock.now += self.live.settings.url_lifetime + GRACE + 1
        self.wait_for_the_last_request()
        self.store.sweep()
        assert self.store.folder.sizes() == {}

    # What the model expects

    def part_answer(self, upload: Upload, number: int, content: bytes) -> Answer:
        others = sum(len(part) for n, part in upload.parts.items() if n != number)
        if self.expired(upload.expires):
            return 403, "AccessDenied", b""
        if len(content) > LARGEST:
            return 400, "EntityTooLarge", b""
        if upload.gone or upload.completed:
            return 404, "NoSuchUpload", b""
        if others + len(content) > TOTAL:
            return 400, "EntityTooLarge", b""
        return 200, "", f'"{etag_of(content)}"'.encode()

    def complete(self, upload: Upload, listed: Listed) -> None:
        body = part_list_of(listed)
        status, code, content = self.wire.ask("POST", upload.urls.complete_url, body)
        assert (status, code) == self.complete_answer(upload, listed)
        if status == 200:
            if upload.completed is None:
                upload.parts = {number: upload.parts[number] for number, _ in listed}
                upload.content = b"".join(upload.parts.values())
                upload.etag = assembled_etag(list(upload.parts.values()))
                upload.completed = listed
            assert f'<ETag>"{upload.etag}"</ETag>'.encode() in content
        self.count()

    def complete_answer(self, upload: Upload, listed: Listed) -> tuple[int, str]:
        if self.expired(upload.expires):
            return 403, "AccessDenied"
        if not listed:
            return 400, "MalformedXML"
        if upload.gone or (upload.completed and upload.completed != listed):
            return 404, "NoSuchUpload"
        if upload.completed:
            return 200, ""
        numbers = [number for number, _ in listed]
        if numbers != sorted(set(numbers)):
            return 400, "InvalidPartOrder"
        if any(etag_of(upload.parts.get(n, b"?")) != etag for n, etag in listed):
            return 400, "InvalidPart"
        if any(len(upload.parts[number]) < MINIMUM for number in numbers[:-1]):
            return 400, "EntityTooSmall"
        return 200, ""

    def get(self, url: str, content: bytes | None, expires: float, fresh: bool) -> None:
        if fresh:
            url = self.live.service.signer.sign("GET", urlsplit(url).path)
        status, code, body = self.wire.ask("GET", url)
        if not fresh and self.expired(expires):
            assert (status, code) == (403, "AccessDenied")
        elif content is None:
            assert (status, code) == (404, "NoSuchKey")
        else:
            assert (status, body) == (200, content)
        self.count()

    def forget_expired(self) -> int:
        """Let the model sweep; returns the number of files that go."""
        horizon, files = self.clock.now - GRACE, 0
        for upload in self.known:
            if upload.expires < horizon:
                files += len(upload.parts)
                upload.gone, upload.parts = True, {}
        for file in self.singles:
            if file.expires < horizon and file.content is not None:
                files += 1
                file.content = None
        return files


def part_list_of(listed: Listed) -> bytes:
    rows = "".join(
        part_list([etag], first=number)
        .removeprefix("<CompleteMultipartUpload>")
        .removesuffix("</CompleteMultipartUpload>")
        for number, etag in listed
    )
    return f"<CompleteMultipartUpload>{rows}</CompleteMultipartUpload>".encode()


@contextmanager
def machine(data_dir: Path) -> Generator[type[Protocol], None, None]:
    clock = Clock()
    with running(data_dir, clock, **TINY) as live:
        Protocol.live, Protocol.clock, Protocol.wire = live, clock, Wire(live)
        Protocol.steps = 0
        yield Protocol
        Protocol.wire.close()


def test_any_order_of_steps_agrees_with_the_model(tmp_path: Path) -> None:
    with machine(tmp_path) as protocol:
        run_state_machine_as_test(
            protocol,
            settings=settings(
                # Some draws find nothing to do and do not count.
                max_examples=STEPS // 25,
                stateful_step_count=STEPS_PER_EXAMPLE,
                database=None,
            ),
        )
        print(f"\n{protocol.steps} steps")  # noqa: T201 - for `make soak`
        assert protocol.steps >= STEPS
