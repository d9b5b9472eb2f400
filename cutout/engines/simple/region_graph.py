"""An image as a graph of regions: what they look like, how they touch, where they lie."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cutout.engines.simple.saliency import border_patches, saliency
from cutout.engines.simple.superpixels import Patches, superpixels
from cutout.imaging.arrays import Floats, Labels

REGIONS = 600
COLOURS = 48  # of the palette that an image is described with
COLOUR_BLUR = 7.0  # Delta E: colours of the palette that count as alike
GRADIENTS = (0.4, 0.9, 1.8, 3.5, 7.0)  # of L* from pixel to pixel: from out of focus to textured
SMOOTH, EVERYWHERE = 12.0, 0.08  # Delta E at which regions no longer belong together; the least
NEAR = 0.1  # of the image's sides: how far a region's surroundings reach


@dataclass(frozen=True)
class RegionGraph:
    """An image's regions, n of them.

    Attributes:
        patches: the regions themselves.
        colours: pixels of each palette colour in each region, (n, COLOURS).
        alike: how much each colour of the palette counts as each other, rows of sum 1.
        textures: pixels of each class of gradient in each region, (n, classes).
        gradient: log(1 + mean gradient of L*) of each region, (n,).
        length: pixels of boundary that two regions share, (n, n).
        sides: parts of the image's top, bottom, left and right side that each region has, (4, n).
    """

    patches: Patches
    colours: Floats
    alike: Floats
    textures: Floats
    gradient: Floats
    length: Floats
    sides: Floats

    @cached_property
    def smoothness(self) -> Floats:
        """Return how much each region should follow each neighbour, (n, n)."""
        like = np.exp(-(self.patches.contrast**2) / (2 * SMOOTH**2)) + EVERYWHERE
        whole = np.maximum(self.length.sum(axis=1, keepdims=True), 1)
        return (self.length * like / whole).astype(np.float32)

    @cached_property
    def surroundings(self) -> Floats:
        """Return the weights, of sum 1, that average over each region's surroundings, (n, n)."""
        place = self.patches.place
        apart = ((place[:, None] - place[None]) ** 2).sum(axis=2)
        weights = np.exp(-apart / (2 * NEAR**2)) * self.patches.area[None]
        return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)

    @cached_property
    def salient(self) -> Floats:
        """Return how much each region stands out from the border, 0 to 1, (n,)."""
        return saliency(self.patches, border_patches(self.patches))

    def mean_of(self, field: Floats) -> Floats:
        """Return the mean of a field of the image's shape in each region, (n,)."""
        sums = np.bincount(self.patches.labels.ravel(), field.ravel(), len(self.patches.area))
        return (sums / self.patches.area).astype(np.float32)

    def palette_of(self, parts: Floats) -> Floats:
        """Return the share of each palette colour in sets of regions, (COLOURS, k).

        Args:
            parts: how much of each region belongs to each of k sets, (n, k).
        """
        return _shares(self.alike.T @ (self.colours.T @ parts))

    def texture_of(self, parts: Floats) -> Floats:
        """Return the share of each class of gradient in sets of regions, (classes, k)."""
        return _shares(self.textures.T @ parts)


def region_graph(lab: Floats) -> RegionGraph:
    """Cut an image into about 600 regions and describe them."""
    patches = superpixels(lab, REGIONS)
    count = len(patches.area)
    palette = _palette(patches)
    down, across = np.gradient(lab[..., 0])
    steep = np.hypot(down, across)
    texture = np.asarray(np.digitize(steep, GRADIENTS), np.int64).ravel()
    labels = patches.labels.ravel()
    apart = ((palette[:, None] - palette[None]) ** 2).sum(axis=2)
    alike = np.exp(-apart / (2 * COLOUR_BLUR**2))
    nearest = ((palette**2).sum(axis=1) - 2 * (lab.reshape(-1, 3) @ palette.T)).argmin(axis=1)
    outermost = (patches.labels[0], patches.labels[-1], patches.labels[:, 0], patches.labels[:, -1])
    return RegionGraph(
        patches,
        _counts(labels, nearest, (count, len(palette))),
        (alike / alike.sum(axis=1, keepdims=True)).astype(np.float32),
        _counts(labels, texture, (count, len(GRADIENTS) + 1)),
        np.log1p(np.bincount(labels, steep.ravel(), count) / patches.area).astype(np.float32),
        _boundaries(patches),
        np.stack([np.bincount(side, minlength=count) / len(side) for side in outermost]),
    )


def _shares(counts: Floats) -> Floats:
    return counts / np.maximum(counts.sum(axis=0), 1e-6)


def _counts(rows: Labels, columns: Labels, shape: tuple[int, int]) -> Floats:
    cells = np.bincount(rows * shape[1] + columns, minlength=shape[0] * shape[1])
    return cells.reshape(shape).astype(np.float32)


def _palette(patches: Patches) -> Floats:
    """Return the colours of the image that are farthest apart, each the mean of what is nearest."""
    colour = patches.colour
    palette = np.repeat(colour[[int(np.argmax(patches.area))]], COLOURS, axis=0)
    distance = ((colour - palette[0]) ** 2).sum(axis=1)
    for number in range(1, COLOURS):
        palette[number] = colour[int(np.argmax(distance * np.sqrt(patches.area)))]
        distance = np.minimum(distance, ((colour - palette[number]) ** 2).sum(axis=1))
    for _ in range(3):
        nearest = ((colour[:, None] - palette[None]) ** 2).sum(axis=2).argmin(axis=1)
        weight = np.bincount(nearest, patches.area, COLOURS)
        for axis in range(3):
            sums = np.bincount(nearest, patches.area * colour[:, axis], COLOURS)
            palette[:, axis] = np.where(weight > 0, sums / np.maximum(weight, 1), palette[:, axis])
    return palette


def _boundaries(patches: Patches) -> Floats:
    labels, count = patches.labels, len(patches.area)
    length: Floats = np.zeros((count, count), np.float32)
    for one, other in ((labels[:, 1:], labels[:, :-1]), (labels[1:], labels[:-1])):
        differ = one != other
        length += _counts(one[differ], other[differ], (count, count))
    return length + length.T
