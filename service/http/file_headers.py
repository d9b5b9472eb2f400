"""Headers of a PUT that are stored with its file and sent again with every GET and HEAD.

S3 calls these headers system-defined metadata (S3 user guide, "Working with object metadata"). A
signature need not cover them: S3 asks that only of the host and of `x-amz-*` headers. Multipart
uploads have none of them: S3 takes them where the upload is created, which is our mutation.
"""

import re
from collections.abc import Mapping

from service import errors

KEPT = ("Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires")
LIMIT = 2048
"""Bytes that these and the type may have, names and values together; the same guide's number."""
OCTET_STREAM = "binary/octet-stream"
"""The type of a file whose PUT named none (contract 16.5)."""
UNPACKED = "no-transform"
"""What Cache-Control says where the uploader said nothing: proxies are to leave the bytes alone."""
_FRAMING = "aws-chunked"
# Bytes above ASCII stay as they came: names in UTF-8 are sent so, and browsers read them so.
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]+")


def content_type(headers: Mapping[str, str]) -> str:
    """Return the type that a PUT names; one that is not of printable ASCII counts as none."""
    given = headers.get("content-type", "")
    return given if re.fullmatch(r"[\x20-\x7e]+", given) else OCTET_STREAM


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return what is to be kept of a PUT's headers (by lower-case name) beside its type.

    Raises:
        S3ApiError: MetadataTooLarge; InvalidArgument for a value with control characters.
    """
    said = {name: headers.get(name.lower(), "") for name in KEPT}
    # `aws-chunked` is about the request and not about the file: S3 leaves it out, too.
    codings = [coding.strip() for coding in said["Content-Encoding"].split(",")]
    said["Content-Encoding"] = ",".join(
        coding for coding in codings if coding and coding.lower() != _FRAMING
    )
    kept = {name: value for name, value in said.items() if value}
    counted = {**kept, "Content-Type": content_type(headers)}
    size = sum(len(name) + len(value) for name, value in counted.items())
    if size > LIMIT:
        raise errors.metadata_too_large(size, LIMIT)
    for name, value in kept.items():
        if not _VALUE.fullmatch(value):
            raise errors.invalid_argument(name, "", f"{name} may not have control characters.")
    return kept


def require_unpacked(encoding: str) -> None:
    """Refuse to take a file's bytes for its content where its Content-Encoding says otherwise.

    Raises:
        S3ApiError: InvalidRequest.
    """
    if encoding.lower() not in {"", "identity"}:
        raise errors.invalid_request(
            f"the file is packed: it was uploaded with Content-Encoding {encoding}. "
            "Upload it as it is."
        )
