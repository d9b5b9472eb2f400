from dataclasses import replace
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.auth.signing import SignedRequest, SigningKey, UrlSigner, UrlVerifier
from service.errors import S3ApiError
from tests.service.api_client import Api, error, error_code, part_list, read_all, send_head
from tests.service.live import Live

KEY = SigningKey("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1")
NOON = 1_790_000_000.0
HOST = "files.example:8501"


def request_for(url: str, method: str = "PUT", **headers: str) -> SignedRequest:
    parts = urlsplit(url)
    return SignedRequest(method, parts.path, parts.query, {"host": parts.netloc, **headers})


def signer(clock: float = NOON) -> UrlSigner:
    return UrlSigner(KEY, f"http://{HOST}", 3600, lambda: clock)


def verifier(clock: float = NOON) -> UrlVerifier:
    return UrlVerifier(KEY, lambda: clock)


def refusal(request: SignedRequest, clock: float = NOON) -> S3ApiError:
    with pytest.raises(S3ApiError) as caught:
        verifier(clock).verify(request)
    return caught.value


def test_signature_equals_the_example_in_the_aws_documentation() -> None:
    may_2013 = 1_369_353_600.0
    documented = UrlSigner(KEY, "https://examplebucket.s3.amazonaws.com", 86400, lambda: may_2013)
    assert documented.sign("GET", "/test.txt").endswith(
        "X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    )


@given(
    method=st.sampled_from(["GET", "HEAD", "PUT", "POST", "DELETE"]),
    path=st.text("abcXYZ019-_.~/ ü%+", max_size=20),
    parameters=st.dictionaries(
        st.text(min_size=1, max_size=8).filter(lambda name: not name.startswith("X-Amz-")),
        st.text(max_size=12),
        max_size=4,
    ),
)
def test_what_is_signed_is_granted(method: str, path: str, parameters: dict[str, str]) -> None:
    url = signer().sign(method, f"/files/{quote(path)}", parameters)
    grant = verifier().verify(request_for(url, method))
    assert grant.parameters == parameters
    assert grant.expires == NOON + 3600


@given(position=st.integers(0, 10_000), replacement=st.sampled_from("0aZ-_"))
def test_a_changed_url_is_never_granted(position: int, replacement: str) -> None:
    url = signer().sign("PUT", "/files/abc", {"partNumber": "1", "uploadId": "xyz"})
    start = len(f"http://{HOST}")
    place = start + position % (len(url) - start)
    changed = f"{url[:place]}{replacement}{url[place + 1 :]}"
    if changed != url:
        refusal(request_for(changed))


def test_reencoding_a_url_keeps_it_valid() -> None:
    url = signer().sign("PUT", "/files/abc", {"uploadId": "a-b"})
    reencoded = url.replace("%2F", "/").replace("a-b", "a%2Db")
    assert verifier().verify(request_for(reencoded)).parameters == {"uploadId": "a-b"}


def test_a_url_holds_until_its_last_second_and_not_at_its_end() -> None:
    request = request_for(signer().sign("PUT", "/files/abc"))
    verifier(NOON + 3599.9).verify(request)
    expired = refusal(request, NOON + 3600)
    assert (expired.code, expired.message) == ("AccessDenied", "Request has expired")
    assert expired.elements == {
        "X-Amz-Expires": 3600,
        "Expires": "2026-09-21T15:13:20Z",
        "ServerTime": "2026-09-21T15:13:20Z",
    }


def test_a_url_from_the_future_is_too_skewed() -> None:
    request = request_for(signer(NOON + 1000).sign("PUT", "/files/abc"))
    assert refusal(request).code == "RequestTimeTooSkewed"


def test_another_host_another_method_and_another_key_are_refused() -> None:
    url = signer().sign("PUT", "/files/abc")
    assert refusal(request_for(url, host="other")).code == "SignatureDoesNotMatch"
    assert refusal(request_for(url, "HEAD")).code == "SignatureDoesNotMatch"
    theirs = UrlSigner(replace(KEY, key_id="AKIAOTHER"), f"http://{HOST}", 3600, lambda: NOON)
    assert refusal(request_for(theirs.sign("PUT", "/files/abc"))).code == "InvalidAccessKeyId"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"),
        ("X-Amz-Expires=3600", "X-Amz-Expires=soon"),
        ("X-Amz-Expires=3600", "X-Amz-Expires=0"),
        ("X-Amz-Expires=3600", "X-Amz-Expires=604801"),
        ("X-Amz-Expires=3600", "X-Amz-Expires=%D9%A3"),
        ("X-Amz-Expires=3600&", ""),
        ("X-Amz-Expires=3600", "X-Amz-Expires=3600&X-Amz-Expires=3600"),
        ("X-Amz-Date=2026", "X-Amz-Date=26"),
        ("X-Amz-Date=202609", "X-Amz-Date=202699"),
        ("aws4_request", "aws5_request"),
        ("X-Amz-SignedHeaders=host", "X-Amz-SignedHeaders=date"),
        ("&X-Amz-Signature=", "&Signature="),
    ],
)
def test_malformed_parameters_come_before_everything_else(old: str, new: str) -> None:
    url = signer().sign("PUT", "/files/abc")
    assert old in url
    refused = refusal(request_for(url.replace(old, new)), NOON + 9999)
    assert (refused.code, refused.status) == ("AuthorizationQueryParametersError", 400)


