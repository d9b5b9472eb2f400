"""The service with its temp files in a bucket of a real Ceph store."""

import gzip
import hashlib
import io
import os
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image

from service.errors import S3ApiError
from service.store.uploads import Upload
from tests.s3.engines import BUCKET, Ceph
from tests.service.api_client import Api, part_list
from tests.service.live import Live, running

PART = 5 * 1024**2
REMOVE = """mutation ($url: String!) {
  removeBackgroundFromImage(input: {
    organizationId: "T3JnYW5pemF0aW9uOm9yZ19ERU1PMDAwMDAwMDAwMA==", imageUrl: $url
  }) { imageUrl }
}"""
REPOSITORIES = """{ viewer { mediaHubs(first: 1) { edges { node {
  assetRepositories(first: 1) { edges { node { id } } } } } } } }"""
CREATE = """mutation ($src: String!, $repository: ID!, $name: String!) {
  createAsset(input: {
    src: $src, type: IMAGE, name: $name, filename: "a.png", assetRepositoryId: $repository
  }) { id mimeType file }
}"""


def bucket_settings(ceph: Ceph) -> dict[str, Any]:
    return {
        "s3_endpoint": ceph.base_url,
        "s3_bucket": BUCKET.strip("/"),
        "s3_region": ceph.key.region,
        "s3_access_key": ceph.key.key_id,
        "s3_secret_key": ceph.key.secret,
    }


@pytest.fixture
def on_ceph(ceph: Ceph, tmp_path: Path) -> Generator[Live, None, None]:
    with running(tmp_path / "data", **bucket_settings(ceph)) as live:
        yield live


def picture() -> bytes:
    image = Image.new("RGB", (200, 160), "#f0f0f0")
    image.paste("#b02020", (60, 40, 140, 120))
    content = io.BytesIO()
    image.save(content, "PNG")
    return content.getvalue()


def put_picture(api: Api) -> str:
    urls = api.single()
    assert api.put(urls["uploadUrl"], picture(), **{"Content-Type": "image/png"}).ok
    return urls["downloadUrl"]


def data_of(answer: requests.Response) -> dict[str, Any]:
    content = answer.json()
    assert "errors" not in content, content
    return content["data"]


def test_a_single_upload_goes_to_the_bucket_and_not_to_the_data_folder(
    on_ceph: Live, ceph: Ceph
) -> None:
    urls = on_ceph.api.single()
    assert urls["uploadUrl"].startswith(f"{ceph.base_url}{BUCKET}/temp-files/")
    assert on_ceph.api.put(urls["uploadUrl"], b"hello", **{"Content-Type": "text/plain"}).ok
    answer = on_ceph.api.get(urls["downloadUrl"])
    assert (answer.content, answer.headers["Content-Type"]) == (b"hello", "text/plain")
    assert on_ceph.files == []


def test_a_multipart_upload_is_assembled_by_the_store(on_ceph: Live) -> None:
    api, content = on_ceph.api, os.urandom(PART + 1000)
    urls = api.multipart(len(content))
    assert len(urls["uploadPartUrls"]) == 2
    etags = api.put_parts(urls["uploadPartUrls"], [content[:PART], content[PART:]])
    assert api.complete(urls["completeUrl"], part_list(etags)).status_code == 200
    received = api.get(urls["downloadUrl"]).content
    assert hashlib.sha256(received).digest() == hashlib.sha256(content).digest()


def test_background_removal_reads_from_the_bucket_and_writes_its_result_there(
    on_ceph: Live, ceph: Ceph
) -> None:
    answer = on_ceph.api.graphql(REMOVE, {"url": put_picture(on_ceph.api)})
    result_url = data_of(answer)["removeBackgroundFromImage"]["imageUrl"]
    assert result_url.startswith(f"{ceph.base_url}{BUCKET}/temp-files/")
    result = on_ceph.api.get(result_url)
    assert result.headers["Content-Type"] == "image/png"
    image = Image.open(io.BytesIO(result.content))
    assert (image.mode, image.size) == ("RGBA", (200, 160))
    assert on_ceph.files == []


