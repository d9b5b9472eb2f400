"""The protocol as a client meets it: each case does one thing and tells what the store made of it.

A case's `@case(...)` is what the embedded service answers, which is what AWS documents unless
`differences.py` says otherwise. Cases tell in words, so that a difference reads like one.
"""

import base64
import hashlib
import http.client
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from urllib.parse import urlsplit

import defusedxml.ElementTree
import requests

from tests.s3.engines import PAGE, Engine, Upload
from tests.service.api_client import part_list, read_all, send_head

PART = 5_242_880
FIRST, SECOND, LAST = b"1" * PART, b"2" * PART, b"3"
CONTENT = b"some bytes"
EXPIRY_SECONDS = 30  # a rule of a few seconds must have worked by then

Case = Callable[[Engine], str]
CASES: dict[str, tuple[Case, str]] = {}


def case(expected: str) -> Callable[[Case], Case]:
    def register(function: Case) -> Case:
        CASES[function.__name__] = (function, expected)
        return function

    return register


def told(answer: requests.Response) -> str:
    """Status, and the S3 error code if there is one."""
    if answer.ok or not answer.content:
        return str(answer.status_code)
    return f"{answer.status_code} {error_code(answer.content)}"


def error_code(document: bytes) -> str:
    return defusedxml.ElementTree.fromstring(document).findtext("Code") or ""


def etag_of(content: bytes) -> str:
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'


def put(engine: Engine, url: str, data: object = CONTENT, **headers: str) -> requests.Response:
    return engine.http.put(url, data=data, headers=headers, timeout=30)  # pyright: ignore[reportArgumentType]


def get(engine: Engine, path: str, **headers: str) -> requests.Response:
    return engine.http.get(engine.signer().sign("GET", path), headers=headers, timeout=30)


def stored(engine: Engine) -> str:
    """Store `CONTENT` and return its path."""
    path = engine.new_path()
    assert put(engine, engine.signer().sign("PUT", path)).ok
    return path


def put_part(engine: Engine, upload: Upload, number: int, body: bytes) -> requests.Response:
    parameters = {"partNumber": str(number), "uploadId": upload.upload_id}
    return put(engine, engine.signer().sign("PUT", upload.path, parameters), body)


def with_parts(engine: Engine, *bodies: bytes) -> tuple[Upload, list[str]]:
    upload = engine.create_upload()
    answers = [put_part(engine, upload, number, body) for number, body in enumerate(bodies, 1)]
    return upload, [answer.headers["ETag"] for answer in answers]


def complete(
    engine: Engine, upload: Upload, body: str, content_type: str = "application/xml"
) -> requests.Response:
    url = engine.signer().sign("POST", upload.path, {"uploadId": upload.upload_id})
    return engine.http.post(url, data=body, headers={"Content-Type": content_type}, timeout=60)


def listing(*rows: tuple[int, str]) -> str:
    parts = "".join(
        f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>"
        for number, etag in rows
    )
    return f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>"


def completed(engine: Engine, upload: Upload, body: str, expected: Sequence[bytes]) -> str:
    """Complete, and tell whether the file has the expected parts in that order."""
    answer = complete(engine, upload, body)
    if not answer.ok:
        return told(answer)
    content = get(engine, upload.path).content
    names = {FIRST[:1]: "1", SECOND[:1]: "2", LAST: "3"}
    joined = ",".join(names[content[at : at + 1]] for at in range(0, len(content), PART))
    same = content == b"".join(expected)
    return f"200 joined {joined}" + ("" if same else ", and that is not what was sent")


# One PUT


@case("200, the ETag is the MD5, the bytes and the type come back")
def a_put(engine: Engine) -> str:
    path = engine.new_path()
    url = engine.signer().sign("PUT", path)
    answer = put(engine, url, CONTENT, **{"Content-Type": "image/png"})
    assert answer.headers["ETag"] == etag_of(CONTENT)
    back = get(engine, path)
    assert (back.content, back.headers["Content-Type"]) == (CONTENT, "image/png")
    return f"{told(answer)}, the ETag is the MD5, the bytes and the type come back"


@case("200, 0 bytes")
def a_put_of_nothing(engine: Engine) -> str:
    path = engine.new_path()
    answer = put(engine, engine.signer().sign("PUT", path), b"")
    assert answer.headers["ETag"] == etag_of(b"")
    return f"{told(answer)}, {len(get(engine, path).content)} bytes"


