"""Serves `editor_app.py` under the page's own headers; run as a module."""

import os
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from service.http.protocol import DirectBodyProtocol, listen
from web.headers import SecurityHeaders
from web.launch import configure_streamlit, serve, startup_settings

settings = startup_settings()
app = st.App(
    Path(__file__).with_name("editor_app.py"),
    middleware=[Middleware(SecurityHeaders, settings=settings, service_prefixes=())],
)
configure_streamlit(settings)

if __name__ == "__main__":
    os.chdir(Path(__file__).parents[3])
    serve(app, settings, listen, DirectBodyProtocol)
