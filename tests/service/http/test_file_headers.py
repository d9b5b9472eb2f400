"""What a PUT says of its file is kept and said again; what keeps files from running stays."""

import gzip
import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from service.errors import S3ApiError
from service.http.file_headers import KEPT, LIMIT, content_type, kept_headers
from service.http.safety import PDF_POLICY
from service.store.database import Database
from service.store.local import DATABASE_FILE, LocalStore
from service.store.objects import ObjectReader
from service.store.uploads import PartLimits
from tests.service.api_client import PART, Api, error, error_code, part_list, read_all, send_head
from tests.service.live import Live
from tests.service.sample_images import png

SAID = {
    "Cache-Control": "private, max-age=60",
    "Content-Disposition": "attachment; filename=\"shoe.jpg\"; filename*=UTF-8''sh%C3%B6e.jpg",
    "Content-Encoding": "br",
    "Content-Language": "en-GB, de",
    "Expires": "Wed, 21 Oct 2026 07:28:00 GMT",
}
SANDBOX = "sandbox; default-src 'none'"
# The tables as the service made and filled them before it kept headers.
OLD_TABLES = """
CREATE TABLE uploads (upload_id VARCHAR NOT NULL, "key" VARCHAR NOT NULL,
  declared_size INTEGER NOT NULL, expires FLOAT NOT NULL, fingerprint VARCHAR, etag VARCHAR,
  PRIMARY KEY (upload_id));
CREATE TABLE parts (source VARCHAR NOT NULL, part_number INTEGER NOT NULL,
  file_name VARCHAR NOT NULL, size INTEGER NOT NULL, md5 VARCHAR NOT NULL,
  PRIMARY KEY (source, part_number));
CREATE TABLE objects ("key" VARCHAR NOT NULL, source VARCHAR NOT NULL, size INTEGER NOT NULL,
  etag VARCHAR NOT NULL, content_type VARCHAR NOT NULL, modified FLOAT NOT NULL,
  expires FLOAT NOT NULL, PRIMARY KEY ("key"));
"""
OLD_ROWS = """
INSERT INTO parts (source, part_number, file_name, size, md5) VALUES ('one', 1, '0a', 3, 'e');
INSERT INTO objects ("key", source, size, etag, content_type, modified, expires)
  VALUES ('one', 'one', 3, 'e', 'text/plain', 0, 9e9);
"""
REMOVE = """mutation ($url: String!) { removeBackgroundFromImage(input: {
  organizationId: "T3JnYW5pemF0aW9uOm9yZ19ERU1PMDAwMDAwMDAwMA==", imageUrl: $url
}) { imageUrl } }"""


def stored(api: Api, content: bytes, **headers: str) -> str:
    """Put a file with headers whose names have `_` for `-`; return where it is."""
    urls = api.single()
    dashed = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = api.put(urls["uploadUrl"], content, **dashed)
    assert answer.status_code == 200, answer.text
    return urls["downloadUrl"]


def raw(answer: requests.Response) -> bytes:
    return answer.raw.read(decode_content=False)


def fetched(api: Api, url: str, **headers: str) -> tuple[requests.Response, bytes]:
    """Get a file without unpacking what its Content-Encoding names."""
    with api.http.get(url, headers=headers, stream=True, timeout=10) as answer:
        return answer, raw(answer)


def test_everything_said_of_a_file_is_said_again(live: Live) -> None:
    api = live.api
    urls = api.single()
    assert api.put(urls["uploadUrl"], b"content", **SAID).status_code == 200
    path = urls["downloadUrl"].removeprefix(live.settings.public_url).partition("?")[0]
    whole, content = fetched(api, urls["downloadUrl"])
    part, middle = fetched(api, urls["downloadUrl"], Range="bytes=1-3")
    head = api.http.head(live.signer().sign("HEAD", path), timeout=10)
    for answer in (whole, part, head):
        assert {name: answer.headers[name] for name in SAID} == SAID
        assert answer.headers["Content-Security-Policy"].startswith(SANDBOX)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (content, middle) == (b"content", b"ont")
    current, _ = fetched(api, urls["downloadUrl"], **{"If-None-Match": whole.headers["ETag"]})
    assert (current.status_code, current.headers["Cache-Control"]) == (304, SAID["Cache-Control"])


def test_a_file_of_which_nothing_is_said_has_no_such_header(api: Api) -> None:
    answer = api.get(stored(api, b"x"))
    assert answer.headers["Cache-Control"] == "no-transform"
    assert not {*KEPT} - {"Cache-Control"} & answer.headers.keys()


def test_a_second_put_leaves_nothing_of_what_the_first_one_said(live: Live) -> None:
    urls = live.api.single()
    assert live.api.put(urls["uploadUrl"], b"1", **SAID).ok
    assert live.api.put(urls["uploadUrl"], b"2", **{"Content-Language": "fr"}).ok
    answer = live.api.get(urls["downloadUrl"])
    assert answer.headers["Content-Language"] == "fr"
    assert not {"Content-Disposition", "Content-Encoding", "Expires"} & answer.headers.keys()


