"""The store: one PUT, reading it back, and what a signed URL does and does not allow."""

import base64
import hashlib
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from client.contract_check.outcome import NothingClearError, NotRunError, Seen
from client.contract_check.probe import probe
from client.contract_check.probes.cors import preflight_told
from client.contract_check.probes.sample_image import sample_image
from client.contract_check.trial import ProbeUrls, Trial, told
from client.storage.plan import deadline_of
from client.wire.http import Answer

_OTHER = b"other bytes, sent a second time"
_AMZ_DATE = "%Y%m%dT%H%M%SZ"
_SIGNED_WITH = {"X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-Signature"}
_HOUR = 3600
_SKEW = 60
_AFTER_EXPIRY = 2


@probe("storage", "6", "documented", "uploadUrl and downloadUrl")
def single_urls(trial: Trial) -> str:
    """CreateTempFileUploadUrl answers with two URLs."""
    _new(trial, "written")
    return "uploadUrl and downloadUrl"


@probe("storage", "8", "storage", "404 NoSuchKey")
def single_before_upload(trial: Trial) -> str:
    """Before the upload there is nothing to read."""
    return told(trial.get(_new(trial, "never written").download))


@probe("storage", "6", "documented", "200 with an ETag")
def single_put(trial: Trial) -> str:
    """One PUT with a content type is taken."""
    answer = _written(trial)
    return f"{told(answer)} {'with' if answer.headers.get('ETag') else 'without'} an ETag"


@probe("storage", "7.5", "storage", "the MD5 in quotes")
def single_etag(trial: Trial) -> str:
    """Its ETag is the MD5 in quotes."""
    return etag_told(_written(trial), sample_image())


@probe("storage", "6", "documented", "200 with the same bytes")
def single_get(trial: Trial) -> str:
    """The file can be read at downloadUrl."""
    answer = _read(trial)
    same = "the same" if answer.content == sample_image() else "other"
    return f"{told(answer)} with {same} bytes"


@probe("storage", "6", "documented", "image/png")
def single_content_type(trial: Trial) -> str:
    """The content type comes back as it was sent."""
    return _read(trial).headers.get("Content-Type", "no content type")


@probe("storage", "8", "storage", "206 with the bytes and the whole size")
def single_range(trial: Trial) -> str:
    """A range of bytes can be read."""
    _written(trial)
    answer = trial.get(_new(trial, "written").download, Range="bytes=1-3")
    size, expected = len(sample_image()), sample_image()[1:4]
    if answer.content != expected:
        return f"{told(answer)} with {len(answer.content):,} bytes instead of 3"
    told_size = answer.headers.get("Content-Range", "") == f"bytes 1-3/{size}"
    return f"{told(answer)} with the bytes and {'the whole size' if told_size else 'no size'}"


@probe("storage", "8", "storage", "403")
def single_head(trial: Trial) -> str:
    """A URL for reading does not take HEAD."""
    _written(trial)
    return told(trial.send("HEAD", _new(trial, "written").download, "head"))


@probe("storage", "8", "storage", "403 SignatureDoesNotMatch")
def put_on_download_url(trial: Trial) -> str:
    """A URL for reading does not take a PUT."""
    return told(trial.put(_new(trial, "never written").download, _OTHER))


@probe("storage", "6", "storage", "200, the second PUT counts")
def single_reuse(trial: Trial) -> str:
    """The upload URL may be used again."""
    urls = _new(trial, "written twice")
    trial.put(urls.upload, sample_image(), Content_Type="image/png")
    answer = trial.put(urls.upload, _OTHER, Content_Type="image/png")
    which = "second" if trial.get(urls.download).content == _OTHER else "first"
    return f"{told(answer)}, the {which} PUT counts"


@probe(
    "storage",
    "6",
    "inferred",
    "200, read as binary/octet-stream",
    "200, read as application/octet-stream",
)
def single_without_type(trial: Trial) -> str:
    """A PUT without a content type is stored as bytes of no type."""
    urls = _new(trial, "without type")
    answer = trial.put(urls.upload, sample_image())
    kind = trial.get(urls.download).headers.get("Content-Type", "no content type")
    return f"{told(answer)}, read as {kind}"


@probe("storage", "8", "observed", "400 InvalidArgument")
def put_with_bearer(trial: Trial) -> str:
    """A bearer token beside the signature is refused."""
    urls = _new(trial, "never written")
    return told(trial.put(urls.upload, _OTHER, Authorization="Bearer not.a.token"))


@probe("storage", "19.1", "observed", "200")
def put_with_empty_authorization(trial: Trial) -> str:
    """An empty Authorization header beside the signature is ignored."""
    urls = _new(trial, "with an empty header")
    return told(trial.put(urls.upload, _OTHER, Authorization=""))


@probe("storage", "8", "storage", "412 PreconditionFailed")
def put_if_none_match(trial: Trial) -> str:
    """A PUT that is to make a new file leaves one that is there alone (If-None-Match)."""
    _written(trial)
    urls = _new(trial, "written")
    return told(trial.put(urls.upload, sample_image(), Content_Type="image/png", If_None_Match="*"))


@probe("storage", "8", "storage", "403 SignatureDoesNotMatch")
def changed_signature(trial: Trial) -> str:
    """A changed signature is refused."""
    urls = _new(trial, "never written")
    parameters = _signed(urls.upload)
    signature = parameters["X-Amz-Signature"]
    other = signature[:-1] + ("0" if signature[-1] != "0" else "1")
    return told(trial.put(_with(urls.upload, {"X-Amz-Signature": other}), _OTHER))


