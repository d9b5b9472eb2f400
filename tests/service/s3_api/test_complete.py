import base64
import hashlib
import logging
import zlib
from collections.abc import Callable

import pytest

from service.store.folder import PartFile
from service.store.uploads import ListedPart, Upload, Uploads
from tests.service.api_client import (
    BLOCKS,
    PART,
    SIZE,
    Api,
    error,
    error_code,
    part_list,
    uploaded,
    xml,
)
from tests.service.live import Live


def parts_xml(*rows: str, head: str = "<CompleteMultipartUpload>") -> str:
    listed = "".join(f"<Part>{row}</Part>" for row in rows)
    return f"{head}{listed}</CompleteMultipartUpload>"


def test_the_parts_become_one_file(api: Api) -> None:
    urls, etags = uploaded(api)
    answer = api.complete(urls["completeUrl"], part_list(etags))
    assert answer.status_code == 200
    assert answer.headers["Server-Timing"].startswith("complete;dur=")
    namespace = "{http://s3.amazonaws.com/doc/2006-03-01/}"
    root = xml(answer)
    assert root.tag == f"{namespace}CompleteMultipartUploadResult"
    told = {child.tag.removeprefix(namespace): child.text or "" for child in root}
    got = api.get(urls["downloadUrl"])
    assert got.content == b"".join(BLOCKS)
    assert got.headers["Content-Type"] == "binary/octet-stream"
    assert told["ETag"] == got.headers["ETag"]
    assert told["ETag"].endswith('-3"')
    assert urls["downloadUrl"].startswith(f"{told['Location']}?")
    assert told["Location"].endswith(f"/{told['Bucket']}/{told['Key']}")


def test_the_assembled_etag_is_that_of_the_contract(live: Live) -> None:
    uploads: Uploads = live.service.store.uploads
    upload = uploads.create(300_000, 9e9)
    etags = (
        "e72ffba0e447d2d3be70f0b236bd5cce",
        "1809f324920bb85b3488f5f057691f43",
        "94747aa698b951b9c1cf5f2fc463a396",
    )
    for number, etag in enumerate(etags, 1):
        uploads.put_part(upload, number, PartFile(f"vector-{number}", 100_000, etag))
    listed = [ListedPart(number, etag) for number, etag in enumerate(etags, 1)]
    assert uploads.complete(upload, listed) == "ec21f1523c49402b65b1f03c96d67d5d-3"


def test_download_before_complete_is_no_such_key(api: Api) -> None:
    urls, _ = uploaded(api)
    assert error_code(api.get(urls["downloadUrl"])) == (404, "NoSuchKey")


@pytest.mark.parametrize("form", ['"{}"', "{}", "&quot;{}&quot;", "&amp;quot;{}&amp;quot;", " {} "])
@pytest.mark.parametrize("change", [str.lower, str.upper])
def test_etags_are_accepted_however_they_are_written(
    api: Api, form: str, change: Callable[[str], str]
) -> None:
    urls, etags = uploaded(api)
    written = [form.format(change(etag.strip('"'))) for etag in etags]
    assert api.complete(urls["completeUrl"], part_list(written)).status_code == 200


@pytest.mark.parametrize(
    "head",
    [
        '<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
        '<CompleteMultipartUpload xmlns="">',
        '<CompleteMultipartUpload xmlns="urn:other">',
        '\ufeff<?xml version="1.0" encoding="UTF-8"?>\n<CompleteMultipartUpload>',
    ],
)
def test_any_namespace_or_none_is_accepted(api: Api, head: str) -> None:
    urls, etags = uploaded(api)
    body = part_list(etags).replace("<CompleteMultipartUpload>", head)
    assert api.complete(urls["completeUrl"], body.encode()).status_code == 200


def test_the_order_inside_a_part_does_not_matter(api: Api) -> None:
    urls, [etag] = uploaded(api, [b"only"])
    body = parts_xml(f"<ETag>{etag}</ETag><PartNumber>1</PartNumber>")
    assert api.complete(urls["completeUrl"], body).status_code == 200


