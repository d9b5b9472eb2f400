"""The app as a client finds it: at its own port, or behind the nginx of our documents."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from service.auth.keys import load_oauth_client
from settings import read_settings
from tests.app_server import AppServer

SINGLE = "mutation { createTempFileUploadUrl { uploadUrl downloadUrl } }"


@dataclass(frozen=True)
class Front:
    """An address of the app, and the client that it knows."""

    url: str
    client_id: str
    client_secret: str

    @property
    def graphql_url(self) -> str:
        return f"{self.url}/graphql"

    @property
    def token_url(self) -> str:
        return f"{self.url}/oauth/token"

    def token(self) -> str:
        """Return an access token, asked for as Amplience documents it."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        answer = requests.post(self.token_url, data=form, timeout=30)
        answer.raise_for_status()
        return answer.json()["access_token"]

    def ask(self, query: str, token: str, variables: Mapping[str, Any] | None = None) -> Any:
        """Return the data of an operation that must succeed."""
        answer = requests.post(
            self.graphql_url,
            json={"query": query, "variables": variables},
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
        )
        body = answer.json()
        assert answer.ok, body
        assert "errors" not in body, body
        return body["data"]

    def single_urls(self) -> dict[str, str]:
        """Return the `uploadUrl` and `downloadUrl` of a new temp file."""
        return self.ask(SINGLE, self.token())["createTempFileUploadUrl"]

    def variables(self) -> dict[str, str]:
        """Return what a client's program needs to know, as environment variables."""
        return {
            "GRAPHQL_URL": self.graphql_url,
            "TOKEN_URL": self.token_url,
            "CLIENT_ID": self.client_id,
            "CLIENT_SECRET": self.client_secret,
        }


def front_of(app: AppServer, url: str | None = None) -> Front:
    """Return the app at its own address, or at that of the proxy before it."""
    known = load_oauth_client(read_settings(app.environment_of_child(), app.data_dir / "none.toml"))
    return Front(url or app.url, known.client_id, known.client_secret)


def new_file(folder: Path, size: int = 3_000_001) -> Path:
    """Write a file that no packing makes smaller and that nobody has seen before."""
    path = folder / "film.bin"
    path.write_bytes(secrets.token_bytes(size))
    return path


def sha256(path: Path) -> str:
    """Return the digest of a file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
