import os
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient

from web.early_script import EarlyScript

PAGE = "<html><head><title>Editing</title></head><body>" + "é" * 2_000 + "</body></html>"
TAG = '<script type="module" async src="/a.js"></script>'


def pages(folder: Path) -> TestClient:
    for name in ("editing", "other"):
        (folder / name).write_text(PAGE, encoding="utf-8")
        os.utime(folder / name, (0, 0))  # so that both have the same ETag
    (folder / "headless").write_text("ok", encoding="utf-8")
    middleware = [
        Middleware(EarlyScript, scripts={"/editing": "/a.js", "/headless": "/a.js"}),
        Middleware(GZipMiddleware),
    ]
    routes = [Mount("/", StaticFiles(directory=folder))]
    return TestClient(Starlette(routes=routes, middleware=middleware))


def test_a_page_has_its_script_in_its_head_and_no_other_page_has_it(tmp_path: Path) -> None:
    client = pages(tmp_path)
    assert client.get("/editing").content.decode() == PAGE.replace("</head>", f"{TAG}</head>")
    assert client.get("/other").content.decode() == PAGE
    assert client.get("/headless").text == "ok"


def test_a_browser_that_has_the_page_without_its_script_gets_it_anew(tmp_path: Path) -> None:
    client = pages(tmp_path)
    known = {"If-None-Match": client.get("/other").headers["ETag"], "Range": "bytes=0-9"}
    answer = client.get("/editing", headers=known)
    assert answer.status_code == 200
    assert TAG in answer.text
    assert not {"etag", "last-modified", "accept-ranges"} & answer.headers.keys()
    assert client.get("/other", headers=known).status_code == 304