def test_a_url_signed_in_the_last_year_there_is_is_malformed() -> None:
    url = signer(253_402_300_000.0).sign("PUT", "/files/abc")
    assert "X-Amz-Date=99991231T" in url
    assert refusal(request_for(url)).code == "AuthorizationQueryParametersError"


def test_a_signed_header_must_have_the_signed_value() -> None:
    url = signer().sign("PUT", "/files/abc", headers={"content-type": "image/png"})
    assert "X-Amz-SignedHeaders=content-type%3Bhost" in url
    verifier().verify(request_for(url, **{"content-type": "image/png"}))
    other = request_for(url, **{"content-type": "image/gif"})
    for request in (other, request_for(url)):
        assert refusal(request).code == "SignatureDoesNotMatch"


@pytest.mark.parametrize(
    ("scheme", "signed", "sent"),
    [
        ("http", "files.example:8501", "FILES.Example:8501"),
        ("http", "files.example", "files.example:80"),
        ("https", "files.example", "Files.example:443"),
        ("http", "[::1]", "[::1]:80"),
    ],
)
def test_a_host_is_the_same_in_capitals_and_with_its_usual_port(
    scheme: str, signed: str, sent: str
) -> None:
    url = UrlSigner(KEY, f"{scheme}://{signed}", 3600, lambda: NOON).sign("PUT", "/files/abc")
    UrlVerifier(KEY, lambda: NOON, scheme).verify(request_for(url, host=sent))


@pytest.mark.parametrize("sent", ["files.example", "files.example:443", "other.example:8501", ""])
def test_another_host_or_port_is_not_the_one_that_was_signed(sent: str) -> None:
    request = request_for(signer().sign("PUT", "/files/abc"), host=sent)
    assert refusal(request).code == "SignatureDoesNotMatch"


def test_expiry_is_told_before_a_wrong_signature() -> None:
    url = signer().sign("PUT", "/files/abc")[:-1] + "z"
    assert refusal(request_for(url), NOON + 3600).message == "Request has expired"


def test_a_bearer_header_beside_a_signature_is_a_second_mechanism(api: Api) -> None:
    secret = "Bearer very-secret-token"
    answer = api.put(api.single()["uploadUrl"], b"x", Authorization=secret)
    status, elements = error(answer)
    assert (status, elements["Code"]) == (400, "InvalidArgument")
    assert elements["Message"].startswith("Only one auth mechanism allowed")
    assert elements["ArgumentName"] == "Authorization"
    assert elements["ArgumentValue"].startswith("Bearer")
    assert "secret" not in answer.text


