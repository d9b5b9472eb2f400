"""ICC profiles of colour spaces that pictures come in, and pictures in them."""

import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Red, green and blue as XYZ adapted to D50, and the gamma: from the spaces' own definitions.
ADOBE_RGB = ((0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446), 2.2)
DISPLAY_P3 = ((0.5151, 0.2412, -0.0011), (0.2920, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841), 2.2)
PRO_PHOTO = ((0.7977, 0.2880, 0.0), (0.1352, 0.7119, 0.0), (0.0313, 0.0001, 0.8249), 1.8)

Space = tuple[Sequence[float], Sequence[float], Sequence[float], float]
_TO_XYZ = np.array([[0.4361, 0.3851, 0.1431], [0.2225, 0.7169, 0.0606], [0.0139, 0.0971, 0.7141]])


def profile(space: Space, name: str) -> bytes:
    """An ICC profile with these primaries and this gamma (ICC.1:2001-04)."""

    def fixed(*numbers: float) -> bytes:
        return struct.pack(f">{len(numbers)}i", *(round(number * 65_536) for number in numbers))

    stated = name.encode() + b"\0"
    named = b"desc" + bytes(4) + struct.pack(">I", len(stated)) + stated + bytes(79)
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(space[3] * 256))
    tags = {b"desc": named, b"cprt": b"text" + bytes(4) + b"none\0\0\0\0"}
    tags[b"wtpt"] = b"XYZ " + bytes(4) + fixed(0.9642, 1.0, 0.8249)
    for letter, primary in zip((b"r", b"g", b"b"), space[:3], strict=True):
        tags[letter + b"XYZ"] = b"XYZ " + bytes(4) + fixed(*primary)
        tags[letter + b"TRC"] = curve
    return _profile(b"RGB ", b"XYZ ", tags)


def cmyk_profile() -> bytes:
    """An ICC profile of inks that are half as strong as one would think: its table has two levels.

    Lab of the corners: paper is white, each ink a little darker and coloured, key almost black.
    """
    table = b""
    for corner in range(16):  # the last channel, key, goes fastest
        cyan, magenta, yellow, key = ((corner >> shift) & 1 for shift in (3, 2, 1, 0))
        light = max(0, 100 - 20 * (cyan + magenta) - 5 * yellow - 80 * key)
        a, b = 30 * magenta - 20 * cyan, 40 * yellow - 20 * cyan
        table += bytes((round(light * 2.55), 128 + a, 128 + b))
    linear = bytes(range(256))
    identity = struct.pack(">9i", *(65_536 * (place % 4 == 0) for place in range(9)))
    lut = b"mft1" + bytes(4) + bytes((4, 3, 2, 0)) + identity + linear * 4 + table + linear * 3
    named = b"desc" + bytes(4) + struct.pack(">I", 6) + b"Inks\0\0" + bytes(79)
    tags = {b"desc": named, b"cprt": b"text" + bytes(4) + b"none\0\0\0\0", b"A2B0": lut}
    tags[b"wtpt"] = b"XYZ " + bytes(4) + struct.pack(">3i", 63_190, 65_536, 54_061)
    return _profile(b"CMYK", b"Lab ", tags, kind=b"prtr")


def numbers_in(space: Space, colour: tuple[int, int, int]) -> tuple[int, ...]:
    """The numbers, 0 to 255, that a colour of sRGB has in another space."""
    levels = np.array(colour) / 255
    linear = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    primaries: NDArray[np.float64] = np.array(space[:3]).T
    other = np.linalg.solve(primaries, _TO_XYZ @ linear).clip(0, 1) ** (1 / space[3])
    return tuple(int(level) for level in np.rint(other * 255))


def _profile(
    colours: bytes, connection: bytes, tags: dict[bytes, bytes], kind: bytes = b"mntr"
) -> bytes:
    offset = 128 + 4 + 12 * len(tags)
    table, content = struct.pack(">I", len(tags)), b""
    for name, data in tags.items():
        table += name + struct.pack(">II", offset + len(content), len(data))
        content += data + bytes(-len(data) % 4)
    start = struct.pack(
        ">I4sI4s4s4s", offset + len(content), b"", 0x02100000, kind, colours, connection
    )
    start += bytes(12) + b"acsp" + bytes(28) + struct.pack(">3i", 63_190, 65_536, 54_061)
    return start + bytes(128 - len(start)) + table + content