@case("200, the second one counts")
def a_second_put(engine: Engine) -> str:
    path = stored(engine)
    answer = put(engine, engine.signer().sign("PUT", path), b"newer")
    which = "second" if get(engine, path).content == b"newer" else "first"
    return f"{told(answer)}, the {which} one counts"


@case("403 SignatureDoesNotMatch")
def a_tampered_url(engine: Engine) -> str:
    url = engine.signer().sign("PUT", engine.new_path())
    return told(put(engine, url[:-1] + ("0" if url[-1] != "0" else "1")))


@case("403 SignatureDoesNotMatch")
def a_url_for_another_path(engine: Engine) -> str:
    url = engine.signer().sign("PUT", engine.new_path())
    head, _, query = url.partition("?")
    return told(put(engine, f"{head}0?{query}"))


@case("403 AccessDenied")
def an_expired_url(engine: Engine) -> str:
    return told(put(engine, engine.signer(age=3601).sign("PUT", engine.new_path())))


@case("200, then 403 AccessDenied")
def a_put_that_outlives_its_url(engine: Engine) -> str:
    url = engine.signer(lifetime=2).sign("PUT", engine.new_path())
    with send_head(url, f"Content-Length: {len(CONTENT)}", "Connection: close") as connection:
        connection.sendall(CONTENT[:3])
        time.sleep(2.1)
        connection.sendall(CONTENT[3:])
        first = read_all(connection).split()[1].decode()
    return f"{first}, then {told(put(engine, url))}"


@case("403 RequestTimeTooSkewed")
def a_url_from_the_future(engine: Engine) -> str:
    return told(put(engine, engine.signer(age=-1800).sign("PUT", engine.new_path())))


@case("403 InvalidAccessKeyId")
def an_unknown_key(engine: Engine) -> str:
    url = engine.signer().sign("PUT", engine.new_path())
    head, _, rest = url.partition("X-Amz-Credential=")
    return told(put(engine, f"{head}X-Amz-Credential=SOMEBODY{rest[rest.index('%2F') :]}"))


@case("403 AccessDenied")
def no_signature(engine: Engine) -> str:
    return told(put(engine, engine.signer().sign("PUT", engine.new_path()).partition("?")[0]))


@case("400 InvalidArgument")
def a_bearer_token_beside_the_signature(engine: Engine) -> str:
    url = engine.signer().sign("PUT", engine.new_path())
    return told(put(engine, url, Authorization="Bearer token"))


@case("same type 200, another 403 SignatureDoesNotMatch, none 403 SignatureDoesNotMatch")
def a_signed_content_type(engine: Engine) -> str:
    signed = {"content-type": "image/png"}
    url = engine.signer().sign("PUT", engine.new_path(), headers=signed)
    same = told(put(engine, url, **{"Content-Type": "image/png"}))
    other = told(put(engine, url, **{"Content-Type": "image/gif"}))
    return f"same type {same}, another {other}, none {told(put(engine, url))}"


@case("same length 200, another 403 SignatureDoesNotMatch")
def a_signed_content_length(engine: Engine) -> str:
    signed = {"content-length": str(len(CONTENT))}
    url = engine.signer().sign("PUT", engine.new_path(), headers=signed)
    return f"same length {told(put(engine, url))}, another {told(put(engine, url, b'other'))}"


def md5_header(content: bytes) -> dict[str, str]:
    digest = hashlib.md5(content, usedforsecurity=False).digest()
    return {"Content-MD5": base64.b64encode(digest).decode()}


@case("right 200, wrong 400 BadDigest, malformed 400 InvalidDigest")
def content_md5(engine: Engine) -> str:
    url = engine.signer().sign("PUT", engine.new_path())
    right = told(put(engine, url, **md5_header(CONTENT)))
    wrong = told(put(engine, url, **md5_header(b"other")))
    malformed = told(put(engine, url, **{"Content-MD5": "nonsense!"}))
    return f"right {right}, wrong {wrong}, malformed {malformed}"


