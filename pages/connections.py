import streamlit as st

from components import words
from components.connection_facts import connection_facts, connection_test
from components.session import api, connection

st.title(words.CONNECTIONS_TITLE, anchor=False)
st.write(words.CONNECTIONS_PURPOSE)

connection_facts(connection())
connection_test(api())
