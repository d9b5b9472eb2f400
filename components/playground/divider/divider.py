"""The line between what is written and its answer, which is dragged to give either more room."""

from components.playground import words
from components.registry import component


def divider() -> None:
    """Draw the divider. Where it was left is remembered by the browser."""
    component("divider")(key="playground-divider", data={"words": words.DIVIDER})
