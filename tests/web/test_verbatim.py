"""Files come through the app, the service alone and nginx byte for byte, whatever may be packed."""

import gzip
import hashlib
from collections.abc import Iterator

import pytest
import requests
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from service.auth.keys import load_oauth_client
from settings import read_settings
from tests.app.documented_nginx import documented_nginx
from tests.app_server import AppServer, ServiceAlone, free_port
from tests.service.api_client import Api
from web.verbatim import Verbatim

PACKABLE = b"<p>the same again and again</p>\n" * 9000
TYPES = ("text/html", "text/plain; charset=utf-8", "application/json", "application/octet-stream")
ANY = {"Accept-Encoding": "gzip, deflate, br, zstd"}
PACKING = "gzip on; gzip_types *; gzip_proxied any;"
Way = tuple[str, Api]


def api_of(server: AppServer) -> Api:
    settings = read_settings({"TFW_DATA_DIR": str(server.data_dir)}, server.data_dir / "none.toml")
    client = load_oauth_client(settings)
    return Api(server.url, client.client_id, client.client_secret)


@pytest.fixture(scope="module")
def behind_nginx(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """The service alone behind the configuration that the operations guide shows."""
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    public = f"http://127.0.0.1:{port}"
    service = ServiceAlone(folder / "data", free_port(), environment={"TFW_PUBLIC_URL": public})
    service.start()
    with documented_nginx(folder, service, port, settings=PACKING):
        api = api_of(service)
        api.base_url = public
        yield api
        api.http.close()
    service.stop()


@pytest.fixture(params=["app", "service", "nginx"])
def api(request: pytest.FixtureRequest) -> Iterator[Api]:
    if request.param == "nginx":
        yield request.getfixturevalue("behind_nginx")
        return
    fixture = {"app": "app_server", "service": "service_alone"}[request.param]
    api = api_of(request.getfixturevalue(fixture))
    yield api
    api.http.close()


def raw(answer: requests.Response) -> bytes:
    return answer.raw.read(decode_content=False)


@pytest.mark.parametrize("media_type", TYPES)
def test_a_file_is_not_packed_on_its_way(api: Api, media_type: str) -> None:
    urls, etag = api.single(), f'"{hashlib.md5(PACKABLE, usedforsecurity=False).hexdigest()}"'
    sent = api.put(urls["uploadUrl"], PACKABLE, **ANY, **{"Content-Type": media_type})
    assert (sent.status_code, sent.headers["ETag"]) == (200, etag)
    with api.http.get(urls["downloadUrl"], headers=ANY, stream=True, timeout=30) as whole:
        assert raw(whole) == PACKABLE
    ranged = {**ANY, "Range": "bytes=5-104"}
    with api.http.get(urls["downloadUrl"], headers=ranged, stream=True, timeout=30) as part:
        assert (part.status_code, raw(part)) == (206, PACKABLE[5:105])
    assert part.headers["Content-Range"] == f"bytes 5-104/{len(PACKABLE)}"
    for answer, length in ((whole, len(PACKABLE)), (part, 100)):
        assert answer.headers["Content-Length"] == str(length)
        assert answer.headers["ETag"] == etag
        assert answer.headers["Accept-Ranges"] == "bytes"
        assert answer.headers["Cache-Control"] == "no-transform"
        assert not {"Content-Encoding", "Vary", "Transfer-Encoding"} & answer.headers.keys()


def test_a_packed_file_is_not_packed_twice(api: Api) -> None:
    urls, packed = api.single(), gzip.compress(PACKABLE)
    api.put(urls["uploadUrl"], packed, **{"Content-Encoding": "gzip", "Content-Type": "text/html"})
    with api.http.get(urls["downloadUrl"], headers=ANY, stream=True, timeout=30) as answer:
        assert raw(answer) == packed
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Content-Length"] == str(len(packed))


def test_refusals_are_not_packed(api: Api) -> None:
    url = api.single()["uploadUrl"]
    refused = api.put(f"{url}&more={'a' * 1000}", b"x", **ANY)
    assert refused.status_code == 403
    assert len(refused.content) > 1500  # what is smaller is never packed
    assert refused.headers["Content-Length"] == str(len(refused.content))
    assert "Content-Encoding" not in refused.headers


def test_what_is_no_file_may_be_packed_by_the_app(app_server: AppServer) -> None:
    api = api_of(app_server)
    answer = api.post_graphql({"query": "{ __schema { types { name description } } }"}, **ANY)
    assert answer.headers["Content-Encoding"] == "gzip"
    api.http.close()


def test_only_its_routes_go_past() -> None:
    async def told(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.path_params.get("key", "") + "a" * 9000)

    past, behind = Route("/past/{key}", told), Route("/{rest:path}", told)
    stack = [Middleware(Verbatim, routes=[past]), Middleware(GZipMiddleware)]
    client = TestClient(Starlette(routes=[past, behind], middleware=stack))
    answers = {path: client.get(path) for path in ("/past/one", "/past/one/more", "/past", "/")}
    encodings = {path: answer.headers.get("Content-Encoding") for path, answer in answers.items()}
    assert encodings == {
        "/past/one": None,
        "/past/one/more": "gzip",
        "/past": "gzip",
        "/": "gzip",
    }
    assert answers["/past/one"].text.startswith("one")
