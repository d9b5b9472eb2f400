import streamlit as st

from components.assets.create import create_asset_dialog
from components.background import words
from components.background.chain import chain, is_told
from components.background.finish_panel import finish_panel
from components.background.fix import fix
from components.background.grid import grid
from components.background.pictures import shown
from components.background.source import picture_source
from components.background.viewer import viewer
from components.background.watch import watch

st.title(words.TITLE, anchor=False)
st.write(words.PURPOSE)

# Each has a place of every run, so that the viewer below stays the same element.
with st.container():
    picture_source()
run = shown()
watch()
with st.container():
    grid()
if run:
    told = is_told(run.state)
    with st.container():
        if not told:
            chain(run)
    viewer(run)
    fix(run)
    finish_panel(run)
    if told:
        chain(run)
else:
    st.subheader(words.NO_PICTURE_TITLE, anchor=False)
    st.caption(words.NO_PICTURE)
create_asset_dialog()
