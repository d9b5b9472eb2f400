"""An app of the viewer alone, under the headers of the real one: what `test_compare.py` looks at.

At `/` the viewer is in Streamlit, at `/alone/` mounted by a script that stands for it. The pictures
are rendered here: a disc on a backdrop of one colour, with an exact alpha.
"""

import io
from dataclasses import asdict
from functools import cache
from pathlib import Path

import streamlit as st
import uvicorn
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from components.background.compare.compare import ShownBackdrop
from components.background.compare.words import COMPARE
from settings import read_settings
from web.headers import SecurityHeaders

SIZES = {"wide": (3200, 2400), "tall": (1200, 1800)}
PREVIEW = 1600  # pixels, the long side
BACKGROUND, SUBJECT, RING = (200, 120, 40), (30, 90, 200), (250, 250, 250)
BACKDROP_IMAGE = (10, 160, 90)
CUTS = {"1": 0.3, "2": 0.36}  # radius of what is kept, in heights; the disc's own is the first


def original(name: str) -> Image.Image:
    """A disc with a ring on a plain backdrop."""
    width, height = SIZES[name]
    picture = Image.new("RGB", (width, height), BACKGROUND)
    draw = ImageDraw.Draw(picture)
    middle, radius = (width / 2, height / 2), height * CUTS["1"]
    draw.circle(middle, radius, fill=SUBJECT)
    draw.circle(middle, radius * 0.6, outline=RING, width=round(height / 60))
    return picture


def cut_out(name: str, cut: str) -> Image.Image:
    """The disc of `original` on nothing, with a soft edge."""
    picture = original(name)
    width, height = picture.size
    alpha = Image.new("L", picture.size)
    ImageDraw.Draw(alpha).circle((width / 2, height / 2), height * CUTS[cut], fill=255)
    alpha = alpha.filter(ImageFilter.GaussianBlur(height / 600))
    colours = ImageChops.multiply(
        picture, Image.merge("RGB", [alpha.point(lambda value: 255 if value else 0)] * 3)
    )
    colours.putalpha(alpha)
    return colours


@cache
def encoded(name: str, *, full: bool) -> bytes:
    """Return `wide-before`, `wide-after-1` or the like as WebP, without loss of colours."""
    which, kind, *cut = name.split("-")
    if kind == "backdrop":
        picture = Image.new("RGB", (64, 64), BACKDROP_IMAGE)
    else:
        picture = original(which) if kind == "before" else cut_out(which, *cut)
    if not full:
        picture.thumbnail((PREVIEW, PREVIEW))
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", lossless=True, quality=20)
    return buffer.getvalue()


def picture(request: Request) -> Response:
    """Answer `/pictures/wide-before` with a preview, with `?full` with all of it."""
    content = encoded(request.path_params["name"], full="full" in request.query_params)
    return Response(content, media_type="image/webp")


def given(_: Request) -> Response:
    """What Python gives the viewer."""
    return JSONResponse({"words": COMPARE, "backdrop": asdict(ShownBackdrop())})


def alone(request: Request) -> Response:
    """Answer with the page that mounts the viewer without Streamlit, or with its script."""
    name = request.url.path.removeprefix("/alone/") or "compare_alone.html"
    return FileResponse(HERE / name)


HERE = Path(__file__).parent
COMPONENTS = Path(__file__).parents[3] / "components"
ALONE = [
    Route("/alone/", alone),
    Route("/alone/compare_alone.js", alone),
    Route("/alone/given.json", given),
    *(
        Mount(
            f"/alone/temp-file-workbench.{Path(folder).name}",
            StaticFiles(directory=COMPONENTS / folder),
        )
        for folder in ("background/compare", "toolkit")
    ),
]
settings = read_settings()
app = st.App(
    HERE / "compare_page.py",
    routes=[Route("/pictures/{name}", picture), *ALONE],
    middleware=[Middleware(SecurityHeaders, settings=settings, service_prefixes=[])],
)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=settings.port, log_level="warning")
