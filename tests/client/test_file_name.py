"""Names that strangers chose, given to files that are really made."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.file_name import numbered, safe_file_name, shortened_by_bytes


@pytest.mark.parametrize(
    "name",
    [
        "holiday film.mp4",
        "café.png",
        "it's 100 % & more; #1 = [x] {y}.tar.gz",
        "商品.jpg",
        "صورة.jpg",
        "क्\u200dष.txt",
        "family 👨\u200d👩\u200d👧.png",
        "console.log",
        "a.b.c",
        "_",
    ],
)
def test_an_ordinary_name_stays_as_it_is(name: str) -> None:
    assert safe_file_name(name, "download") == name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        (".bashrc", "bashrc"),
        ("...profile", "profile"),
        (" . .ssh", "ssh"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\Users\\me\\a.txt", "a.txt"),
        ("/", "download"),
        ("..", "download"),
        ("", "download"),
        ("\u202e\u200b", "download"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("\u2066a\u2069\ufeff\u00ad\u061c.png", "a.png"),
        ("a\r\nb\tc\x00d\x1b[31m.txt", "abcd[31m.txt"),
        ("line\u2028break\u2029.txt", "linebreak.txt"),
        ("half\ud800.txt", "half.txt"),
        ("-rf", "_-rf"),
        ("--output=x.png", "_--output=x.png"),
        ("film.mp4. . ", "film.mp4"),
        ("NUL", "_NUL"),
        ("con.txt", "_con.txt"),
        ("Com1.tar.gz", "_Com1.tar.gz"),
        ("lpt\u00b2", "_lpt\u00b2"),
        ("aux .png", "_aux .png"),
        ('a:b*c?"<d>|.txt', "a_b_c__" + "_d__.txt"),
    ],
)
def test_a_name_that_would_do_harm_becomes_one_that_does_none(name: str, safe: str) -> None:
    assert safe_file_name(name, "download") == safe


@given(st.text(max_size=400))
def test_whatever_the_name_a_file_can_have_it(name: str) -> None:
    safe = safe_file_name(name, "download")
    assert 1 <= len(safe.encode()) <= 255
    assert safe[0] not in ".-"
    assert not set('/\\:"*<>?|') & set(safe)
    assert not [letter for letter in safe if unicodedata.category(letter) in {"Cc", "Cs"}]
    assert safe_file_name(safe, "download") == safe


@pytest.mark.parametrize(
    ("name", "length"),
    [
        ("商" * 90 + ".jpg", 253),
        ("é" * 200 + ".tar.gz", 255),
        ("a" * 300, 255),
        ("🎬" * 100 + ".mp4", 252),
        ("a" * 300 + "." + "b" * 300, 255),
        ("." + "x" * 300, 255),
    ],
)
def test_a_long_name_is_shortened_by_bytes_and_the_file_can_be_made(
    tmp_path: Path, name: str, length: int
) -> None:
    short = shortened_by_bytes(name)
    assert len(short.encode()) == length
    (tmp_path / short).write_bytes(b"x")
    assert [path.name for path in tmp_path.iterdir()] == [short]


@pytest.mark.parametrize("name", ["商" * 90 + ".jpg", "a. " * 120 + ".jpeg"])
def test_the_extension_of_a_shortened_name_is_kept(name: str) -> None:
    assert Path(shortened_by_bytes(name)).suffix == Path(name).suffix
    assert name.startswith(Path(shortened_by_bytes(name)).stem)


def test_a_name_that_fits_is_not_touched() -> None:
    for name in ("商" * 85, "a" * 251 + ".jpg", ".x"):
        assert shortened_by_bytes(name) == name


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("film.mp4", "film (2).mp4"),
        ("README", "README (2)"),
        ("商" * 83 + ".jpg", "商" * 82 + " (2).jpg"),
        ("a." + "b" * 253, "a." + "b" * 249 + " (2)"),
    ],
)
def test_a_second_file_of_the_same_name_has_a_number(name: str, second: str) -> None:
    assert numbered(name, 2) == second
    assert len(second.encode()) <= 255
