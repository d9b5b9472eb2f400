"""The panel that finishes a cut-out (crop, shadow, backdrop, format) and saves or shares it."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st

from client.api.operations import REMOVE_BACKGROUND
from client.errors import ClientError
from client.wire.exchange import mask_url
from components.assets.create import open_create_asset
from components.assets.kept_file import kept_files
from components.background import words
from components.background.changes import backdrop_of, changes_of, edit_of, key_of
from components.background.file_names import cut_out_stem
from components.background.picture_run import PictureRun, Result
from components.background.problems import problems_shown
from components.common.error_message import error_message
from components.common.link.link import link
from components.common.plain_text import plain
from components.kept import kept, kept_index
from components.session import may_upload
from content_types import type_by_name
from cutout.finishing.finish import Finish
from cutout.jobs.jobs import Original, Rendered
from process import this_process

SMALL = 640
"""Pixels of the longest side of the preview of the finished picture."""
BACKDROP_SIDE = 4096
"""Pixels of the longest side that are kept of a picture to put behind."""
_ENDINGS = {"png": ".png", "webp": ".webp", "webp-lossless": ".webp", "jpeg": ".jpg", "zip": ".zip"}
_BACKDROP_TYPES = ["jpg", "jpeg", "png", "webp"]
_BACKDROP_LIMIT = 25  # megabytes


def finish_panel(run: PictureRun) -> None:
    """Draw the panel, once there is a cut-out to finish."""
    state = run.state
    if state.result is None or state.original is None:
        return
    with st.container(border=True, key=key_of("finish", run)):
        st.subheader(words.FINISH_TITLE, anchor=False)
        choices, look = st.columns([3, 2])
        with choices:
            finish = _choices(run, state.original)
        with look, problems_shown(run.name):
            # What will be saved, made small; with transparency kept where the file has it.
            small = replace(
                finish, format="jpeg" if finish.format == "jpeg" else "webp", quality=85
            )
            make = _maker(run, small, longest=min(SMALL, finish.longest or SMALL))
            alt = words.FINISHED_ALT.format(name=run.name)
            st.image(make().content, caption=words.FINISHED_CAPTION, alt=alt)
        _buttons(run, finish)
        _result_link(run, state.result)


def _choices(run: PictureRun, original: Original) -> Finish:
    crop, shadow = st.columns(2)
    with crop:
        key = key_of("crop", run)
        cropped = st.checkbox(words.CROP, kept(key, False), key=key, persist_state="session")
        margin = Finish.margin
        if cropped:
            key = key_of("margin", run)
            margin = st.slider(words.MARGIN, 0, 50, kept(key, 5), key=key, persist_state="session")
            margin /= 100
    with shadow:
        key, shadows = key_of("shadow", run), list(words.SHADOWS)
        cast_shadow = st.selectbox(
            words.SHADOW,
            shadows,
            index=kept_index(key, shadows, shadows[0]),
            format_func=words.SHADOWS.__getitem__,
            key=key,
            persist_state="session",
        )
    backdrop = _behind(run)
    form, size = st.columns(2)
    with form:
        key, formats = key_of("format", run), list(words.FORMATS)
        kind = st.selectbox(
            words.FORMAT,
            formats,
            index=kept_index(key, formats, formats[0]),
            format_func=words.FORMATS.__getitem__,
            key=key,
            persist_state="session",
        )
        quality = 90
        if kind in ("webp", "jpeg", "zip"):
            key = key_of("quality", run)
            quality = st.slider(
                words.QUALITY, 40, 100, kept(key, 90), key=key, persist_state="session"
            )
    with size:
        key = key_of("longest", run)
        longest = st.number_input(
            words.SIZE,
            16,
            16_384,
            kept(key, None),
            placeholder=words.SIZE_HINT.format(longest=max(original.width, original.height)),
            key=key,
            persist_state="session",
        )
    fields: dict[str, Any] = {
        "crop": cropped,
        "margin": margin,
        "shadow": cast_shadow,
        "format": kind,
        "quality": quality,
        "longest": longest,
        **backdrop,
    }
    return Finish(**fields)


def _behind(run: PictureRun) -> dict[str, Any]:
    """Choose between transparency and the viewer's backdrop; take a picture to put behind."""
    shown = backdrop_of(run)
    name = words.BACKDROPS[shown["backdrop"]].format(
        colour=shown.get("colour", ""), second=shown.get("second_colour", "")
    )
    key, choices = key_of("behind", run), (False, True)
    into_file = st.radio(
        words.BEHIND,
        choices,
        index=kept_index(key, choices, False),
        format_func={False: words.BEHIND_NOTHING, True: words.BEHIND_SHOWN}.__getitem__,
        # Not in the label: the browser tells by the label what is chosen, and may tell late.
        captions=["", name],
        key=key,
        persist_state="session",
    )
    if may_upload():  # web/sign_in/gate.py refuses the file of anybody else
        with st.popover(words.BACKDROP_IMAGE, icon=":material/image:"):
            _take_backdrop_image(run)
    return shown if into_file else {}