@case("403 AccessDenied")
def a_wrong_checksum_header_that_was_not_signed(engine: Engine) -> str:
    url = engine.signer().sign("PUT", engine.new_path())
    return told(put(engine, url, **{"x-amz-checksum-crc32": "AAAAAA=="}))


@case("411 MissingContentLength")
def a_chunked_body(engine: Engine) -> str:
    def pieces() -> Iterator[bytes]:
        yield CONTENT

    return told(put(engine, engine.signer().sign("PUT", engine.new_path()), pieces()))


# Reading


@case("404 NoSuchKey")
def a_get_before_the_upload(engine: Engine) -> str:
    return told(get(engine, engine.new_path()))


@case("403")
def a_head_with_a_url_for_get(engine: Engine) -> str:
    url = engine.signer().sign("GET", stored(engine))
    return told(engine.http.head(url, timeout=10))


@case("200 with length, ETag and type")
def a_head(engine: Engine) -> str:
    url = engine.signer().sign("HEAD", stored(engine))
    answer = engine.http.head(url, timeout=10)
    names = {"Content-Length": "length", "ETag": "ETag", "Content-Type": "type"}
    *most, last = [names[name] for name in names if name in answer.headers]
    assert (answer.headers["ETag"], answer.headers["Content-Length"]) == (etag_of(CONTENT), "10")
    return f"{told(answer)} with {', '.join(most)} and {last}"


@case("206 b'some'; 206 b'bytes'; 206 b'ytes'; 416 InvalidRange")
def ranges(engine: Engine) -> str:
    path = stored(engine)
    answers = [
        get(engine, path, Range=f"bytes={wanted}") for wanted in ("0-3", "5-", "-4", "10-12")
    ]
    return "; ".join(told(a) + (f" {a.content!r}" if a.ok else "") for a in answers)


@case("206 b'12', the whole length is told")
def a_range_across_two_parts(engine: Engine) -> str:
    upload, etags = with_parts(engine, FIRST, SECOND)
    complete(engine, upload, part_list(etags))
    answer = get(engine, upload.path, Range=f"bytes={PART - 1}-{PART}")
    assert answer.headers["Content-Range"] == f"bytes {PART - 1}-{PART}/{2 * PART}"
    return f"{told(answer)} {answer.content!r}, the whole length is told"


@case("If-Match 412 PreconditionFailed, If-None-Match 304")
def conditions(engine: Engine) -> str:
    path = stored(engine)
    failed = told(get(engine, path, **{"If-Match": '"other"'}))
    current = told(get(engine, path, **{"If-None-Match": etag_of(CONTENT)}))
    return f"If-Match {failed}, If-None-Match {current}"


# Complete


@case("200 joined 1,2,3")
def all_parts_in_order(engine: Engine) -> str:
    upload, etags = with_parts(engine, FIRST, SECOND, LAST)
    return completed(engine, upload, part_list(etags), [FIRST, SECOND, LAST])


@case("200 joined 1,2")
def parts_that_came_out_of_order(engine: Engine) -> str:
    upload = engine.create_upload()
    second = put_part(engine, upload, 2, SECOND).headers["ETag"]
    first = put_part(engine, upload, 1, FIRST).headers["ETag"]
    return completed(engine, upload, part_list([first, second]), [FIRST, SECOND])


@case("200 and 200 and 200 and 200")
def namespaces_and_quotes_of_every_kind(engine: Engine) -> str:
    forms = (
        '<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
        '<CompleteMultipartUpload xmlns="">',
    )
    answers: list[str] = []
    for quote in ('"', ""):
        for head in forms:
            upload, [etag] = with_parts(engine, CONTENT)
            written = quote + etag.strip('"') + quote
            body = part_list([written]).replace("<CompleteMultipartUpload>", head)
            answers.append(told(complete(engine, upload, body)))
    return " and ".join(answers)


@case("200")
def a_list_sent_as_a_form(engine: Engine) -> str:
    upload, etags = with_parts(engine, CONTENT)
    form = "application/x-www-form-urlencoded"
    return told(complete(engine, upload, part_list(etags), form))


@case("400 InvalidPartOrder")
def parts_listed_in_another_order(engine: Engine) -> str:
    upload, [first, second, last] = with_parts(engine, FIRST, SECOND, LAST)
    body = listing((2, second), (1, first), (3, last))
    return completed(engine, upload, body, [FIRST, SECOND, LAST])


