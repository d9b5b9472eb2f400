"""What every resolver is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import GraphQLError, GraphQLResolveInfo

from service.temp_files import TempFiles

Resolver = Callable[..., Any]
Fields = Mapping[str, Mapping[str, Resolver]]


@dataclass(frozen=True)
class Context:
    """The caller of one request, and what the service can do for it."""

    client_id: str
    temp_files: TempFiles


Info: TypeAlias = "GraphQLResolveInfo[Context]"


def context_of(info: Info) -> Context:
    """Return the request's context, typed."""
    return info.context


def bad_user_input(message: str) -> GraphQLError:
    """Refuse an argument; the whole answer becomes HTTP 400 (contract 16.4)."""
    return GraphQLError(message, extensions={"code": "BAD_USER_INPUT"})
