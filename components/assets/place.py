"""Where to look for assets: repository, folder, search, and how to show what is there."""

from dataclasses import dataclass

import streamlit as st

from client.content_hub.assets import Folder, FolderTree, Repository
from client.content_hub.library import Place
from client.errors import ClientError
from client.pasted import without_invisible
from client.playground.asset_operations import listing_operation
from components.assets import words
from components.assets.open_in_playground import playground_button
from components.assets.state import AssetBrowser
from components.common.error_message import error_message
from components.common.plain_text import on_one_line
from components.kept import kept, kept_index

SEARCH_KEY = "assets-search"
_TYPING_PAUSE = "0.6s"
_ALL = ""
"""Stands for all folders. None would come back as nothing chosen after a look at an asset."""


@dataclass(frozen=True)
class ChosenPlace:
    """What the visitor wants to see.

    Attributes:
        folder: None for the whole repository.
        view: `grid` or `table`.
    """

    repository: Repository
    tree: FolderTree
    folder: Folder | None
    keyword: str
    view: str

    @property
    def place(self) -> Place:
        """The repository or folder, by id."""
        return Place(self.repository.id, self.folder.id if self.folder else None)

    @property
    def label(self) -> str:
        """What the place is called."""
        return " / ".join((self.repository.label, *(self.folder.path if self.folder else ())))


def asset_place(state: AssetBrowser) -> ChosenPlace | None:
    """Draw the fields and return what they say; None when there is nothing to choose from."""
    try:
        repositories = state.repositories()
    except ClientError as error:
        error_message(error)
        st.button(words.TRY_AGAIN, key="assets-try-repositories")
        return None
    if not repositories:
        st.warning(words.NO_REPOSITORIES)
        st.button(words.TRY_AGAIN, key="assets-try-repositories")
        return None
    repository_side, folder_side, search_side = st.columns(3)
    with repository_side:
        repository = _repository(repositories)
    with folder_side:
        tree, folder = _folder(state, repository)
    with search_side:
        typed = st.text_input(
            words.SEARCH,
            kept(SEARCH_KEY, ""),
            type="search",
            key=SEARCH_KEY,
            placeholder=words.SEARCH_HINT,
            help=words.SEARCH_HELP,
            live=_TYPING_PAUSE,
            persist_state="session",
        )
    views, key = list(words.VIEWS), "assets-view"
    view = st.radio(
        words.VIEW,
        views,
        index=kept_index(key, views, views[0]),
        format_func=words.VIEWS.__getitem__,
        horizontal=True,
        key=key,
        persist_state="session",
    )
    return ChosenPlace(repository, tree, folder, without_invisible(typed).strip(), view)


def folder_key(repository: Repository) -> str:
    """Return the key of the field that holds the folder's id, one for each repository."""
    return f"assets-folder-{repository.id}"


def asset_tools(state: AssetBrowser, chosen: ChosenPlace) -> None:
    """Draw the buttons for the whole list: read it again, open it in the playground."""
    st.button(
        words.REFRESH,
        key="assets-refresh",
        icon=":material/refresh:",
        on_click=_read_again,
        args=(state,),
    )
    playground_button(listing_operation(chosen.place, chosen.keyword), key="assets-playground")


def _read_again(state: AssetBrowser) -> None:
    state.forget_folders()
    state.forget_listing()


def _repository(repositories: list[Repository]) -> Repository:
    labels = {repository.id: repository for repository in repositories}
    ids, key = list(labels), "assets-repository"
    chosen = st.selectbox(
        words.REPOSITORY,
        ids,
        index=kept_index(key, ids, ids[0]),
        format_func=lambda one: on_one_line(labels[one].label),
        key=key,
        persist_state="session",
    )
    return labels[chosen]


def _folder(state: AssetBrowser, repository: Repository) -> tuple[FolderTree, Folder | None]:
    try:
        tree = state.folders(repository.id)
    except ClientError as error:
        tree = FolderTree((), whole=True)
        error_message(error)
        st.caption(words.FOLDERS_UNREAD)
    folders = {folder.id: folder for folder in tree.folders}
    ids, key = [_ALL, *folders], folder_key(repository)
    chosen = st.selectbox(
        words.FOLDER,
        ids,
        index=kept_index(key, ids, _ALL),
        format_func=lambda one: (
            on_one_line(" / ".join(folders[one].path)) if one else words.ALL_FOLDERS
        ),
        key=key,
        persist_state="session",
    )
    if not tree.whole:
        st.caption(words.FOLDERS_CUT)
    return tree, folders.get(chosen)
