"""Names and labels that people give."""

import re

from service.content_hub.refusal import InputRefusedError

LONGEST = 255  # characters
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def checked_text(argument: str, text: str) -> str:
    """Return the text when it can be shown as a name.

    Raises:
        InputRefusedError: it is blank, too long, or has control characters.
    """
    if not text.strip():
        raise InputRefusedError(f"{argument} is blank.")
    if len(text) > LONGEST:
        raise InputRefusedError(
            f"{argument} has {len(text)} characters; it must have at most {LONGEST}."
        )
    if _CONTROL.search(text):
        raise InputRefusedError(f"{argument} has control characters, such as a line break.")
    return text
