import threading
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.transfers.upload import upload_file
from client.wire.exchange import Exchange, ExchangeLog, mask_body, mask_headers, mask_text, mask_url
from tests.client.scripted_endpoint import ScriptedEndpoint, drop

SECRET = "5f2bSECRETc9a0"
SIGNED = f"https://s.example/t/1?partNumber=2&X-Amz-Date=20261122T101500Z&X-Amz-Signature={SECRET}"


def test_the_signature_is_masked_and_the_rest_of_the_url_kept() -> None:
    masked = mask_url(SIGNED + f"&X-Amz-Credential={SECRET}%2F20261122&X-Amz-SignedHeaders=host")
    assert SECRET not in masked
    assert "partNumber=2" in masked
    assert "X-Amz-Date=20261122T101500Z" in masked
    assert masked.endswith("X-Amz-SignedHeaders=host")


@pytest.mark.parametrize(
    "text",
    [
        SIGNED,
        SIGNED.replace("&", "&amp;"),
        SIGNED.replace("&", "\\u0026"),
        quote(SIGNED, safe=""),
        f"https://h/?next={quote(SIGNED, safe='')}&x=1",
        f"https://s/t?X-Amz-Security-Token={SECRET}%3D%3D",
        f"https://s/t?access_token={SECRET}",
        f"https://s/t?api-key={SECRET}",
        f"https://somebody:{SECRET}@s/t",
        f"grant_type=client_credentials&client_id=demo&client_secret={SECRET}",
        f'{{"access_token":"{SECRET}","expires_in":300}}',
        f'{{"client_secret" : "{SECRET}"}}',
        f'{{"token":"amp_pat_{SECRET}{SECRET}.more"}}',
        f"refused amp_pat_{SECRET}.{SECRET}",
        f"Authorization: Bearer {SECRET}",
        f"the token eyJhbGciOi.{SECRET}.{SECRET} is too old",
    ],
)
def test_secrets_are_masked_wherever_they_stand(text: str) -> None:
    assert SECRET not in mask_text(text)


@given(st.text(alphabet="abc=&?%2F:/\"'<>{}XAmz-Signaturetoken \\", max_size=80))
def test_masking_twice_changes_nothing(text: str) -> None:
    once = mask_body(text)
    assert mask_body(once) == once


@pytest.mark.parametrize("text", ["design=5", "X-Amz-SignedHeaders=host", '"tokens": 5', "a=b"])
def test_harmless_values_stay(text: str) -> None:
    assert mask_text(text) == text


def test_secret_headers_are_masked_and_others_kept() -> None:
    headers = {"authorization": f"Bearer {SECRET}", "Cookie": SECRET, "Content-Type": "a/b"}
    assert mask_headers(headers) == {
        "authorization": "***",
        "Cookie": "***",
        "Content-Type": "a/b",
    }


def test_the_log_keeps_the_newest() -> None:
    log = ExchangeLog(capacity=2)
    for number in range(3):
        log.record(Exchange("GET", f"https://h/{number}", "test"))
    assert [entry.url for entry in log.entries()] == ["https://h/1", "https://h/2"]
    log.clear()
    assert log.entries() == ()


def test_memory_is_bounded_and_what_went_is_counted() -> None:
    log = ExchangeLog(most_bytes=1_000_000)
    for number in range(50):
        log.record(Exchange("GET", f"https://h/{number}", "test", response_body="x" * 100_000))
    kept = log.entries()
    assert kept[-1].url == "https://h/49"
    assert len(kept) + log.dropped == 50
    assert sum(len(entry.response_body or "") for entry in kept) <= log.memory <= 1_000_000
    log.clear()
    assert (log.memory, log.dropped) == (0, 0)


def test_the_newest_stays_even_where_it_alone_is_too_much() -> None:
    log = ExchangeLog(most_bytes=10)
    log.record(Exchange("GET", "https://h/", "test"))
    log.record(Exchange("GET", "https://h/", "large", response_body="x" * 1000))
    assert [entry.purpose for entry in log.entries()] == ["large"]


@pytest.mark.parametrize(
    ("status", "error", "failed"),
    [(200, None, False), (None, "no such host", True), (404, None, True), (302, None, False)],
)
def test_a_failure_is_no_answer_or_a_no(status: int, error: str | None, failed: bool) -> None:
    assert Exchange("GET", "https://h/", "test", status=status, error=error).failed is failed


def test_the_log_takes_records_from_several_threads() -> None:
    log = ExchangeLog()

    def record() -> None:
        for _ in range(100):
            log.record(Exchange("GET", "https://h/", "test"))

    threads = [threading.Thread(target=record) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({entry.id for entry in log.entries()}) == 400


def test_nothing_secret_of_an_upload_reaches_the_log(
    endpoint: ScriptedEndpoint, tmp_path: Path
) -> None:
    path = tmp_path / "clip.bin"
    path.write_bytes(bytes(100))
    endpoint.on("part 2", drop)
    api = endpoint.api()
    upload_file(api, path, part_size=60)
    shown = "".join(map(repr, api.log.entries()))
    for secret in ("0123456789abcdef", "s+cret", "s%2Bcret", "eyJraWQi.token"):
        assert secret not in shown
    purposes = [entry.purpose for entry in api.log.entries()]
    assert purposes == [
        "token",
        "__schema",
        "createTempFileMultipartUploadUrl",
        "part 1",
        "part 2",
        "part 2",
        "complete",
        "verify",
    ]
    sent = {entry.purpose: entry for entry in api.log.entries()}
    assert (sent["part 1"].request_bytes, sent["part 1"].status) == (60, 200)
    assert "PartNumber" in (sent["complete"].request_body or "")
    assert next(e for e in api.log.entries() if e.error).error == "the connection broke off"


def test_a_put_of_the_browser_is_kept_like_ours() -> None:
    log = ExchangeLog()
    kept = log.record_browser_put(
        url=SIGNED, part=2, size=9, started=1.5, seconds=0.5, status=0, code="network"
    )
    assert (kept.made_by, kept.purpose, kept.status, kept.error) == (
        "browser",
        "part 2",
        None,
        "network",
    )
    assert SECRET not in kept.url


def test_an_exchange_may_be_for_several_transfers() -> None:
    log = ExchangeLog()
    with log.about("a", "b", "c"):
        log.record(Exchange("POST", "http://h/graphql", "createTempFileUploadUrl"))
        log.record(Exchange("PUT", "http://h/", "part 1", transfer="d"))
    with log.about():
        log.record(Exchange("GET", "http://h/", "verify"))
    together, own, nobody_s = log.entries()
    assert (together.transfer, together.also_for) == ("a", ("b", "c"))
    assert together.transfers == ("a", "b", "c")
    assert (own.transfers, nobody_s.transfers) == (("d",), ())
    assert together.masked() == together
    for transfer in "abc":
        assert log.of_transfer(transfer) == (together,)
    assert log.of_transfer("d") == (own,)


def test_what_another_thread_records_is_not_about_this_thread_s_transfers() -> None:
    log = ExchangeLog()
    with log.about("a", "b"):
        thread = threading.Thread(target=lambda: log.record(Exchange("GET", "http://h/", "verify")))
        thread.start()
        thread.join()
    assert log.entries()[0].transfers == ()
