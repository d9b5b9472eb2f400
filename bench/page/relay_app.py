"""The usual way to do it in Streamlit: the file goes to the server, which sends it on.

Run by `bench/page/file_uploader.py`. Nothing here is slower than it has to be: as many parts go at
once as the upload page sends by default.
"""

from concurrent.futures import ThreadPoolExecutor

import requests
import streamlit as st

from client.api.api import Api
from client.connection.connection import connection_from_settings
from client.storage.plan import PlannedPart
from settings import read_settings

TIMEOUT = 120  # seconds

chosen = st.file_uploader("File")
if chosen:
    api = Api(connection_from_settings(read_settings()))
    plan = api.plan_upload(chosen.name, chosen.size, "video/mp4", kind="multipart")
    content = chosen.getvalue()

    def send(part: PlannedPart) -> tuple[int, str]:
        """Send one part; return its number and its ETag."""
        answer = requests.put(part.url, data=content[part.start : part.end], timeout=TIMEOUT)
        answer.raise_for_status()
        return part.number, answer.headers["ETag"]

    with ThreadPoolExecutor(api.connection.parallel) as pool:
        api.complete(plan, dict(pool.map(send, plan.parts)))
    st.write("Relayed")
