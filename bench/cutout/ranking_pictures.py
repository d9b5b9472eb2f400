"""Pictures that the ranking of cuts is learned from: random subjects before random backdrops.

Photographs as they are, and their subjects pasted into other photographs; people, things of several
parts and thin outlines, drawn at random; and the subjects of the tests. Half of the backdrops are
photographs, the others are rendered with seeds that no test uses. A kind goes through its outlined
photographs, or the subjects of the tests, by the picture's number.
"""

import io
import math
from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from bench.cutout.photographs import PHOTOGRAPHS
from tests.cutout import composites

SIDE = 640
TWICE = 2 * SIDE
SCENES = ("busy", "room", "texture")
LIKE_SKIN = 0.25  # of the things: not all that has the colour of skin is a person
SKINS = ((222, 170, 140), (240, 200, 175), (198, 140, 105), (141, 85, 60), (90, 56, 40))
HAIRS = ((30, 20, 15), (60, 38, 25), (175, 130, 70), (120, 60, 30), (150, 150, 150))

AT_BOTTOM = ("astronaut", "grace_hopper", "luispedro", "quokka", "cheetah1", "groot", "zidane")

Pixels = NDArray[np.uint8]
Truth = NDArray[np.float32]
Make = Callable[[np.random.Generator, int], tuple[Image.Image, Image.Image]]
Colour = tuple[int, int, int, int]


def picture(kind: str, number: int) -> tuple[Pixels, Truth]:
    """Render a picture, uint8 (h, w, 3), and its true alpha, (h, w); `kind` is of `KINDS`."""
    random = np.random.default_rng([sorted(KINDS).index(kind), number])
    return _mixed(*KINDS[kind](random, number))


def on_photograph(subject: str, seed: int) -> tuple[Pixels, Truth]:
    """Render a subject of the tests before a photograph; other pictures than those of `picture`."""
    random = np.random.default_rng([len(KINDS), seed])
    return _mixed(composites.cut_of(subject), _backdrop(random, (SIDE, SIDE)))


def _mixed(cut: Image.Image, behind: Image.Image) -> tuple[Pixels, Truth]:
    content = io.BytesIO()
    mixed = Image.composite(cut.convert("RGB"), behind, cut.getchannel("A"))
    mixed.save(content, "JPEG", quality=90)
    with Image.open(content) as image:
        alpha = np.asarray(cut.getchannel("A"), dtype=np.float32) / np.float32(255)
        return np.asarray(image), alpha


def _backdrop(random: np.random.Generator, size: tuple[int, int], but: str = "") -> Image.Image:
    """Return a crop of a photograph, mirrored and out of focus at random."""
    names = [one for one in _photographs() if one != but]
    image = _photographs()[names[random.integers(len(names))]]
    scale = max(size[0] / image.width, size[1] / image.height) * random.uniform(1, 1.5)
    image = image.resize((math.ceil(image.width * scale), math.ceil(image.height * scale)))
    left = int(random.integers(0, image.width - size[0] + 1))
    top = int(random.integers(0, image.height - size[1] + 1))
    image = image.crop((left, top, left + size[0], top + size[1]))
    if random.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if random.random() < 0.5:
        image = image.filter(ImageFilter.GaussianBlur(random.uniform(0.5, 7)))
    return image


@cache
def _photographs() -> dict[str, Image.Image]:
    return {one.name: Image.fromarray(one.pixels()) for one in PHOTOGRAPHS}


def _scene(random: np.random.Generator) -> Image.Image:
    return composites.BACKDROPS[SCENES[random.integers(len(SCENES))]](random)


def _photograph(random: np.random.Generator, number: int) -> tuple[Image.Image, Image.Image]:
    """Return a photograph as it is, but cropped, mirrored and lit a little differently."""
    cut, _ = _cut_out(number)
    left, top, right, bottom = random.uniform(0, 0.1, 4)
    right, bottom = cut.width * (1 - right), cut.height * (1 - bottom)
    cut = cut.crop((round(cut.width * left), round(cut.height * top), round(right), round(bottom)))
    if random.random() < 0.5:
        cut = cut.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    light, alpha = random.uniform(0.85, 1.15, 3), cut.getchannel("A")
    pixels = np.clip(np.asarray(cut.convert("RGB")) * light, 0, 255).astype(np.uint8)
    cut = Image.fromarray(pixels)
    behind = cut.copy()
    cut.putalpha(alpha)
    return cut, behind


