"""What the headers of a PUT do, one case for each: more rows of the table in `cases.py`."""

import base64
import gzip
import zlib
from collections.abc import Mapping

from tests.s3.cases import (
    CASES,
    CONTENT,
    case,
    complete,
    error_code,
    etag_of,
    get,
    put,
    stored,
    told,
)
from tests.s3.engines import Engine
from tests.service.api_client import part_list, read_all, send_head

__all__ = ["CASES"]

SAID = {
    "Cache-Control": "max-age=60",
    "Content-Disposition": 'attachment; filename="shoe.jpg"',
    "Content-Language": "de, en",
    "Expires": "Wed, 21 Oct 2026 07:28:00 GMT",
}


def put_with(engine: Engine, **headers: str) -> str:
    """Put a new file with headers whose names have `_` for `-`; tell what came of it."""
    url = engine.signer().sign("PUT", engine.new_path())
    return told(put(engine, url, **dashed(headers)))


def dashed(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def answers(engine: Engine, *lines: str) -> list[str]:
    """Put `CONTENT` by hand, with these lines in the head; return the statuses that come."""
    url = engine.signer().sign("PUT", engine.new_path())
    with send_head(url, *lines, "Connection: close") as connection:
        connection.sendall(CONTENT)
        received = read_all(connection)
    heads = [piece for piece in received.split(b"\r\n\r\n") if piece.startswith(b"HTTP/1.1 ")]
    return [head.split(b" ")[1].decode() for head in heads]


def said_again(engine: Engine, headers: Mapping[str, str]) -> str:
    """Put with these headers, and tell which of them a GET, its range and a HEAD have, too."""
    path = engine.new_path()
    assert put(engine, engine.signer().sign("PUT", path), **headers).ok
    ways = (
        get(engine, path),
        get(engine, path, Range="bytes=0-1"),
        engine.http.head(engine.signer().sign("HEAD", path), timeout=10),
    )
    same = [
        name
        for name, value in headers.items()
        if all(answer.headers.get(name) == value for answer in ways)
    ]
    return ", ".join(same) or "none"


@case("empty 200, blank 200")
def no_more_than_the_name_of_authorization(engine: Engine) -> str:
    length = f"Content-Length: {len(CONTENT)}"
    empty, blank = (
        ", ".join(answers(engine, length, line)) for line in ("Authorization:", "Authorization:   ")
    )
    return f"empty {empty}, blank {blank}"


@case("Bearer 400 InvalidArgument, Basic 400 InvalidArgument, junk 400 InvalidArgument")
def authorization_beside_the_signature(engine: Engine) -> str:
    bearer, basic, junk = (
        put_with(engine, Authorization=value) for value in ("Bearer a", "Basic YTpi", "junk")
    )
    return f"Bearer {bearer}, Basic {basic}, junk {junk}"


@case("403 AccessDenied")
def an_acl_that_was_not_signed(engine: Engine) -> str:
    return put_with(engine, x_amz_acl="public-read")


@case("403 AccessDenied")
def metadata_that_was_not_signed(engine: Engine) -> str:
    return put_with(engine, x_amz_meta_name="shoe")


@case("403 AccessDenied")
def a_right_checksum_that_was_not_signed(engine: Engine) -> str:
    checksum = base64.b64encode(zlib.crc32(CONTENT).to_bytes(4)).decode()
    return put_with(engine, x_amz_checksum_crc32=checksum)


@case("403 AccessDenied")
def a_payload_digest_that_was_not_signed(engine: Engine) -> str:
    return put_with(engine, x_amz_content_sha256="UNSIGNED-PAYLOAD")


@case("403 AccessDenied")
def a_date_that_was_not_signed(engine: Engine) -> str:
    return put_with(engine, x_amz_date="20200101T000000Z")


@case("200")
def a_date_of_another_year(engine: Engine) -> str:
    return put_with(engine, Date="Wed, 01 Jan 2020 00:00:00 GMT")


@case("200, then 412 PreconditionFailed, and the first one stays")
def only_where_nothing_is(engine: Engine) -> str:
    path = engine.new_path()
    url, once = engine.signer().sign("PUT", path), {"If-None-Match": "*"}
    first, second = told(put(engine, url, **once)), told(put(engine, url, b"newer", **once))
    stays = "stays" if get(engine, path).content == CONTENT else "is gone"
    return f"{first}, then {second}, and the first one {stays}"


@case("its own 200, another's 412 PreconditionFailed, where nothing is 404 NoSuchKey")
def only_over_a_known_one(engine: Engine) -> str:
    url = engine.signer().sign("PUT", stored(engine))
    own = told(put(engine, url, **{"If-Match": etag_of(CONTENT)}))
    other = told(put(engine, url, **{"If-Match": etag_of(b"other")}))
    return f"its own {own}, another's {other}, where nothing is " + put_with(
        engine, If_Match=etag_of(CONTENT)
    )


@case("100, 200")
def a_body_that_waits_to_be_asked_for(engine: Engine) -> str:
    length = f"Content-Length: {len(CONTENT)}"
    return ", ".join(answers(engine, length, "Expect: 100-continue"))


@case("411 MissingContentLength")
def neither_length_nor_chunks(engine: Engine) -> str:
    url = engine.signer().sign("PUT", engine.new_path())
    with send_head(url, "Connection: close") as connection:
        head, _, body = read_all(connection).partition(b"\r\n\r\n")
    return f"{head.split()[1].decode()} {error_code(body)}"


@case("200")
def another_protocol_on_offer(engine: Engine) -> str:
    length = f"Content-Length: {len(CONTENT)}"
    offer = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAA")
    return ", ".join(answers(engine, length, *offer))


@case("200")
def capitals_in_the_host(engine: Engine) -> str:
    url = engine.signer(host="localhost").sign("PUT", engine.new_path())
    return told(put(engine, url, Host=url.split("/")[2].upper()))


@case("200")
def headers_that_browsers_add(engine: Engine) -> str:
    added = {"Cookie": "a=b", "Referer": "https://page.example/", "Origin": "null"}
    url = engine.signer().sign("PUT", engine.new_path())
    return told(put(engine, url, **added, **{"Sec-Fetch-Mode": "cors", "DNT": "1"}))


@case("Cache-Control, Content-Disposition, Content-Language, Expires")
def what_is_said_of_the_file(engine: Engine) -> str:
    return said_again(engine, SAID)


@case("Content-Disposition")
def a_name_in_utf_8(engine: Engine) -> str:
    name = 'inline; filename="Köln.jpg"'.encode().decode("latin-1")
    return said_again(engine, {"Content-Disposition": name})


@case("Expires")
def an_expiry_that_is_no_date(engine: Engine) -> str:
    return said_again(engine, {"Expires": "soon"})


@case("none of it")
def what_was_said_of_the_file_before(engine: Engine) -> str:
    path = engine.new_path()
    url = engine.signer().sign("PUT", path)
    assert put(engine, url, **SAID).ok
    assert put(engine, url).ok
    back = get(engine, path).headers
    return "none of it" if not any(back.get(name) == SAID[name] for name in SAID) else str(back)


@case("gzip, the bytes as they were sent, 206 the first 2 of them")
def a_packed_file(engine: Engine) -> str:
    path, packed = engine.new_path(), gzip.compress(CONTENT)
    url = engine.signer().sign("PUT", path)
    assert put(engine, url, packed, **{"Content-Encoding": "gzip"}).ok
    with engine.http.get(engine.signer().sign("GET", path), stream=True, timeout=10) as answer:
        raw = answer.raw.read(decode_content=False)
        encoding = answer.headers.get("Content-Encoding")
    part = engine.http.get(
        engine.signer().sign("GET", path), headers={"Range": "bytes=0-1"}, stream=True, timeout=10
    )
    with part:
        first = part.raw.read(decode_content=False)
    whole = "as they were sent" if raw == packed else "others"
    two = "the first 2 of them" if first == packed[:2] else repr(first)
    return f"{encoding}, the bytes {whole}, {part.status_code} {two}"


@case("alone None, with gzip gzip")
def the_framing_of_a_request(engine: Engine) -> str:
    def kept(coding: str) -> str | None:
        path = engine.new_path()
        url = engine.signer().sign("PUT", path)
        assert put(engine, url, gzip.compress(CONTENT), **{"Content-Encoding": coding}).ok
        head = engine.http.head(engine.signer().sign("HEAD", path), timeout=10)
        return head.headers.get("Content-Encoding")

    return f"alone {kept('aws-chunked')}, with gzip {kept('aws-chunked,gzip')}"


@case("1,900 bytes 200, 2,100 bytes 400 MetadataTooLarge")
def a_long_name(engine: Engine) -> str:
    def answer(size: int) -> str:
        return put_with(engine, Content_Disposition="a" * size)

    return f"1,900 bytes {answer(1900)}, 2,100 bytes {answer(2100)}"


@case("none")
def what_is_said_with_a_part(engine: Engine) -> str:
    upload = engine.create_upload()
    parameters = {"partNumber": "1", "uploadId": upload.upload_id}
    url = engine.signer().sign("PUT", upload.path, parameters)
    etag = put(engine, url, **SAID).headers["ETag"]
    assert complete(engine, upload, part_list([etag])).ok
    back = get(engine, upload.path).headers
    return ", ".join(name for name in SAID if back.get(name) == SAID[name]) or "none"


@case("image/svg+xml; charset=utf-8, one of 300 letters as it is")
def types(engine: Engine) -> str:
    def kept(given: str) -> str:
        path = engine.new_path()
        assert put(engine, engine.signer().sign("PUT", path), **{"Content-Type": given}).ok
        return get(engine, path).headers["Content-Type"]

    long = "a/" + "b" * 298
    same = "as it is" if kept(long) == long else kept(long)
    return f"{kept('image/svg+xml; charset=utf-8')}, one of 300 letters {same}"