def test_an_empty_authorization_header_is_none(api: Api) -> None:
    """As Ceph RGW has it, and the store that took 62 uploads with one (contract 19.1)."""
    empty = {"Authorization": ""}
    urls = api.multipart(3)
    etag = api.put(urls["uploadPartUrls"][0], b"abc", **empty).headers["ETag"]
    complete = api.http.post(urls["completeUrl"], part_list([etag]), headers=empty, timeout=30)
    assert complete.status_code == 200
    assert api.get(urls["downloadUrl"], **empty).content == b"abc"


def test_a_blank_authorization_header_is_none(api: Api) -> None:
    head = ("Authorization: \t ", "Content-Length: 0", "Connection: close")
    with send_head(api.single()["uploadUrl"], *head) as connection:
        assert read_all(connection).startswith(b"HTTP/1.1 200")


def test_two_mechanisms_are_told_even_when_the_url_is_malformed(live: Live) -> None:
    url = f"{live.settings.public_url}/files/abc?X-Amz-Date=never"
    assert error_code(live.api.put(url, Authorization="Bearer x")) == (400, "InvalidArgument")


def test_no_signature_is_access_denied(live: Live) -> None:
    answer = live.api.get(f"{live.settings.public_url}/files/abc")
    assert error_code(answer) == (403, "AccessDenied")


def test_an_expired_url_says_since_when(live: Live) -> None:
    url = live.signer(age=3601).sign("GET", "/files/abc")
    status, elements = error(live.api.get(url))
    assert (status, elements["Code"]) == (403, "AccessDenied")
    assert elements["Message"] == "Request has expired"
    assert elements["X-Amz-Expires"] == "3600"
    assert elements["Expires"] < elements["ServerTime"]


def test_a_tampered_url_shows_what_was_signed(api: Api) -> None:
    url = api.single()["uploadUrl"]
    status, elements = error(api.put(url[:-4] + "0000", b"x"))
    assert (status, elements["Code"]) == (403, "SignatureDoesNotMatch")
    assert elements["SignatureProvided"].endswith("0000")
    assert elements["CanonicalRequest"].startswith("PUT\n/files/")
    assert elements["StringToSign"].startswith("AWS4-HMAC-SHA256\n")


def test_a_head_with_a_get_signed_url_is_refused(api: Api) -> None:
    urls = api.single()
    api.put(urls["uploadUrl"], b"x")
    assert api.http.head(urls["downloadUrl"], timeout=10).status_code == 403


def test_an_unsigned_amazon_header_is_named(api: Api) -> None:
    answer = api.put(api.single()["uploadUrl"], b"x", **{"x-amz-acl": "private"})
    status, elements = error(answer)
    assert (status, elements["Code"]) == (403, "AccessDenied")
    assert elements["HeadersNotSigned"] == "x-amz-acl"


def test_a_signature_for_an_unknown_operation_is_method_not_allowed(live: Live) -> None:
    url = live.signer().sign("POST", "/files/abc")
    assert error_code(live.api.complete(url, "x")) == (405, "MethodNotAllowed")


def test_a_wrong_signature_is_told_before_an_impossible_operation(live: Live) -> None:
    url = live.signer().sign("PUT", "/files/abc", {"partNumber": "0", "uploadId": "unknown"})
    answer = live.api.put(f"{url[:-4]}0000", b"x")
    assert error_code(answer) == (403, "SignatureDoesNotMatch")


def test_a_verb_that_the_store_does_not_know_is_method_not_allowed(live: Live) -> None:
    answer = live.api.http.patch(f"{live.settings.public_url}/files/abc", timeout=10)
    assert error_code(answer) == (405, "MethodNotAllowed")
    assert "PUT" in answer.headers["Allow"]
