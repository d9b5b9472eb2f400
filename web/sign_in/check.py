"""Checks a user name and password with streamlit-authenticator, and answers with a ticket."""

from dataclasses import dataclass
from typing import Protocol, cast

from streamlit_authenticator.controllers import (  # pyright: ignore[reportMissingTypeStubs]
    AuthenticationController,
)

from web.sign_in.access import Access
from web.sign_in.users import BCRYPT_BYTES, NAME_CHARACTERS, PageUser

# Checked when there is no such user, so that the answer takes as long as for a wrong password.
_NOBODY = PageUser(
    "nobody", "Nobody", "$2b$12$aCj4Ca63MHJNQ2hwbrQ7G.xflhvKNG86M9Vvkvuf4feKssRJmSAVm", ()
)


@dataclass(frozen=True)
class Accepted:
    """The password is right; `ticket` becomes a session at `POST /session`."""

    ticket: str


@dataclass(frozen=True)
class Refused:
    """The user name or the password is wrong."""


@dataclass(frozen=True)
class Wait:
    """Too many tries: nothing was checked. Try again after `seconds`."""

    seconds: int


def sign_in(
    access: Access, username: str, password: str, address: str
) -> Accepted | Refused | Wait:
    """Check a password, within the limits of `attempts`. Needs a running Streamlit script.

    Raises:
        UsersFileError: the file of users cannot be understood.
    """
    if len(username) > NAME_CHARACTERS:
        return Refused()  # nobody has such a name, and nothing of it is kept
    user = access.users.find(username)
    seconds = access.attempts.reserve(username, address)
    if seconds:
        return Wait(seconds)
    if not _matches(user or _NOBODY, password) or user is None:
        return Refused()
    access.attempts.succeeded(username, address)
    return Accepted(access.tickets.issue(user.username))


def _matches(user: PageUser, password: str) -> bool:
    if not 0 < len(password.strip().encode()) <= BCRYPT_BYTES:
        return False
    row = {"name": user.name, "password": user.password_hash, "roles": list(user.roles)}
    users = {"usernames": {user.username: row}}
    controller = cast(_Controller, AuthenticationController(users, auto_hash=False))
    return bool(controller.login(user.username, password))


class _Controller(Protocol):
    def login(self, username: str, password: str) -> bool | None: ...
