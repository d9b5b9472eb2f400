from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.errors import S3ApiError
from service.s3_api.ranges import ByteRange, Validators, requested_range
from tests.service.api_client import Api, error, error_code, part_list
from tests.service.live import SMALL, Live

DATA = bytes(range(256)) * 1000
PART = SMALL["min_part_size"]


@pytest.fixture(scope="session")
def urls(live: Live) -> dict[str, Any]:
    """An assembled file of three parts, its bytes being DATA."""
    issued = live.api.multipart(len(DATA))
    blocks = [DATA[start : start + PART] for start in range(0, len(DATA), PART)]
    etags = live.api.put_parts(issued["uploadPartUrls"], blocks)
    assert live.api.complete(issued["completeUrl"], part_list(etags)).status_code == 200
    return issued


@pytest.fixture
def url(urls: dict[str, Any]) -> str:
    return urls["downloadUrl"]


def test_a_download_says_what_it_is_and_cannot_run(api: Api, url: str) -> None:
    answer = api.get(url)
    assert answer.content == DATA
    assert answer.headers["Content-Length"] == str(len(DATA))
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Last-Modified"].endswith("GMT")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-transform"
    assert answer.headers["X-Local-Service"] == "1"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(0, len(DATA) - 1), length=st.integers(1, len(DATA)))
def test_a_range_equals_the_slice(api: Api, url: str, start: int, length: int) -> None:
    answer = api.get(url, Range=f"bytes={start}-{start + length - 1}")
    stop = min(start + length, len(DATA))
    assert answer.status_code == 206
    assert answer.content == DATA[start:stop]
    assert answer.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{len(DATA)}"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", DATA[:1]),
        ("bytes=255999-", DATA[-1:]),
        ("bytes=-5", DATA[-5:]),
        ("bytes=-999999", DATA),
        (f"bytes={PART - 1}-{PART}", DATA[PART - 1 : PART + 1]),
        ("bytes=0-", DATA),
    ],
)
def test_open_and_suffix_ranges(api: Api, url: str, header: str, expected: bytes) -> None:
    answer = api.get(url, Range=header)
    assert (answer.status_code, answer.content) == (206, expected)


@pytest.mark.parametrize("header", ["bytes=256000-", "bytes=999999-1000000", "bytes=-0"])
def test_a_range_without_a_byte_is_not_satisfiable(api: Api, url: str, header: str) -> None:
    answer = api.get(url, Range=header)
    status, elements = error(answer)
    assert (status, elements["Code"]) == (416, "InvalidRange")
    assert elements["ActualObjectSize"] == str(len(DATA))
    assert answer.headers["Content-Range"] == f"bytes */{len(DATA)}"


@pytest.mark.parametrize("header", ["bytes=0-1,5-6", "bytes=9-1", "bytes=-", "lines=1-2", "x"])
def test_a_range_that_is_not_understood_gives_the_whole(api: Api, url: str, header: str) -> None:
    answer = api.get(url, Range=header)
    assert (answer.status_code, answer.content) == (200, DATA)


def test_conditional_requests(api: Api, url: str) -> None:
    first = api.get(url)
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    assert api.get(url, **{"If-None-Match": f'"x", {etag}'}).status_code == 304
    assert api.get(url, **{"If-None-Match": '"x"'}).status_code == 200
    assert api.get(url, **{"If-Modified-Since": modified}).status_code == 304
    assert api.get(url, **{"If-Modified-Since": "yesterday"}).status_code == 200
    assert api.get(url, **{"If-Match": etag}).status_code == 200
    refused = api.get(url, **{"If-Match": '"x"'})
    assert error(refused)[1]["Condition"] == "If-Match"
    assert error_code(refused) == (412, "PreconditionFailed")
    past = "Mon, 01 Jan 2024 00:00:00 GMT"
    assert api.get(url, **{"If-Unmodified-Since": past}).status_code == 412
    assert api.get(url, **{"If-Unmodified-Since": modified}).status_code == 200


def test_if_range_gives_the_whole_when_the_file_is_another(api: Api, url: str) -> None:
    first = api.get(url)
    same = {"If-Range": first.headers["ETag"], "Range": "bytes=0-1"}
    other = {"If-Range": '"x"', "Range": "bytes=0-1"}
    dated = {"If-Range": first.headers["Last-Modified"], "Range": "bytes=0-1"}
    assert api.get(url, **same).status_code == 206
    assert api.get(url, **dated).status_code == 206
    assert api.get(url, **other).status_code == 200


def test_head_tells_everything_but_the_bytes(live: Live, url: str) -> None:
    path = url.removeprefix(live.settings.public_url).partition("?")[0]
    answer = live.api.http.head(live.signer().sign("HEAD", path), timeout=10)
    got = live.api.get(url)
    assert (answer.status_code, answer.content) == (200, b"")
    for name in ("Content-Length", "Content-Type", "ETag", "Last-Modified", "Accept-Ranges"):
        assert answer.headers[name] == got.headers[name]


def test_head_of_a_missing_file_is_404(live: Live) -> None:
    url = live.signer().sign("HEAD", "/files/missing")
    assert live.api.http.head(url, timeout=10).status_code == 404


@given(
    size=st.integers(0, 50), header=st.from_regex(r"bytes=[0-9]{0,3}-[0-9]{0,3}", fullmatch=True)
)
def test_a_range_never_leaves_the_object(size: int, header: str) -> None:
    try:
        wanted = requested_range({"range": header}, size, Validators.of("x", 0))
    except S3ApiError as refused:
        wanted = ByteRange(0, size) if refused.status != 416 else None
    assert wanted is None or 0 <= wanted.start < wanted.stop <= size


def test_a_file_removed_by_hand_is_no_such_key(live: Live) -> None:
    issued = live.api.single()
    live.api.put(issued["uploadUrl"], b"x")
    key = issued["downloadUrl"].partition("?")[0].rpartition("/")[2]
    [segment] = live.service.store.objects.find(key).segments
    segment.path.unlink()
    assert error_code(live.api.get(issued["downloadUrl"])) == (404, "NoSuchKey")


def test_any_page_may_use_the_files(live: Live, url: str) -> None:
    answer = live.api.get(url, Origin="http://localhost:8501")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    exposed = answer.headers["Access-Control-Expose-Headers"]
    assert {"ETag", "Server-Timing", "Content-Range", "Accept-Ranges"} <= set(exposed.split(", "))
    asked = {
        "Origin": "http://localhost:8501",
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "content-type,content-md5",
    }
    preflight = live.api.http.options(url, headers=asked, timeout=10)
    assert preflight.status_code == 200
    assert "PUT" in preflight.headers["Access-Control-Allow-Methods"]
    assert preflight.headers["Access-Control-Allow-Headers"] == "content-type,content-md5"
    refused = live.api.get(f"{live.settings.public_url}/files/x")
    assert refused.headers["Access-Control-Allow-Origin"] == "*"


def test_a_body_that_comes_with_a_get_is_ignored(api: Api, url: str) -> None:
    answer = api.http.get(url, data=b"pointless" * 1000, timeout=10)
    assert (answer.status_code, answer.content) == (200, DATA)
