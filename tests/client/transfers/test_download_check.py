import hashlib
import time
from dataclasses import replace
from pathlib import Path

import pytest

from client.storage.complete import Receipt
from client.transfers.download_check import DownloadCheck, Progress
from client.transfers.upload import upload_file
from tests.client.scripted_endpoint import ScriptedEndpoint, answer, s3_error


def checked(endpoint: ScriptedEndpoint, receipt: Receipt, sha256: str | None) -> Progress:
    api = endpoint.api()
    check = DownloadCheck(api, "t1", receipt, sha256)
    check.start()
    deadline = time.monotonic() + 10
    while not check.progress.ended:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert [entry.purpose for entry in api.log.of_transfer("t1")][-1:] == ["download"]
    return check.progress


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_upload_in_parts_is_proved_by_size_etag_and_sha256(
    endpoint: ScriptedEndpoint, clip: Path
) -> None:
    receipt = upload_file(endpoint.api(), clip, part_size=60)
    verdict = checked(endpoint, receipt, sha256(clip)).verdict
    assert verdict
    assert verdict.good
    assert (verdict.size, verdict.etag, verdict.sha256, verdict.md5) == (
        *["same"] * 3,
        "unknown",
    )
    assert verdict.fetched.sha256 == sha256(clip)


def test_without_a_sha256_of_the_browser_the_md5_of_a_single_put_still_proves_it(
    endpoint: ScriptedEndpoint, picture: Path
) -> None:
    receipt = upload_file(endpoint.api(), picture)
    verdict = checked(endpoint, receipt, None).verdict
    assert verdict
    assert (verdict.good, verdict.sha256, verdict.md5) == (True, "unknown", "same")


@pytest.mark.parametrize("fact", ["size", "etag", "sha256"])
def test_whatever_differs_is_told(endpoint: ScriptedEndpoint, clip: Path, fact: str) -> None:
    receipt = upload_file(endpoint.api(), clip, part_size=60)
    expected = sha256(clip)
    if fact == "size":
        receipt = replace(receipt, size=99)
    elif fact == "etag":
        receipt = replace(receipt, etag='"other"')
    else:
        expected = "0" * 64
    verdict = checked(endpoint, receipt, expected).verdict
    assert verdict
    assert not verdict.good
    assert getattr(verdict, fact) == "differs"


def test_a_refusal_is_the_outcome(endpoint: ScriptedEndpoint, clip: Path) -> None:
    receipt = upload_file(endpoint.api(), clip, part_size=60)
    endpoint.on("object", answer(403, s3_error("AccessDenied", "Request has expired")))
    error = checked(endpoint, receipt, None).error
    assert error
    assert error.code == "link-expired"
