"""An endpoint plus credentials: everything the client must know to talk to an API."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from client.connection.headers import Headers
from client.errors import ConnectionIncompleteError
from client.pasted import as_meant
from settings import Settings

REMOTE_SINGLE_LIMIT = 100_000_000
"""Whether "100MB" is decimal or binary is not documented; the smaller is safe (contract 4)."""
MULTIPART_LIMIT = 2_147_483_648
CREDENTIALS_FILE = "oauth-client.json"
EMBEDDED, AMPLIENCE = "Embedded service", "Amplience"
"""The names of the connections that the settings describe."""
REMOTE_RATE_LIMIT = 60
"""GraphQL requests a minute for each API key (contract 4)."""


@dataclass(frozen=True)
class ClientCredentials:
    """An OAuth client's id and secret (contract 2.1)."""

    client_id: str
    client_secret: str = field(repr=False)


@dataclass(frozen=True)
class PersonalAccessToken:
    """A token used as it is, without an expiry (contract 2.2)."""

    token: str = field(repr=False)


@dataclass(frozen=True)
class NoToken:
    """No token goes along: the endpoint wants none, or is told by headers who asks."""


Credentials = ClientCredentials | PersonalAccessToken | NoToken


class Endpoint(NamedTuple):
    """What was asked, for what must not reach another: one address under two names is two."""

    connection: str
    graphql_url: str


@dataclass(frozen=True)
class Connection:
    """One endpoint and how to use it. Sizes are bytes.

    Attributes:
        parallel: parts sent at the same time unless the caller says otherwise.
        reach: public origin -> origin this process uses instead, with the public Host header
            kept, since the Host is part of a signature. Empty when they are equal.
        embedded: the endpoint is this project's own service.
        own_store: it keeps the files itself, and so takes Content-MD5 for certain.
        organization: global id of who pays for what costs credits; empty: the first one reached.
        repository: global id of where new assets go unless another is chosen; may be empty.
        rate_limit: GraphQL requests a minute that the endpoint takes (contract 4); 0: no
            limit is known, so none is kept to.
        former_names: what it was called before; uploads on their way still name it so.
        headers: sent along with every GraphQL request, and nowhere else; their values are secrets.
    """

    name: str
    graphql_url: str
    token_url: str
    credentials: Credentials
    single_limit: int = REMOTE_SINGLE_LIMIT
    multipart_limit: int = MULTIPART_LIMIT
    parallel: int = 1
    reach: Mapping[str, str] = field(default_factory=dict[str, str])
    embedded: bool = False
    own_store: bool = False
    organization: str = ""
    repository: str = ""
    rate_limit: int = 0
    former_names: tuple[str, ...] = ()
    headers: Headers = field(default=(), repr=False)

    @property
    def endpoint(self) -> Endpoint:
        """What it asks; another one once it is edited to another address."""
        return Endpoint(self.name, self.graphql_url)

    @property
    def host(self) -> str:
        """The endpoint's host as people know it, with a port if it has one."""
        return urlsplit(self.public_url(self.graphql_url)).netloc

    def local_url(self, url: str) -> tuple[str, str | None]:
        """Return the address to use for a URL, and the Host header to send if it differs."""
        for public, local in self.reach.items():
            if url.startswith(f"{public}/"):
                return local + url.removeprefix(public), urlsplit(public).netloc
        return url, None

    def public_url(self, url: str) -> str:
        """Return an address as people outside this machine would write it."""
        for public, local in self.reach.items():
            if url.startswith(f"{local}/"):
                return public + url.removeprefix(local)
        return url


def global_id(kind: str, text: str) -> str:
    """Return the global id of what a person wrote: one as it is, a bare key encoded (contract 5).

    Args:
        kind: the type's name, such as `Organization`.
        text: a global id, or the key alone, such as `org_DEMO0000000000` or a UUID; may be empty.
    """
    key = text.strip()
    if not key:
        return ""
    try:
        decoded = b64decode(key, validate=True).decode("ascii", "replace")
    except ValueError:
        decoded = ""
    if decoded.startswith(f"{kind}:"):
        return key
    bare = key.removeprefix(f"{kind}:")
    return b64encode(f"{kind}:{bare}".encode()).decode()