def test_a_packed_file_is_given_as_it_was_sent(api: Api) -> None:
    content = b"readable " * 1000
    packed = gzip.compress(content)
    url = stored(api, packed, Content_Encoding="gzip", Content_Type="text/plain")
    answer, whole = fetched(api, url)
    assert (answer.headers["Content-Encoding"], whole) == ("gzip", packed)
    assert answer.headers["Content-Length"] == str(len(packed))
    part, first = fetched(api, url, Range="bytes=0-9")
    assert (part.status_code, part.headers["Content-Encoding"], first) == (206, "gzip", packed[:10])
    assert part.headers["Content-Range"] == f"bytes 0-9/{len(packed)}"
    assert api.get(url).content == content  # whoever unpacks has the content


def test_a_mutation_does_not_take_packed_bytes_for_the_file(api: Api) -> None:
    url = stored(api, gzip.compress(png()), Content_Encoding="gzip", Content_Type="image/png")
    answer = api.graphql(REMOVE, {"url": url}).json()
    (problem,) = answer["errors"]
    assert problem["extensions"]["code"] == "BAD_USER_INPUT"
    assert "was uploaded with Content-Encoding gzip" in problem["message"]


def test_one_whose_encoding_is_none_is_read(api: Api) -> None:
    picture = Image.new("RGB", (40, 40), "white")
    picture.paste("red", (10, 10, 30, 30))
    content = io.BytesIO()
    picture.save(content, "PNG")
    url = stored(api, content.getvalue(), Content_Encoding="identity", Content_Type="image/png")
    assert "errors" not in api.graphql(REMOVE, {"url": url}).json()


@pytest.mark.parametrize("name", KEPT)
def test_what_is_too_long_is_refused_and_not_cut(api: Api, name: str) -> None:
    urls = api.single()
    refused = api.put(urls["uploadUrl"], b"x", **{name: "a" * LIMIT})
    status, elements = error(refused)
    assert (status, elements["Code"]) == (400, "MetadataTooLarge")
    assert (elements["MaxSizeAllowed"], int(elements["Size"]) > LIMIT) == (str(LIMIT), True)
    assert error_code(api.get(urls["downloadUrl"])) == (404, "NoSuchKey")


def test_long_ones_are_refused_together(api: Api) -> None:
    headers = dict.fromkeys((*KEPT, "Content-Type"), "a" * (LIMIT // 4))
    assert error_code(api.put(api.single()["uploadUrl"], b"x", **headers))[1] == "MetadataTooLarge"


@pytest.mark.parametrize("value", ["a\x01b", "a\x7fb", "a\x0bb", "a\x1b[31m"])
def test_control_characters_are_refused(api: Api, value: str) -> None:
    """Some the HTTP parser refuses before us, without a document."""
    url = api.single()["uploadUrl"]
    lines = ("Content-Length: 0", f"Content-Disposition: {value}", "Connection: close")
    with send_head(url, *lines) as connection:  # a body would meet a closed connection
        assert read_all(connection).startswith(b"HTTP/1.1 400")
    with pytest.raises(S3ApiError) as refused:
        kept_headers({"content-disposition": value})
    assert refused.value.code == "InvalidArgument"


@pytest.mark.parametrize("value", ["a\r\nSet-Cookie: b=c", "a\nX: y", "a\r b", "a\0b"])
def test_nothing_that_ends_a_line_is_kept(value: str) -> None:
    for name in KEPT:
        with pytest.raises(S3ApiError):
            kept_headers({name.lower(): value})


def test_a_continued_line_is_refused(api: Api) -> None:
    """A line that begins with a blank continues the one before it; that is no more (RFC 9112)."""
    lines = ("Content-Length: 1", "Content-Disposition: inline;\r\n X-Content-Type-Options: no")
    with send_head(api.single()["uploadUrl"], *lines, "Connection: close") as connection:
        # the body is left out: it would meet a closed connection, and its reset eat the answer
        assert read_all(connection).startswith(b"HTTP/1.1 400")


@given(value=st.text(st.characters(max_codepoint=255), min_size=1, max_size=60))
def test_a_value_comes_back_as_it_was_or_is_refused(value: str) -> None:
    given = {"content-disposition": value}
    if any((letter < " " and letter != "\t") or letter == "\x7f" for letter in value):
        with pytest.raises(S3ApiError):
            kept_headers(given)
    else:
        assert kept_headers(given) == {"Content-Disposition": value}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("aws-chunked", ""),
        ("aws-chunked,gzip", "gzip"),
        ("gzip, AWS-Chunked", "gzip"),
        ("br", "br"),
    ],
)
def test_the_framing_of_a_request_is_not_the_files(sent: str, kept: str) -> None:
    assert kept_headers({"content-encoding": sent}).get("Content-Encoding", "") == kept


