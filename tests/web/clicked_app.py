"""An app with callbacks that take their time: what `test_whole_clicks.py` presses."""

from pathlib import Path

import streamlit as st
import uvicorn

from settings import read_settings
from web.whole_clicks import carry_out_whole_clicks

app = st.App(Path(__file__).with_name("clicked_page.py"))
carry_out_whole_clicks()

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=read_settings().port, log_level="warning")
