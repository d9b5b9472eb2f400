"""Models that may be fetched by name, and fetching one.

Nothing is fetched unless somebody asks for it: `python -m cutout fetch NAME --to FOLDER`.
"""

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

BLOCK = 2**20
TRIES = 5  # in a row that bring nothing new
TIMEOUT = 30.0  # seconds without a byte
NETWORK_FAILURES = (OSError, http.client.HTTPException)
_PARTIAL = ".partial"

OnProgress = Callable[[int, int], object]
"""Hears bytes that are here and the whole size."""


class ModelFetchError(Exception):
    """The model did not arrive; the message is a whole sentence."""

    code = "MODEL_NOT_FETCHED"


@dataclass(frozen=True)
class NamedModel:
    """A model that can be fetched; its name is also its kind (`cutout.engines.onnx.KINDS`).

    Attributes:
        name: what people call it; the file is `name.onnx`.
        url: where its bytes are.
        size: bytes.
        sha256: of the file, in hex.
        licence: of the weights, with what is known of the images they learned from.
        source: who made it.
    """

    name: str
    url: str
    size: int
    sha256: str
    licence: str
    source: str

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"{self.name}.onnx"


_RELEASE = "https://github.com/danielgatis/rembg/releases/download/v0.0.0"

# The release's publisher, danielgatis/rembg, checks them by MD5 (rembg/sessions/*.py: fc16ebd8… and
# 4fab47ad…). Sizes and SHA-256 agree in several projects that pin the same files, among them
# daniel-oh/background-remover (isnet) and the file of onnx-community/BiRefNet_lite-ONNX (birefnet).
MODELS = {
    model.name: model
    for model in (
        NamedModel(
            "isnet-general-use",
            f"{_RELEASE}/isnet-general-use.onnx",
            178_648_008,
            "60920e99c45464f2ba57bee2ad08c919a52bbf852739e96947fbb4358c0d964a",
            "Apache-2.0; its training images (DIS5K) have terms of their own",
            "https://github.com/xuebinqin/DIS",
        ),
        NamedModel(
            "birefnet-general-lite",
            f"{_RELEASE}/BiRefNet-general-bb_swin_v1_tiny-epoch_232.onnx",
            224_005_088,
            "5600024376f572a557870a5eb0afb1e5961636bef4e1e22132025467d0f03333",
            "MIT",
            "https://github.com/ZhengPeng7/BiRefNet",
        ),
    )
}


def fetch_model(
    model: NamedModel,
    folder: Path,
    *,
    on_progress: OnProgress = lambda _here, _size: None,
    timeout: float = TIMEOUT,
) -> Path:
    """Fetch a model into a folder and return its path.

    The file appears complete and checked, or not at all. What a broken connection left is kept
    beside it and gone on from, in this call and in the next. One that is there already and has the
    right bytes is not fetched again. The environment's proxies are used.

    Raises:
        ModelFetchError: the host cannot be reached or refuses, or the bytes are not the model's.
        OSError: the folder cannot be written.
    """
    target = folder / model.file
    if target.is_file() and _is_model(target, model):
        return target
    folder.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + _PARTIAL)
    try:
        with partial.open("ab") as file:
            _ModelFetch(model, file, on_progress, timeout).whole()
    finally:
        if not partial.stat().st_size:
            partial.unlink()
    if not _is_model(partial, model):
        partial.unlink()
        raise ModelFetchError(
            f"What {_host(model)} sent is not {model.name}: its SHA-256 is another. It was removed."
        )
    partial.replace(target)
    return target


def _is_model(path: Path, model: NamedModel) -> bool:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return (path.stat().st_size, digest) == (model.size, model.sha256)


def _host(model: NamedModel) -> str:
    return urlsplit(model.url).hostname or model.url


@dataclass
class _ModelFetch:
    """A model on its way into a file, whose end is where it goes on."""

    model: NamedModel
    file: IO[bytes]
    on_progress: OnProgress
    timeout: float

    def whole(self) -> None:
        """Fetch until all bytes are here; start over when there are too many."""
        if self.file.tell() > self.model.size:
            self._start_over()
        tries = 0
        while (before := self.file.tell()) < self.model.size:
            error = self._go_on()
            tries = 0 if self.file.tell() > before else tries + 1
            if tries == TRIES:
                reason = getattr(error, "reason", None) or error
                here, size = self.file.tell(), self.model.size
                kept = f" {here:,} of {size:,} bytes are here and kept." if here else ""
                raise ModelFetchError(
                    f"{_host(self.model)} cannot be reached: {reason}.{kept} {self._by_hand()}"
                ) from error

    def _go_on(self) -> Exception:
        """Append what is missing; return what ended it, if only that the connection closed."""
        headers = {"Range": f"bytes={self.file.tell()}-"} if self.file.tell() else {}
        request = urllib.request.Request(self.model.url, headers=headers)  # noqa: S310 - our table
        try:
            answer = urllib.request.urlopen(request, timeout=self.timeout)  # noqa: S310
        except urllib.error.HTTPError as error:
            with error:
                raise self._refused(error.code) from error
        except NETWORK_FAILURES as error:
            return error
        with answer:
            return self._append(answer)

    def _append(self, answer: http.client.HTTPResponse) -> Exception:
        start = f"bytes {self.file.tell()}-"
        if answer.status != http.HTTPStatus.PARTIAL_CONTENT:
            self._start_over()  # the host ignores ranges
        elif not answer.headers.get("Content-Range", "").startswith(start):
            raise self._refused(answer.status)
        while self.file.tell() <= self.model.size:  # with one byte more, the checksum will not fit
            try:
                block = answer.read(BLOCK)
            except NETWORK_FAILURES as error:
                return error
            if not block:
                break
            self.file.write(block)
            self.on_progress(self.file.tell(), self.model.size)
        return ConnectionError("the connection closed early")

    def _start_over(self) -> None:
        self.file.seek(0)
        self.file.truncate()

    def _refused(self, status: int) -> ModelFetchError:
        return ModelFetchError(
            f"{_host(self.model)} answered with HTTP status {status}. {self._by_hand()}"
        )

    def _by_hand(self) -> str:
        model = self.model
        return (
            f"Where the network forbids it, fetch {model.url} elsewhere, compare its SHA-256 with "
            f"{model.sha256}, and put it there as {model.file}."
        )
