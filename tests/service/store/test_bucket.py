"""What a store elsewhere may answer, and what becomes of it."""

from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest

from service.auth.signing import SigningKey, UrlSigner
from service.errors import S3ApiError
from service.store.bucket import Bucket
from tests.serving import serving

UPLOADS = """<ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
<Upload><Key>{key}</Key><UploadId>{upload_id}</UploadId>
<Initiated>2026-11-22T10:15:00.000Z</Initiated></Upload>{rest}</ListMultipartUploadsResult>"""
MORE = """<IsTruncated>true</IsTruncated><NextKeyMarker>a</NextKeyMarker>
<NextUploadIdMarker>1</NextUploadIdMarker>"""


class Reply(NamedTuple):
    """One answer, in order."""

    status: int
    body: str
    location: str = ""


class Store(NamedTuple):
    """A bucket on a scripted store, and the targets that were asked for."""

    bucket: Bucket
    asked: list[str]


@contextmanager
def scripted(*replies: Reply) -> Generator[Store]:
    """Run a store that gives these answers, one after the other."""
    waiting, asked = list(replies), list[str]()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            reply = waiting.pop(0)
            self.send_response(reply.status)
            if reply.location:
                self.send_header("Location", reply.location)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body.encode())

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        address = f"http://127.0.0.1:{port}"
        bucket = Bucket(UrlSigner(SigningKey("key", "canary"), address, 60), "bucket")
        try:
            yield Store(bucket, asked)
        finally:
            bucket.close()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, "<html><body>Sorry</body></html>"),
        Reply(200, "<html><body>Sorry<br></html>"),
        Reply(200, "<!DOCTYPE a [<!ENTITY b 'c'>]><a><UploadId>&b;</UploadId></a>"),
        Reply(200, ""),
        Reply(502, "<html><body>Sorry</body></html>"),
        Reply(403, "<Error><Code>AccessDenied</Code></Error>"),
        Reply(404, "<Error><Code>NoSuchBucket</Code></Error>"),
        Reply(403, "<Error><Code>&lt;script&gt;</Code></Error>"),
        Reply(307, "", "/elsewhere"),
    ],
)
def test_whatever_is_not_an_upload_id_is_service_unavailable(
    reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    with scripted(reply) as store:
        with pytest.raises(S3ApiError) as caught:
            store.bucket.create_upload("temp-files/a")
        assert (caught.value.code, caught.value.status) == ("ServiceUnavailable", 503)
        assert len(store.asked) == 1
    for text in (str(caught.value.message), caplog.text):
        assert "X-Amz-Signature" not in text
        assert "<" not in text


def test_open_uploads_are_listed_page_by_page() -> None:
    first = Reply(200, UPLOADS.format(key="a", upload_id="1", rest=MORE))
    second = Reply(200, UPLOADS.format(key="b", upload_id="2", rest=""))
    with scripted(first, second) as store:
        rows = list(store.bucket.uploads("temp-files/"))
        assert [(row.key, row.upload_id) for row in rows] == [("a", "1"), ("b", "2")]
        assert {row.since for row in rows} == {1795342500.0}
        query = parse_qs(urlsplit(store.asked[1]).query, keep_blank_values=True)
        assert (query["key-marker"], query["upload-id-marker"]) == (["a"], ["1"])


def test_a_store_that_does_not_answer_is_service_unavailable() -> None:
    bucket = Bucket(UrlSigner(SigningKey("key", "canary"), "http://127.0.0.1:9", 60), "bucket")
    with pytest.raises(S3ApiError) as caught:
        bucket.delete("temp-files/a")
    assert caught.value.status == 503
    bucket.close()
