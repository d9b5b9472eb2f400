"""The viewer and what belongs to it, and objects by global id (contract 5, 9, 11, 14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from service.content_hub.folders import AssetRepository
from service.graphql.resolvers.connections import CursorConnection, PageArguments, connect
from service.graphql.resolvers.context import Fields, Info, context_of
from service.graphql.resolvers.global_ids import global_id, read_global_id


@dataclass(frozen=True)
class User:
    """A user of the API."""

    key: str
    name: str
    picture: str | None = None


@dataclass(frozen=True)
class Organization:
    """What credits and permissions belong to."""

    key: str
    name: str


@dataclass(frozen=True)
class MediaHub:
    """What repositories belong to."""

    key: str


@dataclass(frozen=True)
class CreditBalance:
    """Credits that are left, and how many there were."""

    balance: int
    credit_allowance: int


DEMO_USER = User("user_DEMO0000000000", "Demo user")
DEMO_ORGANIZATION = Organization("org_DEMO0000000000", "Demo organization")
DEMO_MEDIA_HUB = MediaHub("5d1f0c9e0d3c4a529a0a2f6f")


def _viewer(_root: Any, _info: Info) -> User:
    return DEMO_USER


def _node(_root: Any, info: Info, id: str) -> Any:
    type_name, key = read_global_id(id) or ("", "")
    for node in (DEMO_USER, DEMO_ORGANIZATION, DEMO_MEDIA_HUB):
        if (type_name, key) == (type(node).__name__, node.key):
            return node
    context = context_of(info)
    hub = context.services.hub
    finders = {
        "Asset": hub.assets.find,
        "AssetFolder": hub.folders.find,
        "AssetRepository": hub.folders.find_repository,
    }
    if type_name not in finders:
        return None
    context.require_grant()
    return finders[type_name](key)


def _id(node: User | Organization | MediaHub, _info: Info) -> str:
    return global_id(type(node).__name__, node.key)


def _organizations(_user: User, info: Info, **page: Any) -> CursorConnection[Organization]:
    return connect([DEMO_ORGANIZATION], PageArguments(**page), context_of(info).points)


def _media_hubs(_user: User, info: Info, **page: Any) -> CursorConnection[MediaHub]:
    return connect([DEMO_MEDIA_HUB], PageArguments(**page), context_of(info).points)


def _asset_repositories(
    _hub: MediaHub, info: Info, **page: Any
) -> CursorConnection[AssetRepository]:
    context = context_of(info)
    arguments = PageArguments(**page)
    if not context.account.granted:  # contract 2.3: an empty list is the sign of a missing grant
        return connect([], arguments, context.points)
    return connect(context.services.hub.folders.repositories(), arguments, context.points)


def _credit_balance(organization: Organization, info: Info) -> CreditBalance:
    credits = context_of(info).services.hub.credits
    return CreditBalance(credits.balance(organization.key), credits.allowance)


def _cms_hubs(_organization: Organization, _info: Info) -> Sequence[object]:
    return ()


FIELDS: Fields = {
    "Query": {"viewer": _viewer, "node": _node},
    "User": {"id": _id, "organizations": _organizations, "mediaHubs": _media_hubs},
    "Organization": {"id": _id, "creditBalance": _credit_balance, "cmsHubs": _cms_hubs},
    "MediaHub": {"id": _id, "assetRepositories": _asset_repositories},
}
