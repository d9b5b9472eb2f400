from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.api.api import Api
from client.errors import (
    ClientError,
    CompleteFailedError,
    LinkExpiredError,
    ServiceDownError,
    StorageRefusedError,
)
from client.storage.complete import complete_xml
from client.storage.plan import UploadPlan
from client.transfers.upload import upload_file
from contract.s3_xml import parse_s3_error, parse_xml
from tests.client.scripted_endpoint import (
    HTML,
    QUICK,
    Action,
    ScriptedEndpoint,
    answer,
    drop,
    lose_answer,
    s3_error,
)

SPACE = "{http://s3.amazonaws.com/doc/2006-03-01/}"
PADDED_ERROR = b'<?xml version="1.0"?>\n   \n   ' + s3_error("InternalError")


def test_the_document_is_the_one_of_the_contract() -> None:
    etags = {2: '"92eb5ffee6ae2fec3ad71c777531578f"', 1: '"0cc175b9c0f1b6a831c399e269772661"'}
    assert complete_xml(etags) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\n'
        '  <Part><PartNumber>1</PartNumber><ETag>"0cc175b9c0f1b6a831c399e269772661"</ETag></Part>\n'
        '  <Part><PartNumber>2</PartNumber><ETag>"92eb5ffee6ae2fec3ad71c777531578f"</ETag></Part>\n'
        "</CompleteMultipartUpload>\n"
    )


printable = st.characters(min_codepoint=0x20, max_codepoint=0x7E)


@given(st.dictionaries(st.integers(1, 10_000), st.text(printable, min_size=1), min_size=1))
def test_any_etags_come_out_ascending_and_as_received(etags: dict[int, str]) -> None:
    root = ElementTree.fromstring(complete_xml(etags))  # noqa: S314
    read = [(int(part[0].text or 0), part[1].text) for part in root]
    assert read == sorted(etags.items())
    assert {part.tag for part in root} == {f"{SPACE}Part"}


def planned(endpoint: ScriptedEndpoint, api: Api) -> UploadPlan:
    """Return a plan whose parts are already stored."""
    plan = api.plan_upload("clip", 100, "video/mp4", part_size=60)
    endpoint.parts = {1: bytes(60), 2: bytes(40)}
    return plan


ETAGS = {1: '"a"', 2: '"b"'}


def test_the_request_says_xml_and_carries_all_parts(endpoint: ScriptedEndpoint) -> None:
    api = endpoint.api()
    receipt = api.complete(planned(endpoint, api), ETAGS)
    sent = endpoint.last("complete")
    assert sent.headers["Content-Type"] == "application/xml"
    assert sent.body.decode() == receipt.complete_xml
    assert receipt.parts == ((1, 60, '"a"'), (2, 40, '"b"'))
    assert "CompleteMultipartUploadResult" in (receipt.complete_answer or "")


def test_the_etag_comes_from_the_object_and_not_from_the_answer(
    endpoint: ScriptedEndpoint,
) -> None:
    endpoint.complete_etag = ""
    api = endpoint.api()
    receipt = api.complete(planned(endpoint, api), ETAGS)
    assert "<ETag></ETag>" in (receipt.complete_answer or "")
    assert receipt.etag == endpoint.etag


def test_the_object_is_looked_at_by_a_range_and_never_by_head(endpoint: ScriptedEndpoint) -> None:
    api = endpoint.api()
    api.complete(planned(endpoint, api), ETAGS)
    assert endpoint.last("object").headers["Range"] == "bytes=0-0"
    assert "HEAD" not in {entry.method for entry in api.log.entries()}


def test_a_store_that_ignores_the_range_is_measured_by_its_content_length(
    endpoint: ScriptedEndpoint,
) -> None:
    endpoint.on("object", answer(200, bytes(100), ETag='"e"'))
    api = endpoint.api()
    assert api.complete(planned(endpoint, api), ETAGS).size == 100


@pytest.mark.parametrize(
    "failure",
    [answer(200, PADDED_ERROR), answer(500, s3_error("InternalError")), drop, answer(503)],
)
def test_a_passing_failure_is_tried_again(endpoint: ScriptedEndpoint, failure: Action) -> None:
    endpoint.on("complete", failure, failure)
    api = endpoint.api()
    assert api.complete(planned(endpoint, api), ETAGS).size == 100
    assert endpoint.times("complete") == 3


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (answer(200, s3_error("InvalidPart")), "InvalidPart"),
        (answer(400, s3_error("EntityTooSmall", PartNumber="1")), "EntityTooSmall"),
        (answer(404, s3_error("NoSuchUpload")), "NoSuchUpload"),
    ],
)
def test_a_refused_list_is_told_with_the_code_of_the_store(
    endpoint: ScriptedEndpoint, failure: Action, code: str
) -> None:
    endpoint.on("complete", failure)
    api = endpoint.api()
    with pytest.raises(CompleteFailedError, match=code) as info:
        api.complete(planned(endpoint, api), ETAGS)
    assert info.value.details["storage_code"] == code
    assert endpoint.times("complete") == 1


