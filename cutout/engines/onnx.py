"""Finds the foreground with a segmentation model in an ONNX file (docs/cutout-method.md 5).

onnxruntime is an optional extra and is loaded with the first image. What the model gives is a small
soft mask; the edges are solved at full size as for every other engine.
"""

import importlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any, Protocol, cast

import numpy as np
from PIL import Image

from cutout.engines.engine import Confidence, Matte
from cutout.imaging.arrays import Floats, Levels, resized, shape_within
from cutout.imaging.regions import label

NAME = "onnx"
THREADS = 2  # at most: a job gives way to uploads
FLAT = 0.1  # of 1: the least that a mask's highest and lowest value must be apart
SURE = 0.1  # alpha this close to an end is decided
MOST_UNDECIDED = 0.15  # of the foreground's area
LEAST_COVER, MOST_COVER = 0.004, 0.985  # of the image: as for the default engine
MOST_PIECES = 5
_LEAST_PIECE = 0.01  # of the image: what counts as a piece
# Set before the library starts: its builds since 1.29 report to their maker otherwise.
_NO_TELEMETRY = {"ORT_DISABLE_TELEMETRY": "1"}
_NUMBERS = {"tensor(float)": np.float32, "tensor(float16)": np.float16}
_SILENT = 4  # onnxruntime's log level for fatal errors only


class ModelUnusableError(Exception):
    """The model cannot be used for this image, or at all; the message is a whole sentence."""

    code = "MODEL_UNUSABLE"


@dataclass(frozen=True)
class ModelKind:
    """What a family of models wants and gives.

    Attributes:
        side: pixels of its square input.
        mean: subtracted from R, G, B of 0 to 1.
        std: what the rest is then divided by.
        logits: whether its output still has to go through the logistic function.
    """

    side: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    logits: bool = False


_IMAGENET = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

# From the models' own inference code: xuebinqin/DIS Inference.py, ZhengPeng7/BiRefNet README and
# xuebinqin/U-2-Net u2net_test.py.
KINDS = {
    "isnet-general-use": ModelKind(1024, (0.5, 0.5, 0.5), (1.0, 1.0, 1.0)),
    "birefnet-general-lite": ModelKind(1024, *_IMAGENET, logits=True),
    "u2net": ModelKind(320, *_IMAGENET),
}


class _Argument(Protocol):
    name: str
    type: str
    shape: Sequence[object]


class _Session(Protocol):
    def get_inputs(self) -> list[_Argument]: ...
    def run(self, names: None, inputs: dict[str, Any]) -> list[Any]: ...


@dataclass(frozen=True)
class _Model:
    """A loaded model: its session, its input, and what it wants there; `shape` is (h, w)."""

    session: _Session
    input: _Argument
    kind: ModelKind
    shape: tuple[int, int]
    failures: tuple[type[Exception], ...]


class OnnxEngine:
    """Finds foreground with a model; thread-safe. The model is loaded with the first image."""

    name = NAME

    def __init__(self, model: Path, kind: str = "") -> None:
        """Name a model.

        Args:
            model: an ONNX file.
            kind: one of `KINDS`; empty to tell it from the file's name, else from its input.
        """
        self._path = model
        self._kind = kind
        self._lock = Lock()
        self._loaded: _Model | None = None

    def matte(self, rgb: Levels) -> Matte:
        """Return the model's matte of an sRGB image, uint8 (height, width, 3).

        Raises:
            ModelUnusableError: onnxruntime is not installed, the file is missing, broken or no
                image model, or its answer is flat.
        """
        with self._lock:
            model = self._loaded = self._loaded or _load(self._path, self._kind)
        alpha = self._mask(model, rgb)
        shape = shape_within((rgb.shape[0], rgb.shape[1]), max(alpha.shape))
        alpha = resized(alpha, shape)
        return Matte(alpha, NAME, *_judged(alpha))

    def hypotheses(self, rgb: Levels) -> list[Matte]:
        """Return the model's matte alone.

        Raises:
            ModelUnusableError: as `matte`.
        """
        return [self.matte(rgb)]

    def _mask(self, model: _Model, rgb: Levels) -> Floats:
        """Return the mask from 0 to 1, as the models' own code does, unless it is flat."""
        numbers = _prepared(rgb, model).astype(_NUMBERS[model.input.type])
        try:
            answer = model.session.run(None, {model.input.name: numbers})[0]
        except (*model.failures, MemoryError) as error:
            raise ModelUnusableError(
                f"The model {self._path.name} failed on this image: {_said(error, self._path)}."
            ) from error
        mask = np.squeeze(np.asarray(answer)).astype(np.float32)
        if mask.ndim != 2 or min(mask.shape) < 2:
            raise ModelUnusableError(
                f"The model {self._path.name} gives an answer of shape {np.shape(answer)}, "
                "which is no mask."
            )
        if model.kind.logits:
            mask = 1 / (1 + np.exp(-np.clip(mask, -30, 30)))
        low, high = float(mask.min()), float(mask.max())
        if not np.isfinite(high - low):
            raise ModelUnusableError(f"The model {self._path.name} gave values that are no number.")
        if high - low < FLAT:
            raise ModelUnusableError(
                f"The model {self._path.name} gave a flat answer: it sees no subject here."
            )
        return (mask - low) / (high - low)


