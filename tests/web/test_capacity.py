"""What a page run and an open tab cost the process: no full collection, few descriptors."""

import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.app_server import AppServer
from tests.streamlit_socket import StreamlitSocket, sign_in
from web.launch import MOST_OPEN_FILES

RUNS = 12
SOFT_LIMIT, TABS = 128, 40
# Run in front of the app: few open files, and a byte in a file for each full collection.
IN_FRONT = """
import os, resource, sys
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (int(sys.argv[1]), hard))
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""
COUNT_FULL_COLLECTIONS = """
import gc, os

def count(phase, info):
    if phase == "start" and info["generation"] == 2:
        with open(os.environ["FULL_COLLECTIONS"], "ab") as file:
            file.write(b".")

gc.callbacks.append(count)
"""
PYTHON = ("app.py",)
STREAMLIT = ("-m", "streamlit", "run", "app.py", "--server.port", "{port}")
UVICORN = ("-m", "uvicorn", "app:app", "--lifespan", "on", "--port", "{port}")


@pytest.fixture
def counted(own_app_server: AppServer, tmp_path: Path) -> Path:
    """Have the app count its full collections in this file."""
    folder = tmp_path / "site"
    folder.mkdir()
    folder.joinpath("sitecustomize.py").write_text(COUNT_FULL_COLLECTIONS)
    file = folder / "full-collections"
    own_app_server.environment |= {"PYTHONPATH": str(folder), "FULL_COLLECTIONS": str(file)}
    return file


def start(server: AppServer, command: tuple[str, ...]) -> None:
    words = ("-c", IN_FRONT, str(SOFT_LIMIT), *command)
    server.command = tuple(word.replace("{port}", str(server.port)) for word in words)
    server.start()


def full_collections(server: AppServer, counted: Path) -> int:
    """Return how many there are while a page runs `RUNS` times."""
    with StreamlitSocket(server.url) as tab:
        for _ in range(3):
            tab.run()
        before = counted.stat().st_size
        for _ in range(RUNS):
            tab.run()
        return counted.stat().st_size - before


@pytest.mark.parametrize(
    "command", [PYTHON, STREAMLIT, UVICORN], ids=["python", "streamlit", "uvicorn"]
)
def test_every_way_of_starting_has_room_for_tabs_and_collects_nothing_by_force(
    own_app_server: AppServer, counted: Path, command: tuple[str, ...]
) -> None:
    start(own_app_server, command)
    process = psutil.Process(own_app_server.pid)
    soft, hard = process.rlimit(psutil.RLIMIT_NOFILE)
    assert soft == min(hard, MOST_OPEN_FILES)
    tabs = [StreamlitSocket(own_app_server.url) for _ in range(TABS)]
    for tab in tabs:
        assert tab.run().widget("Password")
    assert process.num_fds() > SOFT_LIMIT
    for tab in tabs:
        tab.close()
    assert full_collections(own_app_server, counted) < RUNS / 4


def test_collections_by_force_would_be_seen(own_app_server: AppServer, counted: Path) -> None:
    start(own_app_server, (*STREAMLIT, "--runner.postScriptGC", "true"))
    assert full_collections(own_app_server, counted) > RUNS / 2


def test_a_signed_in_tab_takes_four_descriptors_and_is_kept_with_three(
    app_server: AppServer,
) -> None:
    cookie = sign_in(app_server.url, app_server.password)
    process = psutil.Process(app_server.pid)
    with StreamlitSocket(app_server.url, cookie=cookie) as first:
        pages = first.run().pages
        for page in pages:
            first.run(page)
        before = process.num_fds()
        tabs = [StreamlitSocket(app_server.url, cookie=cookie) for _ in range(20)]
        for number, tab in enumerate(tabs):
            assert not tab.run(pages[number % len(pages)]).exceptions
        # Rounded, as the databases may open another connection meanwhile.
        assert round((process.num_fds() - before) / len(tabs)) == 4
        for tab in tabs:
            tab.close()
        wait_for(lambda: round((process.num_fds() - before) / len(tabs)) <= 3)


def test_a_tab_nobody_signed_in_on_goes_when_it_is_closed(app_server: AppServer) -> None:
    process = psutil.Process(app_server.pid)
    with StreamlitSocket(app_server.url) as stays:
        stays.run()
        before = process.num_fds()
        tabs = [StreamlitSocket(app_server.url) for _ in range(20)]
        lost = [tab.run().session_id for tab in tabs]
        for tab in tabs:
            tab.close()
        wait_for(lambda: process.num_fds() <= before + 3)
        with StreamlitSocket(app_server.url, session_id=lost[0]) as back:
            again = back.run()
    assert again.session_id != lost[0]
    assert again.widget("Password")


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)
