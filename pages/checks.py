import streamlit as st

from components.checks import words
from components.checks.form import check_form
from components.checks.result import check_result

st.title(words.TITLE, anchor=False)
st.write(words.PURPOSE)

check_form()
check_result()
