from typing import Any

import pytest
from service_client import BLOCKS, SIZE, Api, error, error_code, part_list, uploaded
from service_live import Live


def test_a_part_sent_again_replaces_the_first(live: Live) -> None:
    urls, [first] = uploaded(live.api, [b"first"])
    before = len(live.files)
    [second] = live.api.put_parts(urls["uploadPartUrls"], [b"second"])
    assert len(live.files) == before
    stale = live.api.complete(urls["completeUrl"], part_list([first]))
    assert error_code(stale) == (400, "InvalidPart")
    assert live.api.complete(urls["completeUrl"], part_list([second])).status_code == 200
    assert live.api.get(urls["downloadUrl"]).content == b"second"


def test_a_part_over_its_limit_is_refused(live: Live) -> None:
    urls = live.api.multipart(SIZE)
    too_large = live.settings.max_part_size + 1
    status, elements = error(live.api.put(urls["uploadPartUrls"][0], bytes(too_large)))
    assert (status, elements["Code"]) == (400, "EntityTooLarge")
    assert elements["MaxSizeAllowed"] == str(live.settings.max_part_size)


def test_parts_that_add_up_to_more_than_the_limit_are_refused(live: Live) -> None:
    urls = live.api.multipart(SIZE)
    first, second = urls["uploadPartUrls"][:2]
    assert live.api.put(first, bytes(1_400_000)).status_code == 200
    status, elements = error(live.api.put(second, bytes(600_001)))
    assert (status, elements["Code"]) == (400, "EntityTooLarge")
    assert elements["ProposedSize"] == "2000001"
    assert live.api.put(first, bytes(1_500_000)).status_code == 200


def test_a_part_after_complete_is_no_such_upload(api: Api) -> None:
    urls, etags = uploaded(api)
    api.complete(urls["completeUrl"], part_list(etags))
    assert error_code(api.put(urls["uploadPartUrls"][0], b"late")) == (404, "NoSuchUpload")


def abort_url(live: Live, urls: dict[str, Any]) -> str:
    head, _, query = urls["completeUrl"].partition("?")
    upload_id = next(item for item in query.split("&") if item.startswith("uploadId="))
    path = head.removeprefix(live.settings.public_url)
    return live.signer().sign("DELETE", path, {"uploadId": upload_id.partition("=")[2]})


def test_abort_removes_the_parts_and_ends_the_upload(live: Live) -> None:
    before = len(live.files)
    urls, etags = uploaded(live.api)
    url = abort_url(live, urls)
    assert live.api.http.delete(url, timeout=10).status_code == 204
    assert len(live.files) == before
    assert error_code(live.api.put(urls["uploadPartUrls"][0], b"x")) == (404, "NoSuchUpload")
    answer = live.api.complete(urls["completeUrl"], part_list(etags))
    assert error_code(answer) == (404, "NoSuchUpload")
    assert error_code(live.api.http.delete(url, timeout=10)) == (404, "NoSuchUpload")


def test_abort_needs_a_url_signed_for_delete(live: Live) -> None:
    urls, _ = uploaded(live.api)
    answer = live.api.http.delete(urls["completeUrl"], timeout=10)
    assert error_code(answer) == (403, "SignatureDoesNotMatch")


def test_a_completed_upload_cannot_be_aborted(live: Live) -> None:
    urls, etags = uploaded(live.api)
    live.api.complete(urls["completeUrl"], part_list(etags))
    answer = live.api.http.delete(abort_url(live, urls), timeout=10)
    assert error_code(answer) == (404, "NoSuchUpload")
    assert live.api.get(urls["downloadUrl"]).content == b"".join(BLOCKS)


@pytest.mark.parametrize("number", ["0", "10001", "x", "-1", ""])
def test_a_part_number_out_of_range_is_an_invalid_argument(live: Live, number: str) -> None:
    parameters = {"uploadId": "any", "partNumber": number}
    url = live.signer().sign("PUT", "/files/abc", parameters)
    assert error_code(live.api.put(url, b"x")) == (400, "InvalidArgument")
