import streamlit as st

from components import words
from components.request_table import request_table
from components.session import exchange_log

st.title(words.REQUESTS_TITLE, anchor=False)
st.write(words.REQUESTS_PURPOSE)

exchanges = exchange_log().entries()
if exchanges:
    request_table(exchanges)
else:
    st.caption(words.NO_REQUESTS)