@case("400 InvalidPartOrder")
def a_part_listed_twice(engine: Engine) -> str:
    upload, [first, last] = with_parts(engine, FIRST, LAST)
    return completed(engine, upload, listing((1, first), (1, first), (2, last)), [FIRST, LAST])


@case("200 joined 1,3")
def only_some_of_the_parts(engine: Engine) -> str:
    upload, [first, _, last] = with_parts(engine, FIRST, SECOND, LAST)
    return completed(engine, upload, listing((1, first), (3, last)), [FIRST, LAST])


@case("200 joined 1,3")
def numbers_with_gaps(engine: Engine) -> str:
    upload = engine.create_upload()
    first = put_part(engine, upload, 7, FIRST).headers["ETag"]
    last = put_part(engine, upload, 9_999, LAST).headers["ETag"]
    return completed(engine, upload, listing((7, first), (9_999, last)), [FIRST, LAST])


@case("200, then 400 EntityTooSmall")
def a_small_part_that_is_not_the_last(engine: Engine) -> str:
    upload = engine.create_upload()
    answer = put_part(engine, upload, 1, FIRST[1:])
    last = put_part(engine, upload, 2, LAST).headers["ETag"]
    body = part_list([answer.headers["ETag"], last])
    return f"{told(answer)}, then {told(complete(engine, upload, body))}"


@case("400 InvalidPart")
def a_wrong_etag(engine: Engine) -> str:
    upload, _ = with_parts(engine, CONTENT)
    return told(complete(engine, upload, part_list([etag_of(b"other")])))


@case("400 InvalidPart")
def a_part_that_was_never_sent(engine: Engine) -> str:
    upload, [etag] = with_parts(engine, CONTENT)
    return told(complete(engine, upload, listing((2, etag))))


@case("400 MalformedXML")
def an_empty_list(engine: Engine) -> str:
    upload, _ = with_parts(engine, CONTENT)
    return told(complete(engine, upload, "<CompleteMultipartUpload/>"))


@case("400 MalformedXML")
def broken_xml(engine: Engine) -> str:
    upload, _ = with_parts(engine, CONTENT)
    return told(complete(engine, upload, "<CompleteMultipartUpload><Part>"))


@case("400 MissingRequestBodyError")
def an_empty_body(engine: Engine) -> str:
    upload, _ = with_parts(engine, CONTENT)
    return told(complete(engine, upload, ""))


@case("200")
def a_checksum_instead_of_the_etag(engine: Engine) -> str:
    upload, _ = with_parts(engine, CONTENT)
    value = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
    row = f"<PartNumber>1</PartNumber><ChecksumSHA256>{value}</ChecksumSHA256>"
    body = f"<CompleteMultipartUpload><Part>{row}</Part></CompleteMultipartUpload>"
    return told(complete(engine, upload, body))


@case("the file's: MD5 of the parts' MD5s and -2; the result's: the same")
def etags_of_a_completed_upload(engine: Engine) -> str:
    upload, etags = with_parts(engine, FIRST, LAST)
    document = complete(engine, upload, part_list(etags)).content
    root = defusedxml.ElementTree.fromstring(document)
    result = next(child.text for child in root if child.tag.endswith("ETag"))
    digests = b"".join(bytes.fromhex(etag.strip('"')) for etag in etags)
    shown = get(engine, upload.path, Range="bytes=0-0").headers["ETag"]
    assert shown == etag_of(digests).rstrip('"') + '-2"'
    same = "the same" if result == shown else repr(result)
    return f"the file's: MD5 of the parts' MD5s and -2; the result's: {same}"


@case("200, then 200")
def a_complete_sent_twice(engine: Engine) -> str:
    upload, etags = with_parts(engine, CONTENT)
    first, second = (told(complete(engine, upload, part_list(etags))) for _ in range(2))
    return f"{first}, then {second}"


@case("404 NoSuchUpload")
def another_list_after_complete(engine: Engine) -> str:
    upload, [first, last] = with_parts(engine, FIRST, LAST)
    complete(engine, upload, part_list([first, last]))
    return told(complete(engine, upload, part_list([first])))


