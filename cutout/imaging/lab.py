"""CIE L*a*b* of sRGB images: the space in which distances are about what people see."""

import numpy as np

from cutout.imaging.arrays import Floats, Levels

# IEC 61966-2-1, D65: linear sRGB to XYZ, each row divided by the white point.
_TO_XYZ = np.array(
    [
        [0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339 / 1.08883, 0.1191920 / 1.08883, 0.9503041 / 1.08883],
    ],
    dtype=np.float32,
)
_LEVELS = np.arange(256) / 255
_LINEAR = np.where(_LEVELS <= 0.04045, _LEVELS / 12.92, ((_LEVELS + 0.055) / 1.055) ** 2.4).astype(
    np.float32
)
_BEND = (6 / 29) ** 3


def lab_of(rgb: Levels) -> Floats:
    """Return L* (0 to 100), a* and b* of an sRGB image, float32 of the same shape."""
    xyz = _LINEAR[rgb] @ _TO_XYZ.T
    f = np.where(xyz > _BEND, np.cbrt(xyz), xyz * np.float32(841 / 108) + np.float32(4 / 29))
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1).astype(np.float32)
