"""Images for the tests."""

import io

from PIL import Image


def png(width: int = 640, height: int = 400, colour: tuple[int, ...] = (200, 30, 30)) -> bytes:
    encoded = io.BytesIO()
    mode = "RGBA" if len(colour) == 4 else "RGB"
    Image.new(mode, (width, height), colour).save(encoded, "PNG")
    return encoded.getvalue()
