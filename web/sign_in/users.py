"""Who may sign in: `users.yaml` in the data folder, in streamlit-authenticator's own layout.

```yaml
credentials:
  usernames:
    demo:
      name: Demo user
      password: $2b$12$...      # bcrypt
      roles: [admin]
```

The file may be edited by hand while the app runs; a change counts from the next request on. One
that cannot be understood, a slip while typing, is logged once, and what the file said before holds
until it is mended: nobody who is signed in pays for it.
"""

import logging
import os
import re
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import bcrypt
import yaml

ROLES = ("viewer", "uploader", "admin")
DEMO = "demo"
BCRYPT_BYTES = 72  # bcrypt refuses more (its documentation: "maximum password length")
BCRYPT_HASH = re.compile(r"\$2[abxy]\$[0-9]{2}\$[./A-Za-z0-9]{53}")
NAME_CHARACTERS = 64
USERNAME = re.compile(
    rf"[a-z0-9][a-z0-9._-]{{0,{NAME_CHARACTERS - 1}}}"
)  # goes through an HTTP header, so plain ASCII


_log = logging.getLogger(__name__)


class UsersFileError(Exception):
    """The file of users cannot be used; the message says where and why."""

    code = "bad-users-file"


@dataclass(frozen=True)
class PageUser:
    """One person: sign-in name, shown name, bcrypt hash and roles."""

    username: str
    name: str
    password_hash: str
    roles: tuple[str, ...]


class Users:
    """The users of one file. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._users: dict[str, PageUser] | None = None

    def find(self, username: str) -> PageUser | None:
        """Return the user of that name, upper or lower case, or None.

        Raises:
            UsersFileError: the file could never be understood so far.
        """
        return self._current().get(username.strip().lower())

    def create_demo(self, password: str = "") -> str | None:
        """Create the `demo` admin when there is no file yet, with `password` or a random one.

        Returns:
            The password, or None when the file was there already.

        Raises:
            UsersFileError: the file that was there cannot be understood.
        """
        if self.path.exists():
            self._current()
            return None
        password = password or secrets.token_urlsafe(12)
        self.save(PageUser(DEMO, "Demo user", hash_password(password), ("admin",)))
        return password

    def save(self, user: PageUser) -> None:
        """Add or replace one user. The file is replaced whole, never half written.

        Raises:
            UsersFileError: the file on disk, or the user, cannot be understood.
        """
        _check(user, self.path)
        rows = {
            one.username: {
                "name": one.name,
                "password": one.password_hash,
                "roles": list(one.roles),
            }
            for one in {**_read(self.path), user.username: user}.values()
        }
        text = yaml.safe_dump({"credentials": {"usernames": rows}}, sort_keys=False)
        with self._lock:
            _write_private(self.path, text)

    def _current(self) -> dict[str, PageUser]:
        with self._lock:
            stamp = _stamp(self.path)
            if self._users is None or stamp != self._seen:
                try:
                    self._users = _read(self.path)
                except UsersFileError as error:
                    if self._users is None:
                        raise
                    _log.error("%s What it said before holds until it is mended.", error)
                self._seen = stamp
            return self._users


def hash_password(password: str) -> str:
    """Return the bcrypt hash of a password, spaces around it left out as at sign-in.

    Raises:
        ValueError: the password is empty or longer than bcrypt can take.
    """
    encoded = password.strip().encode()
    if not 0 < len(encoded) <= BCRYPT_BYTES:
        raise ValueError(f"A password must have 1 to {BCRYPT_BYTES} bytes.")
    return bcrypt.hashpw(encoded, bcrypt.gensalt()).decode()


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_mtime_ns, status.st_ino


def _read(path: Path) -> dict[str, PageUser]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        rows = cast("dict[str, dict[str, Any]]", content["credentials"]["usernames"])
        users = [
            PageUser(
                username=str(name).lower(),
                name=str(row.get("name") or name),
                password_hash=str(row["password"]),
                roles=tuple(str(role) for role in row.get("roles") or ["viewer"]),
            )
            for name, row in rows.items()
        ]
    except FileNotFoundError:
        return {}
    except yaml.YAMLError as error:
        raise _not_users(path, " ".join(str(error).split())) from error
    except UnicodeDecodeError as error:
        raise _not_users(path, "it is not UTF-8") from error
    except OSError as error:
        raise UsersFileError(f"{path} cannot be read: {error.strerror}.") from error
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _not_users(path, "it lacks what belongs under credentials and usernames") from error
    for user in users:
        _check(user, path)
    return {user.username: user for user in users}


def _not_users(path: Path, reason: str) -> UsersFileError:
    return UsersFileError(
        f"{path} is not a file of users: {reason}. Mend it, or move it away for a new one with the "
        f"user {DEMO}."
    )


def _check(user: PageUser, path: Path) -> None:
    where = f'{path}: user "{user.username}"'
    if not USERNAME.fullmatch(user.username):
        raise UsersFileError(f"{where}: use letters, digits, dots, dashes and underscores.")
    if not set(user.roles) <= set(ROLES):
        raise UsersFileError(f"{where}: roles must be among {', '.join(ROLES)}.")
    if not BCRYPT_HASH.fullmatch(user.password_hash):
        raise UsersFileError(
            f"{where}: the password must be a whole bcrypt hash, never plain text; mend it."
        )


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    temporary.replace(path)
