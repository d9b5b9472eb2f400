"""Global ids: base64, with padding, of `TypeName:key` (contract 5)."""

import base64
import binascii


def global_id(type_name: str, key: str) -> str:
    """Return the global id of an object."""
    return base64.b64encode(f"{type_name}:{key}".encode()).decode()


def read_global_id(text: str) -> tuple[str, str] | None:
    """Return type name and key; None when the text is not a global id."""
    try:
        decoded = base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    type_name, colon, key = decoded.partition(":")
    return (type_name, key) if colon else None
