import streamlit as st

from components.assets import words
from components.assets.details import asset_details
from components.assets.folder import new_folder
from components.assets.list import asset_list
from components.assets.place import asset_place, asset_tools
from components.assets.state import assets, selected_asset
from components.session import may_upload

st.title(words.TITLE, anchor=False)
st.write(words.PURPOSE)

state, selected = assets(), selected_asset()
with st.container():  # of every run, so that what stands below stays the same elements
    if state.notice:
        st.success(state.notice, icon=":material/check_circle:")
        state.notice = None
if selected:
    asset_details(state, selected)
elif chosen := asset_place(state):
    with st.container(horizontal=True, key="assets-tools"):
        if may_upload():
            new_folder(state, chosen)
        asset_tools(state, chosen)
    asset_list(state, chosen)