def test_what_a_put_says_of_its_file_goes_to_the_bucket(on_ceph: Live) -> None:
    urls = on_ceph.api.single()
    said = {"Content-Disposition": 'attachment; filename="shoe.jpg"', "Cache-Control": "no-cache"}
    assert on_ceph.api.put(urls["uploadUrl"], b"x", **said).ok
    headers = on_ceph.api.get(urls["downloadUrl"]).headers
    assert {name: headers[name] for name in said} == said


def test_a_packed_file_is_not_unpacked_into_the_data_folder(on_ceph: Live) -> None:
    urls = on_ceph.api.single()
    said = {"Content-Type": "image/png", "Content-Encoding": "gzip"}
    bomb = gzip.compress(bytes(50_000_000))  # 50 KB that announce themselves as such
    assert on_ceph.api.put(urls["uploadUrl"], bomb, **said).ok
    answer = on_ceph.api.graphql(REMOVE, {"url": urls["downloadUrl"]}).json()
    assert "was uploaded with Content-Encoding gzip" in answer["errors"][0]["message"]
    assert on_ceph.files == []


def test_an_asset_is_made_of_a_file_in_the_bucket(on_ceph: Live) -> None:
    api = on_ceph.api
    (hub,) = data_of(api.graphql(REPOSITORIES))["viewer"]["mediaHubs"]["edges"]
    repository = hub["node"]["assetRepositories"]["edges"][0]["node"]["id"]
    variables = {"src": put_picture(api), "repository": repository, "name": "one"}
    asset = data_of(api.graphql(CREATE, variables))["createAsset"]
    assert asset["mimeType"] == "image/png"
    assert api.get(asset["file"]).content == picture()
    assert on_ceph.files == []
    again = {"src": asset["file"], "repository": repository, "name": "two"}
    assert data_of(api.graphql(CREATE, again))["createAsset"]["mimeType"] == "image/png"


def test_a_url_of_the_same_bucket_that_is_not_a_temp_file_is_refused(
    on_ceph: Live, ceph: Ceph
) -> None:
    path = ceph.new_path()
    assert ceph.http.put(ceph.signer().sign("PUT", path), data=picture(), timeout=30).ok
    url = ceph.signer().sign("GET", path)
    answer = on_ceph.api.graphql(REMOVE, {"url": url})
    assert answer.status_code == 200
    assert "nothing is fetched from elsewhere" in answer.text


def other_end(url: str) -> str:
    return url[:-1] + ("1" if url.endswith("0") else "0")


def other_folder(url: str) -> str:
    return url.replace("/temp-files/", "/temp-files/../")


@pytest.mark.parametrize(
    ("change", "reason"),
    [(other_end, "is not as this service signed"), (other_folder, "nothing is fetched")],
)
def test_an_altered_url_is_refused_before_anything_is_fetched(
    on_ceph: Live, change: Callable[[str], str], reason: str
) -> None:
    answer = on_ceph.api.graphql(REMOVE, {"url": change(put_picture(on_ceph.api))})
    assert answer.status_code == 200
    assert reason in answer.text


def test_a_file_that_was_never_sent_is_told_as_such(on_ceph: Live) -> None:
    answer = on_ceph.api.graphql(REMOVE, {"url": on_ceph.api.single()["downloadUrl"]})
    assert answer.status_code == 200
    assert "nothing was uploaded there yet" in answer.text


def test_an_abort_removes_the_upload(on_ceph: Live) -> None:
    api = on_ceph.api
    urls = api.multipart(2 * PART)
    api.put_parts(urls["uploadPartUrls"], [b"x" * PART])
    key = urls["completeUrl"].partition("?")[0].rpartition("/")[2]
    upload_id = urls["completeUrl"].partition("uploadId=")[2].partition("&")[0]

    def abort() -> requests.Response:
        return api.http.delete(
            f"{api.base_url}/service/uploads/{upload_id}",
            params={"key": key},
            headers={"Authorization": f"Bearer {api.token()}"},
            timeout=30,
        )

    assert abort().status_code == 204
    assert abort().status_code == 404
    assert api.put(urls["uploadPartUrls"][1], b"y").status_code == 404


