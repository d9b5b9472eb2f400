"""What public clients of real accounts send and what they leave alone (contract 19)."""

import json
import re
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, introspection_from_schema, parse, validate

from client.api.api import Api
from client.api.documents import FOLDER as DOCUMENTS
from client.api.schema import bundled_schema, read_schema
from client.connection.connection import PersonalAccessToken, bare_id
from client.content_hub.assets import NO_FOLDER_ID, ContentHubClient
from client.content_hub.library import AssetLibrary, Place
from client.errors import CredentialsRefusedError, GraphQLFailedError
from client.playground.asset_operations import asset_operation, listing_operation
from client.playground.samples import samples
from contract import SCHEMA_FILE
from tests.client.scripted_endpoint import (
    Action,
    Handler,
    ScriptedEndpoint,
    answer,
    graphql_error,
)

UUID = "0f7a1f4e-9a51-4b0e-8d53-3c1f5a6b7c8d"


def encoded(kind: str, key: str = UUID) -> str:
    return b64encode(f"{kind}:{key}".encode()).decode()


REPOSITORY, FOLDER = encoded("AssetRepository"), encoded("AssetFolder")
END = {"hasNextPage": False, "endCursor": None}


def data(content: object) -> Action:
    return answer(200, json.dumps({"data": content}).encode())


def page(*nodes: dict[str, Any], after: str | None = None) -> dict[str, Any]:
    end = {"hasNextPage": True, "endCursor": after} if after else END
    return {"edges": [{"node": node} for node in nodes], "pageInfo": end}


def sent(endpoint: ScriptedEndpoint) -> list[dict[str, Any]]:
    return [json.loads(seen.body) for seen in endpoint.seen if seen.what == "graphql"]


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        (REPOSITORY, UUID),
        (encoded("CMSHub", "org/5d1f"), "org/5d1f"),
        (UUID, UUID),
        ("", ""),
        ("org_DEMO0000000000", "org_DEMO0000000000"),
        (encoded("", UUID), encoded("", UUID)),
        (b64encode(b"no colon").decode(), b64encode(b"no colon").decode()),
        (b64encode(b"\xff\xfe:x").decode(), b64encode(b"\xff\xfe:x").decode()),
        ("caf\u00e9", "caf\u00e9"),
    ],
)
def test_a_bare_id_is_the_key_of_a_global_one(text: str, bare: str) -> None:
    assert bare_id(text) == bare


@pytest.mark.parametrize(
    ("place", "field"),
    [
        (Place(REPOSITORY), "assetRepositoryId"),
        (Place(REPOSITORY, FOLDER), "assetFolderId"),
        (Place(REPOSITORY, NO_FOLDER_ID), "assetRepositoryId"),
        (Place(UUID, UUID), "assetFolderId"),
    ],
)
def test_a_search_is_kept_to_its_place_by_a_bare_id(
    endpoint: ScriptedEndpoint, place: Place, field: str
) -> None:
    endpoint.on("graphql", data({"assetSearch": {"total": 0, **page()}}))
    AssetLibrary(endpoint.api()).search("red", place)
    [asked] = sent(endpoint)
    assert f"filters: {{ {field}: [$place] }}" in asked["query"]
    assert asked["variables"]["place"] == UUID
    shown = listing_operation(place, "red")
    assert json.loads(shown.variables)["place"] == UUID
    assert field in shown.text


@pytest.mark.parametrize(
    ("name", "keyword"),
    [
        ("film", "film"),
        ("film-01_a", "film-01_a"),
        ("my film", '"my film"'),
        ('7" single cover', '"single cover"'),
        ("*", "*"),
        ('"', "*"),
    ],
)
def test_a_name_of_several_words_is_looked_for_as_a_phrase(
    endpoint: ScriptedEndpoint, name: str, keyword: str
) -> None:
    endpoint.on("graphql", data({"assetSearch": {"total": 1, **page({"id": "a", "name": name})}}))
    assert ContentHubClient(endpoint.api()).is_taken(name)
    assert sent(endpoint)[0]["variables"]["keyword"] == keyword


