"""Upload URLs that somebody asked for by hand."""

from datetime import UTC, datetime
from typing import Any

import pytest

from client.api.document import choose_operation
from client.errors import ClientError
from client.storage.plan import UploadSlot, plan_in_slot
from client.transfers.slot import links_in, slots_of
from tests.client.scripted_endpoint import SIGNED, ScriptedEndpoint

ASKED = 1_000_000.0
ENDS = datetime(2099, 11, 22, 11, 15, tzinfo=UTC).timestamp()
"""The X-Amz-Date of `SIGNED` and its hour."""
SINGLE = "mutation { createTempFileUploadUrl { uploadUrl downloadUrl } }"
FIELDS = "downloadUrl completeUrl uploadPartUrls minPartSize maxPartSize"
MULTIPART = f"mutation {{ createTempFileMultipartUploadUrl(input: {{}}) {{ {FIELDS} }} }}"


def url(name: str) -> str:
    return f"https://store.example/{name}?{SIGNED}"


def slots(text: str, data: dict[str, Any]) -> tuple[UploadSlot, ...]:
    return slots_of(choose_operation(text), data, ASKED)


def single_payload() -> dict[str, Any]:
    return {"uploadUrl": url("put"), "downloadUrl": url("get")}


def multipart_payload(count: int = 3) -> dict[str, Any]:
    return {
        "downloadUrl": url("get"),
        "completeUrl": url("complete"),
        "uploadPartUrls": [url(str(number)) for number in range(count)],
        "minPartSize": 5_242_880,
        "maxPartSize": 2_147_483_648.0,
    }


def test_a_single_slot_has_its_urls_and_their_end() -> None:
    [slot] = slots(SINGLE, {"createTempFileUploadUrl": single_payload()})
    assert (slot.kind, slot.put_urls, slot.download_url) == ("single", (url("put"),), url("get"))
    assert slot.deadline == ENDS


def test_a_multipart_slot_has_its_sizes() -> None:
    [slot] = slots(MULTIPART, {"createTempFileMultipartUploadUrl": multipart_payload()})
    assert (slot.kind, len(slot.put_urls), slot.complete_url) == ("multipart", 3, url("complete"))
    assert (slot.min_part_size, slot.max_part_size) == (5_242_880, 2_147_483_648)


def test_a_slot_behind_an_alias_and_a_fragment_is_found() -> None:
    text = """mutation { mine: createTempFileUploadUrl { ...F } }
    fragment F on CreateTempFileUploadUrlPayload { uploadUrl ... { downloadUrl } }"""
    assert len(slots(text, {"mine": single_payload()})) == 1


@pytest.mark.parametrize(
    "text",
    [
        "{ createTempFileUploadUrl: viewer { uploadUrl: name downloadUrl: name } }",
        "{ createTempFileUploadUrl: node(id: 1) { uploadUrl downloadUrl } }",
        "mutation { createTempFileUploadUrl { uploadUrl: downloadUrl downloadUrl } }",
        "mutation { createTempFileUploadUrl { ...F } }"
        " fragment F on P { uploadUrl: note downloadUrl }",
    ],
)
def test_text_under_the_key_of_a_url_is_no_slot(text: str) -> None:
    assert not slots(text, {"createTempFileUploadUrl": single_payload()})


@pytest.mark.parametrize("missing", ["downloadUrl", "completeUrl", "uploadPartUrls"])
def test_an_answer_that_lacks_a_url_is_no_slot(missing: str) -> None:
    payload = multipart_payload()
    del payload[missing]
    assert not slots(MULTIPART, {"createTempFileMultipartUploadUrl": payload})


def test_links_are_found_wherever_they_are_and_only_addresses() -> None:
    data = {
        "a": {"downloadUrl": url("one"), "file": "javascript:alert(1)"},
        "b": [{"node": {"imageUrl": "https://other.example/x"}}, {"downloadUrl": url("one")}],
    }
    assert [(link.key, link.url, link.deadline) for link in links_in(data, ASKED)] == [
        ("downloadUrl", url("one"), ENDS),
        ("imageUrl", "https://other.example/x", ASKED + 3600),
    ]


def test_a_file_goes_to_the_slot_s_urls() -> None:
    connection = ScriptedEndpoint(url="http://127.0.0.1:9").connection()
    [slot] = slots(MULTIPART, {"createTempFileMultipartUploadUrl": multipart_payload()})
    plan = plan_in_slot(slot, "a.bin", 10_000_000, "video/mp4", connection, 5_242_880)
    assert [(part.start, part.end) for part in plan.parts] == [
        (0, 5_242_880),
        (5_242_880, 10_000_000),
    ]
    assert (plan.parts[0].url, plan.complete_url) == (url("0"), url("complete"))
    assert plan.deadline == ENDS


@pytest.mark.parametrize(
    ("kind", "size", "code"),
    [
        ("single", 51, "size-over-single-limit"),
        ("single", 0, "empty-file"),
        ("multipart", 10_000_001, "size-over-2gb"),
        ("multipart", 20, "unexpected-answer"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(kind: Any, size: int, code: str) -> None:
    connection = ScriptedEndpoint(url="http://127.0.0.1:9").connection()
    slot = UploadSlot(kind, (url("a"),), url("get"), ENDS, url("complete"), 1, 10)
    with pytest.raises(ClientError) as error:
        plan_in_slot(slot, "a.bin", size, "video/mp4", connection)
    assert error.value.code == code
