"""The store: parts, the list that completes them, and the lists that must be refused.

Whatever completes an upload for a probe spoils it for the others, so those have one of their own,
of one part more than the smallest part, which is enough to tell.
"""

import base64
import hashlib
from dataclasses import dataclass

from client.contract_check.outcome import NothingClearError, Seen
from client.contract_check.probe import probe
from client.contract_check.probes.limits import SAMPLE_SIZE
from client.contract_check.probes.single import etag_told, lifetime_told
from client.contract_check.trial import ProbeMultipartUrls, Trial, told
from client.storage.complete import NAMESPACE
from client.wire.http import Answer
from contract.s3_xml import local_name, parse_xml

_BEARER = "Bearer not.a.token"
_END = b"the end"
_ABSENT = '"00000000000000000000000000000000"'


@dataclass(frozen=True)
class _Sent:
    """An upload whose parts are there."""

    urls: ProbeMultipartUrls
    bodies: tuple[bytes, ...]
    answers: tuple[Answer, ...]

    @property
    def etags(self) -> list[str]:
        return [answer.headers.get("ETag", "") for answer in self.answers]


@probe("storage", "7.1", "documented", "3,600 seconds")
def multipart_lifetime(trial: Trial) -> Seen:
    """Part URLs live one hour."""
    urls = _sample(trial)
    return lifetime_told(urls.parts[0], urls.complete, urls.download)


@probe("storage", "7.5", "documented", "200 with an ETag")
def part_put(trial: Trial) -> str:
    """A part is taken without a content type."""
    answer = _sent(trial).answers[0]
    return f"{told(answer)} {'with' if answer.headers.get('ETag') else 'without'} an ETag"


@probe("storage", "7.5", "documented", "in quotes")
def part_etag_quotes(trial: Trial) -> str:
    """The ETag of a part is in quotes."""
    sent = _sent(trial)
    words = {
        etag_told(answer, body) for answer, body in zip(sent.answers, sent.bodies, strict=True)
    }
    if "no ETag" in words:
        return "no ETag"
    return "in quotes" if all(word.endswith("in quotes") for word in words) else "without quotes"


@probe("storage", "7.5", "storage", "the MD5")
def part_etag_md5(trial: Trial) -> str:
    """The ETag of a part is its MD5."""
    sent = _sent(trial)
    words = {
        etag_told(answer, body) for answer, body in zip(sent.answers, sent.bodies, strict=True)
    }
    return "the MD5" if all(word.startswith("the MD5") for word in words) else "not the MD5"


@probe("storage", "8", "storage", "404 NoSuchKey")
def get_before_complete(trial: Trial) -> str:
    """Before complete there is nothing to read."""
    return told(trial.get(_sent(trial).urls.download))


@probe("storage", "8", "storage", "403 SignatureDoesNotMatch")
def part_number_changed(trial: Trial) -> str:
    """A part with the URL of another number is refused."""
    url = _sample(trial).parts[0]
    if "partNumber=1&" not in f"{url}&":
        raise NothingClearError("The URL has no partNumber.")
    changed = f"{url}&".replace("partNumber=1&", "partNumber=2&").removesuffix("&")
    return told(trial.put(changed, _END))


@probe("storage", "8", "storage", "400 InvalidPart")
def complete_wrong_etag(trial: Trial) -> str:
    """A list with a wrong ETag is refused."""
    sent = _sent(trial)
    return told(_complete(trial, sent, _part_list([sent.etags[0], _ABSENT, sent.etags[2]])))


@probe("storage", "8", "storage", "400 InvalidPart")
def complete_missing_part(trial: Trial) -> str:
    """A list with a part that was never sent is refused."""
    sent = _sent(trial)
    return told(_complete(trial, sent, _part_list([*sent.etags, _ABSENT])))


@probe("storage", "7.5", "storage", "400 InvalidPart")
def complete_stale_etag(trial: Trial) -> str:
    """The ETag of a part that was replaced is refused."""
    sent = _sent(trial)
    trial.put(sent.urls.parts[2], _END)
    answer = _complete(trial, sent, _part_list(sent.etags))
    trial.put(sent.urls.parts[2], sent.bodies[2])
    return told(answer)


@probe("storage", "8", "storage", "400 MalformedXML")
def complete_broken_xml(trial: Trial) -> str:
    """XML that is broken is refused."""
    return told(_complete(trial, _sent(trial), "<CompleteMultipartUpload><Part>"))


