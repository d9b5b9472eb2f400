"""Stand-ins for Amplience's image understanding: captions and points of interest (contract 13).

Nothing here recognises anything. The answers have the form of Amplience's and are made of what
background removal knows: where the objects of an image lie, and in which colours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid5

from cutout.description.colour_names import Colour
from cutout.description.describe import Bounds, Description, PictureObject, Point
from cutout.jobs.jobs import CutOutJobs
from service.content_hub.credits import Credits
from service.content_hub.refusal import InputRefusedError
from service.images.source_images import SourceImages

STAND_IN = "A stand-in caption: "
ALL, MOST = 0.9, 0.5  # parts of the pixels from which a colour is "red" and "mostly red"
MIDDLE = 1 / 3, 2 / 3  # of the width and the height
OBJECTS = UUID("83af60a7-178a-49d4-a9ee-638dfba13785")  # the namespace of their ids


@dataclass(frozen=True)
class PointOfInterest:
    """An object of an image under a name; the same object of the same image has the same id."""

    id: str
    label: str
    center: Point
    bounds: Bounds
    outline: Sequence[Point]


class ImageAnalysis:
    """Checks an image and the credits, has it looked at, and charges one credit last.

    Every method raises:
        InputRefusedError: the URL is neither ours nor on an allowed host, or it shows no image
            that we take; or an argument cannot be used.
        NoCreditsError: no credit is left.
        BusyError: too many images are waiting.
        CutOutFailedError: the image took too long, or its process broke down.
        S3ApiError: the process is being stopped.
    """

    def __init__(self, credits: Credits, images: SourceImages, jobs: CutOutJobs) -> None:
        self._credits = credits
        self._images = images
        self._jobs = jobs

    def caption(self, organization: str, image_url: str) -> str:
        """Return a caption of colours and places, which says that it is a stand-in."""
        return caption_of(self._described(organization, image_url, "generateCaptionForImage"))

    def detect(self, organization: str, image_url: str) -> list[PointOfInterest]:
        """Return the objects, the largest first, each with its colour as its label."""
        found = self._described(organization, image_url, "detectPointsOfInterestInImage")
        labels = [f"{_coloured(one.colour)} object" for one in found.objects]
        return _points(labels, found.objects)

    def find(
        self, organization: str, image_url: str, things: Sequence[str]
    ) -> list[PointOfInterest]:
        """Return the largest object as the first thing, the second largest as the second, and on.

        Things that no object is left for are not found.
        """
        if not things or not all(thing.strip() for thing in things):
            raise InputRefusedError("thingsToFind must name at least one thing, and none blank.")
        found = self._described(organization, image_url, "findPointsOfInterestInImage")
        return _points(things, found.objects)

    def _described(self, organization: str, image_url: str, reason: str) -> Description:
        self._credits.require(organization)  # before anything is fetched for it
        with self._images.open(image_url) as image:
            found = self._jobs.describe(image.pieces)
        self._credits.charge(organization, reason)
        return found


def caption_of(found: Description) -> str:
    """Say what is in an image and where, in one line without a full stop."""
    if not found.objects:
        return f"{STAND_IN}no clear object {_behind(found.background)}"
    [main, *others] = found.objects
    more = f" and {len(others)} more" if others else ""
    what = _with_article(f"{_coloured(main.colour)} object")
    return f"{STAND_IN}{what} {_where(main.center)}{more} {_behind(found.background)}"


def _behind(background: Colour | None) -> str:
    if background is None:
        return "on a transparent background"
    return f"on {_with_article(f'{_coloured(background)} background')}"


def _coloured(colour: Colour) -> str:
    if colour.share >= ALL:
        return colour.name
    return f"mostly {colour.name}" if colour.share >= MOST else "many-coloured"


def _with_article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _where(center: Point) -> str:
    across, down = (sum(part > end for end in MIDDLE) for part in center)
    column = ("left", "", "right")[across]
    row = ("top", "", "bottom")[down]
    if row:
        return f"at the {row} {column}".strip()
    return f"on the {column}" if column else "in the middle"


def _points(labels: Sequence[str], objects: Sequence[PictureObject]) -> list[PointOfInterest]:
    return [
        PointOfInterest(str(uuid5(OBJECTS, repr(one))), label, one.center, one.bounds, one.outline)
        for label, one in zip(labels, objects, strict=False)
    ]
