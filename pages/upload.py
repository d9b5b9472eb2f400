import streamlit as st

from components import words
from components.result_card import result_card
from components.session import connection, transfer_registry, username
from components.uploader.choices import choices
from components.uploader.uploader import uploader

st.title(words.UPLOAD_TITLE, anchor=False)
st.write(words.UPLOAD_PURPOSE)

uploader(connection())
choices()

st.header(words.LINKS_TITLE, anchor=False)
finished = transfer_registry().finished(username())
for transfer, receipt in finished:
    result_card(transfer, receipt, connection())
if not finished:
    st.caption(words.NO_LINKS)
