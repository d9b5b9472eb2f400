"""Downloads an uploaded file completely and compares it with what was sent."""

import threading
from dataclasses import dataclass
from typing import Literal

from client.api.api import Api
from client.errors import ClientError
from client.storage.complete import Receipt
from client.transfers.download import Fetched, fetch_to_check

Finding = Literal["same", "differs", "unknown"]

_MD5: dict[bool | None, Finding] = {True: "same", False: "differs", None: "unknown"}


@dataclass(frozen=True)
class DownloadVerdict:
    """What a download was found to be, fact by fact.

    Attributes:
        size: against the size that was uploaded; the same for `etag`.
        sha256: against what the browser computed; unknown when it computed none.
        md5: of the bytes, against the ETag; unknown when that is none (an upload in parts).
    """

    fetched: Fetched
    size: Finding
    etag: Finding
    sha256: Finding
    md5: Finding

    @property
    def good(self) -> bool:
        """Whether nothing differs."""
        return "differs" not in {self.size, self.etag, self.sha256, self.md5}


def judge(fetched: Fetched, receipt: Receipt, sha256: str | None) -> DownloadVerdict:
    """Hold what was fetched against the receipt and the browser's SHA-256 in hex."""
    return DownloadVerdict(
        fetched=fetched,
        size=_finding(fetched.size, receipt.size),
        etag=_finding(fetched.etag, receipt.etag or None),
        sha256=_finding(fetched.sha256, sha256.lower() if sha256 else None),
        md5=_MD5[fetched.md5_matches],
    )


def _finding(found: object, expected: object) -> Finding:
    if expected is None:
        return "unknown"
    return "same" if found == expected else "differs"


@dataclass(frozen=True)
class Progress:
    """How far a check is. Bytes; `verdict` or `error` is there once it ended."""

    done: int = 0
    size: int | None = None
    verdict: DownloadVerdict | None = None
    error: ClientError | None = None

    @property
    def ended(self) -> bool:
        """Whether there is an outcome."""
        return bool(self.verdict or self.error)


class DownloadCheck:
    """A check in a thread of its own, so that it outlives the page run that started it."""

    def __init__(self, api: Api, transfer_id: str, receipt: Receipt, sha256: str | None) -> None:
        self._api = api
        self._transfer_id = transfer_id
        self._receipt = receipt
        self._sha256 = sha256
        self._lock = threading.Lock()
        self._progress = Progress(size=receipt.size)

    def start(self) -> None:
        """Begin; its request is logged as one of the transfer's."""
        threading.Thread(target=self.run, name="download-check", daemon=True).start()

    @property
    def progress(self) -> Progress:
        """How far it is."""
        with self._lock:
            return self._progress

    def run(self) -> None:
        """Fetch and judge; every outcome ends up in `progress`."""
        try:
            with self._api.log.about(self._transfer_id):
                fetched = fetch_to_check(
                    self._api,
                    self._receipt.download_url,
                    on_progress=lambda done, size: self._set(Progress(done, size)),
                )
        except ClientError as error:
            self._set(Progress(error=error))
        else:
            verdict = judge(fetched, self._receipt, self._sha256)
            self._set(Progress(fetched.size, self._receipt.size, verdict=verdict))
        finally:
            if not self.progress.ended:
                self._set(Progress(error=ClientError("The check broke off.")))

    def _set(self, progress: Progress) -> None:
        with self._lock:
            self._progress = progress
