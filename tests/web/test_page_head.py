import os
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient

from web.page_head import PageHead

PAGE = '<html lang="en"><head><title>Editing</title></head><body>' + "é" * 2_000 + "</body></html>"
STYLE = ".page { color: red }"
TAG = '<script type="module" async src="/a.js"></script>'


def pages(folder: Path) -> TestClient:
    (folder / "folder").mkdir()
    for name in ("editing.html", "other.html", "folder/uploaded.html"):
        (folder / name).write_text(PAGE, encoding="utf-8")
        os.utime(folder / name, (0, 0))  # so that all have the same ETag
    (folder / "headless").write_text("ok", encoding="utf-8")
    middleware = [
        Middleware(PageHead, style=STYLE, scripts={"/editing.html": "/a.js", "/headless": "/a.js"}),
        Middleware(GZipMiddleware),
    ]
    routes = [Mount("/", StaticFiles(directory=folder))]
    headers = {"Accept": "text/html,*/*;q=0.8"}
    return TestClient(Starlette(routes=routes, middleware=middleware), headers=headers)


def shown(page: str, script: str = "") -> str:
    head = f'<meta name="google" content="notranslate"><style>{STYLE}</style>{script}</head>'
    return page.replace("</head>", head).replace("<html", '<html translate="no"')


def test_a_page_has_its_script_in_its_head_and_no_other_page_has_it(tmp_path: Path) -> None:
    client = pages(tmp_path)
    assert client.get("/editing.html").content.decode() == shown(PAGE, TAG)
    assert client.get("/other.html").content.decode() == shown(PAGE)
    assert client.get("/headless").text == "ok"


def test_only_pages_that_are_to_be_shown_have_it(tmp_path: Path) -> None:
    client = pages(tmp_path)
    assert client.get("/folder/uploaded.html").content.decode() == PAGE
    assert client.get("/editing.html", headers={"Accept": "*/*"}).content.decode() == PAGE


def test_a_browser_that_has_the_page_as_it_was_gets_it_anew(tmp_path: Path) -> None:
    client = pages(tmp_path)
    without = {"Accept": "*/*"}
    known = {"If-None-Match": client.get("/other.html", headers=without).headers["ETag"]}
    answer = client.get("/editing.html", headers={**known, "Range": "bytes=0-9"})
    assert answer.status_code == 200
    assert TAG in answer.text
    assert not {"etag", "last-modified", "accept-ranges"} & answer.headers.keys()
    assert client.get("/other.html", headers={**known, **without}).status_code == 304
