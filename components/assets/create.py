"""The dialog that makes an asset in Content Hub of a finished upload."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import get_args

import streamlit as st

from client.content_hub.assets import (
    LONGEST_NAME,
    NO_FOLDER_ID,
    Asset,
    AssetType,
    ContentHubClient,
    Folder,
    FolderTree,
    NewAsset,
    Repository,
    suggested_name,
)
from client.errors import ClientError
from client.storage.complete import Receipt
from client.transfers.record import Transfer
from components.assets import words
from components.common.error_message import error_message
from components.common.plain_text import on_one_line, plain
from components.session import api, api_for, username
from components.task import Task
from process import this_process

_DRAFT = "asset_draft"
_MOST_TAGS = 100
_TYPING_PAUSE = "0.5s"


@dataclass
class _Draft:
    """What the open dialog has read and done, so that a rerun asks the endpoint nothing again."""

    transfer_id: str
    repositories: list[Repository] = field(default_factory=list[Repository])
    folders: dict[str, FolderTree] = field(default_factory=dict[str, FolderTree])
    free_names: dict[str, str] = field(default_factory=dict[str, str])
    problem: ClientError | None = None
    made: Asset | None = None
    job: str | None = None
    creation: Task = field(default_factory=Task)
    publication: Task = field(default_factory=Task)


def open_create_asset(transfer_id: str) -> None:
    """Open the dialog for this transfer: `create_asset_dialog` draws it until it is closed."""
    st.session_state[_DRAFT] = _Draft(transfer_id)


def create_asset_dialog() -> None:
    """Draw the dialog while it is open.

    The page calls it on every run: a run that an upload causes would close the dialog otherwise.
    """
    draft: _Draft | None = st.session_state.get(_DRAFT)
    if draft is None:
        return
    transfer = this_process().transfers.get(username(), draft.transfer_id)
    if transfer is None or transfer.receipt is None:
        _close()
        return
    dialog = st.dialog(words.CREATE_ASSET_TITLE, on_dismiss=_close)(_content)
    dialog(draft, transfer, transfer.receipt)


def _close() -> None:
    st.session_state.pop(_DRAFT, None)


def _close_dialog() -> None:
    _close()
    st.rerun()  # of the whole page, of which the dialog is but a fragment


def _content(draft: _Draft, transfer: Transfer, receipt: Receipt) -> None:
    hub = ContentHubClient(api_for(transfer))
    if draft.creation.begun:
        _wait(draft, draft.creation)
    if draft.made is not None:
        _made(draft, hub, draft.made)
        return
    new, publish = _form(draft, hub, transfer, receipt)
    if new is None:
        draft.creation.forget()
    else:
        st.button(
            words.CREATE,
            type="primary",
            key="asset-create",
            disabled=draft.free_names.get(new.name, new.name) != new.name,
            on_click=draft.creation.ask,
        )
        if draft.creation.wanted:
            _create(draft, hub, new, publish=publish)
            st.rerun()  # the page, which draws the dialog again: with the asset, or the reason
    _problem(draft)


def _form(
    draft: _Draft, hub: ContentHubClient, transfer: Transfer, receipt: Receipt
) -> tuple[NewAsset | None, bool]:
    """Draw the fields, and return what they say once it is enough for an asset."""
    try:
        draft.repositories = draft.repositories or hub.repositories()
    except ClientError as error:
        _cannot_read(error)
        return None, False
    if not draft.repositories:
        st.warning(words.NO_REPOSITORIES)
        st.button(words.TRY_AGAIN)
        return None, False
    name = _name_field(draft, hub, transfer)
    kind = _type_field(transfer)
    ids, usual = [one.id for one in draft.repositories], api_for(transfer).connection.repository
    repository = st.selectbox(
        words.REPOSITORY,
        draft.repositories,
        index=ids.index(usual) if usual in ids else 0,
        format_func=lambda repository: on_one_line(repository.label),
        key=_key("repository", transfer),
    )
    folder = _folder_field(draft, hub, repository, transfer)
    tags = st.multiselect(
        words.TAGS,
        list[str](),
        accept_new_options=True,
        max_selections=_MOST_TAGS,
        placeholder=words.TAGS_HINT,
        key=_key("tags", transfer),
    )
    publish = st.checkbox(words.PUBLISH_AT_ONCE, key=_key("publish", transfer))
    new = NewAsset(
        src=receipt.download_url,
        type=kind or "IMAGE",
        name=name,
        filename=transfer.name,
        repository_id=repository.id,
        folder_id=folder.id if folder else None,
        tags=tuple(tags),
    )
    return (new if name and kind else None), publish


def _name_field(draft: _Draft, hub: ContentHubClient, transfer: Transfer) -> str:
    key = _key("name", transfer)
    # A dialog is closed and opened again when the page runs, as when an upload ends; what is typed
    # but not yet told would be lost with it.
    name = st.text_input(
        words.ASSET_NAME,
        suggested_name(transfer.name),
        key=key,
        max_chars=LONGEST_NAME,
        help=words.ASSET_NAME_HELP,
        live=_TYPING_PAUSE,
    ).strip()
    if not name:
        return name
    try:
        if name not in draft.free_names:
            draft.free_names[name] = hub.free_name(name)
    except ClientError:
        st.caption(words.ASSET_NAME_UNCHECKED)
        return name
    free = draft.free_names[name]
    if free != name:
        st.warning(words.ASSET_NAME_TAKEN.format(name=plain(name)))
        st.button(
            words.USE_FREE_NAME.format(name=plain(free)),
            on_click=_set_state,
            args=(key, free),
            key=f"{key}-free",
        )
    return name


def _set_state(key: str, value: str) -> None:
    st.session_state[key] = value


def _type_field(transfer: Transfer) -> AssetType | None:
    options: tuple[AssetType, ...] = get_args(AssetType)
    content_type = transfer.plan.content_type if transfer.plan else ""
    likely = content_type.partition("/")[0].upper()
    sure = likely in options and not transfer.false_image
    kind = st.radio(
        words.ASSET_TYPE,
        options,
        index=options.index(likely) if sure else None,
        format_func=words.ASSET_TYPES.__getitem__,
        horizontal=True,
        key=_key("type", transfer),
    )
    if kind is None:
        st.caption(words.ASSET_TYPE_UNSURE)
    return kind


def _folder_field(
    draft: _Draft, hub: ContentHubClient, repository: Repository, transfer: Transfer
) -> Folder | None:
    try:
        if repository.id not in draft.folders:
            draft.folders[repository.id] = hub.folders(repository.id)
    except ClientError as error:
        _cannot_read(error)
        return None
    tree = draft.folders[repository.id]
    folders = [folder for folder in tree.folders if folder.id != NO_FOLDER_ID]
    folder = st.selectbox(
        words.FOLDER,
        [None, *folders],
        format_func=lambda folder: (
            on_one_line(" / ".join(folder.path)) if folder else words.CREATE_IN_NO_FOLDER
        ),
        key=_key("folder", transfer),
    )
    if not tree.whole:
        st.caption(words.FOLDERS_CUT)
    return folder if folder in folders else None


def _cannot_read(error: ClientError) -> None:
    error_message(error)
    st.button(words.TRY_AGAIN)


def _create(draft: _Draft, hub: ContentHubClient, new: NewAsset, *, publish: bool) -> None:
    """Make the asset; what went wrong stays with the draft, and so do the fields."""

    def create() -> None:
        draft.free_names.pop(new.name, None)
        draft.made = hub.create(new)
        if publish:
            draft.job = hub.publish(draft.made)

    _begin(draft, draft.creation, create)
    _wait(draft, draft.creation)


def _publish(draft: _Draft, hub: ContentHubClient, asset: Asset) -> None:
    def publish() -> None:
        draft.job = hub.publish(asset)

    _begin(draft, draft.publication, publish)


def _begin(draft: _Draft, task: Task, action: Callable[[], None]) -> None:
    log, draft.problem = api().log, None

    def work() -> None:
        with log.about(draft.transfer_id):
            action()

    task.begin(work)


def _wait(draft: _Draft, task: Task) -> None:
    try:
        with st.spinner(words.CREATING):
            task.wait()
    except ClientError as error:
        draft.problem = error


def _problem(draft: _Draft) -> None:
    if draft.problem:
        error_message(draft.problem)


def _made(draft: _Draft, hub: ContentHubClient, asset: Asset) -> None:
    if draft.publication.wanted:
        _wait(draft, draft.publication)
    st.success(words.ASSET_CREATED.format(name=plain(asset.name)), icon=":material/check_circle:")
    if asset.thumb_url:
        st.image(asset.thumb_url, width=160, alt=words.THUMB_ALT.format(name=asset.name))
    for label, value in ((words.ASSET_ID, asset.id), (words.ASSET_UUID, asset.asset_id)):
        if value:
            st.caption(label)
            st.code(value, language=None, wrap_lines=True)
    if draft.job is not None:
        st.caption(words.PUBLISHING.format(job=plain(draft.job)))
    else:
        st.caption(words.IS_PUBLISHED if asset.published else words.IS_NOT_PUBLISHED)
    _problem(draft)
    with st.container(horizontal=True):
        if asset.file:
            st.link_button(words.OPEN_ASSET_FILE, asset.file, icon=":material/open_in_new:")
        if draft.job is None:
            st.button(
                words.PUBLISH,
                key="asset-publish",
                icon=":material/publish:",
                on_click=_publish,
                args=(draft, hub, asset),
            )
        st.button(words.CLOSE, key="asset-close", on_click=_close_dialog)


def _key(name: str, transfer: Transfer) -> str:
    return f"asset-{name}-{transfer.id}"