def checksums(data: bytes) -> dict[str, str]:
    digests = {
        "CRC32": zlib.crc32(data).to_bytes(4, "big"),
        "SHA1": hashlib.sha1(data, usedforsecurity=False).digest(),
        "SHA256": hashlib.sha256(data).digest(),
    }
    return {name: base64.b64encode(digest).decode() for name, digest in digests.items()}


def test_checksums_are_those_of_the_contract() -> None:
    assert checksums(b"hello") == {
        "CRC32": "NhCmhg==",
        "SHA1": "qvTGHdzF6KLavt4PO0gs2a6pQ00=",
        "SHA256": "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=",
    }


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_a_checksum_may_stand_in_for_the_etag(api: Api, algorithm: str) -> None:
    urls, _ = uploaded(api, [b"hello"])
    name = f"Checksum{algorithm}"
    row = f"<PartNumber>1</PartNumber><{name}>{checksums(b'hello')[algorithm]}</{name}>"
    assert api.complete(urls["completeUrl"], parts_xml(row)).status_code == 200
    assert api.get(urls["downloadUrl"]).content == b"hello"


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_a_wrong_checksum_is_an_invalid_part_even_beside_a_right_etag(
    api: Api, algorithm: str
) -> None:
    urls, [etag] = uploaded(api, [b"hello"])
    name = f"Checksum{algorithm}"
    wrong = f"<{name}>{checksums(b'other')[algorithm]}</{name}>"
    row = f"<PartNumber>1</PartNumber><ETag>{etag}</ETag>{wrong}"
    assert error_code(api.complete(urls["completeUrl"], parts_xml(row))) == (400, "InvalidPart")


def test_a_checksum_that_cannot_be_checked_is_an_invalid_request(api: Api) -> None:
    urls, [etag] = uploaded(api, [b"hello"])
    row = f"<PartNumber>1</PartNumber><ETag>{etag}</ETag><ChecksumCRC64NVME>x</ChecksumCRC64NVME>"
    assert error_code(api.complete(urls["completeUrl"], parts_xml(row))) == (400, "InvalidRequest")


def test_reversed_parts_are_an_invalid_part_order(api: Api) -> None:
    urls, etags = uploaded(api)
    rows = [
        f"<PartNumber>{number}</PartNumber><ETag>{etags[number - 1]}</ETag>" for number in (2, 1)
    ]
    status, elements = error(api.complete(urls["completeUrl"], parts_xml(*rows)))
    assert (status, elements["Code"]) == (400, "InvalidPartOrder")
    assert elements["PartNumber"] == "1"
    assert elements["ETag"] == etags[0].strip('"')
    assert f"uploadId={elements['UploadId']}" in urls["completeUrl"]


def test_a_part_listed_twice_is_an_invalid_part_order(api: Api) -> None:
    urls, [etag] = uploaded(api, [b"x"])
    row = f"<PartNumber>1</PartNumber><ETag>{etag}</ETag>"
    answer = api.complete(urls["completeUrl"], parts_xml(row, row))
    assert error_code(answer) == (400, "InvalidPartOrder")


@pytest.mark.parametrize(
    ("number", "etag"), [(1, "0" * 32), (2, "5d41402abc4b2a76b9719d911017c592"), (99999, "x")]
)
def test_a_wrong_etag_and_a_missing_part_are_an_invalid_part(
    api: Api, number: int, etag: str
) -> None:
    urls, _ = uploaded(api, [b"hello"])
    row = f"<PartNumber>{number}</PartNumber><ETag>{etag}</ETag>"
    status, elements = error(api.complete(urls["completeUrl"], parts_xml(row)))
    assert (status, elements["Code"]) == (400, "InvalidPart")
    assert (elements["PartNumber"], elements["ETag"]) == (str(number), etag)
    assert elements["UploadId"]


