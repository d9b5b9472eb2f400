from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from tests.service.api_client import (
    BLOCKS,
    SIZE,
    Api,
    error,
    error_code,
    part_list,
    send_head,
    uploaded,
    wait_until,
)
from tests.service.live import Live


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


def abort(live: Live, urls: dict[str, Any], token: str | None = None) -> requests.Response:
    """Call the service's own abort, which needs a token and no signature."""
    parts = urlsplit(str(urls["completeUrl"]))
    [upload_id] = parse_qs(parts.query)["uploadId"]
    return live.api.http.delete(
        f"{live.api.base_url}/service/uploads/{upload_id}",
        params={"key": parts.path.rpartition("/")[2]},
        headers={"Authorization": f"Bearer {token or live.api.token()}"},
        timeout=10,
    )


def test_a_token_aborts_an_upload_and_nothing_of_it_is_left(live: Live) -> None:
    before = len(live.files)
    urls, etags = uploaded(live.api)
    assert abort(live, urls).status_code == 204
    assert len(live.files) == before
    answer = live.api.complete(urls["completeUrl"], part_list(etags))
    assert error_code(answer) == (404, "NoSuchUpload")
    again = abort(live, urls)
    assert (again.status_code, again.json()["error"]) == (404, "no_such_upload")
    assert again.headers["Cache-Control"] == "no-store"


def test_a_token_does_not_abort_what_is_complete(live: Live) -> None:
    urls, etags = uploaded(live.api)
    assert live.api.complete(urls["completeUrl"], part_list(etags)).ok
    assert abort(live, urls).status_code == 404
    assert live.api.get(urls["downloadUrl"]).content == b"".join(BLOCKS)


def test_an_upload_is_aborted_by_its_own_key_only(live: Live) -> None:
    mine, other = uploaded(live.api)[0], uploaded(live.api)[0]
    key = urlsplit(str(other["completeUrl"])).path
    mixed = urlsplit(str(mine["completeUrl"]))._replace(path=key).geturl()
    assert abort(live, {"completeUrl": mixed}).status_code == 404
    assert abort(live, mine).status_code == abort(live, other).status_code == 204


def test_abort_wants_a_token_and_the_verb_delete(live: Live) -> None:
    urls, _ = uploaded(live.api)
    refused = abort(live, urls, "no token")
    assert (refused.status_code, refused.json()["error"]) == (401, "unauthenticated")
    url = f"{live.api.base_url}/service/uploads/x?key=y"
    headers = {"Authorization": f"Bearer {live.api.token()}"}
    answer = live.api.http.get(url, headers=headers, timeout=10)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "DELETE")


def test_a_part_on_its_way_while_its_upload_is_aborted_leaves_nothing(live: Live) -> None:
    before = sorted(live.files)
    urls = live.api.multipart(SIZE)
    with send_head(urls["uploadPartUrls"][0], "Content-Length: 100000") as sending:
        sending.sendall(bytes(50_000))
        wait_until(lambda: sorted(live.files) != before)
        assert abort(live, urls).status_code == 204
        sending.sendall(bytes(50_000))
        assert b"<Code>NoSuchUpload</Code>" in sending.recv(65536)
    assert sorted(live.files) == before


def test_a_single_upload_broken_off_on_its_way_leaves_nothing(live: Live) -> None:
    before = sorted(live.files)
    with send_head(live.api.single()["uploadUrl"], "Content-Length: 100000") as sending:
        sending.sendall(bytes(50_000))
        wait_until(lambda: sorted(live.files) != before)
    wait_until(lambda: sorted(live.files) == before)
