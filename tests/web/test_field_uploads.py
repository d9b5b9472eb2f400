"""What the upload fields of pages may hold for one user."""

import pytest

from web.field_uploads import PATH, FieldUploads


class Held:
    """What Streamlit holds, by visit."""

    def __init__(self) -> None:
        self.bytes: dict[str, int] = {}

    def __call__(self, visit: str) -> int:
        return self.bytes.get(visit, 0)


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture
def uploads(held: Held) -> FieldUploads:
    return FieldUploads(held, user_bytes=100)


def send(uploads: FieldUploads, held: Held, visit: str, length: int, user: str = "ada") -> bool:
    with uploads.room_for(user, f"{PATH}/{visit}/file", length) as fits:
        if fits:
            held.bytes[visit] = held.bytes.get(visit, 0) + length
        return fits


def test_the_sum_counts_over_all_visits_of_a_user(uploads: FieldUploads, held: Held) -> None:
    assert send(uploads, held, "first", 60)
    assert send(uploads, held, "second", 40)
    assert not send(uploads, held, "third", 1)
    assert send(uploads, held, "other", 100, "grace")


def test_what_is_forgotten_makes_room(uploads: FieldUploads, held: Held) -> None:
    assert send(uploads, held, "first", 100)
    assert not send(uploads, held, "second", 100)
    del held.bytes["first"]
    assert send(uploads, held, "second", 100)


def test_what_is_on_its_way_counts_already(uploads: FieldUploads, held: Held) -> None:
    with uploads.room_for("ada", f"{PATH}/first/file", 60) as fits:
        assert fits
        assert not send(uploads, held, "second", 60)
    assert send(uploads, held, "second", 60)


def test_a_body_that_broke_off_gives_its_room_back(uploads: FieldUploads, held: Held) -> None:
    with (
        pytest.raises(ConnectionError),
        uploads.room_for("ada", f"{PATH}/first/file", 100),
    ):
        raise ConnectionError
    assert send(uploads, held, "first", 100)
