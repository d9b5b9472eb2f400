import itertools
from collections.abc import Generator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.app import build_service
from service.errors import DataFolderError, S3ApiError
from service.store.local import LocalStore
from service.store.objects import ObjectReader
from service.store.sweep import GRACE
from service.store.uploads import ListedPart, PartLimits, Upload
from tests.service.api_client import wait_until
from tests.service.live import make_settings, running

LIMITS = PartLimits(min_part_size=3, max_part_size=100, multipart_limit=1000)


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Generator[LocalStore, None, None]:
    store = opened(tmp_path, clock)
    yield store
    store.close()


def opened(path: Path, clock: Clock) -> LocalStore:
    store = LocalStore(path, LIMITS, clock)
    store.open()
    return store


def put_part(store: LocalStore, upload: Upload, number: int, data: bytes) -> ListedPart:
    with store.folder.draft() as draft:
        draft.write(data)
        file = draft.finish()
    store.uploads.put_part(upload, number, file)
    return ListedPart(number, file.md5)


def put_object(store: LocalStore, key: str, data: bytes, expires: float) -> None:
    with store.folder.draft() as draft:
        draft.write(data)
        store.objects.put(key, draft.finish(), "text/plain", expires)


def content(store: LocalStore, key: str, start: int = 0, block: int = 7) -> bytes:
    with ObjectReader(store.objects.find(key), start) as reader:
        return b"".join(iter(lambda: reader.read(block), b""))


def code(caught: pytest.ExceptionInfo[S3ApiError]) -> str:
    return caught.value.code


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Generator[LocalStore, None, None]:
    store = opened(tmp_path_factory.mktemp("shared"), Clock())
    yield store
    store.close()


@settings(max_examples=60)
@given(
    blocks=st.lists(st.binary(min_size=3, max_size=20), min_size=1, max_size=12),
    order=st.randoms(use_true_random=False),
    start=st.integers(0, 250),
)
def test_any_parts_sent_in_any_order_assemble_to_the_same_bytes(
    shared: LocalStore, blocks: list[bytes], order: Random, start: int
) -> None:
    upload = shared.uploads.create(1, 9e9)
    numbered = list(enumerate(blocks, 1))
    order.shuffle(numbered)
    listed = [put_part(shared, upload, number, block) for number, block in numbered]
    shared.uploads.complete(upload, sorted(listed, key=lambda part: part.number))
    whole = b"".join(blocks)
    assert content(shared, upload.key) == whole
    assert content(shared, upload.key, start) == whole[start:]


def test_a_draft_that_is_not_finished_leaves_nothing(store: LocalStore) -> None:
    with store.folder.draft() as draft:
        draft.write(b"x")
        assert list(store.folder.sizes().values()) == [1]
    assert store.folder.sizes() == {}


def test_expired_files_and_uploads_are_swept_and_fresh_ones_stay(
    store: LocalStore, clock: Clock
) -> None:
    old = store.uploads.create(1, clock.now + 10)
    done = store.uploads.create(1, clock.now + 10)
    fresh = store.uploads.create(1, clock.now + 100)
    put_part(store, old, 1, b"old")
    store.uploads.complete(done, [put_part(store, done, 1, b"done")])
    put_object(store, "single", b"old", clock.now + 10)
    kept = put_part(store, fresh, 1, b"fresh")
    assert store.sweep() == 0
    clock.now += 10 + GRACE + 1
    assert store.sweep() == 3
    assert len(store.folder.sizes()) == 1
    for key in ("single", done.key):
        with pytest.raises(S3ApiError) as caught:
            store.objects.find(key)
        assert code(caught) == "NoSuchKey"
    with pytest.raises(S3ApiError) as caught:
        store.uploads.admit_part(old, 1, 1)
    assert code(caught) == "NoSuchUpload"
    store.uploads.complete(fresh, [kept])
    assert content(store, fresh.key) == b"fresh"


def test_a_file_in_use_is_swept_only_afterwards(store: LocalStore, clock: Clock) -> None:
    put_object(store, "used", b"data", clock.now)
    clock.now += GRACE + 1
    with store.leases.hold("used"), store.leases.hold("used"):
        assert store.sweep() == 0
        assert content(store, "used") == b"data"
    assert store.sweep() == 1


def test_a_start_removes_what_a_crash_left(tmp_path: Path, clock: Clock) -> None:
    store = opened(tmp_path, clock)
    upload = store.uploads.create(1, 9e9)
    part = put_part(store, upload, 1, b"kept")
    (store.folder.path / "0123.partial").write_bytes(b"half a body")
    with store.folder.draft() as draft:
        draft.write(b"renamed, not recorded")
        draft.finish()
    store.close()
    again = opened(tmp_path, clock)
    assert len(again.folder.sizes()) == 1
    again.uploads.complete(upload, [part])
    assert content(again, upload.key) == b"kept"


@pytest.mark.parametrize("damage", ["missing", "short"])
def test_a_start_never_serves_a_file_that_a_power_loss_damaged(
    tmp_path: Path, clock: Clock, damage: str
) -> None:
    store = opened(tmp_path, clock)
    upload = store.uploads.create(1, 9e9)
    listed = [put_part(store, upload, number, b"data") for number in (1, 2)]
    store.uploads.complete(upload, listed)
    path = store.objects.find(upload.key).segments[0].path
    store.close()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(b"da")
    again = opened(tmp_path, clock)
    with pytest.raises(S3ApiError) as caught:
        again.objects.find(upload.key)
    assert code(caught) == "NoSuchKey"
    assert again.folder.sizes() == {}


def test_a_second_process_is_refused_the_folder(tmp_path: Path, clock: Clock) -> None:
    first = opened(tmp_path, clock)
    with pytest.raises(DataFolderError, match="in use by another service"):
        opened(tmp_path, clock)
    first.close()
    opened(tmp_path, clock).close()


def test_a_part_whose_file_was_replaced_while_it_was_checked_is_invalid(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = store.uploads.create(1, 9e9)
    put_part(store, upload, 1, b"hello")

    def replaced(*_: object) -> str:
        put_part(store, upload, 1, b"other")
        return "NhCmhg=="

    monkeypatch.setattr("service.store.uploads.checksum", replaced)
    with pytest.raises(S3ApiError) as caught:
        store.uploads.complete(upload, [ListedPart(1, None, (("CRC32", "NhCmhg=="),))])
    assert code(caught) == "InvalidPart"


def test_the_sweep_runs_by_itself(tmp_path: Path, clock: Clock) -> None:
    with running(tmp_path, clock, sweep_interval=0.1) as live:
        urls = live.api.single()
        live.api.put(urls["uploadUrl"], b"x")
        assert len(live.files) == 1
        clock.now += live.settings.url_lifetime + GRACE + 1
        wait_until(lambda: not live.files)


def test_the_sweep_goes_on_after_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    calls = itertools.count()

    def failing(_: LocalStore) -> int:
        next(calls)
        raise OSError("the disk is away")

    monkeypatch.setattr(LocalStore, "sweep", failing)
    with running(tmp_path, sweep_interval=0.1):
        wait_until(lambda: caplog.text.count("The sweep failed") >= 2)


def test_building_a_service_needs_no_event_loop(tmp_path: Path) -> None:
    service = build_service(make_settings(tmp_path))
    assert [getattr(route, "path", "") for route in service.routes][:4] == [
        "/oauth/token",
        "/graphql",
        "/graphql/",
        "/files/{key}",
    ]