@pytest.mark.parametrize("value", [1, None, "1", {"id": "x"}, [], ["x"], True])
def test_nothing_is_read_of_what_a_deletion_answers(
    endpoint: ScriptedEndpoint, value: object
) -> None:
    endpoint.on("graphql", data({"deleteAssets": value}))
    AssetLibrary(endpoint.api()).delete(["QQ=="])
    [asked] = sent(endpoint)
    assert re.fullmatch(
        r'mutation \{ deleteAssets\(input: \{ id: \["QQ=="\] \}\) \}', asked["query"]
    )


@pytest.mark.parametrize("kind", ["union", "interface"])
def test_our_documents_narrow_the_node_of_an_organization(kind: str) -> None:
    sdl = SCHEMA_FILE.read_text(encoding="utf-8")
    other = {
        "union": "union Owner = Organization | User",
        "interface": "interface Owner { cursor: String }",
    }[kind]
    sdl = sdl.replace("node: Organization!", "node: Owner!") + f"\n{other}\n"
    if kind == "interface":
        sdl = sdl.replace(
            "type Organization implements Node {",
            "type Organization implements Node & Owner { cursor: String",
        )
    schema = build_schema(sdl)
    texts = [file.read_text(encoding="utf-8") for file in DOCUMENTS.glob("*.graphql")]
    documents = map(parse, [*texts, *(sample.text for sample in samples())])
    known = [document for document in documents if not validate(bundled_schema(), document)]
    assert len(known) > 14 + len(texts)
    for document in known:
        assert validate(schema, document) == []


def folder(label: str, folder_id: str, *children: dict[str, Any]) -> dict[str, Any]:
    return {"id": folder_id, "label": label, "children": list(children)}


def test_what_stands_for_no_folder_comes_last_and_holds_no_folders(
    endpoint: ScriptedEndpoint,
) -> None:
    inner = {"id": "inner", "label": "Inner"}
    none = folder("No folder", NO_FOLDER_ID, {"id": "zoo", "label": "Zoo"})
    top = page(none, folder("Zoo", "zoo", inner), folder("Ark", "ark"))
    endpoint.on(
        "graphql",
        data({"node": {"assetFolders": top}}),
        data({"f0": {"children": []}}),
    )
    tree = ContentHubClient(endpoint.api()).folders(REPOSITORY)
    assert [one.path for one in tree.folders] == [
        ("Zoo",),
        ("Zoo", "Inner"),
        ("Ark",),
        ("No folder",),
    ]
    assert tree.whole


def asset(number: int, folder_id: str | None = None) -> dict[str, Any]:
    return {"id": f"a{number}", "name": f"n{number}", "assetFolderId": folder_id}


def test_assets_in_no_folder_are_read_of_the_repository(endpoint: ScriptedEndpoint) -> None:
    endpoint.on(
        "graphql",
        data({"node": {"assets": page(asset(1, FOLDER), asset(2, FOLDER), after="c1")}}),
        data({"node": {"assets": page(asset(3), asset(4, NO_FOLDER_ID), asset(5, FOLDER))}}),
    )
    found = AssetLibrary(endpoint.api()).page(Place(REPOSITORY, NO_FOLDER_ID))
    assert [one.id for one in found.assets] == ["a3", "a4"]
    assert (found.next, found.total) == (None, None)
    assert [one["variables"]["id"] for one in sent(endpoint)] == [REPOSITORY, REPOSITORY]
    assert sent(endpoint)[1]["variables"]["after"] == "c1"


@pytest.mark.parametrize("place", [Place(REPOSITORY), Place(REPOSITORY, FOLDER)])
def test_the_playground_is_given_the_very_queries_that_were_sent(
    endpoint: ScriptedEndpoint, place: Place
) -> None:
    endpoint.on(
        "graphql",
        data({"node": {"assets": page(asset(1))}}),
        data({"assetSearch": {"total": 1, **page({"id": "a1"})}}),
        data({"assets": page(asset(1))}),
    )
    library = AssetLibrary(endpoint.api())
    library.page(place)
    library.search("red", place)
    shown = [
        listing_operation(place, ""),
        listing_operation(place, "red"),
        asset_operation("a1"),
    ]
    assert sent(endpoint) == [
        {"query": one.text.rstrip(), "variables": json.loads(one.variables)} for one in shown
    ]


