"""Pages of other origins: what they may call, and what is never opened to them."""

import pytest

from tests.service.api_client import SINGLE, Api

PAGE = "https://gallery.example"


@pytest.mark.parametrize(
    ("path", "methods"),
    [("/oauth/token", {"POST"}), ("/graphql", {"GET", "POST"}), ("/graphql/", {"GET", "POST"})],
)
def test_a_page_may_ask_before_it_calls(api: Api, path: str, methods: set[str]) -> None:
    answer = api.http.options(
        f"{api.base_url}{path}",
        headers={
            "Origin": PAGE,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type,x-mine",
        },
        timeout=10,
    )
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert set(answer.headers["Access-Control-Allow-Methods"].split(", ")) == methods
    assert answer.headers["Access-Control-Allow-Headers"] == "authorization,content-type,x-mine"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_a_page_may_read_answers_and_refusals(api: Api) -> None:
    answers = [
        api.ask_token(grant_type="client_credentials"),
        api.post_graphql({"query": SINGLE}, Origin=PAGE),
        api.http.post(f"{api.base_url}/graphql", json={}, timeout=10),
    ]
    assert [answer.status_code for answer in answers] == [400, 200, 401]
    for answer in answers:
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Retry-After" in answer.headers["Access-Control-Expose-Headers"]
        assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("path", ["/faults", "/service/live", "/service/ready", "/metrics"])
def test_nothing_else_is_opened(api: Api, path: str) -> None:
    answer = api.http.get(f"{api.base_url}{path}", headers={"Origin": PAGE}, timeout=10)
    assert "Access-Control-Allow-Origin" not in answer.headers
