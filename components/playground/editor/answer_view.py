"""A text to read, such as a JSON answer, with folding, find, copy and download."""

from components.playground.editor.words import ANSWER
from components.registry import component


def answer_view(text: str, *, label: str, key: str, file_name: str, media_type: str) -> None:
    """Draw a text.

    Args:
        text: data of any origin; it is shown as text and never run or rendered.
        label: the name of the region for screen readers.
        key: of the element.
        file_name: of the file that the text can be saved as.
        media_type: of that file.
    """
    component("editor")(
        key=key,
        data={
            "view": "answer",
            "text": text,
            "file": {"name": file_name, "type": media_type},
            "label": label,
            "words": ANSWER,
        },
    )