@probe("storage", "8", "storage", "403 AccessDenied", "403 SignatureDoesNotMatch")
def changed_date(trial: Trial) -> str:
    """A URL whose date was moved back is refused."""
    urls = _new(trial, "never written")
    return told(trial.put(_dated_back(urls.upload), _OTHER))


@probe("storage", "8", "observed", "403 AccessDenied")
def unsigned_amz_header(trial: Trial) -> str:
    """An x-amz header that was not signed is refused."""
    urls = _new(trial, "never written")
    _signed(urls.upload)
    return told(trial.put(urls.upload, _OTHER, x_amz_checksum_crc32="AAAAAA=="))


@probe("storage", "8", "storage", "400 BadDigest", "403 AccessDenied")
def wrong_content_md5(trial: Trial) -> str:
    """Bytes that are not those of the Content-MD5 are refused."""
    urls = _new(trial, "never written")
    digest = hashlib.md5(sample_image(), usedforsecurity=False).digest()
    return told(trial.put(urls.upload, _OTHER, Content_MD5=base64.b64encode(digest).decode()))


@probe("storage", "8", "storage", "411 MissingContentLength", "501 NotImplemented")
def chunked_body(trial: Trial) -> str:
    """A body of unknown length is refused."""
    return told(trial.put(_new(trial, "never written").upload, _ChunkedBody(_OTHER)))


@probe("storage", "6", "inferred", "3,600 seconds")
def single_lifetime(trial: Trial) -> Seen:
    """The URLs of a single upload live one hour."""
    return lifetime_told(_new(trial, "written").upload, _new(trial, "written").download)


@probe("storage", "8", "observed", "403 AccessDenied", "403 ExpiredToken")
def expired_url(trial: Trial) -> str:
    """A URL whose time is over is refused."""
    urls = _new(trial, "expiring")
    left = deadline_of([urls.upload]) - time.time() + _AFTER_EXPIRY
    if left > trial.choice.wait:
        raise NotRunError(
            f"The link lives {left:,.0f} seconds more; the check may wait {trial.choice.wait:g}."
        )
    time.sleep(max(0.0, left))
    return told(trial.put(urls.upload, _OTHER))


@probe("storage", "6", "observed", "allowed")
def cors_preflight(trial: Trial) -> str:
    """Any page may PUT with a content type (CORS preflight)."""
    return preflight_told(trial, _new(trial, "written").upload, "PUT", "content-type")


@probe("storage", "6", "inferred", "the ETag is exposed")
def cors_etag(trial: Trial) -> str:
    """A page may read the ETag of its PUT (CORS)."""
    urls = _new(trial, "from a page")
    answer = trial.put(
        urls.upload, sample_image(), Content_Type="image/png", Origin=trial.choice.origin
    )
    exposed = answer.headers.get("Access-Control-Expose-Headers", "").lower()
    names = {name.strip() for name in exposed.split(",")}
    return "the ETag is exposed" if names & {"etag", "*"} else "the ETag is not exposed"


def etag_told(answer: Answer, content: bytes) -> str:
    """Say what an ETag is: the MD5 of the bytes or something else, quoted or not."""
    etag = answer.headers.get("ETag", "")
    if not etag:
        return "no ETag"
    quoted = "in quotes" if etag == f'"{etag.strip(chr(34))}"' else "without quotes"
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return f"{'the MD5' if etag.strip(chr(34)) == md5 else 'not the MD5'} {quoted}"


def lifetime_told(*urls: str) -> Seen:
    """Say how long the URLs live by what is written in them."""
    seconds = {_signed(url)["X-Amz-Expires"] for url in urls}
    lives = sorted(int(text) for text in seconds)
    told_lives = " and ".join(f"{life:,} seconds" for life in lives)
    return Seen(told_lives, all(abs(life - _HOUR) <= _SKEW for life in lives))


class _ChunkedBody:
    """A body whose length nobody is told, so that it goes out in chunks."""

    def __init__(self, content: bytes) -> None:
        self._left = content

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return True  # else requests takes it for no body at all

    def __iter__(self) -> Iterator[bytes]:
        yield self.read()

    def read(self, size: int = -1, /) -> bytes:
        taken = self._left if size < 0 else self._left[:size]
        self._left = self._left[len(taken) :]
        return taken


def _new(trial: Trial, purpose: str) -> ProbeUrls:
    return trial.shared(f"single, {purpose}", trial.new_single)


def _written(trial: Trial) -> Answer:
    urls = _new(trial, "written")
    return trial.shared(
        "the single PUT", lambda: trial.put(urls.upload, sample_image(), Content_Type="image/png")
    )


def _read(trial: Trial) -> Answer:
    _written(trial)
    return trial.shared("the single GET", lambda: trial.get(_new(trial, "written").download))


def _signed(url: str) -> dict[str, str]:
    """Return the query of a URL that is signed the AWS way (contract 7.7)."""
    parameters = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    if not parameters.keys() >= _SIGNED_WITH:
        raise NothingClearError("The URL is not signed with the X-Amz parameters.")
    return parameters


def _dated_back(url: str) -> str:
    """Return the URL with a date two lifetimes ago; its signature does not cover that."""
    parameters = _signed(url)
    date = parameters["X-Amz-Date"]
    lifetime = timedelta(seconds=int(parameters["X-Amz-Expires"]))
    moved = f"{datetime.strptime(date, _AMZ_DATE).replace(tzinfo=UTC) - 2 * lifetime:{_AMZ_DATE}}"
    credential = parameters["X-Amz-Credential"].replace(f"/{date[:8]}/", f"/{moved[:8]}/")
    return _with(url, {"X-Amz-Date": moved, "X-Amz-Credential": credential})


def _with(url: str, changes: dict[str, str]) -> str:
    parts = urlsplit(url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()} | changes
    return urlunsplit(parts._replace(query=urlencode(query)))
