"""The connections that admins made, kept in one file of the data folder.

The whole file is encrypted; its key lies beside it (`client.encryption`). Secrets leave it as the
credentials of a `Connection` and in no other way.
"""

import json
import os
import tempfile
import threading
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from client.connection.connection import (
    EMBEDDED,
    ClientCredentials,
    Connection,
    Credentials,
    NoToken,
    PersonalAccessToken,
    configured_connections,
    connection_from_settings,
)
from client.connection.headers import checked_headers
from client.encryption import EncryptionKey
from client.errors import (
    AddressError,
    ConnectionIncompleteError,
    ConnectionNameError,
    ConnectionUnknownError,
    RecordsUnavailableError,
)
from client.json_object import as_list, as_object, parse_json
from client.pasted import named
from settings import Settings

STORE_FILE, KEY_FILE = "connections.sealed", "connections.key"
LONGEST_NAME = 60


class ConnectionStore:
    """Keeps connections. Thread-safe; several may read the same file, one process writes it.

    What was encrypted with another key counts as gone. Every method raises RecordsUnavailableError
    when the file cannot be read or written.
    """

    def __init__(self, folder: Path) -> None:
        """Use the file in `folder`, creating the folder (mode 0700) where it is missing."""
        self._path = folder / STORE_FILE
        self._lock = threading.RLock()
        self._seen: tuple[int, int] | None = None
        self._kept: tuple[Connection, ...] = ()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._key = EncryptionKey(folder / KEY_FILE)
        except OSError as error:
            raise _unavailable(self._path, error) from error

    def all(self) -> tuple[Connection, ...]:
        """Return the connections by name; a file that did not change is not read again."""
        with self._lock:
            try:
                stamp = _stamp(self._path)
                if stamp != self._seen:
                    self._kept = self._read()
                    self._seen = stamp
            except OSError as error:
                raise _unavailable(self._path, error) from error
            return self._kept

    def lost(self) -> str:
        """Say what is kept here and cannot be read, empty when all can."""
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise _unavailable(self._path, error) from error
        if self._key.decrypt(content) is not None:
            return ""
        return (
            f"{STORE_FILE} and {KEY_FILE} in the data folder do not belong together, or one is "
            "damaged: the connections that admins added are lost. Put a backup of both back, or "
            "add the connections again."
        )

    def put(self, connection: Connection, instead_of: str = "", taken: Iterable[str] = ()) -> None:
        """Add a connection, or put it in the place of another one.

        `instead_of` is the name of that one, `taken` the names that connections elsewhere have.

        Raises:
            ConnectionNameError: the name is empty, too long, or taken.
            AddressError: an address is no http or https URL.
            ConnectionIncompleteError: an address or credentials are missing.
            HeaderRefusedError: a header cannot be sent along.
        """
        with self._lock:
            others = [one for one in self.all() if one.name != instead_of]
            _check_name(connection.name, (EMBEDDED, *taken, *(one.name for one in others)))
            _check(connection)
            replaced = next((one for one in self.all() if one.name == instead_of), None)
            names = dict.fromkeys((*replaced.former_names, replaced.name) if replaced else ())
            former_names = tuple(name for name in names if name != connection.name)
            self._write([*others, replace(connection, former_names=former_names)])

    def remove(self, name: str) -> None:
        """Forget a connection and its secrets; nothing happens when there is none."""
        with self._lock:
            self._write([one for one in self.all() if one.name != name])

    def _read(self) -> tuple[Connection, ...]:
        try:
            content = self._key.decrypt(self._path.read_bytes())
        except FileNotFoundError:
            return ()
        rows = as_list(parse_json(content)) if content else []
        connections = (_from_row(as_object(row)) for row in rows)
        return tuple(sorted(connections, key=lambda one: one.name.casefold()))

    def _write(self, connections: Iterable[Connection]) -> None:
        content = json.dumps([_to_row(one) for one in connections]).encode()
        try:
            _replace(self._path, self._key.encrypt(content))
        except OSError as error:
            raise _unavailable(self._path, error) from error


