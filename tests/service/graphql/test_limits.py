"""Credentials, rate, complexity and credits: contract 2, 4, 9, 12 and 16.9 to 16.11."""

from collections.abc import Generator
from typing import Any

import pytest
from graphql import GraphQLError, parse

from service.auth.accounts import Accounts
from service.content_hub.credits import NoCreditsError
from service.errors import GraphQLRequestError
from service.graphql.complexity import Points, Score
from service.graphql.rate_limit import RateLimit
from service.graphql.resolvers.global_ids import global_id
from service.graphql.resolvers.viewer import DEMO_ORGANIZATION
from service.graphql.schema import load_schema
from tests.service.api_client import SINGLE, Api
from tests.service.live import SMALL, Live, running
from tests.service.sample_images import png

PAT = "amp_pat_ABCDEFGHIJKLMNOPQRSTUV.wxyz"
UNGRANTED = "amp_pat_WITHOUTANYGRANTATALL00.wxyz"
ORGANIZATION = global_id("Organization", DEMO_ORGANIZATION.key)
REMOVE = """mutation ($org: ID!, $img: String!) {
  removeBackgroundFromImage(input: { organizationId: $org, imageUrl: $img }) { imageUrl } }"""
ASSET = global_id("Asset", "x")
BALANCE = """{ viewer { organizations { edges { node { ... on Organization {
  creditBalance { balance creditAllowance } } } } } } }"""


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Generator[Live, None, None]:
    settings: dict[str, Any] = {
        "pats": f"{PAT}, amp_pat_other",
        "ungranted_pats": UNGRANTED,
        "credits": 2,
    }
    with running(tmp_path_factory.mktemp("limits"), **SMALL, **settings) as live:
        yield live


def ask(api: Api, token: str, query: str) -> Any:
    return api.post_graphql({"query": query}, Authorization=f"Bearer {token}")


def error_of(answer: Any) -> tuple[int, str]:
    [error] = answer.json()["errors"]
    return answer.status_code, error["extensions"]["code"]


def test_a_configured_personal_access_token_may_do_everything(live: Live, full_size: Live) -> None:
    for token in (PAT, "amp_pat_other"):
        answer = ask(live.api, token, SINGLE)
        assert answer.json()["data"]["createTempFileUploadUrl"]["uploadUrl"]
    for token in ("amp_pat_", "amp_pat_unknown", PAT[:-1]):
        answer = ask(live.api, token, SINGLE)
        assert error_of(answer) == (401, "UNAUTHENTICATED")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert error_of(ask(full_size.api, PAT, SINGLE)) == (401, "UNAUTHENTICATED")  # none by default


@pytest.mark.parametrize(
    "query",
    [
        SINGLE,
        "mutation { createTempFileMultipartUploadUrl(input: { filesize: 5 }) { completeUrl } }",
        "{ assets(id: []) { edges { cursor } } }",
        '{ assetSearch(keyword: "") { total } }',
        f'{{ node(id: "{ASSET}") {{ id }} }}',
        'mutation { deleteAssets(input: { id: ["x"] }) }',
        '{ viewer { id } assetSearch(keyword: "") { total } }',
    ],
)
def test_an_account_without_a_grant_is_refused_with_http_200(live: Live, query: str) -> None:
    answer = ask(live.api, UNGRANTED, query)
    assert answer.status_code == 200
    assert answer.json() == {
        "errors": [{"message": 'Request failed with status code: "403"'}],
        "data": None,
    }


def test_an_account_without_a_grant_sees_no_repositories(live: Live) -> None:
    query = """{ viewer { organizations { edges { node { id } } }
      mediaHubs { edges { node { assetRepositories { edges { cursor } } } } } } }"""
    viewer = ask(live.api, UNGRANTED, query).json()["data"]["viewer"]
    assert viewer["organizations"]["edges"] == [{"node": {"id": ORGANIZATION}}]
    assert viewer["mediaHubs"]["edges"] == [{"node": {"assetRepositories": {"edges": []}}}]


