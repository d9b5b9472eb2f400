"""Assets, against the running service and against an endpoint that loses answers."""

import json
import re
import secrets
from pathlib import Path
from typing import Any

import pytest

from client.api.api import Api
from client.content_hub.assets import ContentHubClient, NewAsset, suggested_name
from client.errors import (
    ClientError,
    GraphQLFailedError,
    NameTakenError,
    OutcomeUnknownError,
    PermissionDeniedError,
    ServiceDownError,
    UnexpectedAnswerError,
)
from client.transfers.upload import upload_file
from tests.client.scripted_endpoint import (
    HTML,
    Action,
    ScriptedEndpoint,
    answer,
    drop,
    graphql_error,
)

NOTHING: dict[str, Any] = {
    "assetSearch": {"total": 0, "edges": [], "pageInfo": {"hasNextPage": False}}
}


@pytest.fixture
def hub(api: Api) -> ContentHubClient:
    return ContentHubClient(api)


@pytest.fixture
def src(api: Api, picture: Path) -> str:
    return upload_file(api, picture).download_url


def unique(stem: str) -> str:
    return f"{stem} {secrets.token_hex(4)}"


def make_folder(api: Api, repository_id: str, label: str, parent: str | None = None) -> str:
    make = (
        "mutation ($repository: ID!, $label: String!, $parent: ID) { createAssetFolder(input: "
        "{ assetRepositoryId: $repository, label: $label, parentId: $parent }) { id } }"
    )
    values = {"repository": repository_id, "label": label, "parent": parent}
    return api.graphql.execute(make, values)["createAssetFolder"]["id"]


def new(hub: ContentHubClient, src: str, name: str, **other: Any) -> NewAsset:
    repository = hub.repositories()[0]
    values: dict[str, Any] = {"type": "IMAGE", "filename": "a.png", "repository_id": repository.id}
    return NewAsset(src=src, name=name, **values | other)


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("film.mp4", "film"),
        ("archive.tar.gz", "archive.tar"),
        (".htaccess", ".htaccess"),
        ("no extension", "no extension"),
        ("v1.2 of it", "v1.2 of it"),
        ("two\nlines.png", "two lines"),
        ("  .mp4", ".mp4"),
        ("\x00", "asset"),
        ("n" * 300 + ".png", "n" * 255),
    ],
)
def test_a_name_is_suggested_from_the_file_name(filename: str, name: str) -> None:
    assert suggested_name(filename) == name


def test_an_asset_is_made_with_everything_that_was_chosen(
    api: Api, hub: ContentHubClient, src: str
) -> None:
    name = unique('it\'s "one" $(x) ü')
    repository = hub.repositories()[0]
    folder = make_folder(api, repository.id, unique("folder"))
    wanted = new(
        hub,
        src,
        name,
        repository_id=repository.id,
        folder_id=folder,
        tags=("a b", "ü"),
        label="L",
    )
    made = hub.create(wanted)
    assert made.name == name
    assert re.fullmatch(r"[0-9a-f-]{36}", made.asset_id)
    assert made.published is False
    assert made.file.startswith("http")
    query = "query ($id: ID!) { assets(id: [$id]) { edges { node { label tags assetFolderId } } } }"
    node = api.graphql.execute(query, {"id": made.id})["assets"]["edges"][0]["node"]
    assert node == {"label": "L", "tags": ["a b", "ü"], "assetFolderId": folder}


def test_a_taken_name_is_refused_before_the_mutation_and_a_free_one_offered(
    api: Api, hub: ContentHubClient, src: str
) -> None:
    name = unique("film")
    assert hub.free_name(name) == name
    hub.create(new(hub, src, name))
    with pytest.raises(NameTakenError) as refused:
        hub.create(new(hub, src, name))
    assert refused.value.details["name"] == name
    assert [entry.purpose for entry in api.log.entries()].count("createAsset") == 1
    assert hub.free_name(name) == f"{name} (2)"
    hub.create(new(hub, src, f"{name} (2)"))
    assert hub.free_name(name) == f"{name} (3)"
    assert hub.free_name(f"{name} (2)") == f"{name} (3)"


def test_a_number_goes_before_an_extension(hub: ContentHubClient, src: str) -> None:
    name = unique("film") + ".mp4"
    hub.create(new(hub, src, name))
    assert hub.free_name(name) == name.replace(".mp4", " (2).mp4")


def test_publishing_marks_the_asset(api: Api, hub: ContentHubClient, src: str) -> None:
    made = hub.create(new(hub, src, unique("shoe")))
    assert hub.publish(made)
    query = "query ($id: ID!) { assets(id: [$id]) { edges { node { published } } } }"
    assert api.graphql.execute(query, {"id": made.id})["assets"]["edges"][0]["node"]["published"]


def test_nothing_of_the_signed_address_reaches_the_log(
    api: Api, hub: ContentHubClient, src: str
) -> None:
    wanted = new(hub, src, unique("masked"))
    made = hub.create(wanted)
    signature = re.search("X-Amz-Signature=([0-9a-f]{64})", src)
    assert signature
    shown = "".join(map(repr, api.log.entries())) + repr(wanted) + repr(made)
    assert signature[1] not in shown