def test_a_multipart_upload_says_nothing_of_its_file(live: Live) -> None:
    issued = live.api.multipart(2 * PART)
    etags = [
        live.api.put(url, bytes(PART), **SAID).headers["ETag"] for url in issued["uploadPartUrls"]
    ]
    assert live.api.complete(issued["completeUrl"], part_list(etags)).ok
    answer = live.api.get(issued["downloadUrl"])
    assert not {"Content-Disposition", "Content-Encoding", "Expires"} & answer.headers.keys()
    assert answer.headers["Content-Type"] == "binary/octet-stream"


def test_headers_that_no_store_keeps_are_not_said_again(api: Api) -> None:
    policy = {"Content-Security-Policy": "script-src *", "X-Content-Type-Options": "sniff"}
    more = {"Set-Cookie": "a=b", "Location": "https://evil.example", "Refresh": "0"}
    urls = api.single()
    assert api.put(urls["uploadUrl"], b"<script>", **{**policy, **more}).ok
    answer = api.get(urls["downloadUrl"])
    assert answer.headers["Content-Security-Policy"].startswith(SANDBOX)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not more.keys() & answer.headers.keys()


@pytest.mark.parametrize("media_type", ["application/pdf", "Application/PDF; version=1.7"])
def test_a_pdf_has_no_sandbox_and_no_scripts(api: Api, media_type: str) -> None:
    url = stored(api, b"%PDF-1.7", Content_Type=media_type, Content_Disposition="inline")
    for answer in (api.get(url), api.get(url, Range="bytes=0-1")):
        assert answer.headers["Content-Security-Policy"] == PDF_POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" not in PDF_POLICY
    assert "script-src" not in PDF_POLICY
    assert PDF_POLICY.startswith("default-src 'none'")


@pytest.mark.parametrize(
    "media_type",
    [
        "text/html",
        "image/svg+xml",
        "application/xhtml+xml",
        "application/pdf,text/html",
        "application/pdf; a=b, text/html",
        "application/pdfx",
        "text/html; application/pdf",
        "x/application/pdf",
        "application/pdf text/html",
    ],
)
def test_what_is_not_surely_a_pdf_stays_in_the_sandbox(api: Api, media_type: str) -> None:
    answer = api.get(stored(api, b"<script>", Content_Type=media_type))
    assert answer.headers["Content-Type"] == media_type
    assert answer.headers["Content-Security-Policy"].startswith(SANDBOX)


def test_a_refusal_is_in_the_sandbox(api: Api) -> None:
    refused = api.get(api.single()["downloadUrl"])
    assert refused.status_code == 404
    assert refused.headers["Content-Security-Policy"].startswith(SANDBOX)
    assert "Content-Encoding" not in refused.headers


def test_no_answer_names_an_encoding(live: Live) -> None:
    urls = live.api.single()
    path = urls["downloadUrl"].removeprefix(live.settings.public_url).partition("?")[0]
    head = live.signer().sign("HEAD", path)
    answers = [
        live.api.put(urls["uploadUrl"], b"x" * 3000, **{"Content-Type": "text/html"}),
        live.api.get(urls["downloadUrl"]),
        live.api.get(urls["downloadUrl"], Range="bytes=0-1"),
        live.api.http.head(head, timeout=10),
        live.api.put(urls["uploadUrl"][:-1] + "x"),
        live.api.http.options(urls["uploadUrl"], timeout=10),
    ]
    assert [answer.headers.get("Content-Encoding") for answer in answers] == [None] * 6


def test_a_database_of_an_earlier_version_is_taken_over(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "0a").write_bytes(b"old")
    with closing(sqlite3.connect(tmp_path / DATABASE_FILE)) as database:
        database.executescript(OLD_TABLES + OLD_ROWS)
    store = LocalStore(tmp_path, PartLimits(1, 10, 10), lambda: 0.0)
    store.open()
    try:
        old = store.objects.find("one")
        assert (old.content_type, old.etag, old.headers) == ("text/plain", "e", {})
        with ObjectReader(old) as reader:
            assert reader.read(10) == b"old"
        with store.folder.draft() as draft:
            store.objects.put("two", draft.finish(), "text/plain", 9e9, SAID)
        assert store.objects.find("two").headers == SAID
    finally:
        store.close()


def test_the_tables_are_mended_once_and_for_earlier_versions_too(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    with closing(sqlite3.connect(path)) as old:
        old.executescript(OLD_TABLES)
    for _ in range(2):
        database = Database(path)
        database.create_tables()
        database.close()
    with closing(sqlite3.connect(path)) as mended:
        columns = [row[1] for row in mended.execute("PRAGMA table_info(objects)")]
        assert columns.count("headers") == 1
        mended.executescript(OLD_ROWS)  # what a service of before would write, should it come back


def test_a_type_is_kept_whatever_its_length() -> None:
    long = "a/" + "b" * 600
    assert content_type({"content-type": long}) == long
