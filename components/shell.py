"""What is around every page: the product's mark and name, and the style of the whole."""

import base64
from pathlib import Path

from components.words import AWAY, PRODUCT

FOLDER = Path(__file__).parent
ICON = FOLDER / "icon.svg"


def shell_style() -> str:
    """Return the style sheet for the `<head>` of every page, with its words and its mark."""
    rules = (FOLDER / "shell.css").read_text(encoding="utf-8")
    mark = base64.b64encode(ICON.read_bytes()).decode()
    return (
        f':root {{ --product: "{PRODUCT}"; --away: "{AWAY}"; '
        f'--mark: url("data:image/svg+xml;base64,{mark}") }}\n'
        f"{rules}"
    )
