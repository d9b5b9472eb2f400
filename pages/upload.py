import streamlit as st

from components.assets.create import create_asset_dialog, open_create_asset
from components.playground.upload_slot import slot_notice
from components.session import api, connection, may_upload
from components.upload import words
from components.upload.fault_panel import fault_banner, fault_panel
from components.upload.next_steps import remove_background
from components.upload.selected_transfer import select, selected_transfer
from components.upload.uploader.choices import choices
from components.upload.uploader.uploader import uploader

st.title(words.UPLOAD_TITLE, anchor=False)
st.write(words.UPLOAD_PURPOSE)
fault_banner()

if may_upload():
    slot_notice()
    uploader(
        connection(),
        {"background": remove_background, "asset": open_create_asset, "details": select},
    )
else:
    st.info(words.ONLY_LOOKING, icon=":material/visibility:")

with st.container():  # of every run, so that what stands below is not drawn anew
    selected_transfer()
if may_upload():
    choices()
fault_panel(api())
create_asset_dialog()
