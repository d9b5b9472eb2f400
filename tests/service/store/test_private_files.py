"""Who may read what lies in the data folder."""

import os
import stat
from pathlib import Path

import pytest

from service.content_hub.folders import FIRST_REPOSITORIES
from service.graphql.resolvers.global_ids import global_id
from service.private_files import keep_private
from tests.service.process import process
from tests.service.sample_images import png

CREATE = "mutation ($in: CreateAssetInput!) { createAsset(input: $in) { id file } }"


def readable_by_others(folder: Path) -> list[str]:
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder that others may look into, with files of an earlier version in it."""
    made = tmp_path / "data"
    for path in (made, made / "files", made / "assets"):
        path.mkdir()
        path.chmod(0o755)
    for name in ("files/old", "users.yaml", "notes.txt"):
        made.joinpath(name).write_text("x")
        made.joinpath(name).chmod(0o644)
    return made


def test_what_was_there_becomes_private_except_what_is_not_ours(folder: Path) -> None:
    before = os.umask(0o022)
    try:
        assert keep_private(folder) == []
        folder.joinpath("later").write_text("x")
    finally:
        os.umask(before)
    assert readable_by_others(folder) == ["notes.txt"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    assert stat.S_IMODE((folder / "files").stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "files/old").stat().st_mode) == 0o600


def test_a_folder_that_is_not_there_yet_is_fine(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        assert keep_private(tmp_path / "none") == []
    finally:
        os.umask(before)


def test_uploads_and_assets_are_private_in_a_folder_that_is_not(folder: Path) -> None:
    with process(folder) as (api, _):
        urls = api.single()
        assert api.put(urls["uploadUrl"], png(), **{"Content-Type": "image/png"}).ok
        given = {
            "src": urls["downloadUrl"],
            "type": "IMAGE",
            "name": "a",
            "filename": "a.png",
            "assetRepositoryId": global_id("AssetRepository", next(iter(FIRST_REPOSITORIES))),
        }
        answer = api.graphql(CREATE, {"in": given}).json()
        assert answer["data"]["createAsset"]["file"]
        parts = api.multipart(6_000_000)
        api.put_parts(parts["uploadPartUrls"][:1], [bytes(5_242_880)])
        assert len(list(folder.joinpath("files").iterdir())) >= 2
        assert list(folder.joinpath("assets").iterdir())
        assert readable_by_others(folder) == ["notes.txt"]
