"""TIFFs as Pillow does not write them."""

import struct
from typing import Literal

import numpy as np
from numpy.typing import NDArray

CMYK, RGB = 5, 2
SHORT, LONG, UNDEFINED = 3, 4, 7


def tiff(
    levels: NDArray[np.uint8] | NDArray[np.uint16],
    colours: int,
    extra: tuple[int, ...] = (),
    profile: bytes = b"",
    order: Literal["<", ">"] = "<",
    *,
    apart: bool = False,
) -> bytes:
    """A TIFF of these levels, (height, width, channels); `extra` is what its ExtraSamples say.

    With `apart` each channel is in a strip of its own.
    """
    height, width, channels = levels.shape
    ordered = levels.astype(levels.dtype.newbyteorder(order))
    strips = [ordered[..., channel].tobytes() for channel in range(channels)] if apart else []
    pixels = b"".join(strips) or ordered.tobytes()
    size = len(pixels) // (len(strips) or 1)
    tags: list[tuple[int, int, list[int] | bytes]] = [
        (256, LONG, [width]),
        (257, LONG, [height]),
        (258, SHORT, [levels.itemsize * 8] * channels),
        (259, SHORT, [1]),
        (262, SHORT, [colours]),
        (273, LONG, list(range(8, 8 + len(pixels), size))),
        (277, SHORT, [channels]),
        (278, LONG, [height]),
        (279, LONG, [size] * (len(strips) or 1)),
        (284, SHORT, [2 if apart else 1]),
        *([(338, SHORT, list(extra))] if extra else []),
        *([(34675, UNDEFINED, profile)] if profile else []),
    ]
    pixels += bytes(len(pixels) % 2)
    after = 8 + len(pixels) + 2 + 12 * len(tags) + 4
    entries, values = b"", b""
    for tag, kind, value in tags:
        letter = {SHORT: "H", LONG: "I", UNDEFINED: "s"}[kind]
        data = (
            value
            if isinstance(value, bytes)
            else struct.pack(f"{order}{len(value)}{letter}", *value)
        )
        if len(data) > 4:
            place = struct.pack(f"{order}I", after + len(values))
            values += data + bytes(len(data) % 2)
        else:
            place = data.ljust(4, b"\0")
        entries += struct.pack(f"{order}HHI", tag, kind, len(value)) + place
    mark = b"II*\0" if order == "<" else b"MM\0*"
    start = mark + struct.pack(f"{order}I", 8 + len(pixels))
    return start + pixels + struct.pack(f"{order}H", len(tags)) + entries + bytes(4) + values
