import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.small_disk import fill, small_disk
from tests.web.conftest import Clock
from web.sign_in.sessions import LIFETIME, Session, Sessions, SessionsUnavailableError, reference_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "web.sqlite3"


@pytest.fixture
def sessions(path: Path, clock: Clock) -> Iterator[Sessions]:
    opened = Sessions(path, clock)
    yield opened
    opened.close()


def test_open_session_is_found_by_its_reference(sessions: Sessions) -> None:
    reference = reference_of(sessions.open("ada"))
    assert sessions.find(reference) == Session(reference, "ada")


def test_session_id_itself_opens_nothing_as_a_reference(sessions: Sessions) -> None:
    assert sessions.find(sessions.open("ada")) is None


def test_ids_never_reach_the_disk(sessions: Sessions, path: Path) -> None:
    session_id = sessions.open("ada")
    sessions.close()
    content = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert session_id.encode() not in content
    assert reference_of(session_id).encode() in content


def test_sessions_survive_a_restart(sessions: Sessions, path: Path, clock: Clock) -> None:
    reference = reference_of(sessions.open("ada"))
    sessions.close()
    reopened = Sessions(path, clock)
    assert reopened.find(reference)
    reopened.close()


def test_session_ends_after_eight_hours(sessions: Sessions, clock: Clock) -> None:
    reference = reference_of(sessions.open("ada"))
    clock.seconds += LIFETIME - 1
    assert sessions.find(reference)
    clock.seconds += 1
    assert sessions.find(reference) is None


def test_expired_sessions_are_removed_from_the_file(
    sessions: Sessions, path: Path, clock: Clock
) -> None:
    old = reference_of(sessions.open("ada"))
    clock.seconds += LIFETIME
    sessions.open("ada")
    clock.seconds -= LIFETIME
    assert sessions.find(old) is None


def test_revoked_session_is_gone_and_others_stay(sessions: Sessions) -> None:
    first, second = (reference_of(sessions.open("ada")) for _ in range(2))
    sessions.revoke(first)
    sessions.revoke(first)
    assert sessions.find(first) is None
    assert sessions.find(second)


def test_database_files_are_private(sessions: Sessions, path: Path) -> None:
    sessions.open("ada")
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.glob("web.*")} == {0o600}


def test_a_full_disk_is_said_and_takes_no_sign_in_that_was(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        sessions = Sessions(disk / "web.sqlite3")
        kept = reference_of(sessions.open("ada"))
        fill(disk)
        with pytest.raises(SessionsUnavailableError, match=r"web\.sqlite3") as caught:
            _ = [sessions.open("ada") for _ in range(1000)]  # its log has some room left
        assert caught.value.status == 507
        assert sessions.find(kept)
        sessions.close()