@pytest.mark.parametrize("key", ["", "../other", "x" * 32, "0" * 31])
def test_an_abort_never_leaves_its_folder(on_ceph: Live, key: str) -> None:
    with pytest.raises(S3ApiError) as caught:
        on_ceph.service.place.store.abort_upload(Upload(key, "id"))
    assert caught.value.code == "NoSuchUpload"


def test_the_sweep_removes_what_is_older_than_a_url_lives_and_nothing_else(
    ceph: Ceph, tmp_path: Path
) -> None:
    other = ceph.new_path()
    assert ceph.http.put(ceph.signer().sign("PUT", other), data=b"other", timeout=30).ok
    with running(tmp_path / "now", **bucket_settings(ceph)) as live:
        kept, urls = put_picture(live.api), live.api.multipart(2 * PART)
        live.api.put_parts(urls["uploadPartUrls"], [b"x" * PART])
        live.service.place.store.sweep()
        assert live.api.get(kept).status_code == 200

        def later() -> float:
            return time.time() + live.settings.url_lifetime + 600

        with running(tmp_path / "later", later, **bucket_settings(ceph)) as swept:
            # Signed in the future, as its clock has it; Ceph does not mind (tests/s3).
            removed = swept.service.place.store.sweep()
        assert removed >= 1
        assert live.api.get(kept).status_code == 404
        assert live.api.put(urls["uploadPartUrls"][1], b"y").status_code == 404
    assert ceph.http.get(ceph.signer().sign("GET", other), timeout=30).content == b"other"


def test_many_files_are_listed_page_by_page(ceph: Ceph, on_ceph: Live) -> None:
    for _ in range(5):
        put_picture(on_ceph.api)
    store: Any = on_ceph.service.place.store
    keys = [row.key for row in store._bucket.objects("temp-files/", most=2)]
    assert len(keys) == len(set(keys)) >= 5


def test_readiness_asks_the_bucket(ceph: Ceph, on_ceph: Live, tmp_path: Path) -> None:
    checks = on_ceph.api.get(f"{on_ceph.api.base_url}/service/ready").json()["checks"]
    assert checks["bucket"] == {"ok": True}
    wrong: dict[str, Any] = {**bucket_settings(ceph), "s3_secret_key": "canary of the bucket"}
    with running(tmp_path / "wrong", **wrong) as live:
        answer = live.api.get(f"{live.api.base_url}/service/ready")
        assert answer.status_code == 503
        assert answer.json()["checks"]["bucket"] == {"ok": False, "problem": "S3ApiError"}
        refused = live.api.graphql(
            "mutation { createTempFileMultipartUploadUrl(input: {filesize: 6000000})"
            " { completeUrl } }"
        )
        assert refused.status_code == 503
        assert "SignatureDoesNotMatch" in refused.text
        assert "canary" not in refused.text + answer.text


def test_a_store_that_is_gone_is_service_unavailable(tmp_path: Path) -> None:
    settings: dict[str, Any] = {
        "s3_endpoint": "http://127.0.0.1:9",
        "s3_bucket": "tests",
        "s3_access_key": "a",
        "s3_secret_key": "b",
    }
    with running(tmp_path, **settings) as live:
        answer = live.api.graphql(REMOVE, {"url": live.api.single()["downloadUrl"]})
        assert answer.status_code == 503
        assert "does not answer" in answer.text


def test_demo_data_goes_through_the_bucket(ceph: Ceph, tmp_path: Path) -> None:
    with running(tmp_path, demo_data=True, **bucket_settings(ceph)) as live:
        assert live.files == []
        query = REPOSITORIES.replace(
            "node { id }", "node { assets(first: 5) { edges { node { name } } } }"
        )
        (hub,) = data_of(live.api.graphql(query))["viewer"]["mediaHubs"]["edges"]
        assets = hub["node"]["assetRepositories"]["edges"][0]["node"]["assets"]["edges"]
        assert assets
