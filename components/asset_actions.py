"""What can be done with an asset: open its file, go on with it, publish it, delete it."""

from collections.abc import Callable

import streamlit as st

from client.assets import Asset
from client.content_type import IMAGE_ROUTE_TYPES
from client.errors import ClientError
from components import asset_words as words
from components.asset_state import Assets, Opened, title_of
from components.asset_temp_file import as_temp_file
from components.background.kept_file import kept_files
from components.error_message import error_message
from components.plain_text import plain
from components.session import may_upload
from components.task import Task

_REMOVE_BACKGROUND = "asset-remove-background"


def asset_actions(state: Assets, opened: Opened, asset: Asset) -> None:
    """Draw the actions the visitor may take, and what came of the last one."""
    with st.container(horizontal=True, key="asset-actions"):
        if asset.file:
            st.link_button(words.OPEN_FILE, asset.file, icon=":material/open_in_new:")
        if may_upload():
            _changes(opened, asset)
    if may_upload():
        _carry_out(state, opened, asset)
    if opened.job is not None:
        st.success(words.PUBLISHING.format(job=plain(opened.job)), icon=":material/check_circle:")
    if opened.problem:
        error_message(opened.problem)
    if opened.deleting and may_upload():
        _confirmation(opened, asset)


def _changes(opened: Opened, asset: Asset) -> None:
    """Draw what looking does not do."""
    if _may_lose_background(asset):
        st.button(
            words.REMOVE_BACKGROUND,
            key="asset-remove-background",
            icon=":material/background_replace:",
            on_click=_ask,
            args=(opened, opened.cut_out),
        )
    st.button(
        words.PUBLISH_AGAIN if asset.published else words.PUBLISH,
        key="asset-publish-now",
        icon=":material/publish:",
        on_click=_ask,
        args=(opened, opened.publication),
    )
    st.button(
        words.DELETE,
        key="asset-delete",
        icon=":material/delete:",
        on_click=_ask_whether,
        args=(opened,),
    )


def _may_lose_background(asset: Asset) -> bool:
    return bool(asset.file) and asset.mime_type in IMAGE_ROUTE_TYPES


def _ask(opened: Opened, task: Task) -> None:
    opened.problem, opened.job, opened.deleting = None, None, False
    task.ask()


def _ask_whether(opened: Opened) -> None:
    opened.problem, opened.job, opened.deleting = None, None, True


def _carry_out(state: Assets, opened: Opened, asset: Asset) -> None:
    """Do what was asked for, and what follows from it: should this run end, the next one does."""
    if opened.cut_out.wanted:
        _take_along(opened, asset)
    if opened.temp_file:
        transfer_id, opened.temp_file = opened.temp_file, None
        st.switch_page("pages/background.py", query_params={"image": transfer_id})
    if opened.publication.wanted:
        _publish(state, opened, asset)
        st.rerun()  # which reads the asset again
    if opened.deletion.wanted:
        _delete(state, opened, asset)
    if opened.deleted:
        state.close()
        st.rerun()


def _take_along(opened: Opened, asset: Asset) -> None:
    files = kept_files()

    def take() -> None:
        opened.temp_file = as_temp_file(asset, files)

    with st.spinner(words.TAKING):
        _tried(opened, opened.cut_out, take)


def _publish(state: Assets, opened: Opened, asset: Asset) -> None:
    def publish() -> None:
        opened.job = state.hub.publish(asset)
        state.forget_listing()
        opened.expire()

    with st.spinner(words.PUBLISHING_NOW):
        _tried(opened, opened.publication, publish)


def _delete(state: Assets, opened: Opened, asset: Asset) -> None:
    def delete() -> None:
        state.library.delete([asset.id])
        state.notice = words.DELETED.format(name=plain(title_of(asset)))
        state.forget_listing()
        opened.deleted = True

    with st.spinner(words.DELETING):
        _tried(opened, opened.deletion, delete)


def _tried(opened: Opened, task: Task, work: Callable[[], None]) -> None:
    try:
        task.carry_out(work)
    except ClientError as error:
        opened.problem = error


def _confirmation(opened: Opened, asset: Asset) -> None:
    title = words.DELETE_TITLE.format(name=plain(title_of(asset)))
    with st.container(border=True, key="asset-confirm"):
        st.warning(words.DELETE_WARNING, title=title, icon=":material/delete_forever:")
        with st.container(horizontal=True):
            st.button(
                words.DELETE_FOR_GOOD,
                key="asset-delete-for-good",
                type="primary",
                on_click=_ask,
                args=(opened, opened.deletion),
            )
            st.button(words.KEEP, key="asset-keep", on_click=_keep, args=(opened,))


def _keep(opened: Opened) -> None:
    opened.deleting = False
