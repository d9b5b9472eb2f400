"""What every resolver is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeAlias

from graphql import GraphQLError, GraphQLResolveInfo

from service.auth.accounts import Account
from service.auth.signing import UrlSigner
from service.content_hub.hub import ContentHub
from service.graphql.complexity import Points
from service.images.analysis import ImageAnalysis
from service.images.removal import BackgroundRemoval
from service.temp_files import TempFiles

Resolver = Callable[..., Any]
Fields = Mapping[str, Mapping[str, Resolver]]


@dataclass(frozen=True)
class Services:
    """What the service can do for its callers."""

    temp_files: TempFiles
    hub: ContentHub
    signer: UrlSigner
    background_removal: BackgroundRemoval
    image_analysis: ImageAnalysis


@dataclass(frozen=True)
class Context:
    """One request: its caller, and the points it may still spend."""

    account: Account
    points: Points
    services: Services

    def require_grant(self) -> None:
        """Refuse a caller who has no grant on any asset store.

        Raises:
            NoGrantError: the whole answer becomes the HTTP 200 of contract 12.
        """
        if not self.account.granted:
            raise NoGrantError


Info: TypeAlias = "GraphQLResolveInfo[Context]"  # pyrefly: ignore # graphql-core has it twice


class NoGrantError(Exception):
    """The caller has no grant on any asset store."""

    message = f'Request failed with status code: "{HTTPStatus.FORBIDDEN:d}"'


def context_of(info: Info) -> Context:
    """Return the request's context, typed."""
    return info.context


def services_of(info: Info) -> Services:
    """Return the services, for a caller with a grant.

    Raises:
        NoGrantError: the caller has none.
    """
    info.context.require_grant()
    return info.context.services


def bad_user_input(message: str) -> GraphQLError:
    """Refuse an argument; the whole answer becomes HTTP 400 (contract 16.4)."""
    return GraphQLError(message, extensions={"code": "BAD_USER_INPUT"})
