"""Background removal: what is checked before and what it costs (contract 9)."""

import logging
import time

from cutout.jobs import CutOutJobs
from cutout.reading import ImageRefusedError
from service.content_hub.hub import ContentHub
from service.content_hub.media_type import ENOUGH, media_type_of_bytes
from service.content_hub.refusal import InputRefusedError
from service.file_sources import FileSources
from service.limits.credits import NoCreditsError
from service.own_files import SourceFile
from service.temp_files import TempFiles

# What Amplience's own extension lets through (contract 6).
DECLARED_TYPES = (
    "image/jpeg",
    "image/jpg",
    "image/png",
    "image/gif",
    "image/bmp",
    "image/jp2",
    "image/tiff",
    "image/webp",
    "application/force-download",
)
CONTENT_TYPES = {name for name in DECLARED_TYPES if name.startswith("image/")}
MOST_BYTES = 104_857_600
RESULT_TYPE = "image/png"

log = logging.getLogger(__name__)


class BackgroundRemoval:
    """Checks an image and the credits, has the work done, and charges for it last."""

    def __init__(
        self,
        hub: ContentHub,
        sources: FileSources,
        temp_files: TempFiles,
        jobs: CutOutJobs,
    ) -> None:
        self._hub = hub
        self._sources = sources
        self._temp_files = temp_files
        self._jobs = jobs

    def remove(self, organization: str, image_url: str) -> str:
        """Return the URL of the image without its background; costs one credit.

        The result is a temp file, a PNG with alpha of the same pixel size. It is charged for when
        it is stored, in one transaction with the check that a credit is left; should another call
        have taken the last one meanwhile, nobody learns the result's URL and it is removed.

        Raises:
            InputRefusedError: the URL is neither ours nor on an allowed host, or it shows no image
                that we take.
            NoCreditsError: no credit is left.
            BusyError: too many images are waiting.
            CutOutFailedError: the image took too long, or its process broke down.
            StorageError: there is no room for the result.
        """
        self._hub.credits.require(organization)  # before anything is fetched for it
        with self._sources.open("imageUrl", image_url) as image:
            _check_image(image)
            files = [piece.path for piece in image.pieces]
            started = time.monotonic()
            try:
                with self._jobs.cut_out(files) as result:
                    kept = self._temp_files.keep(result.blocks, result.size, RESULT_TYPE)
            except ImageRefusedError as error:
                raise InputRefusedError(f"The image of imageUrl {error}.") from error
            seconds = time.monotonic() - started
            log.info("Cut out %d bytes into %d in %.1f s", image.size, result.size, seconds)
        try:
            self._hub.credits.charge(organization, "removeBackgroundFromImage")
        except NoCreditsError:
            self._temp_files.discard(kept)
            raise
        return kept.download_url


def _check_image(image: SourceFile) -> None:
    if image.content_type is not None:
        _check_declared(image.content_type.partition(";")[0].strip().lower())
    content = media_type_of_bytes(_start_of(image))
    if content not in CONTENT_TYPES:
        raise InputRefusedError(f"imageUrl has no image of a type we take; it is {content}.")
    if image.size > MOST_BYTES:
        raise InputRefusedError(
            f"imageUrl has {image.size} bytes; it must have at most {MOST_BYTES}."
        )


def _check_declared(declared: str) -> None:
    if declared not in DECLARED_TYPES:
        raise InputRefusedError(
            f"imageUrl was uploaded with the Content-Type {_shown(declared)}; send one of "
            f"{', '.join(DECLARED_TYPES)} with the PUT."
        )


def _start_of(image: SourceFile) -> bytes:
    try:
        with image.pieces[0].path.open("rb") as file:
            return file.read(ENOUGH)
    except FileNotFoundError as error:
        raise InputRefusedError("imageUrl was written again meanwhile; try again.") from error


def _shown(declared: str) -> str:
    return f'"{declared}"' if declared else "(none)"
