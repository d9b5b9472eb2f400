"""Names for characters that a person may not see, or may take for others."""

import unicodedata


def named(letter: str) -> str:
    """Return a character's name and code, such as "no-break space, U+00A0" (Unicode 4.8)."""
    name = unicodedata.name(letter, "control character").lower()
    return f"{name}, U+{ord(letter):04X}"