def bare_id(text: str) -> str:
    """Return the key in a global id, a UUID mostly; anything else as it is.

    The filters of a search take keys (contract 19.3), everything else takes global ids.
    """
    try:
        decoded = b64decode(text, validate=True).decode("ascii")
    except ValueError:
        return text
    kind, colon, key = decoded.partition(":")
    return key if colon and kind.isidentifier() and key else text


def configured_connections(settings: Settings) -> tuple[Connection, ...]:
    """Return the settings' connections that have credentials, remote ones first."""
    makers = (_remote, _embedded) if settings.amplience_endpoint else (_embedded,)
    found: list[Connection] = []
    for make in makers:
        with suppress(ConnectionIncompleteError):
            found.append(make(settings))
    return tuple(found)


def connection_from_settings(settings: Settings) -> Connection:
    """Return the connection the settings describe: a remote endpoint if one is set, else ours.

    Raises:
        ConnectionIncompleteError: credentials are not there.
        OddCharactersError: a value holds a character that it cannot have (`client.pasted`).
    """
    if settings.amplience_endpoint:
        return _remote(settings)
    return _embedded(settings)


def _remote(settings: Settings) -> Connection:
    return Connection(
        name=AMPLIENCE,
        graphql_url=as_meant(settings.amplience_endpoint, "address", "AMPLIENCE_GRAPHQL_URL"),
        token_url=as_meant(settings.amplience_token_url, "address", "AMPLIENCE_TOKEN_URL"),
        credentials=_remote_credentials(settings),
        organization=global_id(
            "Organization",
            as_meant(settings.amplience_organization, "id", "AMPLIENCE_ORGANIZATION"),
        ),
        repository=global_id(
            "AssetRepository",
            as_meant(settings.amplience_repository, "id", "AMPLIENCE_REPOSITORY"),
        ),
        rate_limit=settings.amplience_rate_limit,
    )


def _remote_credentials(settings: Settings) -> ClientCredentials | PersonalAccessToken:
    token = as_meant(settings.amplience_pat, "token", "AMPLIENCE_PAT")
    if token:
        return PersonalAccessToken(token)
    client_id = as_meant(settings.amplience_client_id, "id", "AMPLIENCE_CLIENT_ID")
    secret = as_meant(settings.amplience_client_secret, "secret", "AMPLIENCE_CLIENT_SECRET")
    if client_id and secret:
        return ClientCredentials(client_id, secret)
    raise ConnectionIncompleteError(
        "The settings name another endpoint, and credentials for it are missing; set "
        "AMPLIENCE_PAT, or AMPLIENCE_CLIENT_ID together with AMPLIENCE_CLIENT_SECRET.",
        field="AMPLIENCE_PAT",
    )


def _embedded(settings: Settings) -> Connection:
    local, public = settings.local_url, settings.public_url or settings.local_url
    return Connection(
        name=EMBEDDED,
        graphql_url=f"{local}/graphql",
        token_url=f"{local}/oauth/token",
        credentials=_embedded_credentials(settings),
        single_limit=settings.single_limit,
        multipart_limit=settings.multipart_limit,
        parallel=3,
        reach={} if public == local else {public: local},
        embedded=True,
        own_store=not settings.s3_endpoint,
    )


def _embedded_credentials(settings: Settings) -> ClientCredentials:
    if settings.client_id and settings.client_secret:
        return ClientCredentials(settings.client_id, settings.client_secret)
    path = settings.data_dir / CREDENTIALS_FILE
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
        return ClientCredentials(str(content["client_id"]), str(content["client_secret"]))
    except FileNotFoundError as error:
        raise _no_credentials(path, "does not exist; start the app first, it writes it") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _no_credentials(path, "cannot be read as a client id and secret") from error


def _no_credentials(path: Path, reason: str) -> ConnectionIncompleteError:
    return ConnectionIncompleteError(
        f"The embedded service's credentials file {path} {reason}.", name=str(path)
    )
