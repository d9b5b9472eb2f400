"""Background removal: send an image, have it cut out, fetch the result (contract 9)."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from client.api.api import Api
from client.api.credits import credits_left
from client.api.operations import REMOVE_BACKGROUND
from client.cut_out_report import CutOutReport, read_report
from client.errors import (
    NotAnImageError,
    ServiceDownError,
    UnexpectedAnswerError,
)
from client.json_object import as_object
from client.transfers.download import Download, download_file
from client.transfers.source import SourceFile
from client.transfers.upload import upload_file
from content_types import IMAGE_ROUTE_TYPES, UNKNOWN, content_type_of

TIMEOUT = (10.0, 120.0)
"""Seconds to connect and to wait: the mutation answers when the image is done, and may queue."""


@dataclass(frozen=True)
class RemovedBackground:
    """A result that was fetched.

    Attributes:
        image_url: the temporary URL it came from.
        download: the file.
        report: who made it and how sure that is, as far as the file says.
        credits_left: None where the endpoint does not tell.
    """

    image_url: str
    download: Download
    report: CutOutReport
    credits_left: int | None


def cut_out_url(api: Api, organization_id: str, image_url: str) -> str:
    """Have an image's background removed; return the temporary URL of the result.

    The image is a temp file's download URL or a Content Hub URL. Costs the organization one
    credit. The mutation is not sent again when its answer is lost.

    Raises:
        CreditsExhaustedError: no credit is left.
        ApiError: another of its leaves.
        ServiceDownError: no answer arrived.
    """
    variables = {"organization": organization_id, "image": image_url}
    data = api.graphql.execute(REMOVE_BACKGROUND, variables, timeout=TIMEOUT)
    url = as_object(data.get("removeBackgroundFromImage")).get("imageUrl")
    if not isinstance(url, str) or not url:
        raise UnexpectedAnswerError("The background removal was answered without an imageUrl.")
    return url


def remove_background(api: Api, image: Path, target: Path) -> RemovedBackground:
    """Upload an image in one PUT, have it cut out, and fetch the result into `target`.

    The connection's organization pays, else the first that the credentials reach. What arrives is
    checked against its size and ETag, and is a PNG with alpha.

    Raises:
        NotAnImageError, FileMissingError, SizeOverSingleError: before anything is sent.
        PermissionDeniedError: the credentials reach no organization.
        CreditsExhaustedError: no credit is left.
        UnexpectedAnswerError: the result is no PNG with alpha; `target` keeps it.
        ApiError, StorageError: other leaves of them.
        ServiceDownError: no answer arrived.
        OSError: the file cannot be written.
    """
    source = SourceFile(image)
    found = content_type_of(source.head)
    if source.size and found not in IMAGE_ROUTE_TYPES:
        raise NotAnImageError(
            f'"{source.name}" is no image that background removal takes; by its bytes it is '
            f"{'of no known type' if found == UNKNOWN else found}.",
            name=source.name,
        )
    organization = api.payer()
    receipt = upload_file(api, image, kind="single")
    url = cut_out_url(api, organization, receipt.download_url)
    download = download_file(api, url, target)
    report = read_report(download.path)
    if report is None:
        raise UnexpectedAnswerError("The result is no PNG with transparency.", name=str(target))
    left: int | None = None
    with suppress(ServiceDownError):  # what was paid for is here already
        left = credits_left(api, organization)
    return RemovedBackground(url, download, report, left)
