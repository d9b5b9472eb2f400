from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from web.preload import Preload


async def answer(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


def test_a_page_names_its_script_and_no_other_answer_does() -> None:
    routes = [Route("/editing", answer), Route("/other", answer)]
    app = Starlette(routes=routes, middleware=[Middleware(Preload, scripts={"/editing": "/a.js"})])
    client = TestClient(app)
    assert client.get("/editing").headers["Link"] == "</a.js>; rel=modulepreload"
    assert "Link" not in client.get("/other").headers