def _load(path: Path, kind: str) -> _Model:
    if kind and kind not in KINDS:
        raise ModelUnusableError(
            f'"{kind}" is no kind of model; there are {", ".join(sorted(KINDS))}.'
        )
    if not path.is_file():
        raise ModelUnusableError(f"The model file {path.name} is missing.")
    os.environ.update(_NO_TELEMETRY)
    try:
        runtime = importlib.import_module("onnxruntime")
    except ImportError as error:
        raise ModelUnusableError(
            "The package onnxruntime, which models need, is not installed."
        ) from error
    failures = _failures()
    try:
        session = _session(runtime, path)
    except (*failures, MemoryError) as error:
        raise ModelUnusableError(
            f"The model file {path.name} cannot be loaded: {_said(error, path)}."
        ) from error
    entry = _image_input(path, session.get_inputs())
    wanted = KINDS[kind or _kind_of(path, entry)]
    # The size that the model names, or its kind's where it takes any.
    height, width = (size if isinstance(size, int) else wanted.side for size in entry.shape[2:])
    return _Model(session, entry, wanted, (height, width), failures)


def _session(runtime: ModuleType, path: Path) -> _Session:
    options = runtime.SessionOptions()
    options.intra_op_num_threads = min(THREADS, os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    options.log_severity_level = _SILENT
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # idle is idle
    session = runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return cast(_Session, session)


def _failures() -> tuple[type[Exception], ...]:
    """Return what onnxruntime raises: a dozen classes without a common one of their own."""
    module = importlib.import_module("onnxruntime.capi.onnxruntime_pybind11_state")
    raised = (value for value in vars(module).values() if isinstance(value, type))
    return (*(kind for kind in raised if issubclass(kind, Exception)), RuntimeError, ValueError)


def _image_input(path: Path, inputs: Sequence[_Argument]) -> _Argument:
    entry = inputs[0] if len(inputs) == 1 else None
    if entry is None or len(entry.shape) != 4 or entry.shape[1] != 3 or entry.type not in _NUMBERS:
        found = ", ".join(f"{one.type} {list(one.shape)}" for one in inputs) or "nothing"
        raise ModelUnusableError(
            f"The model {path.name} takes {found}; an image model takes one "
            "tensor(float) [1, 3, height, width]."
        )
    return entry


def _kind_of(path: Path, entry: _Argument) -> str:
    """Tell a model's kind from its file's name, else from the side of its input."""
    stem = path.stem.lower()
    for kind in KINDS:
        if stem.startswith(kind.partition("-")[0]):
            return kind
    for kind, wanted in KINDS.items():
        if entry.shape[2] == wanted.side:
            return kind
    raise ModelUnusableError(
        f"The model {path.name} with the input {list(entry.shape)} is of no known kind; "
        f"name the kind: {', '.join(sorted(KINDS))}."
    )


def _prepared(rgb: Levels, model: _Model) -> Floats:
    """Return the image as the model wants it: float32 (1, 3, height, width)."""
    height, width = model.shape
    small = Image.fromarray(rgb).resize((width, height), Image.Resampling.BILINEAR)
    levels = np.asarray(small, np.float32) / 255
    normal = (levels - np.array(model.kind.mean, np.float32)) / np.array(model.kind.std, np.float32)
    return normal.transpose(2, 0, 1)[None]


def _said(error: BaseException, path: Path) -> str:
    """Return what the library said: one short line, without its codes and our folders."""
    line = str(error).strip().partition("\n")[0].replace(str(path), path.name)
    return line.rpartition(" : ")[2][:200].rstrip(". ") or type(error).__name__


def _judged(alpha: Floats) -> tuple[Confidence, str]:
    """Say how far to trust a model's matte, by what it left undecided."""
    cover = float(alpha.mean())
    if not LEAST_COVER <= cover <= MOST_COVER:
        return Confidence.LIKELY_WRONG, f"The model kept {cover:.0%} of the image."
    labels = label(alpha > 0.5)
    pieces = int((np.bincount(labels.ravel())[1:] >= _LEAST_PIECE * alpha.size).sum())
    if pieces > MOST_PIECES:
        return Confidence.CHECK_EDGES, f"The model kept {pieces} pieces."
    undecided = float(((alpha > SURE) & (alpha < 1 - SURE)).mean()) / cover
    if undecided > MOST_UNDECIDED:
        return Confidence.CHECK_EDGES, "The model is undecided about much of the edge."
    return Confidence.GOOD, "The model found a clear subject."
