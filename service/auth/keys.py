"""The service's secrets, made at the first start and kept in the data folder with mode 0600."""

import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from service.auth.signing import SigningKey
from service.errors import DataFolderError
from settings import Settings

OAUTH_CLIENT_FILE = "oauth-client.json"
SERVICE_KEYS_FILE = "service-keys.json"

_Record = TypeVar("_Record")


@dataclass(frozen=True)
class OAuthClient:
    """The one OAuth client of the embedded service; the command line reads its file."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True)
class ServiceKeys:
    """What URLs and access tokens are signed with."""

    url_key_id: str
    url_secret: str = field(repr=False)
    token_secret: str = field(repr=False)

    @property
    def url_key(self) -> SigningKey:
        """The access key that signs and verifies URLs."""
        return SigningKey(self.url_key_id, self.url_secret)


def load_oauth_client(settings: Settings) -> OAuthClient:
    """Return the configured OAuth client, else the one kept in the data folder.

    Raises:
        DataFolderError: the kept file cannot be read.
    """
    if settings.client_id:
        return OAuthClient(settings.client_id, settings.client_secret)
    new = OAuthClient(f"local-{secrets.token_hex(8)}", secrets.token_urlsafe(32))
    return _kept_or_new(settings.data_dir / OAUTH_CLIENT_FILE, new)


def load_service_keys(settings: Settings) -> ServiceKeys:
    """Return the signing keys kept in the data folder, so that URLs and tokens survive restarts.

    Raises:
        DataFolderError: the kept file cannot be read.
    """
    new = ServiceKeys(
        f"LOCAL{secrets.token_hex(8).upper()}", secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    )
    return _kept_or_new(settings.data_dir / SERVICE_KEYS_FILE, new)


def _kept_or_new(path: Path, new: _Record) -> _Record:
    try:
        if not path.exists():
            _write_once(path, json.dumps(asdict(new)))  # type: ignore[call-overload]
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if not all(isinstance(value, str) and value for value in content.values()):
            raise ValueError("every value is a text")  # noqa: TRY301 - as the parser does
        return type(new)(**content)
    except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise DataFolderError(
            f"{path} cannot be read ({type(error).__name__}); move it away to have it made anew."
        ) from error


def _write_once(path: Path, text: str) -> None:
    """Create the file in one step; when two processes start together, the first one's stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
