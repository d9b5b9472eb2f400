"""Hostile images against a running service, each over HTTP, and what that took.

A program of its own, because only then the largest of its children's memory is that of cut-outs:
`python -m tests.service.images.hostile_images DATA_FOLDER` prints what happened as JSON.
"""

import io
import json
import resource
import struct
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import requests
from PIL import Image

from tests.cutout.imaging.test_reading import PNG_END, PNG_START, chunk, encoded, png_of_size
from tests.service.images.test_removal import PICTURE, left, remove, stored
from tests.service.live import Live, running

MEGAPIXELS_25 = (5000, 5000)
WHOLE_PUT = 104_857_600


def images() -> Iterator[tuple[str, bytes, str]]:
    """Yield name, content and declared type; the ones that take most memory last."""
    yield "empty", b"", "image/png"
    yield "bomb of 256 megapixels", png_of_size(16_000, 16_000), "image/png"
    yield "169 megapixels in 20 kB", png_of_size(13_000, 13_000), "image/png"
    yield "truncated", PICTURE[: len(PICTURE) * 6 // 10], "image/jpeg"
    yield "1 x 1", png_of_size(1, 1), "image/png"
    yield "30,000 x 1", png_of_size(30_000, 1), "image/png"
    yield "SVG", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "image/png"
    yield "HTML", b"<!doctype html><img src=x onerror=alert(1)>", "image/png"
    yield "EPS", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n", "image/png"
    yield "PDF", b"%PDF-1.7\n1 0 obj\n", "image/png"
    yield "ZIP", b"PK\x03\x04" + bytes(60), "image/png"
    yield "declared as text", PICTURE, "text/html"
    yield "without a type", PICTURE, ""
    yield "text that inflates", _with_chunk(b"zTXt", b"Comment\0\0" + _zeros(60)), "image/png"
    yield "profile that inflates", _with_chunk(b"iCCP", b"profile\0\0" + _zeros(60)), "image/png"
    yield "rows that do not end", _png(100, 100, _zeros(500)), "image/png"
    yield "rows that are missing", _png(5000, 5000, zlib.compress(bytes(100))), "image/png"
    yield "TIFF that points at itself", _looping_tiff(), "image/tiff"
    yield "GIF of 200,000 frames", _long_gif(200_000), "image/gif"
    yield "100 MB of zeros", bytes(WHOLE_PUT), "image/png"
    yield "PNG and 100 MB of zeros", PNG_START + bytes(WHOLE_PUT - 8), "image/png"
    yield "25 megapixels of CMYK", _cmyk(), "image/jpeg"
    yield "25 megapixels of 16 bits", _deep(), "image/png"


def _zeros(megabytes: int) -> bytes:
    return zlib.compress(bytes(megabytes * 1_000_000), 9)


def _with_chunk(name: bytes, data: bytes) -> bytes:
    plain = png_of_size(20, 20)
    return plain[:33] + chunk(name, data) + plain[33:]


def _png(width: int, height: int, rows: bytes, bits: int = 8, colour: int = 2) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return PNG_START + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + PNG_END


def _looping_tiff() -> bytes:
    first = encoded(Image.new("RGB", (40, 20)), "TIFF")
    (start,) = struct.unpack("<I", first[4:8])
    (entries,) = struct.unpack("<H", first[start : start + 2])
    link = start + 2 + 12 * entries
    return first[:link] + struct.pack("<I", start) + first[link + 4 :]


def _long_gif(frames: int) -> bytes:
    whole = encoded(Image.new("P", (20, 20)), "GIF")
    start = whole.index(b",")
    return whole[:start] + whole[start:-1] * frames + b";"


def _cmyk() -> bytes:
    image = Image.linear_gradient("L").resize(MEGAPIXELS_25)
    return encoded(Image.merge("CMYK", [image] * 4), "JPEG", quality=60)


def _deep() -> bytes:
    row = b"\0" + struct.pack(">3H", 0xC8FF, 0x1E00, 0x0A80) * 5000
    return _png(5000, 5000, zlib.compress(row * 5000, 1), bits=16)


def told(live: Live, content: bytes, content_type: str) -> dict[str, Any]:
    """Send an image, have it cut out, and tell what came of it."""
    before = left(live)
    answer = remove(live.api, _stored(live, content, content_type))
    problems = answer.json().get("errors", [{"message": "", "extensions": {"code": ""}}])
    return {
        "status": answer.status_code,
        "code": problems[0]["extensions"]["code"],
        "message": problems[0]["message"],
        "charged": before - left(live),
        "peak": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024,
    }


def _stored(live: Live, content: bytes, content_type: str) -> str:
    if content_type:
        return stored(live.api, content, content_type)
    urls = live.api.single()
    requests.put(urls["uploadUrl"], data=io.BytesIO(content), timeout=30).raise_for_status()
    return urls["downloadUrl"]


def main() -> None:
    """Send them all, a good one first and last."""
    with running(Path(sys.argv[1])) as live:
        live.api.patience = 120
        results = {"good": told(live, PICTURE, "image/jpeg")}
        for name, content, content_type in images():
            results[name] = told(live, content, content_type)
        results["good again"] = told(live, PICTURE, "image/jpeg")
    sys.stdout.write(json.dumps(results))


if __name__ == "__main__":
    main()
