"""The drop zone for pictures: uploads them as any other file, and tells their transfers' ids."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from components.registry import component
from content_types import IMAGE_ENDINGS

KEY = "picture_drop"


def picture_drop(
    words: Mapping[str, Any], most: int, largest: int, name: Mapping[str, str], *, compact: bool
) -> Sequence[str]:
    """Draw the drop zone; return the ids of the transfers begun here that have arrived.

    Args:
        words: the sentences it shows.
        most: pictures that may be added at once.
        largest: bytes a picture may have.
        name: what the address has to have to name the picture on show, where it names none.
        compact: whether it takes one row only, so that the picture below is in sight.
    """
    data = {
        "words": dict(words),
        "most": most,
        "largest": largest,
        "name": dict(name),
        "compact": compact,
        "endings": list(IMAGE_ENDINGS),
    }
    state: Any = component("picture_drop")(
        key=KEY,
        data=data,
        default={"picked": []},
        on_picked_change=_nothing_more,
    )
    return cast(Sequence[str], state.picked)


def _nothing_more() -> None:
    """A callback is what makes a value of a component part of its state."""
