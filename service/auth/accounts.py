"""Who a caller is: the OAuth client, or the owner of a personal access token (contract 2)."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus

from service.errors import GraphQLRequestError
from settings import PAT_PREFIX


@dataclass(frozen=True)
class Account:
    """The holder of a valid credential.

    Attributes:
        credential: what requests are counted by; never the secret itself.
        granted: False for an account without a grant on any asset store (contract 2.3).
    """

    credential: str
    granted: bool = True


class Accounts:
    """Checks credentials of both kinds."""

    def __init__(
        self,
        check_token: Callable[[str | None], str],
        personal_tokens: Iterable[str] = (),
        ungranted_tokens: Iterable[str] = (),
    ) -> None:
        """Accept access tokens and configured personal access tokens.

        Args:
            check_token: turns an Authorization header into an OAuth client id, or raises
                GraphQLRequestError.
            personal_tokens: tokens of accounts that may do everything.
            ungranted_tokens: tokens of accounts without a grant on any asset store.
        """
        self._check_token = check_token
        self._holders = {
            **{_digest(token): Account(_name(token)) for token in personal_tokens},
            **{_digest(token): Account(_name(token), granted=False) for token in ungranted_tokens},
        }

    def authenticate(self, authorization: str | None) -> Account:
        """Return the account of an `Authorization` header.

        Raises:
            GraphQLRequestError: UNAUTHENTICATED.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip().startswith(PAT_PREFIX):
            return Account(self._check_token(authorization))
        # Looked up by digest, so that the time taken tells nothing about the tokens.
        account = self._holders.get(_digest(token.strip()))
        if account is None:
            raise GraphQLRequestError(
                "UNAUTHENTICATED",
                "The personal access token is not known; TFW_PATS lists those that are.",
                HTTPStatus.UNAUTHORIZED,
                {"WWW-Authenticate": "Bearer"},
            )
        return account


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _name(token: str) -> str:
    return f"{PAT_PREFIX}{_digest(token).hex()[:12]}"
