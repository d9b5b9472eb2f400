"""The images that mutations work on: what may stand behind an `imageUrl` (contract 6 and 9)."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from content_types import HEAD_SIZE, IMAGE_ROUTE_TYPES, content_type_of
from cutout.imaging.reading import ImageRefusedError
from service import errors
from service.content_hub.refusal import InputRefusedError
from service.content_hub.sources.file_sources import FileSources
from service.content_hub.sources.signed_files import OpenedFile

# What Amplience's own extension lets through (contract 6).
DECLARED_TYPES = (*IMAGE_ROUTE_TYPES, "application/force-download")
MOST_BYTES = 104_857_600


class SourceImages:
    """Gives the image behind an `imageUrl`; thread-safe."""

    def __init__(self, sources: FileSources, stopping: Callable[[], bool]) -> None:
        """Take files from `sources`, and none any more once `stopping` says so."""
        self._sources = sources
        self._stopping = stopping

    @contextmanager
    def open(self, image_url: str) -> Generator[OpenedFile, None, None]:
        """Give an image; its files stay until the context ends.

        An `ImageRefusedError` of what is done with it meanwhile becomes an `InputRefusedError`.

        Raises:
            InputRefusedError: the URL is neither ours nor on an allowed host, or it shows no image
                that we take.
            S3ApiError: the process is being stopped, so that no long work is begun.
        """
        if self._stopping():
            raise errors.stopping()
        with self._sources.open("imageUrl", image_url) as image:
            _check_image(image)
            try:
                yield image
            except ImageRefusedError as error:
                raise InputRefusedError(f"The image of imageUrl {error}.") from error


def _check_image(image: OpenedFile) -> None:
    if image.content_type is not None:
        declared = image.content_type.partition(";")[0].strip().lower()
        if declared not in DECLARED_TYPES:
            shown = f'"{declared}"' if declared else "(none)"
            raise InputRefusedError(
                f"imageUrl was uploaded with the Content-Type {shown}; send one of "
                f"{', '.join(DECLARED_TYPES)} with the PUT."
            )
    try:
        with image.pieces[0].open("rb") as file:
            content = content_type_of(file.read(HEAD_SIZE))
    except FileNotFoundError as error:
        raise InputRefusedError("imageUrl was written again meanwhile; try again.") from error
    if content not in IMAGE_ROUTE_TYPES:
        raise InputRefusedError(f"imageUrl has no image of a type we take; it is {content}.")
    if image.size > MOST_BYTES:
        raise InputRefusedError(
            f"imageUrl has {image.size} bytes; it must have at most {MOST_BYTES}."
        )