def _take_backdrop_image(run: PictureRun) -> None:
    """Take a picture to put behind; what is kept is a WebP made of it, not the file itself."""
    given = st.file_uploader(
        words.BACKDROP_IMAGE,
        type=_BACKDROP_TYPES,
        max_upload_size=_BACKDROP_LIMIT,
        key=key_of("backdrop-file", run),
        label_visibility="collapsed",
    )
    changes = changes_of(run)
    if given is None or given.file_id == changes.backdrop_file:
        return
    with problems_shown(given.name):
        path = run.folder / "backdrop"
        path.write_bytes(given.getvalue())
        changes.backdrop_image = this_process().cut_outs.original([path], BACKDROP_SIDE).preview
        path.write_bytes(changes.backdrop_image)
        changes.backdrop_file = given.file_id
        st.rerun()


def _maker(run: PictureRun, finish: Finish, longest: int | None = None) -> Callable[[], Rendered]:
    """Return a function that makes the finished picture, also where there is no session to ask."""
    edit, backdrop = edit_of(run), backdrop_file(run)
    return lambda: run.render(edit, finish, longest=longest, backdrop=backdrop)


def backdrop_file(run: PictureRun) -> Path | None:
    """Return the picture to put behind, when one was given."""
    return run.folder / "backdrop" if changes_of(run).backdrop_image else None


def file_name(run: PictureRun, finish: Finish) -> str:
    """Return the picture's own name with a suffix and the ending of the format."""
    return f"{cut_out_stem(run.name)}{_ENDINGS[finish.format]}"


def _buttons(run: PictureRun, finish: Finish) -> None:
    name, make = file_name(run, finish), _maker(run, finish)
    with st.container(horizontal=True):
        st.download_button(
            words.DOWNLOAD.format(name=plain(name)),
            data=lambda: make().content,
            file_name=name,
            mime=type_by_name(name),
            type="primary",
            key=key_of("download", run),
            on_click="ignore",
            icon=":material/download:",
        )
        if may_upload() and finish.format != "zip":
            st.button(
                words.CREATE_ASSET,
                key=key_of("asset", run),
                icon=":material/add_photo_alternate:",
                help=words.CREATE_ASSET_HELP,
                on_click=changes_of(run).asset.ask,
            )
            _create_asset(run, make, name)


def _create_asset(run: PictureRun, make: Callable[[], Rendered], name: str) -> None:
    """Upload the picture if that was asked for, and open the form for its asset."""
    changes, files = changes_of(run), kept_files()

    def upload() -> None:
        changes.finished = files.keep_finished(make().content, name, run.transfer_id)

    if changes.asset.wanted:
        try:
            with problems_shown(run.name), st.spinner(words.UPLOADING_FINISHED):
                changes.asset.begin(upload)
                changes.asset.wait()
        except ClientError as error:
            error_message(error)
    if changes.finished:
        open_create_asset(changes.finished)
        changes.finished = None


def _result_link(run: PictureRun, result: Result) -> None:
    """Draw the link to the endpoint's cut-out, and the mutation that it answered."""
    if result.url is None:
        st.caption(words.NO_RESULT_LINK)
        return
    st.caption(words.RESULT_LINK)
    link(result.url, name=run.name, deadline=result.deadline, key=key_of("result-link", run))
    with st.expander(words.MUTATION, key=key_of("mutation", run)):
        st.code(REMOVE_BACKGROUND, language="graphql", wrap_lines=True)
        variables = {"organization": "…", "image": mask_url(run.receipt.download_url)}
        st.caption(words.MUTATION_CAPTION)
        st.code(
            json.dumps(variables, indent=2, ensure_ascii=False), language="json", wrap_lines=True
        )