class KnownConnections:
    """All connections there are: those of the settings and those of the store. Thread-safe.

    A stored one is out of sight while the settings have one of its name.
    """

    def __init__(self, settings: Settings, store: ConnectionStore) -> None:
        self.store = store
        self._settings = settings
        self._first: Connection | None = None
        self._configured: tuple[Connection, ...] = ()

    def first(self) -> Connection:
        """Return the connection that a visit begins with: the settings' one.

        Raises:
            ConnectionIncompleteError: its credentials are not there.
        """
        if self._first is None:
            self._first = connection_from_settings(self._settings)
        return self._first

    def all(self) -> tuple[Connection, ...]:
        """Return every complete connection, those of the settings first.

        Raises:
            RecordsUnavailableError: the store cannot be read.
        """
        return (*self._of_settings(), *self.stored())

    def stored(self) -> tuple[Connection, ...]:
        """Return the connections that admins may change or remove.

        Raises:
            RecordsUnavailableError: the store cannot be read.
        """
        hidden = {one.name.casefold() for one in self._of_settings()}
        return tuple(one for one in self.store.all() if one.name.casefold() not in hidden)

    def put(self, connection: Connection, instead_of: str = "") -> None:
        """Keep a connection, as `ConnectionStore.put` does, under a name of its own."""
        self.store.put(connection, instead_of, [one.name for one in self._of_settings()])

    def named(self, name: str) -> Connection:
        """Return the connection that has, or else had, that name; without a name the first.

        Raises:
            ConnectionUnknownError: there is none of that name.
            ConnectionIncompleteError: no name was given, and the first has no credentials.
            RecordsUnavailableError: the store cannot be read.
        """
        if not name:
            return self.first()
        known = self.all()
        having = [one for one in known if one.name == name]
        found = having or [one for one in known if name in one.former_names]
        if not found:
            raise ConnectionUnknownError(f'There is no connection "{name}".', name=name)
        return found[0]

    def stored_endpoints(self) -> tuple[str, ...]:
        """Return the GraphQL addresses of the store; none while it cannot be read."""
        try:
            return tuple(one.graphql_url for one in self.store.all())
        except RecordsUnavailableError:
            return ()

    def is_stored(self, name: str) -> bool:
        """Return whether admins may change or remove the connection here.

        Raises:
            RecordsUnavailableError: the store cannot be read.
        """
        return any(one.name == name for one in self.stored())

    def _of_settings(self) -> tuple[Connection, ...]:
        self._configured = self._configured or configured_connections(self._settings)
        return self._configured


def check_address(address: str, what: str) -> None:
    """Refuse what is no address to send credentials to.

    Raises:
        AddressError: it is no http or https URL, has no host, or carries a user or a fragment.
    """
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        raise AddressError(f"The {what} is no address.", field=what) from None
    if not usable or "@" in parts.netloc or parts.fragment or any(map(str.isspace, address)):
        raise AddressError(
            f"The {what} must begin with https:// or http:// and a host, without a user name.",
            field=what,
        )


def _check_name(name: str, taken: Iterable[str]) -> None:
    unseen = next((letter for letter in name if not letter.isprintable()), None)
    if unseen:
        raise ConnectionNameError(f"A name has only what people can see, and no {named(unseen)}.")
    if not name or name != name.strip():
        raise ConnectionNameError("A connection needs a name of letters people can read.")
    if len(name) > LONGEST_NAME:
        raise ConnectionNameError(f"A name has at most {LONGEST_NAME} characters.", name=name)
    if name.casefold() in {one.casefold() for one in taken}:
        raise ConnectionNameError(f'There is a connection "{name}" already.', name=name)


def _check(connection: Connection) -> None:
    credentials = connection.credentials
    check_address(connection.graphql_url, "GraphQL endpoint")
    checked_headers(connection.headers, with_token=not isinstance(credentials, NoToken))
    if isinstance(credentials, NoToken):
        return
    if isinstance(credentials, PersonalAccessToken):
        if not credentials.token:
            raise ConnectionIncompleteError("The personal access token is missing.", field="pat")
        return
    check_address(connection.token_url, "token URL")
    if not (credentials.client_id and credentials.client_secret):
        raise ConnectionIncompleteError(
            "The client id or the client secret is missing.", field="client_id"
        )


def _to_row(connection: Connection) -> dict[str, Any]:
    return {
        "name": connection.name,
        "graphql_url": connection.graphql_url,
        "token_url": connection.token_url,
        "organization": connection.organization,
        "repository": connection.repository,
        "rate_limit": connection.rate_limit,
        "former_names": connection.former_names,
        "headers": connection.headers,
        **_to_secrets(connection.credentials),
    }


def _to_secrets(credentials: Credentials) -> dict[str, Any]:
    match credentials:
        case ClientCredentials(client_id, client_secret):
            return {"client_id": client_id, "client_secret": client_secret}
        case PersonalAccessToken(token):
            return {"pat": token}
        case NoToken():
            return {"no_token": True}


def _from_row(row: dict[str, Any]) -> Connection:
    return Connection(
        name=row["name"],
        graphql_url=row["graphql_url"],
        token_url=row["token_url"],
        credentials=_from_secrets(row),
        organization=row["organization"],
        repository=row["repository"],
        rate_limit=row["rate_limit"],
        former_names=tuple(map(str, as_list(row.get("former_names")))),
        headers=tuple((str(name), str(value)) for name, value in as_list(row.get("headers"))),
    )


def _from_secrets(row: dict[str, Any]) -> Credentials:
    if "no_token" in row:
        return NoToken()
    if "pat" in row:
        return PersonalAccessToken(row["pat"])
    return ClientCredentials(row["client_id"], row["client_secret"])


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_ino


def _replace(path: Path, content: bytes) -> None:
    """Write the file whole, so that nobody ever reads half of it; mode 0600."""
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _unavailable(path: Path, error: OSError) -> RecordsUnavailableError:
    return RecordsUnavailableError.of(path, error.strerror or "unknown")
