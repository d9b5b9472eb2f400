"""Types of the arrays used here, and functions that resize them.

Images are (height, width) or (height, width, 3), channels in the order R G B or L a b.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats: TypeAlias = NDArray[np.floating[Any]]  # float32 wherever an image is large
Levels: TypeAlias = NDArray[np.uint8]
Mask: TypeAlias = NDArray[np.bool_]
Labels: TypeAlias = NDArray[np.int64]
Shape: TypeAlias = tuple[int, int]

MASK_SIDE = 320  # pixels of the long side: where masks are found
SHORTEST_SIDE = 8  # pixels; below it neighbourhoods and borders mean nothing


def shape_within(shape: Shape, longest: int) -> Shape:
    """Return (height, width) scaled down to a longest side, never up, and never a sliver."""
    scale = min(1.0, longest / max(shape))
    height, width = (max(min(SHORTEST_SIDE, side), round(side * scale)) for side in shape)
    return height, width


def shrunk(rgb: Levels, longest: int) -> Levels:
    """Return an image scaled down to a longest side by averaging; the image itself if it fits."""
    height, width = shape_within((rgb.shape[0], rgb.shape[1]), longest)
    if (height, width) == rgb.shape[:2]:
        return rgb
    return np.asarray(Image.fromarray(rgb).resize((width, height), Image.Resampling.BOX))


def resized(field: Floats, shape: Shape) -> Floats:
    """Return a field at another size: averaged when smaller, bilinear when larger."""
    if field.shape[:2] == shape:
        return field
    smaller = shape[0] * shape[1] < field.shape[0] * field.shape[1]
    filtering = Image.Resampling.BOX if smaller else Image.Resampling.BILINEAR
    if field.ndim == 2:
        levels = Image.fromarray(field.astype(np.float32, copy=False))
        return np.asarray(levels.resize((shape[1], shape[0]), filtering))
    return np.stack([resized(field[..., channel], shape) for channel in range(3)], axis=2)


def resized_mask(mask: Mask, shape: Shape) -> Mask:
    """Return a mask at another size: set where any of it was, so that thin strokes survive."""
    return resized(mask.astype(np.float32), shape) > 0 if mask.shape != shape else mask
