from io import BytesIO

import pytest
from PIL import Image

from client.content_type import (
    HEAD_SIZE,
    UNKNOWN,
    content_type_to_send,
    detect_content_type,
    is_false_image,
)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "JPEG2000"])
def test_a_real_image_is_known_by_its_bytes(form: str) -> None:
    file = BytesIO()
    Image.new("RGB", (3, 2)).save(file, form)
    expected = {"JPEG2000": "image/jp2"}.get(form, f"image/{form.lower()}")
    assert detect_content_type(file.getvalue()[:HEAD_SIZE]) == expected


def test_bytes_win_over_the_name() -> None:
    assert content_type_to_send(b"%PDF-1.7", "image/jpeg") == "application/pdf"


def test_an_image_type_without_an_image_is_not_believed() -> None:
    assert content_type_to_send(b"hello", "image/jpeg") == UNKNOWN
    assert is_false_image(b"hello", "image/jpeg")
    assert not is_false_image(b"\xff\xd8\xff\xe0", "image/png")


def test_a_claim_that_cannot_be_checked_is_kept() -> None:
    assert content_type_to_send(b"a,b\n1,2\n", "text/csv") == "text/csv"
    assert content_type_to_send(b"a,b\n1,2\n", "") == UNKNOWN
