"""S3 error bodies and what they mean (contract 8)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from client.errors import ClientError, Detail, LinkExpiredError, StorageRefusedError
from client.wire.http import Answer

EXPIRED_CODES = {"ExpiredToken", "RequestExpired"}


@dataclass(frozen=True)
class StorageFault:
    """An `<Error>` body. `elements` holds every child by its name, code and message included."""

    code: str
    message: str
    elements: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def expired(self) -> bool:
        """Whether the signed URL is too old: told by the code, else by AccessDenied's message."""
        return self.code in EXPIRED_CODES or (
            self.code == "AccessDenied" and "expired" in self.message.lower()
        )


def parse_xml(content: bytes) -> Element | None:
    """Return the root of an XML body, or None when it is none.

    White space before the declaration is let pass: S3 sends it to keep a slow complete request
    alive. Documents with a DTD or entities count as no XML.
    """
    try:
        return ElementTree.fromstring(content.lstrip(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        return None


def local_name(element: Element) -> str:
    """Return an element's name without its namespace, which stores spell differently."""
    return element.tag.rpartition("}")[2]


def parse_storage_error(content: bytes) -> StorageFault | None:
    """Return the fault a body describes, or None when it is not an S3 `<Error>`."""
    root = parse_xml(content)
    if root is None or local_name(root) != "Error":
        return None
    elements = {local_name(child): child.text or "" for child in root}
    return StorageFault(elements.get("Code", ""), elements.get("Message", ""), elements)


def storage_failure(answer: Answer, purpose: str) -> ClientError:
    """Return the error for a refusing answer of the store; the caller raises it."""
    fault = parse_storage_error(answer.content)
    details = failure_details(answer, fault)
    if fault and fault.expired:
        return LinkExpiredError(
            f"The signed URL for {purpose} at {answer.host} has expired: {fault.message}.",
            **details,
        )
    said = f"{fault.code}: {fault.message}" if fault else excerpt(answer)
    return StorageRefusedError(
        f"{answer.host} refused {purpose} with status {answer.status}: {said}", **details
    )


def failure_details(answer: Answer, fault: StorageFault | None) -> dict[str, Detail]:
    """Return status, host, storage code and the wait the store asked for, as far as known."""
    details: dict[str, Detail] = {"status": answer.status, "host": answer.host}
    if fault:
        details["storage_code"] = fault.code
    if answer.retry_after is not None:
        details["retry_after"] = answer.retry_after
    return details


def excerpt(answer: Answer, length: int = 200) -> str:
    """Return the start of a body that could not be read as what it should be, on one line."""
    text = re.sub(r"\s+", " ", answer.text[: length * 4]).strip()
    return text[:length] or "(empty body)"
