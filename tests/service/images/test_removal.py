"""removeBackgroundFromImage from end to end: results, credits, hostile images and URLs."""

import io
import threading
import time
from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest
import requests
from PIL import Image

from cutout.imaging.reading import ImageRefusedError
from cutout.jobs.jobs import BusyError, CutOutFailedError, CutOutJobs
from service.graphql.resolvers.global_ids import global_id
from service.graphql.resolvers.viewer import DEMO_ORGANIZATION
from tests.cutout.composites import composite
from tests.cutout.imaging.test_reading import PHOTOGRAPH, encoded, half_red, png_of_size
from tests.service.api_client import Api
from tests.service.live import Live, running

ORGANIZATION = global_id("Organization", DEMO_ORGANIZATION.key)
REMOVE = """mutation ($org: ID!, $img: String!) {
  removeBackgroundFromImage(input: { organizationId: $org, imageUrl: $img }) { imageUrl } }"""
PICTURE = encoded(Image.fromarray(composite("bottle", "studio", 7).rgb), "JPEG")


@pytest.fixture(scope="module")
def cutting(tmp_path_factory: pytest.TempPathFactory) -> Generator[Live, None, None]:
    with running(tmp_path_factory.mktemp("cutting")) as live:
        yield live


def stored(api: Api, content: bytes, content_type: str = "image/png") -> str:
    urls = api.single()
    answer = api.put(urls["uploadUrl"], content, **{"Content-Type": content_type})
    assert answer.status_code == 200
    return urls["downloadUrl"]


def remove(api: Api, url: str) -> requests.Response:
    return api.graphql(REMOVE, {"org": ORGANIZATION, "img": url})


def left(live: Live) -> int:
    return live.service.hub.credits.balance(DEMO_ORGANIZATION.key)


def test_the_result_is_a_temp_file_and_costs_one_credit(cutting: Live) -> None:
    before = left(cutting)
    answer = remove(cutting.api, stored(cutting.api, PICTURE, "image/jpeg"))
    url = answer.json()["data"]["removeBackgroundFromImage"]["imageUrl"]
    assert left(cutting) == before - 1
    result = cutting.api.get(url)
    assert result.headers["Content-Type"] == "image/png"
    assert "X-Amz-Expires=3600" in url
    with Image.open(io.BytesIO(result.content)) as image:
        assert image.size == (640, 640)
        assert image.mode == "RGBA"
        pixels = np.asarray(image)
    assert pixels[320, 320, 3] == 255
    assert not pixels[5, 5].any()
    assert remove(cutting.api, url).status_code == 200  # a result may be an image again


def test_nothing_of_the_images_metadata_is_in_the_result(cutting: Live) -> None:
    exif = Image.Exif()
    exif[0x0112] = 8
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
    content = io.BytesIO()
    with Image.open(io.BytesIO(PICTURE)) as picture:
        picture.save(content, "JPEG", exif=exif, comment=b"a secret", xmp=b"<x:xmpmeta/>")
    assert b"Exif" in content.getvalue()
    answer = remove(cutting.api, stored(cutting.api, content.getvalue(), "image/jpeg"))
    url = answer.json()["data"]["removeBackgroundFromImage"]["imageUrl"]
    with Image.open(io.BytesIO(cutting.api.get(url).content)) as result:
        result.load()
        assert set(result.info) == {"Cut-out engine", "Cut-out confidence", "Cut-out reason"}
        assert dict(result.getexif()) == {}


@pytest.mark.parametrize(
    "content",
    [
        png_of_size(16_000, 16_000),
        png_of_size(13_000, 13_000),
        png_of_size(1, 1),
        png_of_size(30_000, 1),
        PHOTOGRAPH[: len(PHOTOGRAPH) * 6 // 10],
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<html><img src=x></html>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n",
        b"%PDF-1.7\n",
        b"PK\x03\x04" + bytes(60),
        bytes(2_000_000),
    ],
)
def test_hostile_images_cost_nothing(cutting: Live, content: bytes) -> None:
    before, files = left(cutting), len(cutting.files)
    answer = remove(cutting.api, stored(cutting.api, content))
    problem = answer.json()["errors"][0]
    assert (answer.status_code, problem["extensions"]["code"]) == (200, "BAD_USER_INPUT")
    assert "imageUrl" in problem["message"]
    assert str(cutting.settings.data_dir) not in answer.text
    assert left(cutting) == before
    assert len(cutting.files) == files + 1


def test_an_animation_gives_its_first_frame(cutting: Live) -> None:
    other = Image.new("RGB", (40, 20), (0, 255, 0))
    content = encoded(half_red(), "GIF", save_all=True, append_images=[other])
    assert remove(cutting.api, stored(cutting.api, content, "image/gif")).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0",
        "localhost",
        "169.254.169.254",
        "[64:ff9b::7f00:1]",
        "user@127.0.0.1",
    ],
)
def test_urls_of_other_hosts_are_refused(cutting: Live, host: str) -> None:
    own = stored(cutting.api, PICTURE, "image/jpeg")
    before = left(cutting)
    answer = remove(cutting.api, own.replace("127.0.0.1", host))
    assert answer.status_code == 200
    assert "must be a downloadUrl of this service" in answer.text
    assert left(cutting) == before


