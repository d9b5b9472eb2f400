"""The strict endpoint is as strict as it says, and the command line gets through all the same."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from client.api.api import Api
from client.background_removal import remove_background
from client.connection.connection import bare_id, connection_from_settings
from client.content_hub.assets import NO_FOLDER_ID, ContentHubClient, NewAsset
from client.content_hub.library import AssetLibrary, Place
from client.transfers.upload import upload_file
from settings import read_settings
from tests.app.strict_remote import MOST_A_MINUTE, PAT, StrictRemote, running_strict_remote
from tests.app.strict_service import NO_FOLDER_LABEL
from tests.app_server import ROOT
from tests.browser.background.background_steps import CENTRE, CORNER, disc
from tests.s3.engines import Ceph

PART = 5 * 1024**2


@pytest.fixture
def http(strict_remote: StrictRemote) -> Iterator[requests.Session]:
    with strict_remote.session() as http:
        yield http


@pytest.fixture
def api(strict_remote: StrictRemote, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(strict_remote.certificates.authority))
    api = Api(connection_from_settings(read_settings(strict_remote.settings(), Path("none.toml"))))
    yield api
    api.close()


def ask(strict_remote: StrictRemote, http: requests.Session, query: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {PAT}"}
    return http.post(
        f"{strict_remote.url}/graphql", json={"query": query}, headers=headers, timeout=30
    )


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_nobody_trusts_its_authority_unasked(strict_remote: StrictRemote) -> None:
    with requests.Session() as stranger:
        stranger.trust_env = False
        for url in (strict_remote.url, strict_remote.storage_url):
            with pytest.raises(requests.exceptions.SSLError):
                stranger.get(url, timeout=10)


def test_it_refuses_introspection_and_the_usual_spelling(
    strict_remote: StrictRemote, http: requests.Session
) -> None:
    refused = ask(strict_remote, http, "{ __schema { queryType { name } } }").json()
    assert "introspection has been disabled" in refused["errors"][0]["message"]
    create = "mutation { createTempFileMultipartUploadUrl(input: {%s: 6000000}) { completeUrl } }"
    refused = ask(strict_remote, http, create % "filesize").json()
    assert "fileSize" in refused["errors"][0]["message"]
    assert "data" in ask(strict_remote, http, create % "fileSize").json()
    refused = ask(strict_remote, http, create.replace("%s: 6000000", "")).json()
    assert "errors" in refused


def search(keyword: str | None, place: str = "", name: str = "assetFolderId") -> str:
    asked = "" if keyword is None else f"keyword: {json.dumps(keyword)}, "
    filters = f'filters: {{ {name}: ["{place}"] }}, ' if place else ""
    return f"{{ assetSearch({asked}{filters}first: 1) {{ total }} }}"


def test_it_finds_what_public_clients_of_real_accounts_ask_for(
    strict_remote: StrictRemote, http: requests.Session, api: Api
) -> None:
    hub = ContentHubClient(api)
    repository = hub.repositories()[0]
    folder = next(one for one in hub.folders(repository.id).folders if "Bottles" in one.path)

    def total(query: str) -> int:
        return ask(strict_remote, http, query).json()["data"]["assetSearch"]["total"]

    assert total(search("*")) > total(search("*", bare_id(folder.id))) > 0
    assert total(search("bottle", bare_id(folder.id))) > 0
    assert total(search("*", bare_id(repository.id), "assetRepositoryId")) > 0
    for nothing in (
        search(None),
        search(""),
        search("*", folder.id),
        search("*", repository.id, "assetRepositoryId"),
        search("*", bare_id(NO_FOLDER_ID)),
    ):
        assert total(nothing) == 0


def test_an_organization_is_reached_by_narrowing_only(
    strict_remote: StrictRemote, http: requests.Session, api: Api
) -> None:
    document = "{ viewer { organizations { edges { node { %s } } } } }"
    assert "errors" in ask(strict_remote, http, document % "id").json()
    narrowed = ask(strict_remote, http, document % "... on Organization { id }").json()
    assert narrowed["data"]["viewer"]["organizations"]["edges"]
    assert api.operations.viewer()["organizations"]


def test_a_deletion_says_nothing_and_the_client_reads_nothing(
    strict_remote: StrictRemote, http: requests.Session, api: Api, tmp_path: Path
) -> None:
    library, hub = AssetLibrary(api), ContentHubClient(api)
    place = Place(hub.repositories()[0].id)
    made = [_made(api, place, tmp_path, f"doomed {number}") for number in range(2)]
    assert hub.is_taken("doomed 0")
    mutation = f"mutation {{ deleteAssets(input: {{ id: [{json.dumps(made[0])}] }}) }}"
    assert ask(strict_remote, http, mutation).json() == {"data": {"deleteAssets": None}}
    library.delete(made[1:])
    assert not hub.is_taken("doomed 1")


def test_what_is_in_no_folder_is_found_there_and_nowhere_else(api: Api, tmp_path: Path) -> None:
    library, hub = AssetLibrary(api), ContentHubClient(api)
    repository = hub.repositories()[0]
    folders = hub.folders(repository.id).folders
    assert folders[-1].path == (NO_FOLDER_LABEL,)
    none, shelf = Place(repository.id, folders[-1].id), Place(repository.id, folders[0].id)
    loose = _made(api, none, tmp_path, "loose leaf")
    bound = _made(api, shelf, tmp_path, "bound leaf")
    everything = {one.id for one in library.page(Place(repository.id)).assets}
    assert {loose, bound} <= everything
    for found in (library.page(none), library.search("leaf", none), library.search("*", none)):
        ids = {one.id for one in found.assets}
        assert loose in ids
        assert bound not in ids
        assert all(not one.folder_id for one in found.assets)
    assert {one.id for one in library.search("leaf", shelf).assets} == {bound}


def _made(api: Api, place: Place, tmp_path: Path, name: str) -> str:
    picture = disc(tmp_path / f"{name}.png")
    new = NewAsset(
        src=upload_file(api, picture).download_url,
        type="IMAGE",
        name=name,
        filename=picture.name,
        repository_id=place.repository_id,
        folder_id=place.id if place.is_folder else None,
    )
    return ContentHubClient(api).create(new).id


def test_its_refusals_are_pages_and_do_not_say_whose_they_are(
    strict_remote: StrictRemote, http: requests.Session
) -> None:
    unauthenticated = http.post(f"{strict_remote.url}/graphql", json={"query": "{ viewer { id } }"})
    assert unauthenticated.status_code == 401
    strict_remote.control.switch(rate_limit={"times": 1, "retry_after": 7})
    limited = ask(strict_remote, http, "{ viewer { id } }")
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "7")
    for answer in (unauthenticated, limited, http.get(f"{strict_remote.url}/nowhere")):
        assert answer.headers["Content-Type"] == "text/html"
        assert "<h1>Sorry</h1>" in answer.text
        assert not {"X-Local-Service", "X-Fault"} & answer.headers.keys()


def test_the_sixty_first_request_of_a_minute_is_refused(ceph: Ceph, tmp_path: Path) -> None:
    with running_strict_remote(tmp_path / "strict", ceph) as remote, remote.session() as http:
        allowed = [ask(remote, http, "{ __typename }").status_code for _ in range(MOST_A_MINUTE)]
        assert set(allowed) == {200}
        assert ask(remote, http, "{ __typename }").status_code == 429


def test_the_client_gets_files_through_in_one_and_in_parts(
    strict_remote: StrictRemote, api: Api, http: requests.Session, tmp_path: Path
) -> None:
    strict_remote.control.switch(
        token_expiry={"seconds": 2}, rate_limit={"times": 2, "retry_after": 1}
    )
    for size, kind in ((1_000_000, None), (PART + 1000, "multipart")):
        content = os.urandom(size)
        file = tmp_path / f"{size}.bin"
        file.write_bytes(content)
        options: Any = {"kind": kind} if kind else {}
        receipt = upload_file(api, file, **options)
        assert receipt.download_url.startswith(f"{strict_remote.storage_url}/strict/temp-files/")
        answer = http.get(receipt.download_url, timeout=60)
        assert sha256(answer.content) == sha256(content)
    assert api.operations.size_field() == "fileSize"


def test_the_client_has_a_background_removed_and_makes_an_asset(
    strict_remote: StrictRemote, api: Api, tmp_path: Path
) -> None:
    strict_remote.control.switch(token_expiry={"seconds": 2})
    removed = remove_background(api, disc(tmp_path / "disc.png"), tmp_path / "cut.png")
    assert removed.image_url.startswith(strict_remote.storage_url)
    image = Image.open(removed.download.path)
    assert (image.mode, image.getpixel(CORNER)) == ("RGBA", (0, 0, 0, 0))
    assert image.getpixel(CENTRE) != (0, 0, 0, 0)
    repository = ContentHubClient(api).repositories()[0]
    create = (
        "mutation ($src: String!, $repository: ID!) { createAsset(input: { src: $src, type: IMAGE,"
        ' name: "cut", filename: "cut.png", assetRepositoryId: $repository }) { mimeType } }'
    )
    made = api.graphql.execute(create, {"src": removed.image_url, "repository": repository.id})
    assert made["createAsset"] == {"mimeType": "image/png"}


def test_the_command_line_uploads_with_a_persons_token(
    strict_remote: StrictRemote, http: requests.Session, tmp_path: Path
) -> None:
    file = tmp_path / "file.bin"
    file.write_bytes(os.urandom(100_000))
    done = subprocess.run(
        [sys.executable, "-m", "client", "upload", str(file)],
        cwd=ROOT,
        env={**os.environ, **strict_remote.settings(with_pat=True)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    [url] = [word for word in done.stdout.split() if word.startswith(strict_remote.storage_url)]
    assert sha256(http.get(url, timeout=30).content) == sha256(file.read_bytes())
    assert PAT not in done.stdout + done.stderr
