"""Damaged images: whatever bytes arrive, a picture comes out or a refusal, and nothing else."""

import io
import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from cutout.imaging.reading import LONGEST, MOST_PIXELS, ImageRefusedError, read_picture
from tests.cutout.imaging.test_reading import encoded

EXAMPLES = int(150 * float(os.environ.get("FUZZ", "1")))  # `make soak` tries more


def _samples() -> dict[str, bytes]:
    levels = np.random.default_rng(3).integers(0, 255, (24, 32, 4), np.uint8)
    image = Image.fromarray(levels[..., :3])
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
    profile = b"\0\0\0\x80" + bytes(124)
    second = {"save_all": True, "append_images": [image.rotate(90, expand=False)]}
    return {
        "JPEG": encoded(image, "JPEG", exif=exif, icc_profile=profile),
        "CMYK": encoded(image.convert("CMYK"), "JPEG"),
        "progressive": encoded(image, "JPEG", progressive=True),
        "PNG": encoded(Image.fromarray(levels), "PNG", exif=exif),
        "palette": encoded(image.quantize(16), "PNG", transparency=3),
        "animated PNG": encoded(image, "PNG", **second),
        "GIF": encoded(image, "GIF", **second),
        "WEBP": encoded(image, "WEBP", exif=exif, **second),
        "TIFF": encoded(image, "TIFF", exif=exif, compression="tiff_lzw"),
        "deflated TIFF": encoded(image.convert("L"), "TIFF", compression="tiff_adobe_deflate"),
        "BMP": encoded(image, "BMP"),
        "JPEG2000": encoded(image, "JPEG2000"),
    }


SAMPLES = _samples()


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_damaged_files_give_a_picture_or_a_refusal(name: str, data: st.DataObject) -> None:
    content = bytearray(SAMPLES[name])
    places = st.integers(0, len(content) - 1)
    for place, value in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=6)):
        content[place] = value
    end = data.draw(st.one_of(st.just(len(content)), places))
    try:
        picture = read_picture(bytes(content[:end]), data.draw(st.sampled_from([None, 20])))
    except ImageRefusedError:
        return
    assert picture.rgb.dtype == np.uint8
    assert picture.rgb.shape[2] == 3
    assert picture.alpha is None or picture.alpha.shape == picture.rgb.shape[:2]
    assert picture.rgb.shape[0] * picture.rgb.shape[1] <= MOST_PIXELS
    assert max(picture.rgb.shape) <= LONGEST
    assert picture.source is not None


@settings(max_examples=EXAMPLES)
@given(st.binary(max_size=400))
def test_any_bytes_are_refused_or_read(content: bytes) -> None:
    with pytest.raises(ImageRefusedError):
        read_picture(content)


def test_nothing_of_a_strangers_metadata_is_in_a_result() -> None:
    """What is kept of a file is pixels and our own notes: no EXIF, no XMP, no comment."""
    exif = Image.Exif()
    exif[0x010E] = "a description"
    content = io.BytesIO()
    image = Image.new("RGB", (30, 20), (9, 9, 9))
    image.save(content, "JPEG", exif=exif, comment=b"a comment", xmp=b"<x:xmpmeta/>")
    picture = read_picture(content.getvalue())
    assert set(vars(picture)) == {"rgb", "alpha", "notes", "source"}
    assert picture.notes == ()