def test_urls_that_are_not_signed_for_this_are_refused(cutting: Live) -> None:
    own = stored(cutting.api, PICTURE, "image/jpeg")
    path = own.partition("?")[0][len(cutting.api.base_url) :]
    bad = {
        own.partition("?")[0]: "cannot be used",
        own[:-1] + ("0" if own[-1] != "0" else "1"): "is not as this service signed it",
        own.replace(path, path[:-1] + ("0" if path[-1] != "0" else "1")): "signed it",
        cutting.signer(age=3601).sign("GET", path): "has expired",
        cutting.signer(secret="another").sign("GET", path): "is not as this service signed it",
        cutting.api.single()["uploadUrl"]: "is not as this service signed it",
        cutting.api.single()["downloadUrl"]: "nothing was uploaded there yet",
        "file:///etc/passwd": "must be a downloadUrl of this service",
        "": "must be a downloadUrl of this service",
    }
    before = left(cutting)
    for url, message in bad.items():
        answer = remove(cutting.api, url)
        assert answer.status_code == 200, url
        assert message in answer.text, url
    assert left(cutting) == before


def test_the_last_credit_is_taken_once(tmp_path: Path) -> None:
    with running(tmp_path, credits=1) as live:
        url = stored(live.api, PICTURE, "image/jpeg")
        token = live.api.token()
        answers: list[requests.Response] = []

        def ask() -> None:
            api = Api(live.api.base_url, live.api.client_id, live.api.client_secret, _token=token)
            answers.append(remove(api, url))
            api.http.close()

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        codes = sorted(
            answer.json()["errors"][0]["extensions"]["code"] if "errors" in answer.json() else ""
            for answer in answers
        )
        assert codes == ["", "INSUFFICIENT_CREDITS", "INSUFFICIENT_CREDITS"]
        assert left(live) == 0
        assert len(live.files) == 2  # the image and one result


def test_the_api_stays_quick_while_an_image_is_cut_out(cutting: Live) -> None:
    large = Image.fromarray(composite("fur", "busy", 1).rgb).resize((3000, 3000))
    url = stored(cutting.api, encoded(large, "JPEG"), "image/jpeg")
    done = threading.Event()

    def work() -> None:
        api = Api(cutting.api.base_url, cutting.api.client_id, cutting.api.client_secret)
        try:
            remove(api, url)
        finally:
            api.http.close()
            done.set()

    thread = threading.Thread(target=work)
    began = time.perf_counter()
    thread.start()
    times: list[float] = []
    while not done.is_set():
        started = time.perf_counter()
        assert cutting.api.graphql("{ viewer { id } }").status_code == 200
        times.append(time.perf_counter() - started)
    thread.join()
    assert sorted(times)[len(times) // 2] * 10 < time.perf_counter() - began


def test_too_many_images_at_once_are_refused(tmp_path: Path) -> None:
    image = tmp_path / "image"
    image.write_bytes(PICTURE)
    jobs = CutOutJobs(at_once=1, waiting=0)
    with jobs.cut_out([image]) as first:
        with pytest.raises(BusyError), jobs.cut_out([image]):
            pass
        assert sum(map(len, first.blocks)) == first.size
    with jobs.cut_out([image]) as second:
        assert second.size == first.size


def test_time_and_memory_are_bounded(tmp_path: Path) -> None:
    image = tmp_path / "image"
    image.write_bytes(PICTURE)
    with pytest.raises(CutOutFailedError), CutOutJobs(seconds=0.01).cut_out([image]):
        pass
    image.write_bytes(encoded(Image.new("RGB", (4800, 4800)), compress_level=1))
    small = CutOutJobs(memory=260 * 2**20)
    with pytest.raises(ImageRefusedError, match="memory"), small.cut_out([image]):
        pass


def test_a_preview_is_smaller(tmp_path: Path) -> None:
    image = tmp_path / "image"
    image.write_bytes(PICTURE)
    with CutOutJobs().cut_out([image], size_limit=160) as preview:
        content = b"".join(preview.blocks)
    with Image.open(io.BytesIO(content)) as small:
        assert small.size == (160, 160)
