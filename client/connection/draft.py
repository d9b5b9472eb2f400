"""What somebody fills in to make or change a connection, and the connection it makes."""

from dataclasses import dataclass, field

from client.connection.connection import (
    REMOTE_RATE_LIMIT,
    ClientCredentials,
    Connection,
    Credentials,
    NoToken,
    PersonalAccessToken,
    global_id,
)
from client.connection.headers import Headers, checked_headers
from client.errors import ConnectionIncompleteError
from client.pasted import as_meant
from settings import AMPLIENCE_GRAPHQL_URL, AMPLIENCE_TOKEN_URL

MOST_HEADERS = 3


@dataclass(frozen=True)
class ConnectionDraft:
    """The form's fields as text; a secret that is left empty stays what it was.

    Attributes:
        no_token: whether the endpoint wants no token.
        headers: names and values of what is sent along; empty ones count for nothing.
        organization: a global id, or its key alone; the same for `repository`.
        rate_limit: GraphQL requests a minute; 0: none is kept to.
    """

    name: str = ""
    graphql_url: str = AMPLIENCE_GRAPHQL_URL
    token_url: str = AMPLIENCE_TOKEN_URL
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    pat: str = field(default="", repr=False)
    no_token: bool = False
    headers: Headers = field(default=(), repr=False)
    organization: str = ""
    repository: str = ""
    rate_limit: int = REMOTE_RATE_LIMIT

    def connection(self, before: Connection | None = None) -> Connection:
        """Return the connection; addresses and name are checked by the store.

        Args:
            before: the connection that is changed. Its secret goes on to the same addresses only:
                whoever may change a connection is not thereby shown its secret.

        Raises:
            ConnectionIncompleteError: no credentials, both kinds of them, or a secret that would
                have to go to another address than it was entered for.
            HeaderRefusedError: a header cannot be sent along, or its value would have to go to
                another address.
            OddCharactersError: a field holds a character that it cannot have (`client.pasted`).
        """
        credentials = self._credentials(before)
        return Connection(
            name=self.name.strip(),
            graphql_url=as_meant(self.graphql_url, "address", "GraphQL endpoint"),
            token_url=as_meant(self.token_url, "address", "token URL"),
            credentials=credentials,
            organization=global_id(
                "Organization", as_meant(self.organization, "id", "organization")
            ),
            repository=global_id("AssetRepository", as_meant(self.repository, "id", "repository")),
            rate_limit=self.rate_limit,
            headers=checked_headers(
                self._headers(before), with_token=not isinstance(credentials, NoToken)
            ),
        )

    def _headers(self, before: Connection | None) -> Headers:
        """Return the headers, with the values that are kept from before."""
        same_place = before is not None and (
            as_meant(self.graphql_url, "address", "GraphQL endpoint") == before.graphql_url
        )
        kept = dict(before.headers) if before and same_place else {}
        return tuple((name, value or kept.get(name.strip(), "")) for name, value in self.headers)

    def _credentials(self, before: Connection | None) -> Credentials:
        token = as_meant(self.pat, "token", "personal access token")
        client_id = as_meant(self.client_id, "id", "client id")
        secret = as_meant(self.client_secret, "secret", "client secret")
        if token and secret:
            raise ConnectionIncompleteError(
                "Both a client secret and a personal access token are filled in; one is used.",
                field="pat",
            )
        if self.no_token and (token or secret):
            raise ConnectionIncompleteError(
                "A secret is filled in, and no token is said to be wanted; one of both holds.",
                field="no_token",
            )
        if self.no_token:
            return NoToken()
        if token:
            return PersonalAccessToken(token)
        if secret:
            return ClientCredentials(client_id, secret)
        if before is None:
            raise ConnectionIncompleteError(
                "Fill in a client id with its secret, or a personal access token, or say that no "
                "token is wanted.",
                field="pat",
            )
        held = before.credentials
        same_id = client_id == (held.client_id if isinstance(held, ClientCredentials) else "")
        if isinstance(held, NoToken):
            raise ConnectionIncompleteError(
                "Fill in a client id with its secret, or a personal access token.", field="pat"
            )
        same_place = (
            as_meant(self.graphql_url, "address", "GraphQL endpoint"),
            as_meant(self.token_url, "address", "token URL"),
        ) == (before.graphql_url, before.token_url)
        if not (same_id and same_place):
            raise ConnectionIncompleteError(
                "An address or the client id changed; fill in the secret that goes with it.",
                field="client_secret",
            )
        return held


def draft_of(connection: Connection) -> ConnectionDraft:
    """Return the fields of a connection, without its secrets."""
    credentials = connection.credentials
    return ConnectionDraft(
        name=connection.name,
        graphql_url=connection.graphql_url,
        token_url=connection.token_url,
        client_id=credentials.client_id if isinstance(credentials, ClientCredentials) else "",
        no_token=isinstance(credentials, NoToken),
        headers=tuple((name, "") for name, _ in connection.headers),
        organization=connection.organization,
        repository=connection.repository,
        rate_limit=connection.rate_limit,
    )