def test_a_search_in_no_folder_leaves_out_what_is_in_one(endpoint: ScriptedEndpoint) -> None:
    items = page({"id": "a1"}, {"id": "a2"})
    endpoint.on(
        "graphql",
        data({"assetSearch": {"total": 2, **items}}),
        data({"assets": page(asset(1, FOLDER), asset(2))}),
    )
    found = AssetLibrary(endpoint.api()).search("red", Place(REPOSITORY, NO_FOLDER_ID))
    assert [one.id for one in found.assets] == ["a2"]
    assert found.total is None  # the endpoint counted what is in folders, too


def test_a_repository_full_of_other_folders_is_not_read_to_its_end(
    endpoint: ScriptedEndpoint,
) -> None:
    more = data({"node": {"assets": page(asset(1, FOLDER), after="more")}})
    endpoint.on("graphql", *[more] * 20)
    found = AssetLibrary(endpoint.api()).page(Place(REPOSITORY, NO_FOLDER_ID))
    assert (found.assets, found.next) == ((), "more")
    assert endpoint.times("graphql") == 5


def test_a_folder_made_in_no_folder_is_at_the_top(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("graphql", data({"createAssetFolder": {"id": "f"}}))
    AssetLibrary(endpoint.api()).create_folder(Place(REPOSITORY, NO_FOLDER_ID), "new")
    assert "parent" not in sent(endpoint)[0]["variables"]


def open_schema(endpoint: ScriptedEndpoint, refusal: Action) -> None:
    """Refuse introspection with a token, and tell it without."""

    def by_token(handler: Handler) -> None:
        (refusal if "Authorization" in handler.headers else told)(handler)

    content = {"data": introspection_from_schema(build_schema("type Query { here: Int }"))}
    told = answer(200, json.dumps(content).encode())
    endpoint.on("introspection", *[by_token] * 4)


@pytest.mark.parametrize(
    "refusal",
    [graphql_error("no introspection"), answer(401), answer(403), graphql_error("x", "FORBIDDEN")],
)
def test_a_schema_that_is_open_is_read_without_the_token(
    endpoint: ScriptedEndpoint, refusal: Action
) -> None:
    open_schema(endpoint, refusal)
    loaded = read_schema(endpoint.api(credentials=PersonalAccessToken("amp_pat_x")))
    assert loaded.live
    assert loaded.schema.type_map["Query"].fields.keys() == {"here"}  # type: ignore[union-attr]
    assert "Authorization" not in endpoint.last("introspection").headers


def test_a_schema_that_is_open_is_read_without_credentials_that_work(
    endpoint: ScriptedEndpoint,
) -> None:
    endpoint.on("token", answer(400, b"{}"))
    content = {"data": introspection_from_schema(build_schema("type Query { here: Int }"))}
    endpoint.on("introspection", answer(200, json.dumps(content).encode()))
    assert read_schema(endpoint.api()).live


def test_a_schema_told_to_nobody_keeps_the_first_reason(endpoint: ScriptedEndpoint) -> None:
    endpoint.introspection = False
    loaded = read_schema(endpoint.api())
    assert isinstance(loaded.problem, GraphQLFailedError)
    endpoint.on("token", answer(400, b"{}"))
    assert isinstance(read_schema(endpoint.api()).problem, CredentialsRefusedError)


def test_no_other_document_is_sent_without_a_token(endpoint: ScriptedEndpoint) -> None:
    api: Api = endpoint.api()
    endpoint.on("graphql", data({"viewer": {"organizations": page()}}))
    api.operations.viewer()
    assert all("Authorization" in seen.headers for seen in endpoint.seen if seen.what != "token")


def test_no_page_or_operation_asks_for_everything_by_an_empty_keyword() -> None:
    root = Path(__file__).parents[2]
    for folder_name in ("client", "components", "pages"):
        for file in (root / folder_name).rglob("*"):
            if file.suffix in {".py", ".graphql", ".json"} and file.name != "schema.graphql":
                assert 'keyword: ""' not in file.read_text(encoding="utf-8"), file
