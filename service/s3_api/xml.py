"""S3's XML documents: errors, the complete request and its result (contract 7.6 and 8)."""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape

from contract.s3_xml import local_name, parse_xml, texts_in
from service import errors
from service.store.checksums import SUPPORTED
from service.store.uploads import ListedPart

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
MOST_PARTS = 10_000
CHECKSUM_PREFIX = "Checksum"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

# What XML 1.0 cannot carry at all, escaped or not.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def error_document(error: errors.S3ApiError, resource: str, request_id: str) -> bytes:
    """Write an error as S3 does; every value is escaped."""
    values: dict[str, str | int] = {
        "Code": error.code,
        "Message": error.message,
        **error.elements,
        "Resource": resource,
        "RequestId": request_id,
        "HostId": "local",
    }
    return f"{DECLARATION}<Error>{_elements(values)}</Error>".encode()


def complete_document(location: str, bucket: str, key: str, etag: str) -> bytes:
    """Write the result of a complete; `etag` comes without quotes and is written with them."""
    values = {"Location": location, "Bucket": bucket, "Key": key, "ETag": f'"{etag}"'}
    name = "CompleteMultipartUploadResult"
    return f'{DECLARATION}<{name} xmlns="{NAMESPACE}">{_elements(values)}</{name}>'.encode()


def read_complete(document: bytes) -> list[ListedPart]:
    """Read a complete request, in any namespace or none; DTDs and entities are refused.

    Raises:
        S3ApiError: MissingRequestBodyError, MalformedXML, InvalidRequest.
    """
    if not document.strip():
        raise errors.missing_request_body()
    root = parse_xml(document)
    if (
        root is None
        or local_name(root) != "CompleteMultipartUpload"
        or not 0 < len(root) <= MOST_PARTS
    ):
        raise errors.malformed_xml()
    return [_read_part(element) for element in root]


def _read_part(element: Element) -> ListedPart:
    if local_name(element) != "Part":
        raise errors.malformed_xml()
    fields = {name: text.strip() for name, text in texts_in(element).items()}
    if len(fields) != len(element) or any(len(child) for child in element):
        raise errors.malformed_xml()
    number = fields.pop("PartNumber", "")
    etag = fields.pop("ETag", None)
    checksums = tuple(_checksum(name, value) for name, value in fields.items())
    if not re.fullmatch("[0-9]{1,5}", number) or not (etag or checksums):
        raise errors.malformed_xml()
    # A client that escapes twice sends the entity itself as text.
    bare = etag.replace("&quot;", '"').strip().strip('"').lower() if etag else None
    return ListedPart(int(number), bare, checksums)


def _checksum(name: str, value: str) -> tuple[str, str]:
    algorithm = name.removeprefix(CHECKSUM_PREFIX)
    if algorithm == name or not value:
        raise errors.malformed_xml()
    if algorithm not in SUPPORTED:
        raise errors.invalid_request(
            f"{name} cannot be checked; send the ETag or one of "
            f"{', '.join(CHECKSUM_PREFIX + known for known in SUPPORTED)}."
        )
    return algorithm, value


def _elements(values: Mapping[str, str | int]) -> str:
    return "".join(
        f"<{name}>{escape(_UNWRITABLE.sub('�', str(value)))}</{name}>"
        for name, value in values.items()
    )
