import streamlit as st

from components import connection_words as words
from components.connection_choice import connection_list
from components.connection_facts import connection_in_use, connection_test
from components.connection_form import connection_form

st.title(words.TITLE, anchor=False)
st.write(words.PURPOSE)

connection_in_use()
test = st.container()
connection_list()
connection_form()
with test:
    connection_test()
