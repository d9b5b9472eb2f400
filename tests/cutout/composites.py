"""Pictures with exact alpha mattes, rendered by code: every subject before every backdrop.

Subjects are drawn at twice the size and reduced, so that their alpha is exact; each composite goes
through a JPEG, as photographs do.
"""

import io
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw, ImageFilter

SIDE = 640
_TWICE = 2 * SIDE

Draw = Callable[[ImageDraw.ImageDraw, np.random.Generator], None]


@dataclass(frozen=True)
class Composite:
    """An image, uint8 (h, w, 3), and its true alpha, float32 (h, w)."""

    subject: str
    backdrop: str
    rgb: NDArray[np.uint8]
    alpha: NDArray[np.float32]


def composites(
    subjects: tuple[str, ...] | None = None, backdrops: tuple[str, ...] | None = None
) -> Iterator[Composite]:
    """Render the set, or a part of it; always the same pixels."""
    for number, subject in enumerate(SUBJECTS):
        for place, backdrop in enumerate(BACKDROPS):
            if (not subjects or subject in subjects) and (not backdrops or backdrop in backdrops):
                yield composite(subject, backdrop, 100 * number + place)


def composite(subject: str, backdrop: str, seed: int) -> Composite:
    """Render one subject before one backdrop."""
    random = np.random.default_rng(seed)
    cut = cut_of(subject)
    behind = BACKDROPS[backdrop](random)
    if backdrop in ("white", "studio") and not subject.startswith("portrait"):
        behind = _with_shadow(behind, cut.getchannel("A"))
    mixed = Image.composite(cut.convert("RGB"), behind, cut.getchannel("A"))
    content = io.BytesIO()
    mixed.save(content, "JPEG", quality=90)
    with Image.open(content) as image:
        rgb = np.asarray(image)
    alpha = np.asarray(cut.getchannel("A")).astype(np.float32) / np.float32(255)
    return Composite(subject, backdrop, rgb, alpha)


def cut_of(subject: str) -> Image.Image:
    """Return a subject alone, RGBA."""
    return _drawn(SUBJECTS[subject], np.random.default_rng(len(subject)))


def _drawn(draw: Draw, random: np.random.Generator) -> Image.Image:
    layer = Image.new("RGBA", (_TWICE, _TWICE), (120, 90, 70, 0))
    draw(ImageDraw.Draw(layer), random)
    alpha = layer.getchannel("A")
    # Reduced with colours weighed by alpha, so that edges do not take the empty layer's colour.
    small = Image.fromarray(
        np.stack(
            [
                np.asarray(
                    ImageChops.multiply(layer.getchannel(channel), alpha).resize(
                        (SIDE, SIDE), Image.Resampling.BOX
                    ),
                    dtype=np.float32,
                )
                / np.maximum(np.asarray(alpha.resize((SIDE, SIDE), Image.Resampling.BOX)), 1)
                * 255
                for channel in "RGB"
            ],
            axis=2,
        )
        .clip(0, 255)
        .astype(np.uint8)
    )
    small.putalpha(alpha.resize((SIDE, SIDE), Image.Resampling.BOX))
    return small


def _bottle(draw: ImageDraw.ImageDraw, random: np.random.Generator) -> None:
    draw.rounded_rectangle((480, 480, 800, 1120), 60, (30, 90, 60, 255))
    draw.rectangle((580, 250, 700, 500), (30, 90, 60, 255))
    draw.rectangle((570, 190, 710, 260), (180, 150, 40, 255))
    draw.rectangle((480, 650, 800, 950), (240, 230, 205, 255))
    for row in range(6):
        draw.rectangle((520, 690 + 40 * row, 760 - 25 * row, 705 + 40 * row), (150, 40, 40, 255))
    draw.rectangle((510, 500, 530, 640), (110, 170, 140, 255))


def _mug(colour: tuple[int, int, int]) -> Draw:
    def draw_mug(draw: ImageDraw.ImageDraw, random: np.random.Generator) -> None:
        draw.ellipse((720, 520, 1040, 900), (*colour, 255))
        draw.ellipse((790, 590, 970, 830), (0, 0, 0, 0))
        draw.rounded_rectangle((360, 420, 820, 1000), 70, (*colour, 255))
        dark = tuple(round(0.75 * level) for level in colour)
        draw.ellipse((360, 380, 820, 480), (*dark, 255))
        draw.rectangle((390, 560, 430, 900), tuple(min(255, level + 25) for level in colour))

    return draw_mug


def _fur(draw: ImageDraw.ImageDraw, random: np.random.Generator) -> None:
    draw.ellipse((400, 400, 880, 880), (150, 100, 60, 255))
    for angle in random.uniform(0, 2 * math.pi, 2600):
        inner, length = random.uniform(100, 235), random.uniform(40, 110)
        bend = angle + random.normal(0, 0.15)
        x, y = 640 + inner * math.cos(angle), 640 + inner * math.sin(angle)
        shade = int(random.integers(-45, 45))
        ends = (x, y, x + length * math.cos(bend), y + length * math.sin(bend))
        draw.line(ends, (150 + shade, 100 + shade, 60 + shade, 255), 3)
    for x in (550, 690):
        draw.ellipse((x, 560, x + 60, 620), (20, 15, 15, 255))


