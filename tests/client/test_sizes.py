import pytest

from client.sizes import parse_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("16777216", 16_777_216),
        ("16MiB", 16_777_216),
        ("16 mib", 16_777_216),
        ("16MB", 16_000_000),
        ("16m", 16_000_000),
        ("1.5KiB", 1_536),
        ("2GiB", 2_147_483_648),
        ("7b", 7),
    ],
)
def test_sizes_are_read(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "MiB", "-1", "1.5", "16 apples", "1e6", "١٦"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re_quote(text)):
        parse_size(text)


def re_quote(text: str) -> str:
    return f'"{text}" is not'.replace(".", r"\.")
