import streamlit as st

from components.connections import words
from components.connections.choice import connection_list
from components.connections.facts import connection_facts, connection_in_use, connection_test
from components.connections.form import connection_form

st.title(words.TITLE, anchor=False)
st.write(words.PURPOSE)

connection_in_use()
test = st.container()
connection_facts()
connection_list()
connection_form()
with test:
    connection_test()