@case("404 NoSuchUpload")
def a_complete_of_an_unknown_upload(engine: Engine) -> str:
    unknown = Upload(engine.new_path(), "unknown")
    return told(complete(engine, unknown, part_list([etag_of(CONTENT)])))


# The life of an upload


@case("200 joined 1")
def a_part_sent_again(engine: Engine) -> str:
    upload, _ = with_parts(engine, SECOND)
    again = put_part(engine, upload, 1, FIRST).headers["ETag"]
    return completed(engine, upload, part_list([again]), [FIRST])


@case("400 InvalidPart")
def the_etag_of_a_part_that_was_replaced(engine: Engine) -> str:
    upload, [stale] = with_parts(engine, CONTENT)
    put_part(engine, upload, 1, b"newer")
    return told(complete(engine, upload, part_list([stale])))


@case("400 InvalidPart")
def a_part_whose_connection_was_cut(engine: Engine) -> str:
    upload = engine.create_upload()
    parameters = {"partNumber": "1", "uploadId": upload.upload_id}
    url = engine.signer().sign("PUT", upload.path, parameters)
    with send_head(url, f"Content-Length: {len(CONTENT)}") as connection:
        connection.sendall(CONTENT[:-1])
        connection.shutdown(socket.SHUT_WR)
        with suppress(ConnectionResetError):
            read_all(connection)
    return told(complete(engine, upload, part_list([etag_of(CONTENT)])))


@case("404 NoSuchUpload")
def a_part_for_an_unknown_upload(engine: Engine) -> str:
    return told(put_part(engine, Upload(engine.new_path(), "unknown"), 1, CONTENT))


@case("400 InvalidArgument")
def a_part_number_out_of_range(engine: Engine) -> str:
    return told(put_part(engine, engine.create_upload(), 10_001, CONTENT))


@case("204, then a part 404 NoSuchUpload, a complete 404 NoSuchUpload, an abort 404 NoSuchUpload")
def an_abort(engine: Engine) -> str:
    upload, etags = with_parts(engine, CONTENT)
    url = engine.signer().sign("DELETE", upload.path, {"uploadId": upload.upload_id})
    first = told(engine.http.delete(url, timeout=10))
    part = told(put_part(engine, upload, 1, CONTENT))
    late = told(complete(engine, upload, part_list(etags)))
    second = told(engine.http.delete(url, timeout=10))
    return f"{first}, then a part {part}, a complete {late}, an abort {second}"


@case("404 NoSuchUpload")
def a_part_after_complete(engine: Engine) -> str:
    upload, etags = with_parts(engine, CONTENT)
    complete(engine, upload, part_list(etags))
    return told(put_part(engine, upload, 1, CONTENT))


@case("404 NoSuchKey")
def a_get_before_complete(engine: Engine) -> str:
    upload, _ = with_parts(engine, CONTENT)
    return told(get(engine, upload.path))


@case("is gone after seconds")
def a_file_whose_time_is_over(engine: Engine) -> str:
    url = engine.put_and_let_expire()
    deadline = time.monotonic() + EXPIRY_SECONDS
    while time.monotonic() < deadline:
        if told(engine.http.get(url, timeout=10)) == "404 NoSuchKey":
            return "is gone after seconds"
        time.sleep(0.3)
    return f"is there after {EXPIRY_SECONDS} seconds"


# Other pages


def preflight(engine: Engine, origin: str) -> http.client.HTTPResponse:
    url = urlsplit(engine.signer().sign("PUT", engine.new_path()))
    connection = http.client.HTTPConnection(url.netloc, timeout=10)
    headers = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
    connection.request("OPTIONS", f"{url.path}?{url.query}", headers=headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


@case("200, and the answer to its PUT shows the ETag")
def a_preflight_of_the_page(engine: Engine) -> str:
    asked = preflight(engine, PAGE)
    assert asked.getheader("Access-Control-Allow-Origin") in ("*", PAGE)
    answer = put(engine, engine.signer().sign("PUT", engine.new_path()), Origin=PAGE)
    exposed = answer.headers["Access-Control-Expose-Headers"].replace(" ", "").split(",")
    return f"{asked.status}, and the answer to its PUT {'shows' * ('ETag' in exposed)} the ETag"


@case("200")
def a_preflight_of_another_page(engine: Engine) -> str:
    return str(preflight(engine, "https://another.example").status)