def test_a_small_part_is_taken_at_put_and_refused_at_complete_unless_it_is_last(api: Api) -> None:
    urls, etags = uploaded(api, [bytes(PART), bytes(PART - 1), bytes(PART)])
    status, elements = error(api.complete(urls["completeUrl"], part_list(etags)))
    assert (status, elements["Code"]) == (400, "EntityTooSmall")
    assert elements["ProposedSize"] == str(PART - 1)
    assert elements["MinSizeAllowed"] == str(PART)
    assert elements["PartNumber"] == "2"
    assert elements["ETag"] == etags[1].strip('"')


def test_the_documented_minimum_is_5_mib(full_size: Live) -> None:
    api = full_size.api
    urls = api.multipart(11_723_249)
    assert (urls["minPartSize"], urls["maxPartSize"]) == (5_242_880, 2_147_483_648)
    small = api.put_parts(urls["uploadPartUrls"], [bytes(5_242_879), b"end"])
    answer = api.complete(urls["completeUrl"], part_list(small))
    assert error_code(answer) == (400, "EntityTooSmall")
    exact = api.put_parts(urls["uploadPartUrls"], [bytes(5_242_880), b"end"])
    assert api.complete(urls["completeUrl"], part_list(exact)).status_code == 200


def test_an_empty_body_is_a_missing_request_body(api: Api) -> None:
    urls, _ = uploaded(api)
    assert error_code(api.complete(urls["completeUrl"], "")) == (400, "MissingRequestBodyError")
    assert error_code(api.complete(urls["completeUrl"], " \n")) == (400, "MissingRequestBodyError")


GOOD = "<PartNumber>1</PartNumber><ETag>x</ETag>"


@pytest.mark.parametrize(
    "body",
    [
        "<CompleteMultipartUpload/>",
        "<CompleteMultipartUpload>",
        "no xml",
        parts_xml("<ETag>x</ETag>"),
        parts_xml("<PartNumber>1</PartNumber>"),
        parts_xml("<PartNumber>1</PartNumber><ETag/>"),
        parts_xml("<PartNumber>one</PartNumber><ETag>x</ETag>"),
        parts_xml("<PartNumber>-1</PartNumber><ETag>x</ETag>"),
        parts_xml(f"<PartNumber>{'9' * 5000}</PartNumber><ETag>x</ETag>"),
        parts_xml("<PartNumber>\u0661</PartNumber><ETag>x</ETag>"),
        parts_xml(f"{GOOD}<ETag>x</ETag>"),
        parts_xml(f"{GOOD}<Size>1</Size>"),
        parts_xml(f"{GOOD}<ChecksumSHA1/>"),
        parts_xml("<PartNumber>1</PartNumber><ETag><b>x</b></ETag>"),
        f"<CompleteMultipartUpload><Piece>{GOOD}</Piece></CompleteMultipartUpload>",
        f"<Other><Part>{GOOD}</Part></Other>",
        part_list(["x"] * 10_001),
        '<?xml version="1.0" encoding="no-such"?><a/>',
        '<?xml version="1.0" encoding="shift_jis"?><CompleteMultipartUpload/>',
    ],
)
def test_what_the_schema_does_not_allow_is_malformed(api: Api, body: str) -> None:
    urls, _ = uploaded(api, [b"x"])
    assert error_code(api.complete(urls["completeUrl"], body.encode())) == (400, "MalformedXML")


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE x>",
        '<!DOCTYPE x [<!ENTITY a "1">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_dtds_and_entities_are_malformed(api: Api, doctype: str) -> None:
    urls, etags = uploaded(api, [b"x"])
    body = f'<?xml version="1.0"?>{doctype}{part_list(etags)}'
    assert error_code(api.complete(urls["completeUrl"], body)) == (400, "MalformedXML")