def _cut_out(number: int) -> tuple[Image.Image, str]:
    """Return an outlined photograph with its outline as alpha, and its name."""
    outlined = [one for one in PHOTOGRAPHS if one.outline]
    photograph = outlined[number % len(outlined)]
    mask = photograph.subject()
    soft = Image.fromarray(mask.astype(np.uint8) * 255)
    cut = Image.fromarray(photograph.pixels())
    cut.putalpha(soft.filter(ImageFilter.GaussianBlur(max(mask.shape) / 500)))
    return cut, photograph.name


def _cut_of_photograph(random: np.random.Generator, number: int) -> tuple[Image.Image, Image.Image]:
    cut, name = _cut_out(number)
    cut = cut.crop(cut.getchannel("A").getbbox())
    width, height = ((640, 480), (480, 640), (640, 640))[random.integers(3)]
    scale = random.uniform(0.45, 0.9) * min(width / cut.width, height / cut.height)
    cut = cut.resize((round(cut.width * scale), round(cut.height * scale)))
    if random.random() < 0.5:
        cut = cut.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    room = width - cut.width, height - cut.height
    left = int(np.clip(room[0] / 2 + random.normal(0, 0.1) * width, 0, room[0]))
    top = int(np.clip(room[1] / 2 + random.normal(0, 0.08) * height, 0, room[1]))
    layer = Image.new("RGBA", (width, height))
    layer.paste(cut, (left, room[1] if name in AT_BOTTOM else top))
    return layer, _backdrop(random, (width, height), name)


def _drawn(
    draw: Callable[[ImageDraw.ImageDraw, np.random.Generator], None],
) -> Make:
    def make(random: np.random.Generator, _number: int) -> tuple[Image.Image, Image.Image]:
        layer = Image.new("RGBA", (TWICE, TWICE))
        draw(ImageDraw.Draw(layer), random)
        cut = _lit(layer.resize((SIDE, SIDE), Image.Resampling.BOX), random)
        behind = _backdrop(random, (SIDE, SIDE)) if random.random() < 0.55 else _scene(random)
        if random.random() < 0.3:
            upright = (80, 0, 560, SIDE)
            return cut.crop(upright), behind.crop(upright)
        return cut, behind

    return make


def _lit(layer: Image.Image, random: np.random.Generator) -> Image.Image:
    """Return a drawn subject with light from a side and a grain of any size."""
    pixels = np.asarray(layer).astype(float)
    down, across = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    light = 1 + random.normal(0, 0.15) * across + random.normal(0, 0.15) * down
    grains = SIDE // int(random.integers(1, 8))
    grain = Image.fromarray(random.normal(0, 1, (grains, grains)).astype(np.float32))
    rough = np.asarray(grain.resize((SIDE, SIDE))) * random.choice([0, 3, 10, 20])
    pixels[..., :3] = np.clip(pixels[..., :3] * light[..., None] + rough[..., None], 0, 255)
    return Image.fromarray(pixels.astype(np.uint8))


def _colour(levels: NDArray[np.floating]) -> Colour:
    red, green, blue = (int(level) for level in np.clip(levels, 0, 255))
    return red, green, blue, 255


def _thing(draw: ImageDraw.ImageDraw, random: np.random.Generator) -> None:
    base, size = random.uniform(20, 235, 3), random.uniform(220, 480)
    if random.random() < LIKE_SKIN:
        base = np.array(SKINS[random.integers(len(SKINS))], float)
    middle = 640 + random.normal(0, 90, 2)
    for part in range(int(random.integers(1, 5))):
        colour = _colour(base + (random.normal(0, 45, 3) if part else 0))
        x, y = middle + (random.normal(0, 0.4 * size, 2) if part else 0)
        wide, tall = size * random.uniform(0.35, 0.95, 2) * (0.6 if part else 1)
        _shape(draw, random, (x - wide, y - tall, x + wide, y + tall), colour)
    for _ in range(int(random.integers(0, 6))):
        x, y = middle + random.normal(0, 0.15 * size, 2)
        spot = random.uniform(0.03, 0.15) * size
        box = (x - spot, y - 0.6 * spot, x + spot, y + 0.6 * spot)
        draw.ellipse(box, _colour(random.uniform(0, 255, 3)))


