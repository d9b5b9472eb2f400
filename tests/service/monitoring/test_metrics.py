"""The figures are true: what was done over HTTP is what they say."""

import time
from collections.abc import Generator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.service.api_client import BLOCKS, SIZE, Api, part_list, uploaded, wait_until
from tests.service.live import SMALL, Live, running

Figures = dict[tuple[str, tuple[tuple[str, str], ...]], float]

PART_PUTS = {"route": "/files/{key}", "operation": "put_part"}


def figures(api: Api) -> Figures:
    answer = api.get(f"{api.base_url}/service/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def value(figures: Figures, name: str, **labels: str) -> float:
    return figures.get((name, tuple(sorted(labels.items()))), 0)


def wait_for(api: Api, name: str, expected: float, **labels: str) -> Figures:
    """A request is counted when it is over, which may be after its answer came."""
    wait_until(lambda: value(figures(api), name, **labels) == expected)
    return figures(api)


@pytest.fixture
def fresh(tmp_path: Path) -> Generator[Live, None, None]:
    with running(tmp_path, **SMALL, faults="on", sweep_interval=0.1) as live:
        yield live


def test_n_parts_uploaded_are_n_parts_counted(fresh: Live) -> None:
    api = fresh.api
    urls, etags = uploaded(api)
    api.put(urls["uploadPartUrls"][2], b"end")  # sent again: a fourth PUT
    assert api.complete(urls["completeUrl"], part_list(etags)).status_code == 200
    assert len(api.get(urls["downloadUrl"]).content) == SIZE
    counted = wait_for(
        api, "tfw_requests_total", 1, route="/files/{key}", operation="get", status="200"
    )
    assert value(counted, "tfw_requests_total", **PART_PUTS, status="200") == 4
    assert value(counted, "tfw_part_put_seconds_count") == 4
    body = part_list(etags)
    received = sum(map(len, BLOCKS)) + 3 + len(body)
    assert value(counted, "tfw_received_bytes_total", route="/files/{key}") == received
    assert value(counted, "tfw_sent_bytes_total", route="/files/{key}") >= SIZE
    assert value(counted, "tfw_stored_bytes") == SIZE


def test_the_life_of_uploads_is_counted(fresh: Live) -> None:
    api = fresh.api
    done, etags = uploaded(api)
    for _ in range(2):  # the repeated complete is answered, and not another completed upload
        assert api.complete(done["completeUrl"], part_list(etags)).status_code == 200
    api.multipart(SIZE)
    dropped = api.multipart(SIZE)
    path, _, query = dropped["completeUrl"].partition("?")
    upload_id = dict(item.split("=") for item in query.split("&"))["uploadId"]
    abort = fresh.signer().sign("DELETE", path.removeprefix(api.base_url), {"uploadId": upload_id})
    assert api.http.delete(abort).status_code == 204
    counted = figures(api)
    assert value(counted, "tfw_uploads_total", event="created") == 3
    assert value(counted, "tfw_uploads_total", event="completed") == 1
    assert value(counted, "tfw_uploads_total", event="aborted") == 1
    assert value(counted, "tfw_uploads_total", event="expired") == 0
    assert value(counted, "tfw_uploads_open") == 1


def test_an_expired_upload_is_counted_when_it_is_swept(fresh: Live) -> None:
    store = fresh.service.store
    for age in (100, 100, -100):
        store.uploads.create(1, time.time() - age)
    counted = wait_for(fresh.api, "tfw_uploads_total", 2, event="expired")
    assert value(counted, "tfw_uploads_open") == 1
    wait_until(lambda: value(figures(fresh.api), "tfw_sweeps_total", result="done") >= 1)


def test_errors_are_counted_by_their_code_and_a_strange_one_as_other(fresh: Live) -> None:
    api = fresh.api
    urls = api.single()
    for _ in range(2):
        assert api.get(urls["downloadUrl"]).status_code == 404
    assert api.get(urls["downloadUrl"][:-1] + "x").status_code == 403
    counted = wait_for(api, "tfw_s3_errors_total", 1, code="SignatureDoesNotMatch")
    assert value(counted, "tfw_s3_errors_total", code="NoSuchKey") == 2


def test_an_error_inside_a_200_is_counted_too(fresh: Live) -> None:
    api = fresh.api
    urls, etags = uploaded(api)
    headers = {"Authorization": f"Bearer {api.token()}"}
    answer = api.http.put(
        f"{api.base_url}/faults", json={"complete_error": {}}, headers=headers, timeout=10
    )
    assert answer.status_code == 200
    assert value(figures(api), "tfw_fault_active", fault="complete_error") == 1
    api.complete(urls["completeUrl"], part_list(etags))
    counted = wait_for(api, "tfw_s3_errors_total", 1, code="InternalError")
    assert value(counted, "tfw_fault_active", fault="complete_error") == 0


def test_no_label_carries_what_a_client_wrote(fresh: Live) -> None:
    api = fresh.api
    urls = api.single()
    api.put(urls["uploadUrl"], b"x")
    api.http.request("BREW", f"{api.base_url}/files/leak1?partNumber=leak2")
    api.get(f"{api.base_url}/service/leak3?leak4=1")
    api.http.put(f"{api.base_url}/files/leak5?uploadId=leak6&partNumber=7")
    wait_for(api, "tfw_requests_total", 1, route="(unknown)", operation="get", status="404")
    text = api.get(f"{api.base_url}/service/metrics").text
    assert "leak" not in text
    assert "BREW" not in text.upper()
    assert urls["uploadUrl"].partition("?")[0].rpartition("/")[2] not in text


def test_the_figures_of_two_services_in_one_process_are_apart(fresh: Live, live: Live) -> None:
    fresh.api.multipart(SIZE)
    assert value(figures(fresh.api), "tfw_uploads_total", event="created") == 1


def test_a_store_that_cannot_be_read_leaves_the_other_figures(
    fresh: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> int:
        raise OSError("gone")

    monkeypatch.setattr(fresh.service.store.uploads, "count_open", fail)
    counted = figures(fresh.api)
    assert ("tfw_uploads_open", ()) not in counted
    assert ("tfw_uploads_total", (("event", "created"),)) in counted
