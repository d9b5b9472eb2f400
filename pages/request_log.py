import streamlit as st

from components import request_words as words
from components.request_log import request_log

st.title(words.TITLE, anchor=False)
st.write(words.PURPOSE)

request_log()
