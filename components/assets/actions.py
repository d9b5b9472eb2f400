"""What can be done with an asset: open its file, go on with it, publish it, delete it."""

from collections.abc import Callable

import streamlit as st

from client.content_hub.assets import Asset
from client.errors import ClientError
from components.assets import words
from components.assets.kept_file import kept_files
from components.assets.state import AssetBrowser, Opened, title_of
from components.assets.temp_file import as_temp_file
from components.common.error_message import error_message
from components.common.plain_text import plain
from components.page_visit import open_picture
from components.session import may_upload
from components.task import Task
from content_types import IMAGE_ROUTE_TYPES


def asset_actions(state: AssetBrowser, opened: Opened, asset: Asset) -> None:
    """Draw the actions the visitor may take, and what came of the last one."""
    with st.container(horizontal=True, key="asset-actions"):
        if asset.file:
            st.link_button(words.OPEN_FILE, asset.file, icon=":material/open_in_new:")
        if may_upload():
            _changes(state, opened, asset)
    if may_upload():
        _wait(state, opened, asset)
    if opened.job is not None:
        st.success(words.PUBLISHING.format(job=plain(opened.job)), icon=":material/check_circle:")
    if opened.problem:
        error_message(opened.problem)
    if opened.deleting and may_upload():
        title = words.DELETE_TITLE.format(name=plain(title_of(asset)))
        with st.container(border=True, key="asset-confirm"):
            st.warning(words.DELETE_WARNING, title=title, icon=":material/delete_forever:")
            with st.container(horizontal=True):
                st.button(
                    words.DELETE_FOR_GOOD,
                    key="asset-delete-for-good",
                    type="primary",
                    on_click=_delete,
                    args=(state, opened, asset),
                )
                st.button(words.KEEP, key="asset-keep", on_click=_keep, args=(opened,))


def _changes(state: AssetBrowser, opened: Opened, asset: Asset) -> None:
    """Draw the actions that change something: only those who may upload see them."""
    if asset.file and asset.mime_type in IMAGE_ROUTE_TYPES:
        st.button(
            words.REMOVE_BACKGROUND,
            key="asset-remove-background",
            icon=":material/background_replace:",
            on_click=_take_along,
            args=(opened, asset),
        )
    st.button(
        words.PUBLISH_AGAIN if asset.published else words.PUBLISH,
        key="asset-publish-now",
        icon=":material/publish:",
        on_click=_publish,
        args=(state, opened, asset),
    )
    st.button(
        words.DELETE,
        key="asset-delete",
        icon=":material/delete:",
        on_click=_ask_whether,
        args=(opened,),
    )


def _take_along(opened: Opened, asset: Asset) -> None:
    files = kept_files()

    def take() -> None:
        opened.temp_file = as_temp_file(asset, files)

    _begin(opened, opened.cut_out, take)


def _publish(state: AssetBrowser, opened: Opened, asset: Asset) -> None:
    def publish() -> None:
        opened.job = state.hub.publish(asset)
        state.forget_listing()
        opened.expire()

    _begin(opened, opened.publication, publish)


def _delete(state: AssetBrowser, opened: Opened, asset: Asset) -> None:
    def delete() -> None:
        state.library.delete([asset.id])
        state.notice = _deleted(asset)
        state.forget_listing()
        opened.deleted = True

    _begin(opened, opened.deletion, delete)


def _begin(opened: Opened, task: Task, work: Callable[[], None]) -> None:
    opened.problem, opened.job, opened.deleting = None, None, False
    task.begin(work)


def _ask_whether(opened: Opened) -> None:
    opened.problem, opened.job, opened.deleting = None, None, True


def _deleted(asset: Asset) -> str:
    return words.DELETED.format(name=plain(title_of(asset)))


def _wait(state: AssetBrowser, opened: Opened, asset: Asset) -> None:
    """Wait for what was begun, and do what follows from it; if this run ends, the next one does."""
    for task, text in (
        (opened.cut_out, words.TAKING),
        (opened.publication, words.PUBLISHING_NOW),
        (opened.deletion, words.DELETING),
    ):
        if task.wanted:
            try:
                with st.spinner(text):
                    task.wait()
            except ClientError as error:
                opened.problem = error
            st.rerun()
    if opened.temp_file:
        transfer_id, opened.temp_file = opened.temp_file, None
        open_picture(transfer_id)
    if opened.deleted:
        state.notice = _deleted(asset)  # a run may have shown it, but as one that ends here
        state.close()
        st.rerun()


def _keep(opened: Opened) -> None:
    opened.deleting = False
