import streamlit as st

from components.assets.create import create_asset_dialog
from components.playground.upload_slot import slot_notice
from components.session import api, connection, may_upload
from components.upload import words
from components.upload.fault_panel import fault_banner, fault_panel
from components.upload.recent_transfers import newest_links, recent_transfers, selected_transfer
from components.upload.uploader.choices import choices
from components.upload.uploader.uploader import uploader

st.title(words.UPLOAD_TITLE, anchor=False)
st.write(words.UPLOAD_PURPOSE)
fault_banner()

if may_upload():
    slot_notice()
    uploader(connection())
    choices()
else:
    st.info(words.ONLY_LOOKING, icon=":material/visibility:")
fault_panel(api())

# Each has a place of every run, so that a new link above the list does not have it drawn anew.
with st.container():
    selected_transfer()
with st.container():
    newest_links()
recent_transfers()
create_asset_dialog()