@pytest.mark.parametrize("body", [HTML, b"", b"<Other/>"])
def test_a_200_without_a_result_is_no_success(endpoint: ScriptedEndpoint, body: bytes) -> None:
    endpoint.on("complete", answer(200, body))
    api = endpoint.api()
    with pytest.raises(CompleteFailedError, match="no CompleteMultipartUploadResult"):
        api.complete(planned(endpoint, api), ETAGS)


def test_a_lost_answer_is_settled_by_the_object(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("complete", lose_answer)
    api = endpoint.api()
    receipt = api.complete(planned(endpoint, api), ETAGS)
    assert receipt.size == 100
    assert receipt.complete_answer is None
    assert endpoint.times("complete") == 2


def test_a_lost_answer_without_an_object_is_a_failure(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("complete", drop, answer(404, s3_error("NoSuchUpload")))
    api = endpoint.api()
    with pytest.raises(StorageRefusedError, match="NoSuchKey"):
        api.complete(planned(endpoint, api), ETAGS)


def test_an_expired_complete_says_what_a_fresh_start_costs(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("complete", answer(403, s3_error("AccessDenied", "Request has expired")))
    api = endpoint.api()
    with pytest.raises(LinkExpiredError, match="All 2 parts"):
        api.complete(planned(endpoint, api), ETAGS)


def test_a_silent_store_is_service_down(endpoint: ScriptedEndpoint) -> None:
    endpoint.on("complete", *[drop] * 5)
    api = endpoint.api()
    with pytest.raises(ServiceDownError, match="did not answer complete"):
        api.complete(planned(endpoint, api), ETAGS)
    assert endpoint.times("complete") == QUICK.tries


@pytest.mark.parametrize("etags", [{}, {1: '"a"'}, {1: "", 2: '"b"'}])
def test_a_list_with_gaps_is_never_sent(endpoint: ScriptedEndpoint, etags: dict[int, str]) -> None:
    api = endpoint.api()
    with pytest.raises(CompleteFailedError, match="has no ETag"):
        api.complete(planned(endpoint, api), etags)
    assert endpoint.times("complete") == 0


def test_a_single_upload_is_only_verified(endpoint: ScriptedEndpoint, picture: Path) -> None:
    api = endpoint.api()
    upload_file(api, picture)
    plan = api.plan_upload("picture.png", 40, "image/png")
    receipt = api.complete(plan, {1: '"x"'})
    assert (receipt.complete_xml, receipt.size) == (None, 40)
    assert endpoint.times("complete") == 0


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE x [<!ENTITY a "b">]><Error><Code>&a;</Code></Error>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><Error/>',
        b"<Error>",
        b"",
        b"\xff\xfe<",
        b'<?xml version="1.0" encoding="nonsense"?><Error/>',
    ],
)
def test_hostile_or_broken_xml_counts_as_none(content: bytes) -> None:
    assert parse_xml(content) is None
    assert parse_s3_error(content) is None


def test_a_storage_error_is_read_whatever_its_namespace() -> None:
    body = b'\n <Error xmlns="urn:x"><Code>EntityTooSmall</Code><PartNumber>3</PartNumber></Error>'
    fault = parse_s3_error(body)
    assert fault
    assert fault.code == "EntityTooSmall"


@pytest.mark.parametrize(
    ("code", "message", "expired"),
    [
        ("AccessDenied", "Request has expired", True),
        ("ExpiredToken", "", True),
        ("AccessDenied", "There were headers present in the request which were not signed", False),
        ("SignatureDoesNotMatch", "expired", False),
    ],
)
def test_an_expiry_is_told_from_other_denials(code: str, message: str, *, expired: bool) -> None:
    fault = parse_s3_error(s3_error(code, message))
    assert fault
    assert fault.expired is expired


def test_errors_never_quote_a_signed_query(endpoint: ScriptedEndpoint) -> None:
    api = endpoint.api()
    plan = planned(endpoint, api)
    endpoint.on("complete", *[drop] * 5)
    with pytest.raises(ClientError) as info:
        api.complete(plan, ETAGS)
    assert "X-Amz" not in str(info.value) + repr(info.value.details)