@probe("storage", "8", "storage", "400 MalformedXML")
def complete_empty_list(trial: Trial) -> str:
    """A list without parts is refused."""
    return told(_complete(trial, _sent(trial), "<CompleteMultipartUpload/>"))


@probe("storage", "8", "storage", "400 MissingRequestBodyError")
def complete_empty_body(trial: Trial) -> str:
    """A complete request without a body is refused."""
    return told(_complete(trial, _sent(trial), ""))


@probe("storage", "8", "observed", "400 InvalidArgument")
def complete_with_bearer(trial: Trial) -> str:
    """A bearer token on the complete request is refused."""
    sent = _sent(trial)
    document = _part_list([_ABSENT])
    return told(trial.complete(sent.urls.complete, document, Authorization=_BEARER))


@probe("storage", "7.6", "documented", "200 CompleteMultipartUploadResult")
def complete_upload(trial: Trial) -> str:
    """The list of all parts completes the upload."""
    answer = _completed(trial)
    root = parse_xml(answer.content.lstrip())
    return told(answer) if root is None or answer.status != 200 else f"200 {local_name(root)}"


@probe("storage", "7.6", "storage", "MD5 of the parts' MD5s and -3")
def complete_result_etag(trial: Trial) -> str:
    """The result names the ETag of the file."""
    root = parse_xml(_completed(trial).content.lstrip())
    found = next((child.text for child in root or () if local_name(child) == "ETag"), None)
    return _joined_etag_told(found or "", _sent(trial))


@probe("storage", "7.6", "storage", "MD5 of the parts' MD5s and -3")
def completed_etag(trial: Trial) -> str:
    """The file has the same ETag."""
    return _joined_etag_told(_file(trial).headers.get("ETag", ""), _sent(trial))


@probe("storage", "7.6", "documented", "200 with the same bytes")
def completed_file(trial: Trial) -> str:
    """The file is the parts, joined in order."""
    answer = _file(trial)
    same = answer.content == b"".join(_sent(trial).bodies)
    return f"{told(answer)} with {'the same' if same else 'other'} bytes"


@probe("storage", "8", "storage", "206 with the bytes")
def completed_range(trial: Trial) -> str:
    """A range across two parts can be read."""
    _completed(trial)
    sent = _sent(trial)
    border = len(sent.bodies[0])
    answer = trial.get(sent.urls.download, Range=f"bytes={border - 1}-{border}")
    same = answer.content == sent.bodies[0][-1:] + sent.bodies[1][:1]
    return f"{told(answer)} with {'the' if same else 'other'} bytes"


@probe("storage", "7.6", "inferred", "binary/octet-stream", "application/octet-stream")
def completed_type(trial: Trial) -> str:
    """A file of parts has no content type of its own."""
    return _file(trial).headers.get("Content-Type", "no content type")


@probe("storage", "7.6", "storage", "200", "404 NoSuchUpload")
def complete_twice(trial: Trial) -> str:
    """The same list may come twice."""
    _completed(trial)
    sent = _sent(trial)
    return told(_complete(trial, sent, _part_list(sent.etags)))


@probe("storage", "8", "storage", "404 NoSuchUpload")
def complete_other_list(trial: Trial) -> str:
    """Another list after complete is refused."""
    _completed(trial)
    sent = _sent(trial)
    return told(_complete(trial, sent, _part_list(sent.etags[:1])))


@probe("storage", "8", "storage", "404 NoSuchUpload")
def part_after_complete(trial: Trial) -> str:
    """A part after complete is refused."""
    _completed(trial)
    return told(trial.put(_sent(trial).urls.parts[0], _END))


@probe("storage", "7.6", "storage", "400 InvalidPartOrder")
def complete_reversed(trial: Trial) -> str:
    """Parts listed in another order are refused."""
    sent = _two_parts(trial)
    rows = [_row(2, sent.etags[1]), _row(1, sent.etags[0])]
    return told(_complete(trial, sent, _list_of(rows)))


@probe("storage", "7.6", "storage", "400 InvalidPartOrder")
def complete_duplicate(trial: Trial) -> str:
    """A part listed twice is refused."""
    sent = _two_parts(trial)
    rows = [_row(1, sent.etags[0]), _row(1, sent.etags[0]), _row(2, sent.etags[1])]
    return told(_complete(trial, sent, _list_of(rows)))


