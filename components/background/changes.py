"""What a person changes in a cut-out; it stays with the visit, and is carried out in `cutout`."""

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from components.background.compare.compare import ShownBackdrop
from components.background.picture_run import PictureRun
from components.task import Task
from cutout.editing.edits import Edit, Stroke
from cutout.jobs.jobs import Cut

_COLOURS = {"white": "#ffffff", "black": "#000000"}


@dataclass
class Changes:
    """The changes to one picture, and what was asked for and is not done yet.

    Attributes:
        cut: which of the local engine's cuts; None for the result as it came.
        cuts: making cuts to choose from.
        offered: those cuts, once they are there.
        detailed: the edit that the viewer wants to see at full size.
        backdrop: what the viewer shows the cut-out on.
        backdrop_file: names the file that was given to put behind.
        backdrop_image: the picture to put behind: a WebP made of what was given.
        asset: uploading the finished picture, to make an asset of it.
        finished: the transfer of that upload, until the form for an asset is open.
    """

    cut: int | None = None
    strokes: tuple[Stroke, ...] = ()
    cuts: Task = field(default_factory=Task)
    offered: list[Cut] = field(default_factory=list[Cut])
    detailed: Edit | None = None
    backdrop: ShownBackdrop = field(default_factory=ShownBackdrop)
    backdrop_file: str = ""
    backdrop_image: bytes | None = None
    asset: Task = field(default_factory=Task)
    finished: str | None = None


def changes_of(run: PictureRun) -> Changes:
    """Return what was changed in a picture."""
    held: dict[str, Changes] = st.session_state.setdefault("picture_changes", {})
    return held.setdefault(run.transfer_id, Changes())


def edit_of(run: PictureRun) -> Edit:
    """Return the changes as `cutout` takes them."""
    changes = changes_of(run)
    return Edit(
        changes.cut,
        changes.strokes,
        st.session_state.get(key_of("holes", run), "as-is"),
        st.session_state.get(key_of("edge", run), "normal"),
    )


def undo_all(run: PictureRun) -> None:
    """Take every change back."""
    changes = changes_of(run)
    changes.cut, changes.strokes = None, ()
    st.session_state[key_of("holes", run)] = "as-is"
    st.session_state[key_of("edge", run)] = "normal"


def backdrop_of(run: PictureRun) -> dict[str, Any]:
    """Return the fields of a `Finish` with the backdrop that the viewer shows."""
    chosen = changes_of(run).backdrop
    if chosen.kind in _COLOURS:
        return {"backdrop": "colour", "colour": _COLOURS[chosen.kind]}
    if chosen.kind == "checkerboard" or (
        chosen.kind == "image" and changes_of(run).backdrop_image is None
    ):
        return {"backdrop": "none"}
    return {
        "backdrop": chosen.kind,
        "colour": chosen.colour,
        "second_colour": chosen.second_colour,
    }


def key_of(name: str, run: PictureRun) -> str:
    """Return the key of an element that belongs to a picture."""
    return f"{name}-{run.transfer_id}"
