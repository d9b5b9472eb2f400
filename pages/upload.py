import streamlit as st

from components import words
from components.result_card import result_card
from components.session import connection, may_upload, transfer_registry, username
from components.uploader.choices import choices
from components.uploader.uploader import uploader

st.title(words.UPLOAD_TITLE, anchor=False)
st.write(words.UPLOAD_PURPOSE)

if may_upload():
    uploader(connection())
    choices()
else:
    st.info(words.ONLY_LOOKING, icon=":material/visibility:")

st.header(words.LINKS_TITLE, anchor=False)
finished = transfer_registry().finished(username())
for transfer, receipt in finished:
    result_card(transfer, receipt, connection())
if not finished:
    st.caption(words.NO_LINKS)