def test_a_huge_list_is_refused_from_its_length(api: Api) -> None:
    urls, _ = uploaded(api, [b"x"])
    answer = api.complete(urls["completeUrl"], b"<" * (2**20 + 1))
    status, elements = error(answer)
    assert (status, elements["Code"]) == (400, "EntityTooLarge")
    assert elements["MaxSizeAllowed"] == str(2**20)


def test_deep_xml_does_no_harm(api: Api) -> None:
    urls, _ = uploaded(api, [b"x"])
    answer = api.complete(urls["completeUrl"], "<a>" * 100_000 + "</a>" * 100_000)
    assert error_code(answer) == (400, "MalformedXML")


def test_the_same_list_again_gives_the_same_answer(api: Api) -> None:
    urls, etags = uploaded(api)
    first = api.complete(urls["completeUrl"], part_list(etags))
    bare = part_list(etag.strip('"') for etag in etags)
    second = api.complete(urls["completeUrl"], bare)
    assert (second.status_code, second.content) == (200, first.content)


def test_another_list_after_complete_is_no_such_upload(api: Api) -> None:
    urls, etags = uploaded(api)
    api.complete(urls["completeUrl"], part_list(etags))
    status, elements = error(api.complete(urls["completeUrl"], part_list(etags[:2])))
    assert (status, elements["Code"]) == (404, "NoSuchUpload")
    assert f"uploadId={elements['UploadId']}" in urls["completeUrl"]


def test_an_unknown_upload_is_no_such_upload(live: Live) -> None:
    signer = live.signer()
    complete = signer.sign("POST", "/files/abc", {"uploadId": "unknown"})
    assert error_code(live.api.complete(complete, part_list(["x"]))) == (404, "NoSuchUpload")
    part = signer.sign("PUT", "/files/abc", {"uploadId": "unknown", "partNumber": "1"})
    assert error_code(live.api.put(part, b"x")) == (404, "NoSuchUpload")


def test_an_upload_id_holds_for_its_own_key_only(live: Live) -> None:
    upload = live.service.store.uploads.create(10, 9e9)
    parameters = {"uploadId": upload.upload_id, "partNumber": "1"}
    url = live.signer().sign("PUT", "/files/another", parameters)
    assert error_code(live.api.put(url, b"x")) == (404, "NoSuchUpload")


def test_parts_that_are_not_listed_are_dropped(live: Live) -> None:
    urls, etags = uploaded(live.api)
    before = len(live.files)
    assert live.api.complete(urls["completeUrl"], part_list(etags[:2])).status_code == 200
    assert live.api.get(urls["downloadUrl"]).content == b"".join(BLOCKS[:2])
    assert len(live.files) == before - 1


def test_gaps_between_part_numbers_are_allowed(api: Api) -> None:
    urls, etags = uploaded(api)
    assert api.complete(urls["completeUrl"], part_list(etags[2:], first=3)).status_code == 200
    assert api.get(urls["downloadUrl"]).content == b"end"


def test_another_size_than_declared_completes_with_a_warning(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    urls, etags = uploaded(api, [b"much shorter"])
    with caplog.at_level(logging.WARNING):
        assert api.complete(urls["completeUrl"], part_list(etags)).status_code == 200
    assert f"12 bytes; {SIZE} were declared" in caplog.text


def test_410_parts_are_completed(full_size: Live) -> None:
    uploads: Uploads = full_size.service.store.uploads
    upload: Upload = uploads.create(2_147_483_648, 9e9)
    etags = [f"{number:032x}" for number in range(410)]
    sizes = [5_242_880] * 409 + [3_145_728]
    for number, (etag, size) in enumerate(zip(etags, sizes, strict=True), 1):
        uploads.put_part(upload, number, PartFile(f"many-{number}", size, etag))
    url = full_size.signer().sign("POST", f"/files/{upload.key}", {"uploadId": upload.upload_id})
    answer = full_size.api.complete(url, part_list(etags))
    assert answer.status_code == 200
    assert float(answer.headers["Server-Timing"].partition("=")[2]) > 0
