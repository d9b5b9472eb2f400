import base64
import errno
import hashlib

import pytest

from tests.service.api_client import (
    Api,
    error,
    error_code,
    part_list,
    read_all,
    send_head,
    uploaded,
)
from tests.service.live import Live


def md5(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()


def test_put_then_get_gives_the_bytes_and_type_back(api: Api) -> None:
    urls = api.single()
    sent = api.put(urls["uploadUrl"], b"hello", **{"Content-Type": "image/png"})
    assert (sent.status_code, sent.content) == (200, b"")
    assert sent.headers["ETag"] == '"5d41402abc4b2a76b9719d911017c592"'
    got = api.get(urls["downloadUrl"])
    assert (got.status_code, got.content) == (200, b"hello")
    assert got.headers["Content-Type"] == "image/png"
    assert got.headers["ETag"] == sent.headers["ETag"]


def test_without_a_content_type_the_file_is_an_octet_stream(api: Api) -> None:
    urls = api.single()
    api.put(urls["uploadUrl"], b"x")
    assert api.get(urls["downloadUrl"]).headers["Content-Type"] == "binary/octet-stream"


def test_an_empty_file_is_a_file(api: Api) -> None:
    urls = api.single()
    assert api.put(urls["uploadUrl"], b"").status_code == 200
    got = api.get(urls["downloadUrl"])
    assert (got.status_code, got.content) == (200, b"")


def test_a_second_put_overwrites_and_leaves_one_file(live: Live) -> None:
    urls = live.api.single()
    before = len(live.files)
    live.api.put(urls["uploadUrl"], b"first", **{"Content-Type": "text/plain"})
    live.api.put(urls["uploadUrl"], b"second")
    got = live.api.get(urls["downloadUrl"])
    assert got.content == b"second"
    assert got.headers["Content-Type"] == "binary/octet-stream"
    assert len(live.files) == before + 1


def test_download_before_upload_is_no_such_key(api: Api) -> None:
    url = api.single()["downloadUrl"]
    status, elements = error(api.get(url))
    assert (status, elements["Code"]) == (404, "NoSuchKey")
    assert f"/files/{elements['Key']}?" in url


def test_the_limit_is_inclusive_and_one_byte_more_is_refused(live: Live) -> None:
    limit = live.settings.single_limit
    assert live.api.put(live.api.single()["uploadUrl"], bytes(limit)).status_code == 200
    status, elements = error(live.api.put(live.api.single()["uploadUrl"], bytes(limit + 1)))
    assert (status, elements["Code"]) == (400, "EntityTooLarge")
    assert elements["ProposedSize"] == str(limit + 1)
    assert elements["MaxSizeAllowed"] == str(limit)


def test_the_documented_limit_is_100_mib_and_the_refusal_reaches_requests(full_size: Live) -> None:
    url = full_size.api.single()["uploadUrl"]
    assert full_size.api.put(url, bytes(104_857_600)).status_code == 200
    assert error_code(full_size.api.put(url, bytes(104_857_601))) == (400, "EntityTooLarge")


def test_a_right_content_md5_is_accepted_without_being_signed(api: Api) -> None:
    answer = api.put(api.single()["uploadUrl"], b"hello", **{"Content-MD5": md5(b"hello")})
    assert answer.status_code == 200


def test_a_wrong_content_md5_keeps_nothing(live: Live) -> None:
    urls = live.api.single()
    before = live.files
    answer = live.api.put(urls["uploadUrl"], b"hello", **{"Content-MD5": md5(b"other")})
    assert error_code(answer) == (400, "BadDigest")
    assert error_code(live.api.get(urls["downloadUrl"])) == (404, "NoSuchKey")
    assert live.files == before


@pytest.mark.parametrize("value", ["nonsense!", "aGVsbG8="])
def test_a_malformed_content_md5_is_an_invalid_digest(api: Api, value: str) -> None:
    answer = api.put(api.single()["uploadUrl"], b"hello", **{"Content-MD5": value})
    assert error_code(answer) == (400, "InvalidDigest")


def test_a_failing_disk_is_an_internal_error_that_may_be_retried(
    live: Live, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    before = live.files
    monkeypatch.setattr("service.store.folder.Draft.write", failing)
    answer = live.api.put(live.api.single()["uploadUrl"], b"hello")
    assert error_code(answer) == (500, "InternalError")
    assert "Input/output error" in caplog.text
    assert live.files == before


@pytest.mark.parametrize("given", ["image/j\xe9pg", "text/plain\t", "\x80"])
def test_a_content_type_that_cannot_be_one_is_not_kept(live: Live, given: str) -> None:
    urls = live.api.single()
    assert live.api.put(urls["uploadUrl"], b"x", **{"Content-Type": f"a{given}a"}).ok
    got = live.api.get(urls["downloadUrl"])
    assert got.headers["Content-Type"] == "binary/octet-stream"


def test_an_object_is_written_once_where_that_is_asked_for(api: Api) -> None:
    urls, once = api.single(), {"If-None-Match": "*"}
    assert api.put(urls["uploadUrl"], b"first", **once).status_code == 200
    assert error_code(api.put(urls["uploadUrl"], b"second", **once)) == (412, "PreconditionFailed")
    assert api.get(urls["downloadUrl"]).content == b"first"


def test_one_of_two_writers_at_once_wins(api: Api) -> None:
    urls, once = api.single(), ("If-None-Match: *", "Content-Length: 2", "Connection: close")
    with send_head(urls["uploadUrl"], *once) as one, send_head(urls["uploadUrl"], *once) as other:
        one.sendall(b"a")  # both were admitted before either has an object
        other.sendall(b"b")
        one.sendall(b"a")
        assert read_all(one).startswith(b"HTTP/1.1 200")
        other.sendall(b"b")
        assert read_all(other).startswith(b"HTTP/1.1 412")
    assert api.get(urls["downloadUrl"]).content == b"aa"


def test_an_object_is_replaced_only_as_it_was_known(api: Api) -> None:
    urls = api.single()
    url, wrong = urls["uploadUrl"], {"If-Match": '"00000000000000000000000000000000"'}
    assert error_code(api.put(url, b"x", **wrong)) == (404, "NoSuchKey")
    etag = api.put(url, b"first").headers["ETag"]
    assert error_code(api.put(url, b"x", **wrong)) == (412, "PreconditionFailed")
    assert api.put(url, b"second", **{"If-Match": etag}).status_code == 200
    assert api.get(urls["downloadUrl"]).content == b"second"


def test_a_condition_that_s3_does_not_know_is_not_passed_over(api: Api) -> None:
    answer = api.put(api.single()["uploadUrl"], b"x", **{"If-None-Match": '"abc"'})
    assert error_code(answer) == (501, "NotImplemented")


def test_complete_knows_the_same_conditions(api: Api) -> None:
    urls, etags = uploaded(api)
    url, document = urls["completeUrl"], part_list(etags)
    known = api.http.post(url, document, headers={"If-Match": '"0"'}, timeout=30)
    assert error_code(known) == (404, "NoSuchKey")
    once = api.http.post(url, document, headers={"If-None-Match": "*"}, timeout=30)
    assert once.status_code == 200
