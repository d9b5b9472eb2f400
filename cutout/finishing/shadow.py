"""The shadow of a cut-out, computed on few pixels, since it is soft (docs/cutout-method.md 8)."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from cutout.imaging.arrays import Levels, Mask, shape_within
from cutout.imaging.boxes import Box, bounds
from cutout.imaging.regions import dilated, eroded

ShadowKind: TypeAlias = Literal["none", "drop", "contact"]

SHADOWS: tuple[ShadowKind, ...] = ("none", "drop", "contact")
SHADOW_SIDE = 512  # pixels: an eighth of 12 megapixels
OPACITY = 0.35  # of a black shadow where it is darkest
DROP = 0.02, 0.03  # of the subject's long side: to the right and down
DROP_SOFTNESS = 0.02  # of the subject's long side: standard deviation of the blur
LOW = 0.25  # of the subject's height: what ends higher up does not stand on the ground
FOOT = 0.06  # of the subject's height: what of a foot touches the ground
STEP = 0.03  # of the subject's long side: a larger step of its lower outline is another foot
HAIR = 0.015  # of the subject's long side: what is thinner does not stand
FLATNESS = 0.12  # height of a contact shadow, of its width
CONTACT_SOFTNESS = 0.25  # of the height of a contact shadow
VISIBLE = 4  # of 255


@dataclass(frozen=True)
class Shadow:
    """A black shadow on a plane of its own.

    Attributes:
        levels: opacity, uint8 (height, width), at `scale`.
        left: where the plane begins, in pixels of the picture.
        top: the same.
        scale: pixels of the picture for one of `levels`, across and down.
    """

    levels: Levels
    left: float
    top: float
    scale: tuple[float, float]

    def bounds(self) -> Box | None:
        """Return what the shadow can be seen on, in pixels of the picture; None if nowhere."""
        box = bounds(self.levels >= VISIBLE)
        if box is None:
            return None
        across, down = self.scale
        return Box(
            int(np.floor(self.left + box.left * across)),
            int(np.floor(self.top + box.top * down)),
            int(np.ceil(self.left + box.right * across)),
            int(np.ceil(self.top + box.bottom * down)),
        )

    def on(self, canvas: Box) -> Image.Image:
        """Return the opacity on a canvas, whose box is in pixels of the picture; mode L."""
        across, down = self.scale
        return Image.fromarray(self.levels).transform(
            (canvas.width, canvas.height),
            Image.Transform.AFFINE,
            (
                1 / across,
                0,
                (canvas.left - self.left) / across,
                0,
                1 / down,
                (canvas.top - self.top) / down,
            ),
            Image.Resampling.BILINEAR,
        )


def shadow_of(alpha: Levels, kind: ShadowKind) -> Shadow | None:
    """Return the shadow of what alpha, uint8 (height, width), leaves visible.

    It may reach beyond the picture. None when no shadow is wanted or nothing is visible.
    """
    height, width = shape_within((alpha.shape[0], alpha.shape[1]), SHADOW_SIDE)
    small = np.asarray(Image.fromarray(alpha).resize((width, height), Image.Resampling.BOX))
    subject = bounds(small > 127)
    if kind == "none" or subject is None:
        return None
    scale = alpha.shape[1] / width, alpha.shape[0] / height
    if kind == "drop":
        return _dropped(small, subject, scale)
    return _on_the_ground(small, subject, scale)


def _dropped(small: Levels, subject: Box, scale: tuple[float, float]) -> Shadow:
    softness = DROP_SOFTNESS * subject.long_side
    room = int(3 * softness) + 2
    across, down = scale
    return Shadow(
        _blurred(Image.fromarray(np.pad(small, room)), softness),
        (DROP[0] * subject.long_side - room) * across,
        (DROP[1] * subject.long_side - room) * down,
        scale,
    )


def _on_the_ground(small: Levels, subject: Box, scale: tuple[float, float]) -> Shadow:
    """Draw a flat ellipse under each foot of the subject."""
    feet = _feet(small > 127, subject)
    room = int(FLATNESS * subject.width) + 4
    plane = Image.new("L", (small.shape[1] + 2 * room, small.shape[0] + 2 * room))
    for foot in feet:
        height = max(2.0, FLATNESS * foot.width)
        ground = foot.bottom + room
        ellipse = Image.new("L", plane.size)
        box = (foot.left + room, ground - height / 2, foot.right + room, ground + height / 2)
        ImageDraw.Draw(ellipse).ellipse(box, fill=255)
        soft = ellipse.filter(ImageFilter.GaussianBlur(CONTACT_SOFTNESS * height))
        plane = ImageChops.lighter(plane, soft)
    across, down = scale
    return Shadow(_blurred(plane, 0), -room * across, -room * down, scale)


def _feet(visible: Mask, subject: Box) -> list[Box]:
    """Return what touches the ground: parts of the lower outline that end near the bottom."""
    thickness = max(1, round(HAIR * subject.long_side / 2))
    solid = dilated(eroded(visible, thickness), thickness) & visible
    if not solid.any():
        solid = visible
    last = len(solid) - solid[::-1].argmax(axis=0)  # the first row below each column
    last[~solid.any(axis=0)] = 0
    standing = last >= last.max() - LOW * subject.height
    steps = np.abs(np.diff(last)) > max(1.0, STEP * subject.long_side)
    ends = np.flatnonzero(np.append(steps | (standing[1:] != standing[:-1]), [True])) + 1
    starts = np.append([0], ends[:-1])
    feet: list[Box] = []
    for start, end in zip(starts, ends, strict=True):
        bottom = int(last[start:end].max())
        if standing[start]:
            low = start + np.flatnonzero(last[start:end] >= bottom - FOOT * subject.height)
            feet.append(Box(int(low[0]), bottom - 1, int(low[-1]) + 1, bottom))
    widest = max(foot.width for foot in feet)
    # A handle also ends low, but is no foot.
    return [foot for foot in feet if foot.bottom == last.max() or 2 * foot.width >= widest]


def _blurred(plane: Image.Image, softness: float) -> Levels:
    soft = plane.filter(ImageFilter.GaussianBlur(softness)) if softness else plane
    return np.asarray(soft.point([round(OPACITY * level) for level in range(256)]))