def test_credentials_are_told_apart_without_being_kept() -> None:
    accounts = Accounts(lambda _: "client", [PAT], [UNGRANTED])
    held = [accounts.authenticate(f"BEARER {token}") for token in (PAT, UNGRANTED, "jwt")]
    assert len({account.credential for account in held}) == 3
    assert [account.granted for account in held] == [True, False, True]
    assert PAT not in repr(held)


def test_the_61st_request_in_a_minute_is_refused(tmp_path: Any) -> None:
    with running(tmp_path, **SMALL, pats=PAT, rate_limit=60) as live:
        api = live.api
        statuses = [api.graphql("{ viewer { id } }").status_code for _ in range(60)]
        assert statuses == [200] * 60
        answer = api.graphql(SINGLE)
        assert error_of(answer) == (429, "RATE_LIMITED")
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
        assert ask(api, PAT, SINGLE).status_code == 200  # counted per credential
        unknown = ask(api, "amp_pat_x", SINGLE)
        assert unknown.status_code == 401


def test_the_window_of_the_rate_limit_slides() -> None:
    now = 0.0
    rate = RateLimit(2, lambda: now)
    rate.admit("a")
    now = 30.5
    rate.admit("a")
    now = 59.9
    with pytest.raises(GraphQLRequestError) as refused:
        rate.admit("a")
    assert refused.value.headers == {"Retry-After": "1"}
    now = 60
    rate.admit("a")
    with pytest.raises(GraphQLRequestError) as refused:
        rate.admit("a")
    assert refused.value.headers == {"Retry-After": "31"}


CHAIN = """query ($n: Int = 3) { viewer { mediaHubs(first: 2) { edges { node {
  assetRepositories(first: $n) { edges { node { assetFolders(first: 5) { edges { cursor node {
    ...F } } } } } } } } } } }
fragment F on AssetFolder {
  label children { id } assets(last: 7, before: "x") { edges { cursor } } }"""


@pytest.mark.parametrize(
    ("query", "variables", "points"),
    [
        ("{ __typename __schema { types { name } } }", {}, 0),
        ("{ viewer { id name } }", {}, 1),
        ('{ node(id: "x") { id } }', {}, 1),
        ("{ viewer { organizations { edges { node { creditBalance { balance } } } } } }", {}, 2),
        ("{ viewer { organizations(first: 100) { edges { cursor } } } }", {}, 101),
        ("{ assets(id: []) { edges { cursor } } }", {}, 0),
        ('{ assets(id: ["a", "b", "c"]) { edges { node { id } } } }', {}, 3),
        ('{ assets(id: "a") { edges { node { id } } } }', {}, 1),
        ("{ assets(id: 99) { edges { node { id } } } }", {}, 1),
        ("query ($i: [ID!]!) { assets(id: $i) { edges { cursor } } }", {"i": ["a"] * 9}, 9),
        (CHAIN, {}, 1 + 2 * (1 + 3 * (1 + 5 * (1 + 1 + 7)))),
        (CHAIN, {"n": 0}, 1 + 2),
        (CHAIN, {"n": -4}, 1 + 2),
        (
            "mutation { a: createTempFileUploadUrl { uploadUrl } ...F } "
            "fragment F on Mutation { b: createTempFileUploadUrl { uploadUrl } }",
            {},
            2,
        ),
        ('mutation { publishAsset(input: { id: "x" }) { publishJobId } }', {}, 1),
        ("query A { viewer { id } } query B { viewer { id } }", {}, 2),
        ('{ assetSearch(keyword: "", first: 50) { total edges { node { id } } } }', {}, 50),
        ('{ a: node(id: "x") { ... on AssetFolder { children { id } } ... { id } } }', {}, 2),
    ],
)
def test_the_points_of_a_document(query: str, variables: dict[str, Any], points: int) -> None:
    assert Score(load_schema(), parse(query)).of(variables) == points


@pytest.mark.parametrize("first", [9_999, 10_000])
def test_one_point_too_many_is_refused_as_documented(api: Api, first: int) -> None:
    query = "query ($n: Int) { viewer { organizations(first: $n) { edges { cursor } } } }"
    answer = api.graphql(query, {"n": first})
    if first + 1 <= 10_000:
        assert answer.status_code == 200
        return
    assert answer.status_code == 400
    assert answer.json() == {
        "errors": [
            {
                "message": "Complexity limit exceeded",
                "extensions": {"code": "COMPLEXITY_LIMIT_EXCEEDED"},
            }
        ]
    }


