import base64
import dataclasses
import hashlib

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from settings import Settings
from web.headers import INDEX_FILE, SecurityHeaders, content_security_policy, first_segments


def rules(settings: Settings) -> dict[str, list[str]]:
    parts = [rule.split() for rule in content_security_policy(settings).split("; ")]
    return {name: sources for name, *sources in parts}


async def answer(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok", headers={"Cache-Control": "max-age=60"})


@pytest.fixture
def client(settings: Settings) -> TestClient:
    service = [Route("/files/{key:path}", answer), Route("/graphql", answer)]
    pages = [Route("/", answer), Route("/_stcore/bidi-components/{name}", answer)]
    app = Starlette(
        routes=[*service, *pages, Route("/filesandmore", answer)],
        middleware=[
            Middleware(SecurityHeaders, settings=settings, service_prefixes=first_segments(service))
        ],
    )
    return TestClient(app)


def test_policy_has_the_hash_of_the_installed_inline_script(settings: Settings) -> None:
    html = INDEX_FILE.read_text(encoding="utf-8")
    script = html.split("<script>")[1].split("</script>")[0]
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert html.count("<script>") == 1
    assert rules(settings)["script-src"] == ["'self'", "'wasm-unsafe-eval'", f"'sha256-{digest}'"]


def test_policy_lets_our_own_workers_run_webassembly_but_nobody_evaluate_scripts(
    settings: Settings,
) -> None:
    found = rules(settings)
    assert found["worker-src"] == ["'self'"]
    assert "'wasm-unsafe-eval'" in found["script-src"]
    assert "'unsafe-eval'" not in found["script-src"]


def test_policy_allows_the_own_store_and_no_other_host(settings: Settings) -> None:
    public = dataclasses.replace(settings, public_url="https://files.example.com")
    found = rules(public)
    for name in ("connect-src", "img-src", "media-src"):
        assert "https://files.example.com" in found[name]
        assert "https:" not in found[name]
    assert found["default-src"] == ["'self'"]
    assert found["frame-ancestors"] == ["'self'"]
    assert found["object-src"] == ["'none'"]


def test_policy_follows_the_endpoints_that_admins_add(settings: Settings) -> None:
    added: list[str] = []
    app = Starlette(
        routes=[Route("/", answer)],
        middleware=[
            Middleware(
                SecurityHeaders,
                settings=settings,
                service_prefixes=(),
                endpoints=lambda: tuple(added),
            )
        ],
    )
    client = TestClient(app)
    assert "https:;" not in client.get("/").headers["Content-Security-Policy"]
    added.append("https://api.example.com/graphql")
    policy = client.get("/").headers["Content-Security-Policy"]
    assert policy == content_security_policy(settings, added)
    assert " https:;" in policy


def test_credentials_alone_mean_amplience(settings: Settings) -> None:
    remote = dataclasses.replace(settings, amplience_pat="amp_pat_x")
    assert "https:" in rules(remote)["connect-src"]


def test_policy_allows_https_stores_once_amplience_is_configured(settings: Settings) -> None:
    remote = dataclasses.replace(settings, amplience_graphql_url="https://api.example.com/graphql")
    found = rules(remote)
    for name in ("connect-src", "img-src", "media-src"):
        assert "https:" in found[name]
    assert "https:" not in found["script-src"]


def test_pages_carry_the_headers(client: TestClient) -> None:
    headers = client.get("/").headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "max-age=60"


def test_not_found_carries_them_too(client: TestClient) -> None:
    assert "content-security-policy" in client.get("/filesandmore/x").headers


@pytest.mark.parametrize("path", ["/files/a/b", "/graphql"])
def test_service_answers_are_left_alone(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "content-security-policy" not in headers
    assert "x-content-type-options" not in headers


def test_component_files_are_revalidated(client: TestClient) -> None:
    headers = client.get("/_stcore/bidi-components/a.js").headers
    assert headers["cache-control"] == "no-cache"


def test_a_component_file_with_its_hash_in_its_name_is_kept_for_good(client: TestClient) -> None:
    headers = client.get("/_stcore/bidi-components/a.0123456789ab.js").headers
    assert "immutable" in headers["cache-control"]


@pytest.mark.parametrize("form", ["{}", "\ufeff{}", "\u201c{}\u201d", " \u200b{}\n"])
@pytest.mark.parametrize("scheme", ["https", "http", "HTTPS"])
def test_an_address_that_was_pasted_with_more_around_it_allows_its_scheme(
    settings: Settings, form: str, scheme: str
) -> None:
    address = form.format(f"{scheme}://api.example.com/graphql")
    found = rules(dataclasses.replace(settings, amplience_graphql_url=address))
    assert f"{scheme.lower()}:" in found["connect-src"]
    assert ":" not in found["connect-src"]
