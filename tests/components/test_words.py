import pytest

from client import errors
from components.words import (
    cookie_not_kept,
    duration_text,
    error_text,
    limit_text,
    part_size_text,
    plan_text,
    size_text,
)


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (1_500, "1.5 kB"),
        (999_999, "1 MB"),
        (11_723_249, "12 MB"),
        (250_000_000, "250 MB"),
        (2_147_483_648, "2.1 GB"),
    ],
)
def test_sizes_are_short_and_decimal(size: int, text: str) -> None:
    assert size_text(size) == text


def test_part_sizes_are_in_the_unit_of_their_limits() -> None:
    assert part_size_text(16 * 1024**2) == "16 MiB"
    assert part_size_text(15_118_784) == "14.4 MiB"


def test_limits_read_as_they_were_set() -> None:
    sizes = (104_857_600, 2_147_483_648, 100_000_000)
    assert [limit_text(size) for size in sizes] == ["100 MiB", "2 GiB", "100 MB"]


def test_the_plan_says_size_parts_and_pace_in_one_line() -> None:
    part = 16 * 1024**2
    assert plan_text("single", 3_000_000, 1, 3_000_000, 3) == "3 MB, so it goes in one PUT."
    assert plan_text("multipart", 250_000_000, 15, part, 3) == (
        "250 MB, so it goes in 15 parts of 16 MiB, 3 at a time."
    )
    assert plan_text("multipart", 6_000_000, 1, part, 3) == "6 MB, so it goes in 1 part."


def _every_error(root: type[errors.ClientError]) -> list[type[errors.ClientError]]:
    below = [kind for child in root.__subclasses__() for kind in _every_error(child)]
    return [root, *below]


@pytest.mark.parametrize("kind", _every_error(errors.ClientError))
def test_every_error_has_a_title_a_sentence_and_its_code(
    kind: type[errors.ClientError],
) -> None:
    title, text, code = error_text(kind.code, {}, "the message")
    assert code == kind.code
    assert kind.code == "unexpected" or title != error_text("unexpected", {}).title
    assert text.endswith(".")
    assert "{" not in text


def test_an_error_without_words_keeps_its_message() -> None:
    assert "disk on fire" in error_text("never-heard-of", {}, "disk on fire.").text


def test_sizes_in_errors_read_as_sizes() -> None:
    details = {"name": "a.mp4", "size": 3_000_000_000, "limit": 2_147_483_648}
    assert error_text("size-over-2gb", details).text == (
        '"a.mp4" is 3 GB (3,000,000,000 bytes). The limit is 2 GiB (2,147,483,648 bytes). '
        "Choose a smaller file or export it at a lower quality."
    )


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "1 s"),
        (8, "8 s"),
        (59.5, "60 s"),
        (60, "1 min"),
        (61, "2 min"),
        (3541, "1 h"),
        (3600, "1 h"),
        (3660, "1 h 1 min"),
    ],
)
def test_durations_are_short_and_rounded_up(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


def test_a_cookie_that_was_not_kept_is_explained_with_the_address_that_works() -> None:
    public = "https://files.example.com"
    assert f"Open {public} " in cookie_not_kept(public, "http://10.1.2.3:8501/")
    for page in ("https://files.example.com/", ""):
        assert "Allow cookies" in cookie_not_kept(public, page)
    assert "Allow cookies" in cookie_not_kept("http://127.0.0.1:8501", "http://127.0.0.1:8501/")
