from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from web.host_config import PATH, HostConfig

OF_STREAMLIT = {"allowedOrigins": ["https://a.example"], "blockErrorDialogs": False}


def config(request: Request) -> Response:
    return JSONResponse(OF_STREAMLIT, headers={"Cache-Control": "no-cache"})


def unknown(request: Request) -> Response:
    return PlainTextResponse("Not found", 404)


def client(answer: Route) -> TestClient:
    return TestClient(Starlette(routes=[answer], middleware=[Middleware(HostConfig)]))


def test_error_dialogs_are_blocked_and_all_else_stays() -> None:
    answer = client(Route(PATH, config)).get(PATH)
    assert answer.json() == {**OF_STREAMLIT, "blockErrorDialogs": True}
    assert answer.headers["Cache-Control"] == "no-cache"
    assert int(answer.headers["Content-Length"]) == len(answer.content)


def test_another_answer_and_another_path_stay_as_they_are() -> None:
    assert client(Route(PATH, unknown)).get(PATH).text == "Not found"
    assert client(Route("/other", config)).get("/other").json() == OF_STREAMLIT
    assert client(Route(PATH, config)).head(PATH).content == b""
