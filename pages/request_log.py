import streamlit as st

from components.requests import words
from components.requests.log import request_log

st.title(words.TITLE, anchor=False)
st.write(words.PURPOSE)

request_log()
