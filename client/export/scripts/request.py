"""One GraphQL request as the scripts write it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from client.api.document import ChosenOperation
from client.connection.connection import Connection, NoToken, PersonalAccessToken
from client.connection.headers import header_variable
from client.written_json import write_written
from settings import AMPLIENCE_GRAPHQL_URL, AMPLIENCE_TOKEN_URL, PAT_PREFIX

_BEYOND_ASCII = re.compile(r"[^\0-\x7e]+")


@dataclass(frozen=True)
class SnippetRequest:
    """What a snippet sends, and to where. The addresses are those that people outside use."""

    document: str
    variables: Mapping[str, Any]
    operation_name: str | None
    graphql_url: str = AMPLIENCE_GRAPHQL_URL
    token_url: str = AMPLIENCE_TOKEN_URL

    @property
    def title(self) -> str:
        """The operation's name, for a comment."""
        return self.operation_name or "the operation"

    @property
    def body(self) -> str:
        """The body as JSON in ASCII, so that no encoding of a shell or a file can change it.

        Every line starts with a brace, a bracket or a space: none can end a here-document early.
        """
        content: dict[str, Any] = {"query": self.document}
        if self.variables:
            content["variables"] = dict(self.variables)
        if self.operation_name:
            content["operationName"] = self.operation_name
        return _BEYOND_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], write_written(content))


def snippet_request(
    chosen: ChosenOperation, variables: Mapping[str, Any], connection: Connection | None
) -> SnippetRequest:
    """Return the request that runs one operation; without a connection it goes to Amplience."""
    if connection is None:
        return SnippetRequest(chosen.source, variables, chosen.name)
    return SnippetRequest(
        chosen.source,
        variables,
        chosen.name,
        connection.public_url(connection.graphql_url),
        connection.public_url(connection.token_url),
    )


def token_kind(connection: Connection) -> str:
    """Return what to call the token of a connection that is used as it is."""
    credentials = connection.credentials
    is_amplience_s = isinstance(credentials, PersonalAccessToken) and (
        credentials.token.startswith(PAT_PREFIX)
    )
    return f"a personal access token, {PAT_PREFIX}..." if is_amplience_s else "an access token"


def sends_token(connection: Connection | None) -> bool:
    """Return whether a script has to have an access token; without a connection it has."""
    return connection is None or not isinstance(connection.credentials, NoToken)


def header_variables(connection: Connection | None) -> dict[str, str]:
    """Return the headers that go along, name -> the variable that a script takes its value from."""
    headers = connection.headers if connection else ()
    return {name: header_variable(name) for name, _ in headers}
