"""Models of a few hundred bytes, written as the ONNX format has them (onnx.proto3).

They find what is red: a 1 x 1 convolution, then the logistic function where the kind has it.
"""

import struct
from collections.abc import Sequence
from pathlib import Path

FLOAT = 1
REDNESS = (20.0, -20.0, 0.0)  # of R, G, B
BIAS = -5.0
_OPSET, _IR_VERSION = 13, 7


def red_finder(
    path: Path,
    side: int | str = 320,
    *,
    weights: Sequence[float] = REDNESS,
    bias: float = BIAS,
    logits: bool = False,
    channels: int = 3,
) -> Path:
    """Write a model with the input (1, channels, side, side), and return its path.

    A `side` that is a name leaves the size open; with weights of zero the answer is flat.
    """
    kernel = [*weights, *[0.0] * (channels - len(weights))]
    nodes = [_node("Conv", ["image", "kernel", "bias"], "sum" if not logits else "mask")]
    if not logits:
        nodes.append(_node("Sigmoid", ["sum"], "mask"))
    initializers = [_tensor("kernel", (1, channels, 1, 1), kernel), _tensor("bias", (1,), [bias])]
    shape = (1, channels, side, side)
    _write(path, nodes, initializers, shape, (1, 1, side, side))
    return path


def averager(path: Path, shape: Sequence[int | str] = (1, 3, 64, 64)) -> Path:
    """Write a model that is none for images: it answers with one number."""
    node = _node("ReduceMean", ["image"], "mask")
    _write(path, [node], [], shape, [1] * len(shape))
    return path


def _write(
    path: Path,
    nodes: Sequence[bytes],
    initializers: Sequence[bytes],
    taken: Sequence[int | str],
    given: Sequence[int | str],
) -> None:
    graph = b"".join(_bytes(1, node) for node in nodes) + _text(2, "tiny")
    graph += b"".join(_bytes(5, tensor) for tensor in initializers)
    graph += _bytes(11, _value("image", taken)) + _bytes(12, _value("mask", given))
    opset = _bytes(8, _text(1, "") + _number(2, _OPSET))
    path.write_bytes(_number(1, _IR_VERSION) + opset + _bytes(7, graph))


def _node(kind: str, inputs: Sequence[str], output: str) -> bytes:
    return b"".join(_text(1, name) for name in inputs) + _text(2, output) + _text(4, kind)


def _tensor(name: str, dimensions: Sequence[int], values: Sequence[float]) -> bytes:
    shape = b"".join(_number(1, size) for size in dimensions)
    content = struct.pack(f"<{len(values)}f", *values)
    return shape + _number(2, FLOAT) + _text(8, name) + _bytes(9, content)


def _value(name: str, shape: Sequence[int | str]) -> bytes:
    sizes = (_number(1, size) if isinstance(size, int) else _text(2, size) for size in shape)
    dimensions = b"".join(_bytes(1, size) for size in sizes)
    return _text(1, name) + _bytes(2, _bytes(1, _number(1, FLOAT) + _bytes(2, dimensions)))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _text(field: int, value: str) -> bytes:
    return _bytes(field, value.encode())


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
