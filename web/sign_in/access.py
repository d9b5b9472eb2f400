"""Everything about who is signed in, as one object that the routes and the pages share.

`app.py` opens it and publishes it; `main.py`, which Streamlit runs once per visitor in the same
process, finds it with `published()`.
"""

from dataclasses import dataclass, field

from settings import Settings
from web.live_sockets import LiveSockets
from web.sign_in.attempts import Attempts
from web.sign_in.sessions import Session, Sessions
from web.sign_in.tickets import Tickets
from web.sign_in.users import PageUser, Users


@dataclass(frozen=True)
class Access:
    """The users, their sessions, and what a sign-in needs in between."""

    users: Users
    sessions: Sessions
    tickets: Tickets = field(default_factory=Tickets)
    attempts: Attempts = field(default_factory=Attempts)
    sockets: LiveSockets = field(default_factory=LiveSockets)

    def user_of(self, reference: str | None) -> PageUser | None:
        """Return who a session belongs to; None when it ended or the user was removed."""
        session = self.session(reference)
        return self.users.find(session.username) if session else None

    def session(self, reference: str | None) -> Session | None:
        """Return the live session of a reference (`sessions.reference_of`), or None."""
        return self.sessions.find(reference) if reference else None


_published: list[Access] = []


def open_access(settings: Settings) -> Access:
    """Open the users and sessions of the data folder, creating what is missing but no user."""
    folder = settings.data_dir
    return Access(Users(folder / "users.yaml"), Sessions(folder / "web.sqlite3"))


def publish(access: Access) -> None:
    """Make `access` the one that `main.py` uses in this process."""
    _published[:] = [access]


def published() -> Access | None:
    """Return the published object, or None when `app.py` was not started."""
    return _published[0] if _published else None