def _portrait(scale: float, hair: tuple[int, int, int], shirt: tuple[int, int, int]) -> Draw:
    def draw_portrait(draw: ImageDraw.ImageDraw, random: np.random.Generator) -> None:
        def box(x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
            return (
                640 + (x0 - 640) * scale,
                1280 + (y0 - 1280) * scale,
                640 + (x1 - 640) * scale,
                1280 + (y1 - 1280) * scale,
            )

        for _ in range(420):
            angle, reach = random.uniform(math.pi * 0.85, math.pi * 2.15), random.uniform(120, 260)
            x, y = 640 + reach * math.cos(angle), 560 + reach * 1.05 * math.sin(angle)
            size, shade = random.uniform(18, 46), int(random.integers(-20, 20))
            tint = tuple(max(0, level + shade) for level in hair)
            draw.arc(box(x - size, y - size, x + size, y + size), 0, 330, (*tint, 255), 7)
        draw.ellipse(box(430, 330, 850, 800), (*hair, 255))
        draw.rounded_rectangle(box(300, 950, 980, 1500), 160, (*shirt, 255))
        draw.rectangle(box(560, 800, 720, 1000), (205, 150, 120, 255))
        draw.ellipse(box(485, 420, 795, 860), (222, 170, 140, 255))
        for x in (560, 680):
            draw.ellipse(box(x, 590, x + 40, 620), (50, 35, 30, 255))
        draw.rectangle(box(590, 740, 690, 758), (165, 80, 80, 255))
        for row in range(4):
            draw.rectangle(box(632, 1000 + 70 * row, 648, 1020 + 70 * row), (245, 240, 230, 255))

    return draw_portrait


def _glass(draw: ImageDraw.ImageDraw, random: np.random.Generator) -> None:
    draw.polygon(((430, 300), (850, 300), (780, 1040), (500, 1040)), (205, 225, 235, 110))
    draw.polygon(((462, 560), (818, 560), (778, 1010), (502, 1010)), (150, 90, 30, 190))
    for points in (((430, 300), (500, 1040)), ((850, 300), (780, 1040))):
        draw.line(points, (235, 245, 250, 235), 14)
    draw.line(((500, 1036), (780, 1036)), (225, 235, 240, 245), 22)
    draw.ellipse((430, 280, 850, 330), (235, 245, 250, 225))
    draw.ellipse((446, 290, 834, 320), (205, 225, 235, 90))


def _star(draw: ImageDraw.ImageDraw, random: np.random.Generator) -> None:
    for shrink in range(40, 0, -2):  # a soft outline: opaque only from 40 pixels inside on
        alpha = round(255 * (1 - shrink / 42))
        _polygon_star(draw, 400 + shrink - 20, (235, 175, 30, alpha))
    _polygon_star(draw, 380, (235, 175, 30, 255))


def _polygon_star(
    draw: ImageDraw.ImageDraw, size: float, colour: tuple[int, int, int, int]
) -> None:
    points = [
        (
            640 + size * (1 if i % 2 == 0 else 0.45) * math.sin(i * math.pi / 5),
            640 - size * (1 if i % 2 == 0 else 0.45) * math.cos(i * math.pi / 5),
        )
        for i in range(10)
    ]
    draw.polygon(points, colour)


def _logo(draw: ImageDraw.ImageDraw, random: np.random.Generator) -> None:
    draw.ellipse((330, 330, 950, 950), outline=(25, 60, 140, 255), width=26)
    draw.ellipse((400, 400, 880, 880), outline=(25, 60, 140, 255), width=10)
    draw.line(((460, 800), (640, 440), (820, 800)), (190, 40, 60, 255), 30, joint="curve")
    draw.line(((530, 680), (750, 680)), (190, 40, 60, 255), 24)


def _shoes(draw: ImageDraw.ImageDraw, random: np.random.Generator) -> None:
    for x, y in ((200, 560), (640, 640)):
        outline = ((0, 0), (150, -30), (260, 110), (430, 170), (440, 240), (-10, 240))
        draw.polygon([(x + across, y + down) for across, down in outline], (175, 35, 45, 255))
        draw.rounded_rectangle((x - 20, y + 225, x + 450, y + 285), 24, (60, 55, 60, 255))
        for lace in range(4):
            spot = (x + 150 + 34 * lace, y + 20 + 34 * lace)
            draw.line((*spot, spot[0] + 60, spot[1] - 24), (245, 245, 240, 255), 11)


def _gift(draw: ImageDraw.ImageDraw, random: np.random.Generator) -> None:
    draw.rectangle((360, 560, 920, 1060), (120, 60, 150, 255))
    draw.rectangle((330, 470, 950, 590), (140, 75, 170, 255))
    draw.rectangle((600, 470, 680, 1060), (240, 205, 80, 255))
    draw.ellipse((440, 330, 650, 480), (240, 205, 80, 255))
    draw.ellipse((630, 330, 840, 480), (240, 205, 80, 255))
    draw.ellipse((490, 370, 600, 440), (0, 0, 0, 0))
    draw.ellipse((680, 370, 790, 440), (0, 0, 0, 0))


SUBJECTS: dict[str, Draw] = {
    "bottle": _bottle,
    "mug": _mug((190, 60, 50)),
    "fur": _fur,
    "portrait": _portrait(1.0, (60, 38, 25), (50, 80, 130)),
    "glass": _glass,
    "star": _star,
    "logo": _logo,
    "shoes": _shoes,
    "pale mug": _mug((205, 205, 208)),
    "gift": _gift,
    "portrait close": _portrait(1.45, (175, 130, 70), (120, 45, 60)),
}


def _noise(image: NDArray[np.floating], random: np.random.Generator, spread: float) -> Image.Image:
    noisy = image + random.normal(0, spread, (SIDE, SIDE, 3))
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def _flat(colour: tuple[float, float, float]) -> NDArray[np.floating]:
    return np.broadcast_to(np.array(colour, float), (SIDE, SIDE, 3))


def _white(random: np.random.Generator) -> Image.Image:
    return _noise(_flat((250, 250, 250)), random, 1)


def _plain(random: np.random.Generator) -> Image.Image:
    red, green, blue = random.uniform(60, 220, 3)
    return _noise(_flat((red, green, blue)), random, 4)


def _studio(random: np.random.Generator) -> Image.Image:
    y, x = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    light = 1 - 0.22 * y - 0.2 * (x**2 + y**2)
    return _noise(light[..., None] * random.uniform(140, 190, 3), random, 2)


def _room(random: np.random.Generator) -> Image.Image:
    horizon = int(SIDE * random.uniform(0.55, 0.7))
    wall, floor = random.uniform(150, 215, 3), random.uniform(80, 150, 3)
    image = np.where((np.arange(SIDE) < horizon)[:, None, None], wall, floor)
    image = image * (1 - 0.15 * np.linspace(0, 1, SIDE)[None, :, None])
    planks = 10 * np.sin(np.linspace(0, 60, SIDE))[None, :, None] * (image[..., :1] < 150)
    image = image + planks
    image[horizon - 14 : horizon] = 230
    return _noise(image, random, 3)


def _texture(random: np.random.Generator) -> Image.Image:
    kind = int(random.integers(0, 3))
    image = Image.new("RGB", (SIDE, SIDE), (150, 140, 130))
    draw = ImageDraw.Draw(image)
    if kind == 0:
        for row in range(-1, SIDE // 32 + 1):
            for column in range(-1, SIDE // 80 + 2):
                x, y = column * 80 + (row % 2) * 40, row * 32
                shade = int(random.integers(-18, 18))
                draw.rectangle((x, y, x + 75, y + 27), (155 + shade, 85 + shade, 70 + shade))
    else:
        for _ in range(9000):
            x, y = random.uniform(0, SIDE, 2)
            shade = int(random.integers(-35, 35))
            if kind == 1:
                ends = (x, y, x + random.normal(0, 4), y - random.uniform(6, 22))
                draw.line(ends, (75 + shade, 125 + shade, 55 + shade // 2), 2)
            else:
                size = random.uniform(3, 9)
                tint = (135 + shade, 130 + shade, 125 + shade)
                draw.ellipse((x, y, x + size, y + size * 0.8), tint)
    return _noise(np.asarray(image, dtype=float), random, 4)


def _busy(random: np.random.Generator) -> Image.Image:
    """Shelves, plants and people out of focus: large and small shapes of every colour."""
    image = Image.new("RGB", (SIDE, SIDE), tuple(int(v) for v in random.uniform(60, 200, 3)))
    for size, blur in ((260, 9.0), (140, 5.0), (70, 2.5), (30, 1.0)):
        draw = ImageDraw.Draw(image)
        for _ in range(int(9000 / size)):
            x, y = random.uniform(-size, SIDE, 2)
            tint = tuple(int(v) for v in random.uniform(20, 235, 3))
            box = (x, y, x + size * random.uniform(0.3, 1), y + size * random.uniform(0.3, 1))
            (draw.ellipse if random.random() < 0.5 else draw.rectangle)(box, tint)
        image = image.filter(ImageFilter.GaussianBlur(blur))
    return _noise(np.asarray(image, dtype=float), random, 4)


def _with_shadow(behind: Image.Image, alpha: Image.Image) -> Image.Image:
    soft = ImageChops.offset(alpha, 18, 22).filter(ImageFilter.GaussianBlur(16))
    darkness = soft.point([round(level * 0.28) for level in range(256)])
    return Image.composite(Image.new("RGB", behind.size, (20, 20, 25)), behind, darkness)


BACKDROPS: dict[str, Callable[[np.random.Generator], Image.Image]] = {
    "white": _white,
    "plain": _plain,
    "studio": _studio,
    "room": _room,
    "texture": _texture,
    "busy": _busy,
}
