"""The small files that are sent: of the sizes the table says, and the same in every run."""

from pathlib import Path

from PIL import Image

from bench.page.small_files import LEAST, MOST, small_files


def test_sizes_are_within_their_bounds_and_mostly_small(tmp_path: Path) -> None:
    files = small_files(tmp_path / "files", 200, "a seed")
    sizes = sorted(file.stat().st_size for file in files)

    assert len(sizes) == 200
    assert LEAST <= sizes[0] < 2_000
    assert 20_000 < sizes[-1] <= MOST
    assert sizes[100] < (LEAST + MOST) / 3


def test_pictures_are_pictures(tmp_path: Path) -> None:
    files = small_files(tmp_path / "files", 6, "a seed")

    assert [file.suffix for file in files] == [".jpg", ".jpg", ".json"] * 2
    with Image.open(files[0]) as picture:
        picture.load()
        assert picture.format == "JPEG"


def test_a_seed_gives_the_same_files_and_another_one_others(tmp_path: Path) -> None:
    first, again, others = (
        [file.read_bytes() for file in small_files(tmp_path / str(number), 9, seed)]
        for number, seed in enumerate(("30, 0", "30, 0", "30, 1"))
    )

    assert first == again
    assert not set(first) & set(others)
