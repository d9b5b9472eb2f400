"""Turns a refusal of the store into an error of ours, with what the store said (contract 8)."""

import re

from client.errors import ClientError, Detail, LinkExpiredError, StorageRefusedError
from client.wire.http import Answer
from contract.s3_xml import S3Error, parse_s3_error


def storage_failure(answer: Answer, purpose: str) -> ClientError:
    """Return the error for a refusing answer of the store; the caller raises it."""
    fault = parse_s3_error(answer.content)
    details = failure_details(answer, fault)
    if fault and fault.expired:
        return LinkExpiredError(
            f"The signed URL for {purpose} at {answer.host} has expired: {fault.message}.",
            **details,
        )
    said = f"{fault.code}: {fault.message}" if fault else excerpt(answer)
    return StorageRefusedError(
        f"{answer.host} refused {purpose} with status {answer.status}: {said}", **details
    )


def failure_details(answer: Answer, fault: S3Error | None) -> dict[str, Detail]:
    """Return status, host, storage code and the wait the store asked for, as far as known."""
    details: dict[str, Detail] = {"status": answer.status, "host": answer.host}
    if fault:
        details["storage_code"] = fault.code
    if answer.retry_after is not None:
        details["retry_after"] = answer.retry_after
    return details


def excerpt(answer: Answer, length: int = 200) -> str:
    """Return the start of a body that could not be read as what it should be, on one line."""
    text = re.sub(r"\s+", " ", answer.text[: length * 4]).strip()
    return text[:length] or "(empty body)"
