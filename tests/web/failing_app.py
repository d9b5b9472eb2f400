"""An app whose page, callbacks and fragments fail on demand: what `test_failures.py` looks at."""

from pathlib import Path

import streamlit as st
import uvicorn

from components.unexpected import show_unexpected_error
from settings import read_settings

app = st.App(Path(__file__).with_name("failing_page.py"), on_script_error=show_unexpected_error)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=read_settings().port, log_level="warning")