def _shape(
    draw: ImageDraw.ImageDraw,
    random: np.random.Generator,
    box: tuple[float, float, float, float],
    colour: Colour,
) -> None:
    kind = int(random.integers(3))
    if kind == 0:
        draw.ellipse(box, colour)
    elif kind == 1:
        draw.rounded_rectangle(box, random.uniform(5, 100), colour)
    else:
        angles = np.sort(random.uniform(0, 2 * math.pi, int(random.integers(4, 9))))
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        wide, tall = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
        draw.polygon([(x + wide * math.cos(a), y + tall * math.sin(a)) for a in angles], colour)


def _person(draw: ImageDraw.ImageDraw, random: np.random.Generator) -> None:
    skin = np.array(SKINS[random.integers(len(SKINS))]) + random.normal(0, 8, 3)
    shirt = (
        random.uniform(15, 240, 3) if random.random() < 0.7 else np.full(3, random.uniform(0, 255))
    )
    size = random.uniform(90, 240)
    x = 640 + random.normal(0, 110)
    y = max(TWICE - size * random.uniform(2.6, 4.6), 1.2 * size)

    def box(left: float, top: float, right: float, bottom: float) -> tuple[float, ...]:
        return x + left * size, y + top * size, x + right * size, y + bottom * size

    if random.random() < 0.85:
        _hair(draw, random, (x, y, size))
    half = random.uniform(1.7, 2.9)
    shoulders = (x - half * size, y + random.uniform(1.75, 2.1) * size, x + half * size, 1700)
    draw.rounded_rectangle(shoulders, int(0.8 * size), _colour(shirt))
    draw.rectangle(box(-0.5, 0.8, 0.5, 2.1), _colour(0.92 * skin))
    draw.ellipse(box(-0.95, -1.2, 0.95, 1.3), _colour(skin))
    for eye in (-0.45, 0.25):
        draw.ellipse(box(eye, -0.15, eye + 0.2, 0), (50, 35, 30, 255))
    draw.rectangle(box(-0.3, 0.65, 0.3, 0.75), (165, 80, 80, 255))
    if random.random() < 0.25:
        draw.ellipse(box(-1.4, -1.6, 1.4, -0.6), _colour(random.uniform(0, 255, 3)))


def _hair(
    draw: ImageDraw.ImageDraw, random: np.random.Generator, face: tuple[float, float, float]
) -> None:
    x, y, size = face
    tint = np.array(HAIRS[random.integers(len(HAIRS))]) + random.normal(0, 8, 3)
    for _ in range(int(random.integers(0, 500))):
        angle = random.uniform(math.pi * 0.85, math.pi * 2.15)
        reach, curl = random.uniform(0.7, 1.75) * size, random.uniform(0.1, 0.3) * size
        right, down = x + reach * math.cos(angle), y + 0.1 * size + reach * math.sin(angle)
        circle = (right - curl, down - curl, right + curl, down + curl)
        draw.arc(circle, 0, 330, _colour(tint + random.normal(0, 15)), max(2, int(size / 30)))
    bottom = y + random.uniform(0.6, 2.2) * size
    draw.ellipse((x - 1.25 * size, y - 1.5 * size, x + 1.25 * size, bottom), _colour(tint))


def _outlines(draw: ImageDraw.ImageDraw, random: np.random.Generator) -> None:
    x, y = 640 + random.normal(0, 60, 2)
    for _ in range(int(random.integers(1, 4))):
        colour, width = _colour(random.uniform(0, 255, 3)), int(random.integers(14, 70))
        reach, kind = random.uniform(110, 420), int(random.integers(3))
        if kind == 0:
            draw.ellipse((x - reach, y - reach, x + reach, y + reach), outline=colour, width=width)
        elif kind == 1:
            corners = random.uniform(-reach, reach, (4, 2)) + np.array((x, y))
            draw.line([(a, b) for a, b in corners], colour, width, joint="curve")
        else:
            box = (x - reach, y - 0.6 * reach, x + reach, y + 0.6 * reach)
            draw.rounded_rectangle(box, 40, outline=colour, width=width)


def _subject_of_tests(random: np.random.Generator, number: int) -> tuple[Image.Image, Image.Image]:
    names = list(composites.SUBJECTS)
    cut = composites.cut_of(names[number % len(names)])
    behind = _backdrop(random, (SIDE, SIDE)) if random.random() < 0.5 else _scene(random)
    return cut, behind


KINDS: dict[str, Make] = {
    "photograph": _photograph,
    "pasted": _cut_of_photograph,
    "thing": _drawn(_thing),
    "person": _drawn(_person),
    "outline": _drawn(_outlines),
    "test": _subject_of_tests,
}
