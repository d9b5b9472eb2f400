import pytest

from client import errors
from components.common.error_words import error_text


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
        '"a.mp4" is 3 GB (3,000,000,000 bytes). The limit is 2 GB (2,147,483,648 bytes). '
        "Choose a smaller file or export it at a lower quality."
    )
