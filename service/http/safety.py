"""Headers under which files of strangers are shown and never run as pages of our origin."""

import re

_SHOWN = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
SAFETY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", f"sandbox; {_SHOWN}".encode("ascii")),
)
"""On every answer with a file, unless it brings a policy of its own."""
PDF_POLICY = f"{_SHOWN}; object-src 'self'; base-uri 'none'; form-action 'none'"
"""For PDFs: no browser makes a page of them, and some block their own PDF viewer in a sandbox.

`object-src` is for browsers whose viewer is a plug-in in a page that they make around the file.
"""
# A list of types is excluded with its comma: browsers would take the last one.
_PDF = re.compile(r"application/pdf\s*(;[^,]*)?", re.IGNORECASE)


def policy_for(content_type: str) -> dict[str, str]:
    """Return the header in which a file of this type differs from `SAFETY_HEADERS`, if any."""
    return {"Content-Security-Policy": PDF_POLICY} if _PDF.fullmatch(content_type) else {}