def test_nodes_that_the_document_did_not_count_are_counted_when_they_are_found() -> None:
    points = Points(10, 4)
    points.spend(6)
    with pytest.raises(GraphQLError, match="Complexity limit exceeded"):
        points.spend(1)
    Points(0, 10**9).spend(1)  # no limit


def test_found_nodes_count_over_http_too(tmp_path: Any) -> None:
    with running(tmp_path, **SMALL, complexity_limit=4) as live:
        query = """{ viewer { mediaHubs(first: 1) { edges { node {
          assetRepositories { edges { cursor } } } } } } }"""
        answer = live.api.graphql(query)
        assert answer.status_code == 400
        assert error_of(answer)[1] == "COMPLEXITY_LIMIT_EXCEEDED"
        assert live.api.graphql("{ viewer { id } }").status_code == 200


def test_the_complexity_limit_can_be_switched_off(tmp_path: Any) -> None:
    with running(tmp_path, **SMALL, complexity_limit=0) as live:
        query = "{ viewer { organizations(first: 1000000) { edges { cursor } } } }"
        assert live.api.graphql(query).status_code == 200


def uploaded(api: Api, content: bytes, **headers: str) -> str:
    urls = api.single()
    assert api.put(urls["uploadUrl"], content, **headers).status_code == 200
    return urls["downloadUrl"]


def balance(live: Live) -> dict[str, int]:
    viewer = live.api.graphql(BALANCE).json()["data"]["viewer"]
    return viewer["organizations"]["edges"][0]["node"]["creditBalance"]


@pytest.mark.parametrize(
    ("content", "headers", "message"),
    [
        (png(), {}, "image/jpeg"),
        (png(), {"Content-Type": "text/plain"}, '"text/plain"'),
        (b"words", {"Content-Type": "image/png"}, "it is text/plain"),
        (b"<svg ", {"Content-Type": "application/force-download"}, "it is image/svg+xml"),
    ],
)
def test_what_is_no_image_is_refused_before_credits_are_asked_for(
    live: Live, content: bytes, headers: dict[str, str], message: str
) -> None:
    image = uploaded(live.api, content, **headers)
    answer = live.api.graphql(REMOVE, {"org": ORGANIZATION, "img": image})
    assert error_of(answer) == (200, "BAD_USER_INPUT")
    assert message in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "organization", ["x", global_id("User", "x"), global_id("Organization", "org_x")]
)
def test_another_organization_cannot_be_charged(live: Live, organization: str) -> None:
    answer = live.api.graphql(REMOVE, {"org": organization, "img": "http://example.com"})
    assert error_of(answer) == (200, "BAD_USER_INPUT")
    assert "organizationId" in answer.json()["errors"][0]["message"]


def test_background_removal_reads_nothing_from_elsewhere(live: Live) -> None:
    answer = live.api.graphql(REMOVE, {"org": ORGANIZATION, "img": "http://example.com/a.png"})
    assert error_of(answer) == (200, "BAD_USER_INPUT")


def test_without_credits_the_code_is_insufficient_credits(tmp_path: Any) -> None:
    with running(tmp_path, **SMALL, credits=1) as live:
        credits = live.service.hub.credits
        credits.charge(DEMO_ORGANIZATION.key, "test")
        with pytest.raises(NoCreditsError):
            credits.charge(DEMO_ORGANIZATION.key, "test")
        assert balance(live) == {"balance": 0, "creditAllowance": 1}
        image = uploaded(live.api, png(), **{"Content-Type": "image/jpg"})
        answer = live.api.graphql(REMOVE, {"org": ORGANIZATION, "img": image})
        assert error_of(answer) == (200, "INSUFFICIENT_CREDITS")
    with running(tmp_path, **SMALL, credits=3) as live:  # raising the allowance tops it up
        assert balance(live) == {"balance": 2, "creditAllowance": 3}
