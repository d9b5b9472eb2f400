"""Reads the XML of an S3 store or of its clients: errors, results, listings, part lists."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException


@dataclass(frozen=True)
class S3Error:
    """An `<Error>` body (contract 8)."""

    code: str
    message: str

    @property
    def expired(self) -> bool:
        """Whether the signed URL is too old: told by the code, else by AccessDenied's message."""
        return self.code in {"ExpiredToken", "RequestExpired"} or (
            self.code == "AccessDenied" and "expired" in self.message.lower()
        )


def parse_xml(content: bytes) -> Element | None:
    """Return the root of an XML body, or None when it is none.

    Documents with a DTD or entities count as no XML.
    """
    try:
        return ElementTree.fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, LookupError, ValueError):
        return None


def local_name(element: Element) -> str:
    """Return an element's name without its namespace, which stores spell differently."""
    return element.tag.rpartition("}")[2]


def texts_in(element: Element) -> dict[str, str]:
    """Return the texts of an element's children by their local names."""
    return {local_name(child): child.text or "" for child in element}


def parse_s3_error(content: bytes) -> S3Error | None:
    """Return the error a body describes, or None when it is not an S3 `<Error>`.

    White space before the declaration is let pass: S3 sends it to keep a slow complete request
    alive.
    """
    root = parse_xml(content.lstrip())
    if root is None or local_name(root) != "Error":
        return None
    texts = texts_in(root)
    return S3Error(texts.get("Code", ""), texts.get("Message", ""))
