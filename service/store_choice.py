"""Makes the store of temp files: the data folder behind our own URLs, or an S3 bucket."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from service.auth.signing import SignedArea, SigningKey, UrlSigner, UrlVerifier
from service.store.bucket import Bucket
from service.store.events import Tell, tell_nobody
from service.store.local import LocalStore
from service.store.s3 import FOLDER, S3Store
from service.store.temp_store import TempStore
from service.temp_files import FILES_PATH
from settings import Settings

Check = Callable[[], Mapping[str, Any]]


def _nothing() -> None:
    """Leave the local store open: the service itself closes it."""


@dataclass(frozen=True)
class ChosenStore:
    """A store, how its URLs are made and checked, and what readiness asks of it."""

    store: TempStore
    signer: UrlSigner
    folder: str
    verifier: UrlVerifier
    origin: str
    checks: Mapping[str, Check] = field(default_factory=dict[str, Check])
    close: Callable[[], None] = _nothing

    @property
    def area(self) -> SignedArea:
        """Where the URLs lead."""
        return SignedArea(f"{self.origin}{self.folder}", self.verifier)


def in_data_folder(
    store: LocalStore, signer: UrlSigner, verifier: UrlVerifier, public_url: str
) -> ChosenStore:
    """Keep temp files in the data folder."""
    return ChosenStore(store, signer, FILES_PATH, verifier, public_url)


def in_bucket(
    settings: Settings,
    local: LocalStore,
    clock: Callable[[], float] = time.time,
    tell: Tell = tell_nobody,
) -> ChosenStore:
    """Keep temp files in the bucket of the settings; `local` takes what is being read."""
    key = SigningKey(settings.s3_access_key, settings.s3_secret_key, settings.s3_region)
    signer = UrlSigner(key, settings.s3_endpoint, settings.url_lifetime, clock)
    bucket = Bucket(signer, settings.s3_bucket)
    store = S3Store(bucket, local.folder, settings.url_lifetime, clock, tell)
    return ChosenStore(
        store,
        signer,
        f"/{settings.s3_bucket}/{FOLDER}",
        UrlVerifier(key, clock, urlsplit(settings.s3_endpoint).scheme),
        settings.s3_endpoint,
        {"bucket": store.check},
        store.close,
    )
