"""The viewer, its organizations, and objects by global id. One demo organization (contract 14)."""

from dataclasses import dataclass
from typing import Any

from service.resolvers.connections import Connection, PageArguments, connect
from service.resolvers.context import Fields, Info
from service.resolvers.global_ids import global_id, read_global_id


@dataclass(frozen=True)
class User:
    """A user of the API."""

    key: str
    name: str

    @property
    def id(self) -> str:
        """The global id."""
        return global_id("User", self.key)


@dataclass(frozen=True)
class Organization:
    """What credits and permissions belong to."""

    key: str
    name: str

    @property
    def id(self) -> str:
        """The global id."""
        return global_id("Organization", self.key)


DEMO_USER = User("user_DEMO0000000000", "Demo user")
DEMO_ORGANIZATION = Organization("org_DEMO0000000000", "Demo organization")


def _viewer(_root: Any, _info: Info) -> User:
    return DEMO_USER


def _node(_root: Any, _info: Info, id: str) -> User | Organization | None:
    known: dict[tuple[str, str], User | Organization] = {
        ("User", DEMO_USER.key): DEMO_USER,
        ("Organization", DEMO_ORGANIZATION.key): DEMO_ORGANIZATION,
    }
    read = read_global_id(id)
    return known.get(read) if read else None


def _organizations(_user: User, _info: Info, **arguments: Any) -> Connection[Organization]:
    return connect([DEMO_ORGANIZATION], PageArguments(**arguments))


FIELDS: Fields = {
    "Query": {"viewer": _viewer, "node": _node},
    "User": {"organizations": _organizations},
}
