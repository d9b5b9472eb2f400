"""What can be done with a finished upload, and how far the check of its download is."""

import time
from pathlib import Path

import streamlit as st

from client.storage.complete import Receipt
from client.transfers.download_check import DownloadCheck, Progress
from client.transfers.record import Transfer
from components.assets.create import open_create_asset
from components.common.error_message import error_message
from components.common.plain_text import plain
from components.page_visit import open_picture
from components.playground.answer_steps import open_asset_mutation
from components.playground.state import playground
from components.session import api_for, may_upload
from components.upload import words
from components.words import size_text
from content_types import IMAGE_ROUTE_TYPES

POLL = 0.5
"""Seconds between two looks at a running check."""


def next_steps(transfer: Transfer, receipt: Receipt) -> None:
    """Draw the steps. While a check runs they are drawn anew by themselves."""
    check = _checks().get(transfer.id)
    running = check is not None and not check.progress.ended
    st.fragment(_steps, run_every=POLL if running else None)(transfer, receipt, running=running)


def _checks() -> dict[str, DownloadCheck]:
    return st.session_state.setdefault("download_checks", {})


def _steps(transfer: Transfer, receipt: Receipt, *, running: bool) -> None:
    expired = receipt.deadline <= time.time()
    with st.container(horizontal=True, key=f"steps-{transfer.id}"):
        if receipt.content_type in IMAGE_ROUTE_TYPES and not transfer.false_image:
            st.button(
                words.REMOVE_BACKGROUND,
                key=f"remove-background-{transfer.id}",
                icon=":material/background_replace:",
                disabled=expired,
                on_click=remove_background,
                args=(transfer.id,),
            )
        if may_upload():
            st.button(
                words.CREATE_ASSET,
                key=f"create-asset-{transfer.id}",
                icon=":material/add_photo_alternate:",
                disabled=expired,
                on_click=_create_asset,
                args=(transfer,),
            )
        st.button(
            words.CHECK_DOWNLOAD,
            key=f"check-{transfer.id}",
            icon=":material/verified:",
            disabled=expired or running,
            on_click=_start,
            args=(transfer, receipt),
        )
        if may_upload():
            st.button(
                words.OPEN_IN_PLAYGROUND,
                key=f"playground-{transfer.id}",
                icon=":material/terminal:",
                disabled=expired,
                on_click=_open_in_playground,
                args=(transfer, receipt),
            )
    check = _checks().get(transfer.id)
    if check is None:
        return
    progress = check.progress
    if progress.ended and running:  # no more polling
        st.rerun()
    _outcome(progress)


def remove_background(transfer_id: str) -> None:
    """Show a finished picture on the page that removes its background."""
    open_picture(transfer_id)


def _open_in_playground(transfer: Transfer, receipt: Receipt) -> None:
    name = Path(transfer.name).stem
    open_asset_mutation(playground(), receipt.download_url, name, transfer.name)
    st.switch_page("pages/playground.py")


def _create_asset(transfer: Transfer) -> None:
    open_create_asset(transfer.id)
    st.rerun()


def _start(transfer: Transfer, receipt: Receipt) -> None:
    check = DownloadCheck(api_for(transfer), transfer.id, receipt, transfer.sha256)
    _checks()[transfer.id] = check
    check.start()
    st.rerun()


def _outcome(progress: Progress) -> None:
    if progress.error:
        error_message(progress.error)
        return
    verdict = progress.verdict
    if verdict is None:
        done, size = size_text(progress.done), size_text(progress.size or 0)
        with st.status(words.CHECKING.format(done=done, size=size), type="compact"):
            st.progress(min(1.0, progress.done / progress.size) if progress.size else 0.0)
        return
    if verdict.good:
        st.success(words.CHECK_GOOD, icon=":material/check_circle:")
    else:
        st.error(words.CHECK_BAD, icon=":material/error:")
    fetched = verdict.fetched
    found = {"size": f"{fetched.size:,} bytes", "etag": plain(fetched.etag)}
    lines = [
        words.FINDINGS[getattr(verdict, fact)].format(
            label=label, found=words.FOUND.format(found=found[fact]) if fact in found else ""
        )
        for fact, label in words.CHECK_FACTS.items()
    ]
    st.markdown("  \n".join(lines))
    st.caption(words.SHA256_OF_DOWNLOAD)
    st.code(fetched.sha256, language=None, wrap_lines=True)
