import streamlit as st

from components import check_words as words
from components.check_form import check_form
from components.check_result import check_result

st.title(words.TITLE, anchor=False)
st.write(words.PURPOSE)

check_form()
check_result()
