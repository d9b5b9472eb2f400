"""Background removal: what is checked before an engine is asked, and what it costs (contract 9)."""

from typing import Protocol

from service.content_hub.hub import ContentHub
from service.content_hub.media_type import ENOUGH, media_type_of_bytes
from service.content_hub.refusal import InputRefusedError
from service.own_files import OwnFile

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


class EngineMissingError(Exception):
    """This service has no engine for background removal; nothing was charged."""

    code = "NOT_IMPLEMENTED"
    message = (
        "The image is fine, but this service has no engine for background removal yet; "
        "no credit was charged."
    )


class Engine(Protocol):
    """Cuts the foreground out of an image."""

    def cut_out(self, image: OwnFile) -> str:
        """Return the signed URL of the result, a PNG with alpha of the same pixel size."""
        ...


class BackgroundRemoval:
    """Checks an image and the credits, has the work done, and charges for it last."""

    def __init__(self, hub: ContentHub, engine: Engine | None = None) -> None:
        self._hub = hub
        self._engine = engine

    def remove(self, organization: str, image_url: str) -> str:
        """Return the URL of the image without its background; costs one credit.

        Raises:
            InputRefusedError: the URL is not ours, or what it shows is no image we take.
            NoCreditsError: no credit is left.
            EngineMissingError: there is no engine.
        """
        with self._hub.sources.open("imageUrl", image_url) as image:
            _check_image(image)
            self._hub.credits.require(organization)
            if self._engine is None:
                raise EngineMissingError
            result = self._engine.cut_out(image)
        self._hub.credits.charge(organization, "removeBackgroundFromImage")
        return result


def _check_image(image: OwnFile) -> None:
    declared = image.content_type.partition(";")[0].strip().lower()
    if declared not in DECLARED_TYPES:
        raise InputRefusedError(
            f"imageUrl was uploaded with the Content-Type {_shown(declared)}; send one of "
            f"{', '.join(DECLARED_TYPES)} with the PUT."
        )
    content = media_type_of_bytes(_start_of(image))
    if content not in CONTENT_TYPES:
        raise InputRefusedError(f"imageUrl has no image of a type we take; it is {content}.")
    if image.size > MOST_BYTES:
        raise InputRefusedError(
            f"imageUrl has {image.size} bytes; it must have at most {MOST_BYTES}."
        )


def _start_of(image: OwnFile) -> bytes:
    try:
        with image.pieces[0].path.open("rb") as file:
            return file.read(ENOUGH)
    except FileNotFoundError as error:
        raise InputRefusedError("imageUrl was written again meanwhile; try again.") from error


def _shown(declared: str) -> str:
    return f'"{declared}"' if declared else "(none)"