def test_folders_are_paths_however_deep_and_many(api: Api, hub: ContentHubClient) -> None:
    repository = hub.repositories()[-1]

    def folder(label: str, parent: str | None = None) -> str:
        return make_folder(api, repository.id, label, parent)

    top = unique("top")
    at = folder(top)
    for depth in range(2, 6):
        at = folder(f"level {depth}", at)
    beside = folder(f"{top} beside")
    for number in range(25):
        folder(f"child {number}", folder(f"folder {number}", beside))
    tree = hub.folders(repository.id)
    assert tree.whole
    paths = [item.path for item in tree.folders if item.path[0] == top]
    assert paths == [(top, *(f"level {n}" for n in range(2, depth + 1))) for depth in range(1, 6)]
    beside_it = [item.path for item in tree.folders if item.path[0] == f"{top} beside"]
    assert len(beside_it) == 51
    assert beside_it[1:3] == [
        (f"{top} beside", "folder 0"),
        (f"{top} beside", "folder 0", "child 0"),
    ]


def test_a_source_that_is_not_the_service_s_is_refused_in_words(hub: ContentHubClient) -> None:
    with pytest.raises(GraphQLFailedError, match="downloadUrl of this service"):
        hub.create(new(hub, "http://elsewhere.example/a", unique("elsewhere")))


def data(content: object) -> Action:
    return answer(200, json.dumps({"data": content}).encode())


def found(name: str) -> Action:
    edges = [{"node": {"id": "QQ==", "name": name}}]
    search = {"total": 1, "edges": edges, "pageInfo": {"hasNextPage": False}}
    return data({"assetSearch": search})


WANTED = NewAsset("http://s/a", "VIDEO", "film", "film.mp4", "Ug==")
FREE = data(NOTHING)


def created(endpoint: ScriptedEndpoint) -> int:
    return sum(b"createAsset" in seen.body for seen in endpoint.seen)


@pytest.mark.parametrize("lost", [drop, answer(504, HTML), answer(200, b'{"data": {}}')])
def test_a_lost_answer_is_cleared_up_by_looking_and_never_by_sending_again(
    endpoint: ScriptedEndpoint, lost: Action
) -> None:
    endpoint.on("graphql", FREE, lost, found("film"), data({"assets": {"edges": []}}))
    made = ContentHubClient(endpoint.api()).create(WANTED)
    assert (made.id, made.name, created(endpoint)) == ("QQ==", "film", 1)


@pytest.mark.parametrize("after", [FREE, answer(403, b"no")])
def test_a_lost_answer_that_cannot_be_cleared_up_says_so(
    endpoint: ScriptedEndpoint, after: Action
) -> None:
    endpoint.on("graphql", FREE, drop, after)
    with pytest.raises(OutcomeUnknownError, match="not known"):
        ContentHubClient(endpoint.api()).create(WANTED)
    assert created(endpoint) == 1


def test_a_name_taken_in_between_is_told_as_such(endpoint: ScriptedEndpoint) -> None:
    refused = graphql_error("film is taken", "BAD_USER_INPUT", 400)
    endpoint.on("graphql", FREE, refused, found("film"))
    with pytest.raises(NameTakenError):
        ContentHubClient(endpoint.api()).create(WANTED)


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (graphql_error('Request failed with status code: "403"'), PermissionDeniedError),
        (graphql_error("no such repository", "BAD_USER_INPUT", 400), GraphQLFailedError),
        (answer(418, HTML), UnexpectedAnswerError),
    ],
)
def test_other_refusals_keep_their_kind(
    endpoint: ScriptedEndpoint, refusal: Action, kind: type[ClientError]
) -> None:
    endpoint.on("graphql", FREE, refusal, FREE)
    with pytest.raises(kind):
        ContentHubClient(endpoint.api()).create(WANTED)
    assert created(endpoint) == 1


def test_details_that_cannot_be_read_do_not_hide_what_was_made(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("graphql", FREE, data({"createAsset": {"id": "QQ=="}}), answer(403, b"no"))
    assert ContentHubClient(endpoint.api()).create(WANTED).id == "QQ=="


def test_a_service_that_is_down_is_named_before_anything_is_sent() -> None:
    endpoint = ScriptedEndpoint(url="http://127.0.0.1:9")
    with pytest.raises(ServiceDownError):
        ContentHubClient(endpoint.api()).create(WANTED)


def test_pages_of_hubs_and_repositories_are_read_to_the_end(endpoint: ScriptedEndpoint) -> None:
    def page(hub: str | None, repository: str | None, *labels: str) -> Action:
        edges = [{"node": {"id": label, "label": label}} for label in labels]
        below = {"edges": edges, "pageInfo": info(repository)}
        hubs = {"edges": [{"node": {"assetRepositories": below}}], "pageInfo": info(hub)}
        return data({"viewer": {"mediaHubs": hubs}})

    def info(cursor: str | None) -> dict[str, object]:
        return {"hasNextPage": cursor is not None, "endCursor": cursor}

    endpoint.on("graphql", page("h1", "r1", "a"), page("h1", None, "b"), page(None, None, "c"))
    hub = ContentHubClient(endpoint.api())
    assert [repository.label for repository in hub.repositories()] == ["a", "b", "c"]
    sent = [json.loads(s.body).get("variables") for s in endpoint.seen if s.what == "graphql"]
    assert sent == [None, {"repository": "r1"}, {"hub": "h1"}]


def test_more_matches_than_are_read_still_give_a_name_that_is_likely_free(
    endpoint: ScriptedEndpoint,
) -> None:
    edges = [{"node": {"id": "QQ==", "name": "film"}}]
    info = {"hasNextPage": True, "endCursor": "x"}
    search = {"assetSearch": {"total": 700, "edges": edges, "pageInfo": info}}
    endpoint.on("graphql", *[data(search)] * 5)
    assert ContentHubClient(endpoint.api()).free_name("film") == "film (702)"