@probe("storage", "7.6", "storage", "200")
def complete_some(trial: Trial) -> str:
    """Parts that are not listed are left out."""
    sent = _two_parts(trial)
    return told(_complete(trial, sent, _part_list(sent.etags[:1])))


@probe("storage", "7.5", "observed", "200, then 400 EntityTooSmall")
def part_too_small(trial: Trial) -> str:
    """A small part is taken, and refused at complete."""
    urls = _two_part_urls(trial)
    sent = _send(trial, urls, (b"small", _END))
    answer = _complete(trial, sent, _part_list(sent.etags))
    return f"{told(sent.answers[0])}, then {told(answer)}"


@probe("storage", "7.6", "storage", "200")
def complete_bare_etag(trial: Trial) -> str:
    """ETags without quotes and no namespace are taken."""
    sent = _one_part(trial)
    bare = sent.etags[0].strip('"')
    return told(
        _complete(
            trial, sent, f"<CompleteMultipartUpload>{_row(1, bare)}</CompleteMultipartUpload>"
        )
    )


@probe("storage", "7.6", "documented", "200")
def complete_checksum(trial: Trial) -> str:
    """A checksum may stand in place of the ETag."""
    sent = _one_part(trial)
    value = base64.b64encode(hashlib.sha256(sent.bodies[0]).digest()).decode()
    row = f"<Part><PartNumber>1</PartNumber><ChecksumSHA256>{value}</ChecksumSHA256></Part>"
    return told(_complete(trial, sent, _list_of([row])))


def _sample(trial: Trial) -> ProbeMultipartUrls:
    return trial.shared("sample", lambda: trial.new_multipart(SAMPLE_SIZE))


def _sent(trial: Trial) -> _Sent:
    """Return the documented sample, its parts sent in another order than they have."""

    def send() -> _Sent:
        sample = _sample(trial)
        least, rest = sample.least, SAMPLE_SIZE - 2 * sample.least
        if rest <= 0 or len(sample.parts) < 3:
            raise NothingClearError("The sample does not make three parts here.")
        return _send(trial, sample, (b"1" * least, b"2" * least, b"3" * rest))

    return trial.shared("sample, sent", send)


def _send(trial: Trial, urls: ProbeMultipartUrls, bodies: tuple[bytes, ...]) -> _Sent:
    answers = {
        index: trial.put(urls.parts[index], bodies[index]) for index in reversed(range(len(bodies)))
    }
    return _Sent(urls, bodies, tuple(answers[index] for index in range(len(bodies))))


def _two_part_urls(trial: Trial) -> ProbeMultipartUrls:
    least = _sample(trial).least
    urls = trial.new_multipart(least + len(_END))
    if len(urls.parts) < 2:
        raise NothingClearError("There is one part URL only.")
    return urls


def _two_parts(trial: Trial) -> _Sent:
    urls = _two_part_urls(trial)
    return _send(trial, urls, (b"1" * urls.least, _END))


def _one_part(trial: Trial) -> _Sent:
    return _send(trial, trial.new_multipart(len(_END)), (_END,))


def _completed(trial: Trial) -> Answer:
    sent = _sent(trial)
    return trial.shared("sample, completed", lambda: _complete(trial, sent, _part_list(sent.etags)))


def _file(trial: Trial) -> Answer:
    _completed(trial)
    return trial.shared("sample, read", lambda: trial.get(_sent(trial).urls.download))


def _complete(trial: Trial, sent: _Sent, document: str) -> Answer:
    return trial.complete(sent.urls.complete, document)


def _row(number: int, etag: str) -> str:
    return f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>"


def _list_of(rows: list[str]) -> str:
    return f'<CompleteMultipartUpload xmlns="{NAMESPACE}">{"".join(rows)}</CompleteMultipartUpload>'


def _part_list(etags: list[str]) -> str:
    return _list_of([_row(number, etag) for number, etag in enumerate(etags, 1)])


def _joined_etag_told(etag: str, sent: _Sent) -> str:
    digests = b"".join(hashlib.md5(body, usedforsecurity=False).digest() for body in sent.bodies)
    joined = f"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(sent.bodies)}"
    if not etag:
        return "no ETag"
    expected = etag.strip('"') == joined
    return f"MD5 of the parts' MD5s and -{len(sent.bodies)}" if expected else "another ETag"
