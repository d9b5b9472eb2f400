"""Sends the operations for uploads and credits, and reads their answers.

Scalars stand inside an inline `input: {...}`, sizes as literal integers: that validates whether
the field is an Int, a Float or a big-integer scalar, and no input type's name is guessed
(contract 0.2).
"""

import re
import threading
import time
from collections.abc import Mapping
from typing import Any, TypedDict

from client.api.documents import document
from client.api.graphql import GraphQLClient
from client.api.pagination import nodes
from client.errors import (
    AuthExpiredError,
    ClientError,
    ComplexityExceededError,
    CredentialsRefusedError,
    GraphQLFailedError,
    RateLimitedError,
    ServiceDownError,
    UnexpectedAnswerError,
)
from client.json_object import JsonObject, as_list, as_number, as_object
from client.storage.plan import SizeField, UploadSlot, deadline_of

SINGLE_UPLOAD = document("create-single-upload")
MOST_MUTATIONS = 20
"""Mutations in one operation. The embedded service takes no more; Amplience documents no number."""
SIZE_FIELD = document("size-field")
REMOVE_BACKGROUND = document("remove-background")

_MULTIPART = "createTempFileMultipartUploadUrl"
_SINGLE = "createTempFileUploadUrl"
_UNKNOWN_FIELD = re.compile(r"file_?size", re.IGNORECASE)
_WITHOUT_ANSWER = (AuthExpiredError, CredentialsRefusedError, RateLimitedError, ServiceDownError)


class Organization(TypedDict):
    """Who pays the credits; `id` goes into background removal (contract 9)."""

    id: str
    name: str


class Viewer(TypedDict):
    """Whom the credentials belong to. `name` names the organizations, or says there are none."""

    name: str
    organizations: list[Organization]


def single_uploads(count: int) -> str:
    """Return one operation that asks for the URLs of so many single PUTs, as `file1` and so on."""
    field = SINGLE_UPLOAD.removeprefix("mutation {").removesuffix("}").strip()
    fields = (f"file{number}: {field}" for number in range(1, count + 1))
    return f"mutation {{ {' '.join(fields)} }}"


def multipart_upload(size: int | str, size_field: str) -> str:
    """Return the mutation for a file of so many bytes; the size is written as it is given."""
    mutation = document("create-multipart-upload")
    return mutation.replace("filesize: 1", f"{size_field}: {size}")


