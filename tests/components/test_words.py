import pytest

from components.words import duration_text, limit_text, part_size_text, size_text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
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


def test_limits_read_as_the_documentation_names_them() -> None:
    sizes = (104_857_600, 2_147_483_648, 100_000_000)
    assert [limit_text(size) for size in sizes] == ["100 MB", "2 GB", "100 MB"]


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
