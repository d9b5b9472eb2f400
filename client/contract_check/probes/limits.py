"""Limits that can be tried without sending much."""

from client.api.operations import multipart_upload
from client.contract_check.outcome import Seen
from client.contract_check.probe import probe
from client.contract_check.trial import (
    MULTIPART,
    ProbeMultipartUrls,
    Trial,
    told_failure,
)
from client.json_object import as_list, as_object

SAMPLE_SIZE = 11_723_249
_SAMPLE_URLS = 3
_MOST = 2_147_483_648
_REFUSED = ("refused with 400", "refused with 200")


@probe("limits", "7.1", "documented", "5,242,880 to 2,147,483,648 bytes")
def part_sizes(trial: Trial) -> str:
    """Parts have 5,242,880 to 2,147,483,648 bytes."""
    urls = _sample(trial)
    return f"{urls.least:,} to {urls.most:,} bytes"


@probe("limits", "7.4", "documented", "at least 3 part URLs")
def sample_part_urls(trial: Trial) -> Seen:
    """11,723,249 bytes get three part URLs."""
    count = len(_sample(trial).parts)
    return Seen(f"{count} part URLs", count >= _SAMPLE_URLS)


@probe("limits", "7.4", "inferred", "410 part URLs for 2 GiB")
def most_part_urls(trial: Trial) -> str:
    """There is a URL for each smallest part."""
    return f"{len(_two_gib(trial))} part URLs for 2 GiB"


@probe("limits", "4", "documented", "taken")
def two_gigabytes(trial: Trial) -> str:
    """2 GB may be sent in parts."""
    return "taken" if _two_gib(trial) else "no part URLs"


@probe("limits", "4", "documented", *_REFUSED)
def over_two_gigabytes(trial: Trial) -> str:
    """A byte more than 2 GiB is refused."""
    return _told_size(trial, str(_MOST + 1))


@probe("limits", "16.4", "inferred", *_REFUSED)
def size_zero(trial: Trial) -> str:
    """A file of no bytes is refused."""
    return _told_size(trial, "0")


@probe("limits", "16.4", "inferred", *_REFUSED)
def size_negative(trial: Trial) -> str:
    """A size below zero is refused."""
    return _told_size(trial, "-1")


@probe("limits", "7.1", "inferred", *_REFUSED)
def size_missing(trial: Trial) -> str:
    """The size must be given."""
    document = f"mutation {{ {MULTIPART}(input: {{ }}) {{ completeUrl }} }}"
    return _told_refusal(told_failure(trial.ask(document)))


@probe("limits", "4", "documented", *_REFUSED)
def too_many_ids(trial: Trial) -> str:
    """More than 1,000 ids in a query of assets are refused."""
    ids = [f"QXNzZXQ6{number:012d}" for number in range(1001)]
    answer = trial.ask(
        "query ($ids: [ID!]!) { assets(id: $ids) { edges { cursor } } }", {"ids": ids}
    )
    return _told_refusal(told_failure(answer))


def _sample(trial: Trial) -> ProbeMultipartUrls:
    return trial.shared("sample", lambda: trial.new_multipart(SAMPLE_SIZE))


def _two_gib(trial: Trial) -> tuple[str, ...]:
    return trial.shared("2 GiB", lambda: trial.new_multipart(_MOST)).parts


def _told_size(trial: Trial, size: str) -> str:
    answer = trial.ask(multipart_upload(size, trial.size_field()))
    taken = as_list(as_object((answer.data or {}).get(MULTIPART)).get("uploadPartUrls"))
    return "taken" if taken and answer.failure is None else _told_refusal(told_failure(answer))


def _told_refusal(ending: str) -> str:
    """Say that it was refused, by status, whatever its code, as long as it is a GraphQL error."""
    if ending == "success":
        return "taken"
    status, _, code = ending.partition(" ")
    if not status.isdigit() or code == "without an errors entry":
        return ending
    return f"refused with {status}"