class Operations:
    """The operations of one connection. Thread-safe."""

    def __init__(self, graphql: GraphQLClient) -> None:
        self._graphql = graphql
        self._lock = threading.Lock()
        self._size_field: SizeField | None = None
        self._takes_several = True

    def create_single(self) -> UploadSlot:
        """Ask for the URLs of a single PUT (contract 6).

        Raises:
            ClientError: what `GraphQLClient.execute` raises; `unexpected-answer` without URLs.
        """
        asked = time.time()
        return _single_slot(_payload(self._graphql.execute(SINGLE_UPLOAD), _SINGLE), asked)

    def create_singles(self, count: int) -> list[UploadSlot]:
        """Ask for the URLs of several single PUTs, in one request where the endpoint takes that.

        A request counts once whatever it asks for (contract 4): 200 files are 10 requests of the
        60 that a minute has. An endpoint that refuses such an operation is asked for one file
        after the other from then on.

        Raises:
            ClientError: as `create_single`.
        """
        slots: list[UploadSlot] = []
        while self._takes_several and count - len(slots) > 1:
            some = min(MOST_MUTATIONS, count - len(slots))
            asked = time.time()
            try:
                data = self._graphql.execute(single_uploads(some))
            except (ComplexityExceededError, GraphQLFailedError):
                self._takes_several = False
                break
            slots += [
                _single_slot(_payload(data, f"file{number}"), asked)
                for number in range(1, some + 1)
            ]
        return slots + [self.create_single() for _ in range(count - len(slots))]

    def create_multipart(self, size: int) -> UploadSlot:
        """Ask for the URLs of an upload in parts (contract 7.1).

        Raises:
            ClientError: what `GraphQLClient.execute` raises; `unexpected-answer` without URLs.
        """
        asked = time.time()
        payload = _payload(self._execute_sized(size), _MULTIPART)
        parts = tuple(str(url) for url in as_list(payload.get("uploadPartUrls")))
        if not parts:
            raise _missing(_MULTIPART, "uploadPartUrls")
        complete, download = _text(payload, "completeUrl"), _text(payload, "downloadUrl")
        return UploadSlot(
            "multipart",
            parts,
            download,
            deadline_of([parts[0], complete, download], asked),
            complete,
            _size(payload, "minPartSize"),
            _size(payload, "maxPartSize"),
            self.size_field(),
        )

    def viewer(self) -> Viewer:
        """Return the organizations the credentials reach (contract 9).

        The node may be an interface or a union (contract 19.7), so every document narrows it.

        Raises:
            ClientError: what `GraphQLClient.execute` raises.
        """
        viewer = _payload(self._graphql.execute(document("organizations")), "viewer")
        organizations = [
            Organization(id=str(node.get("id", "")), name=str(node.get("name", "")))
            for node in nodes(as_object(viewer.get("organizations")))
        ]
        names = ", ".join(organization["name"] for organization in organizations)
        return Viewer(name=names or "no organization", organizations=organizations)

    def size_field(self) -> SizeField:
        """Return how this endpoint spells the size: asked once, then remembered (contract 7.2).

        Where introspection is refused it is a guess, put right by the first upload.

        Raises:
            ClientError: the endpoint could not be asked at all.
        """
        with self._lock:
            if self._size_field is None:
                try:
                    names = size_field_names(self._graphql.execute(SIZE_FIELD))
                except _WITHOUT_ANSWER:
                    raise
                except ClientError:
                    names = set[str]()
                only_camel_case = "fileSize" in names and "filesize" not in names
                self._size_field = "fileSize" if only_camel_case else "filesize"
            return self._size_field

    def _execute_sized(self, size: int) -> JsonObject:
        size_field = self.size_field()
        try:
            return self._graphql.execute(multipart_upload(size, size_field))
        except GraphQLFailedError as error:
            if not _UNKNOWN_FIELD.search(str(error)):
                raise
            other: SizeField = "fileSize" if size_field == "filesize" else "filesize"
            try:
                data = self._graphql.execute(multipart_upload(size, other))
            except GraphQLFailedError:
                raise error from None
        with self._lock:
            self._size_field = other
        return data


def size_field_names(data: JsonObject) -> set[str]:
    """Return the input fields of the mutation that the answer to `SIZE_FIELD` names."""
    try:
        fields: list[JsonObject] = data["__schema"]["mutationType"]["fields"]
        mutation = next(field for field in fields if field["name"] == _MULTIPART)
        return {field["name"] for field in mutation["args"][0]["type"]["ofType"]["inputFields"]}
    except (KeyError, IndexError, TypeError, StopIteration):
        return set()


def _single_slot(payload: JsonObject, asked: float) -> UploadSlot:
    upload, download = _text(payload, "uploadUrl"), _text(payload, "downloadUrl")
    return UploadSlot("single", (upload,), download, deadline_of([upload, download], asked))


def _payload(data: JsonObject, operation: str) -> JsonObject:
    payload = as_object(data.get(operation))
    if not payload:
        raise _missing(operation, operation)
    return payload


def _text(payload: Mapping[str, Any], name: str) -> str:
    value: Any = payload.get(name)
    if not isinstance(value, str) or not value:
        raise _missing("The payload", name)
    return value


def _size(payload: Mapping[str, Any], name: str) -> int:
    value = as_number(payload.get(name))
    if value is None or value <= 0:
        raise _missing("The payload", name)
    return int(value)


def _missing(operation: str, name: str) -> UnexpectedAnswerError:
    return UnexpectedAnswerError(f"{operation} was answered without a usable {name}.", field=name)
