"""Background removal: send an image, have it cut out, fetch the result (contract section 9)."""

from dataclasses import dataclass
from pathlib import Path

from client.api import Api
from client.download import Download, download_file
from client.errors import PermissionDeniedError, UnexpectedAnswerError
from client.json_object import as_object
from client.operations import REMOVE_BACKGROUND
from client.transfer import upload_file

TIMEOUT = (10.0, 120.0)
"""Seconds to connect and to wait: the mutation answers when the image is done, and may queue."""
_PNG = b"\x89PNG\r\n\x1a\n"
_COLOUR_TYPE = 25
"""Where a PNG's header says which channels it has; 4 and 6 have alpha (PNG, 11.2.2)."""


@dataclass(frozen=True)
class RemovedBackground:
    """A result that was fetched: the temporary URL it came from, and the file."""

    image_url: str
    download: Download


def cut_out_url(api: Api, organization_id: str, image_url: str) -> str:
    """Have an image's background removed; return the temporary URL of the result.

    Costs one credit. The mutation is not sent again when its answer is lost.

    Args:
        api: the connection to use.
        organization_id: who pays, a global id.
        image_url: a temp file's download URL or a Content Hub URL.

    Raises:
        CreditsExhaustedError: no credit is left.
        ApiError: another of its leaves.
        ServiceDownError: no answer arrived.
    """
    variables = {"organization": organization_id, "image": image_url}
    data = api.execute(REMOVE_BACKGROUND, variables, timeout=TIMEOUT)
    url = as_object(data.get("removeBackgroundFromImage")).get("imageUrl")
    if not isinstance(url, str) or not url:
        raise UnexpectedAnswerError("The background removal was answered without an imageUrl.")
    return url


def remove_background(api: Api, image: Path, target: Path) -> RemovedBackground:
    """Upload an image in one PUT, have it cut out, and fetch the result into `target`.

    The first organization that the credentials reach pays. What arrives is checked against its
    size and ETag, and is a PNG with alpha.

    Raises:
        InputError: one of its leaves, before anything is sent.
        PermissionDeniedError: the credentials reach no organization.
        CreditsExhaustedError: no credit is left.
        UnexpectedAnswerError: the result is no PNG with alpha; `target` keeps it.
        ApiError, StorageError: other leaves of them.
        ServiceDownError: no answer arrived.
        OSError: the file cannot be written.
    """
    organizations = api.viewer()["organizations"]
    if not organizations:
        raise PermissionDeniedError("These credentials reach no organization that could pay.")
    receipt = upload_file(api, image, kind="single")
    url = cut_out_url(api, organizations[0]["id"], receipt.download_url)
    download = download_file(api, url, target)
    with download.path.open("rb") as file:
        start = file.read(_COLOUR_TYPE + 1)
    if not start.startswith(_PNG) or start[-1] not in (4, 6):
        raise UnexpectedAnswerError("The result is no PNG with transparency.", name=str(target))
    return RemovedBackground(url, download)
