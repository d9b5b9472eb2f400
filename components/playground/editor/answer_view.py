"""A text to read, such as a JSON answer, with folding, find and copy."""

from components.playground.editor.words import ANSWER
from components.registry import component


def answer_view(text: str, *, label: str, key: str) -> None:
    """Draw a text.

    Args:
        text: data of any origin; it is shown as text and never run or rendered.
        label: the name of the region for screen readers.
        key: of the element.
    """
    component("editor")(
        key=key, data={"view": "answer", "text": text, "label": label, "words": ANSWER}
    )
