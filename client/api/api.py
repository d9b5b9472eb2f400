"""The client of one connection: tokens, operations, plans and the end of an upload."""

from collections.abc import Mapping
from urllib.parse import parse_qs, quote, urlencode, urlsplit, urlunsplit

from client.api.graphql import GraphQLClient
from client.api.operations import Operations
from client.api.tokens import TokenSource
from client.connection.connection import Connection
from client.errors import PermissionDeniedError
from client.storage.complete import Receipt, complete_upload
from client.storage.content_md5 import ContentMd5
from client.storage.plan import (
    Kind,
    UploadPlan,
    UploadSlot,
    check_size,
    choose_kind,
    plan_in_slot,
)
from client.wire.exchange import ExchangeLog
from client.wire.http import Call, Wire
from client.wire.rate_limit import RateState, Waiting, bucket_of
from client.wire.retry import RetryPolicy


class Api:
    """Speaks the contract to one endpoint. Thread-safe.

    Attributes:
        connection: the endpoint.
        log: every exchange made, masked.
        wire: what sends the calls; for transfers and downloads.
        tokens: hands out the access token.
        graphql: sends GraphQL documents.
        operations: those that have a method of their own.
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
        """Speak to a connection's endpoint; without a log, exchanges go to one of its own.

        Before a request waits for its turn (contract 4), `on_wait` is told the seconds on the
        thread that waits.
        """
        self.connection = connection
        self.log = ExchangeLog() if log is None else log
        self.policy = policy or RetryPolicy()
        self.wire = Wire(connection, self.log)
        self.content_md5 = ContentMd5(taken=True if connection.own_store else None)
        self.tokens = TokenSource(connection, self.wire, self.policy)
        self._bucket = bucket_of(connection)
        self.graphql = GraphQLClient(
            connection, self.wire, self.tokens, self.policy, self._bucket, on_wait
        )
        self.operations = Operations(self.graphql)

    def close(self) -> None:
        """Close the kept connections."""
        self.wire.close()

    @property
    def rate(self) -> RateState | None:
        """How many requests may go at once, all of this process counted; None without a limit."""
        return self._bucket.state if self._bucket else None

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
        organizations = self.operations.viewer()["organizations"]
        if not organizations:
            raise PermissionDeniedError("These credentials reach no organization that could pay.")
        return organizations[0]["id"]

    def plan_upload(
        self,
        name: str,
        size: int,
        content_type: str,
        part_size: int | None = None,
        kind: Kind | None = None,
        slot: UploadSlot | None = None,
        *,
        cut: bool = True,
    ) -> UploadPlan:
        """Ask for URLs, unless there is a slot already, and cut the file.

        `part_size` and `cut` have no meaning for a single upload; without `cut` whoever sends the
        parts cuts them, too.

        Raises:
            EmptyFileError, SizeOverLimitError, SizeOverSingleError: before anything is sent.
            PartSizeError: the part size is outside what the service takes.
            ApiError: one of its leaves.
            ServiceDownError: no answer arrived.
        """
        check_size(name, size, self.connection, kind)
        if slot is None:
            if (kind or choose_kind(size, self.connection)) == "single":
                slot = self.operations.create_single()
            else:
                slot = self.operations.create_multipart(size)
        return plan_in_slot(slot, name, size, content_type, self.connection, part_size, cut=cut)

    def complete(self, plan: UploadPlan, etags: Mapping[int, str]) -> Receipt:
        """End an upload whose parts are sent, and check the object at its download URL.

        `etags` is part number -> ETag as received; a single upload has part 1.

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
        headers = {"Authorization": f"Bearer {self.tokens.token()}"}
        answer = self.wire.send(Call("DELETE", url, "abort", headers, log_bodies=True))
        return answer.status == 204
