"""Makes a folder in the repository or folder on show."""

import streamlit as st

from client.errors import ClientError
from components.assets import words
from components.assets.place import ChosenPlace, folder_key
from components.assets.state import AssetBrowser
from components.common.error_message import error_message
from components.common.plain_text import on_one_line, plain
from components.widget_state import entered

_NAME, _PROBLEM, _LONGEST = "assets-folder-name", "assets_folder_problem", 255


def new_folder(state: AssetBrowser, chosen: ChosenPlace) -> None:
    """Draw the button that opens a small form."""
    with st.popover(words.NEW_FOLDER, icon=":material/create_new_folder:", key="assets-new-folder"):
        st.caption(words.FOLDER_IN.format(place=plain(chosen.label)))
        st.text_input(words.FOLDER_NAME, key=_NAME, max_chars=_LONGEST)
        st.button(
            words.CREATE_FOLDER,
            type="primary",
            key="assets-create-folder",
            on_click=_create,
            args=(state, chosen),
        )
        problem: ClientError | str | None = st.session_state.pop(_PROBLEM, None)
        if isinstance(problem, str):
            st.warning(problem)
        elif problem:
            error_message(problem)


def _create(state: AssetBrowser, chosen: ChosenPlace) -> None:
    """Make the folder and show it; the name typed stays where it could not be made."""
    label = on_one_line(entered(_NAME)).strip()
    if refusal := _refusal(chosen, label):
        st.session_state[_PROBLEM] = refusal
        return
    try:
        folder_id = state.library.create_folder(chosen.place, label)
    except ClientError as error:
        st.session_state[_PROBLEM] = error
        state.forget_folders()  # so that another try sees whether it was made after all
        return
    state.forget_folders()
    state.notice = words.FOLDER_MADE.format(name=plain(label))
    st.session_state[folder_key(chosen.repository)] = folder_id
    st.session_state[_NAME] = ""


def _refusal(chosen: ChosenPlace, label: str) -> str | None:
    """Say why nothing is sent, as the endpoint takes a second folder of the same name."""
    if not label:
        return words.FOLDER_NAMELESS
    above = chosen.folder.path if chosen.folder and chosen.place.is_folder else ()
    if any(folder.path == (*above, label) for folder in chosen.tree.folders):
        return words.FOLDER_TAKEN.format(place=plain(chosen.label), name=plain(label))
    return None
