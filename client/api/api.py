"""The client of one connection: tokens, operations, plans and the end of an upload."""

from collections.abc import Mapping
from urllib.parse import parse_qs, quote, urlencode, urlsplit, urlunsplit

from client.api.graphql import GraphQLAnswer, GraphQLClient, Variables
from client.api.operations import Operations, Viewer
from client.api.tokens import TokenSource
from client.connection.connection import Connection
from client.errors import PermissionDeniedError
from client.json_object import JsonObject
from client.storage.complete import Receipt, complete_upload
from client.storage.content_md5 import ContentMd5
from client.storage.plan import (
    Kind,
    SizeField,
    UploadPlan,
    check_size,
    choose_kind,
    plan_in_slot,
)
from client.wire.exchange import ExchangeLog
from client.wire.http import API_TIMEOUT, Call, Wire
from client.wire.rate_limit import RateState, Waiting, bucket_of
from client.wire.retry import RetryPolicy


class Api:
    """Speaks the contract to one endpoint. Thread-safe.

    Attributes:
        connection: the endpoint.
        log: every exchange made, masked.
        wire: what sends the calls; for transfers and downloads.
        policy: how often and after how long something is tried again.
        content_md5: whether the store takes Content-MD5, as far as known.
    """

    def __init__(
        self,
        connection: Connection,
        log: ExchangeLog | None = None,
        *,
        policy: RetryPolicy | None = None,
        on_wait: Waiting | None = None,
    ) -> None:
        """Speak to a connection's endpoint.

        Args:
            connection: the endpoint.
            log: where exchanges are recorded; without one, in a log of its own.
            policy: how often and after how long something is tried again.
            on_wait: told the seconds before a request waits for its turn (contract 4), on
                the thread that waits.
        """
        self.connection = connection
        self.log = ExchangeLog() if log is None else log
        self.policy = policy or RetryPolicy()
        self.wire = Wire(connection, self.log)
        self.content_md5 = ContentMd5(taken=True if connection.own_store else None)
        self._tokens = TokenSource(connection, self.wire, self.policy)
        self._bucket = bucket_of(connection)
        self._graphql = GraphQLClient(
            connection, self.wire, self._tokens, self.policy, self._bucket, on_wait
        )
        self._operations = Operations(self._graphql)

    def close(self) -> None:
        """Close the kept connections."""
        self.wire.close()

    @property
    def rate(self) -> RateState | None:
        """How many requests may go at once, all of this process counted; None without a limit."""
        return self._bucket.state if self._bucket else None

    @property
    def token_lifetime(self) -> float | None:
        """Seconds that the access token lived when it was fetched; None where none was fetched."""
        return self._tokens.lifetime

    def token(self, *, refused: str | None = None) -> str:
        """Return an access token with at least 30 s of life (contract 2).

        Args:
            refused: a token the API has just refused, which is then not handed out again.

        Raises:
            CredentialsRefusedError: the endpoint does not know the credentials.
            ServiceDownError: the token endpoint did not answer.
        """
        return self._tokens.token(refused=refused)

    def execute(
        self,
        document: str,
        variables: Variables | None = None,
        operation_name: str | None = None,
        *,
        timeout: tuple[float, float] = API_TIMEOUT,
    ) -> JsonObject:
        """Return `data` of an operation that succeeded without errors (contract 12).

        `timeout` is seconds to connect and to wait; AI mutations want 60 for the second.

        Raises:
            ApiError: one of its leaves.
            ServiceDownError: no answer arrived.
        """
        return self._graphql.execute(document, variables, operation_name, timeout=timeout)

    def ask(
        self,
        document: str,
        variables: Variables | str | None = None,
        operation_name: str | None = None,
        *,
        timeout: tuple[float, float] = API_TIMEOUT,
    ) -> GraphQLAnswer:
        """Return the whole answer to one request, errors and partial data included.

        Variables that are the text of a JSON object are sent as they are written.

        Raises:
            CredentialsRefusedError: no token could be had.
            RateLimitedError: so many requests wait for their turn that this one is not sent.
            ServiceDownError: no answer arrived.
        """
        return self._graphql.ask(document, variables, operation_name, timeout=timeout)

    def ask_without_token(self, document: str) -> GraphQLAnswer:
        """Return the answer to one request without a token, as for introspection (contract 19.5).

        Raises:
            RateLimitedError: so many requests wait for their turn that this one is not sent.
            ServiceDownError: no answer arrived.
        """
        return self._graphql.ask_without_token(document)

    def viewer(self) -> Viewer:
        """Return the organizations the credentials reach.

        Raises:
            ApiError: one of its leaves.
            ServiceDownError: no answer arrived.
        """
        return self._operations.viewer()

    def payer(self) -> str:
        """Return the id of the organization that pays for what costs credits.

        It is the connection's, else the first that the credentials reach.

        Raises:
            PermissionDeniedError: the credentials reach none.
            ApiError: another of its leaves.
            ServiceDownError: no answer arrived.
        """
        if self.connection.organization:
            return self.connection.organization
        organizations = self.viewer()["organizations"]
        if not organizations:
            raise PermissionDeniedError("These credentials reach no organization that could pay.")
        return organizations[0]["id"]

    def size_field(self) -> SizeField:
        """Return how this endpoint spells a file's size (contract 7.2), asking it once.

        Raises:
            ServiceDownError: no answer arrived.
        """
        return self._operations.size_field()

    def plan_upload(
        self,
        name: str,
        size: int,
        content_type: str,
        part_size: int | None = None,
        kind: Kind | None = None,
    ) -> UploadPlan:
        """Ask for URLs and cut the file. `part_size` has no meaning for a single upload.

        Raises:
            EmptyFileError, SizeOverLimitError, SizeOverSingleError: before anything is sent.
            PartSizeError: the part size is outside what the service takes.
            ApiError: one of its leaves.
            ServiceDownError: no answer arrived.
        """
        check_size(name, size, self.connection, kind)
        if (kind or choose_kind(size, self.connection)) == "single":
            slot = self._operations.create_single()
        else:
            slot = self._operations.create_multipart(size)
        return plan_in_slot(slot, name, size, content_type, self.connection, part_size)

    def complete(self, plan: UploadPlan, etags: Mapping[int, str]) -> Receipt:
        """End an upload whose parts are sent, and check the object at its download URL.

        Args:
            plan: what `plan_upload` returned.
            etags: part number -> ETag as received; a single upload has part 1.

        Raises:
            CompleteFailedError: a part has no ETag, or the store refused the list.
            LinkExpiredError: the URLs are too old.
            SizeMismatchError: the object does not have the file's size.
            ServiceDownError: the store did not answer.
        """
        return complete_upload(self.wire, self.policy, plan, etags)

    def abort(self, complete_url: str | None) -> bool:
        """Have an unfinished upload's parts removed; tell whether the store did it.

        The documented API has no call for this; the embedded service has one of its own. Elsewhere,
        and for a single upload, which has no URL to complete it, nothing is asked: what was sent
        expires with its URLs.

        Raises:
            CredentialsRefusedError: no token could be had.
            ServiceDownError: no answer arrived.
        """
        if not self.connection.embedded or complete_url is None:
            return False
        complete = urlsplit(complete_url)
        [upload_id] = parse_qs(complete.query)["uploadId"]
        key = complete.path.rpartition("/")[2]
        service = urlsplit(self.connection.graphql_url)
        path = f"/service/uploads/{quote(upload_id, safe='')}"
        url = urlunsplit((service.scheme, service.netloc, path, urlencode({"key": key}), ""))
        headers = {"Authorization": f"Bearer {self.token()}"}
        answer = self.wire.send(Call("DELETE", url, "abort", headers, log_bodies=True))
        return answer.status == 204
