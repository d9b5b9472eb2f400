"""Everything the client raises: one tree, each leaf with a code a person can quote.

    ClientError                      unexpected
    ├── InputError                   (refused before anything was sent)
    │   ├── FileMissingError         file-missing
    │   ├── EmptyFileError           empty-file
    │   ├── NotAnImageError          not-an-image
    │   ├── SizeOverLimitError       size-over-2gb
    │   ├── SizeOverSingleError      size-over-single-limit
    │   ├── PartSizeError            bad-part-size
    │   ├── AddressError             bad-address
    │   ├── BadVariableError         bad-variable
    │   ├── NotSentError             not-sent
    │   ├── ImportRefusedError       import-refused
    │   ├── ConnectionIncompleteError  connection-incomplete
    │   │   └── OddCharactersError   odd-characters
    │   ├── HeaderRefusedError       bad-header
    │   ├── ConnectionNameError      connection-name
    │   └── ConnectionUnknownError   connection-unknown
    ├── FileChangedError             file-changed
    ├── TransferCancelledError       cancelled
    ├── TransferForgottenError       transfer-forgotten
    ├── FileDiffersError             file-differs
    ├── TransferElsewhereError       transfer-elsewhere
    ├── SlotGoneError                slot-gone
    ├── RecordsUnavailableError      records-unavailable
    ├── ServiceDownError             service-down
    ├── ApiError                     (the GraphQL or token endpoint said no)
    │   ├── CredentialsRefusedError  credentials-refused
    │   ├── AuthExpiredError         auth-expired
    │   │   └── TokenWantedError     token-wanted
    │   ├── PermissionDeniedError    permission-denied
    │   ├── RateLimitedError         rate-limited
    │   ├── ComplexityExceededError  complexity-exceeded
    │   ├── CreditsExhaustedError    insufficient-credits
    │   ├── FaultsRefusedError       faults-refused
    │   ├── NameTakenError           name-taken
    │   ├── OutcomeUnknownError      outcome-unknown
    │   ├── GraphQLFailedError       graphql-error
    │   └── UnexpectedAnswerError    unexpected-answer
    └── StorageError                 (the store said no)
        ├── StorageRefusedError      storage-refused
        ├── LinkExpiredError         link-expired
        ├── PartFailedError          part-failed
        ├── EtagMismatchError        etag-mismatch
        ├── SizeMismatchError        size-mismatch
        └── CompleteFailedError      complete-failed

Messages and details never hold a token, a secret or the query of a signed URL.
"""

from pathlib import Path
from typing import ClassVar, Self

Detail = str | int


class ClientError(Exception):
    """The root of the tree.

    Attributes:
        code: kebab-case, stable, for people to quote and for the words table to look up.
        details: what the sentence is about: `name`, `size`, `limit`, `part`, `total`, `host`,
            `seconds`, `status`, `storage_code` ... Sizes are bytes, times are seconds.
    """

    code: ClassVar[str] = "unexpected"

    def __init__(self, message: str, **details: Detail) -> None:
        super().__init__(message)
        self.details: dict[str, Detail] = details


class InputError(ClientError):
    """Refused before anything was sent."""


class FileMissingError(InputError):
    """The file is not there or cannot be opened."""

    code = "file-missing"


class EmptyFileError(InputError):
    """There are no bytes to send."""

    code = "empty-file"


class NotAnImageError(InputError):
    """The bytes are of no image type that background removal takes (contract 6)."""

    code = "not-an-image"


class SizeOverLimitError(InputError):
    """Larger than the connection takes at all (contract 4)."""

    code = "size-over-2gb"


class SizeOverSingleError(InputError):
    """Larger than one PUT may carry, and a single PUT was asked for (contract 4)."""

    code = "size-over-single-limit"


class PartSizeError(InputError):
    """The part size asked for is outside what the service takes (contract 7.4)."""

    code = "bad-part-size"


class AddressError(InputError):
    """The text is no address this program can ask: no http or https, or no host."""

    code = "bad-address"


class BadVariableError(InputError):
    """A variable of the environment names a proxy or a file of certificates that is none.

    `details["name"]` is the variable.
    """

    code = "bad-variable"


class NotSentError(InputError):
    """A GraphQL request cannot be made of what is in the editor.

    `details["reason"]` says why: `document-empty`, `document-syntax`, `no-operation`,
    `which-operation`, `variables-json`, `variables-object` or `no-last-value`; `line` and `column`
    where, from 1.
    """

    code = "not-sent"


class ImportRefusedError(InputError):
    """The file holds no operations in a form that is known; nothing was taken from it."""

    code = "import-refused"


class ConnectionIncompleteError(InputError):
    """The connection lacks an address or credentials."""

    code = "connection-incomplete"


class OddCharactersError(ConnectionIncompleteError):
    """A credential or an address holds a character that it cannot have, often an invisible one.

    `details["field"]` says which of them, and `character` which one it is.
    """

    code = "odd-characters"


class HeaderRefusedError(InputError):
    """A connection cannot send this header along. The message names it, and no value."""

    code = "bad-header"


class ConnectionNameError(InputError):
    """A connection cannot have this name: it is empty, too long, or another connection's."""

    code = "connection-name"


class ConnectionUnknownError(InputError):
    """No connection has this name: it was removed, or never was."""

    code = "connection-unknown"


class FileChangedError(ClientError):
    """The file changed or vanished while it was read; nothing was completed."""

    code = "file-changed"


class TransferCancelledError(ClientError):
    """Somebody asked to stop; nothing was completed."""

    code = "cancelled"


class TransferForgottenError(ClientError):
    """No record of the transfer can be gone on with: it is gone, unreadable, or it has ended."""

    code = "transfer-forgotten"


class FileDiffersError(ClientError):
    """The file chosen again is not the one that was being sent; nothing was changed."""

    code = "file-differs"


class TransferElsewhereError(ClientError):
    """Another window is sending this file at the moment."""

    code = "transfer-elsewhere"


class SlotGoneError(ClientError):
    """URLs that were kept for a file have expired or were used."""

    code = "slot-gone"


class RecordsUnavailableError(ClientError):
    """A file of the data folder, such as that of the transfers, cannot be read or written."""

    code = "records-unavailable"

    @classmethod
    def of(cls, path: Path, reason: str) -> Self:
        """Return the error that names a file."""
        return cls(f"{path.name} in the data folder cannot be used: {reason}.", name=path.name)


class ServiceDownError(ClientError):
    """No answer arrived.

    Attributes:
        request_sent: False only when the connection was never made, so that even a mutation may
            be sent again (contract 12).
        passing: False when waiting is not likely to help: nobody knows the host, or its certificate
            was refused.
    """

    code = "service-down"

    def __init__(
        self, message: str, *, request_sent: bool, passing: bool = True, **details: Detail
    ) -> None:
        super().__init__(message, **details)
        self.request_sent = request_sent
        self.passing = passing


class ApiError(ClientError):
    """The GraphQL or the token endpoint answered, and the answer is no."""


class CredentialsRefusedError(ApiError):
    """The token endpoint does not know this id and secret (contract 2.1)."""

    code = "credentials-refused"


class AuthExpiredError(ApiError):
    """The API refused the token, also after it was renewed."""

    code = "auth-expired"


class TokenWantedError(AuthExpiredError):
    """The API wants a token, and the connection sends none."""

    code = "token-wanted"


class PermissionDeniedError(ApiError):
    """The credentials are good and may not do this (contract 2.3)."""

    code = "permission-denied"


class RateLimitedError(ApiError):
    """More requests than the API takes in a minute (contract 4)."""

    code = "rate-limited"


class ComplexityExceededError(ApiError):
    """The operation costs more points than one request may (contract 4)."""

    code = "complexity-exceeded"


class CreditsExhaustedError(ApiError):
    """The organization has no credit left (contract 9)."""

    code = "insufficient-credits"


class FaultsRefusedError(ApiError):
    """The service has no fault switches for us, or does not take one as it was asked for."""

    code = "faults-refused"


class NameTakenError(ApiError):
    """Another asset of the account has this name (contract 10)."""

    code = "name-taken"


class OutcomeUnknownError(ApiError):
    """The answer to a mutation was lost, so it may have been carried out (contract 12)."""

    code = "outcome-unknown"


class GraphQLFailedError(ApiError):
    """Any other entry of `errors` in a GraphQL answer (contract 12)."""

    code = "graphql-error"


class UnexpectedAnswerError(ApiError):
    """The answer is not what the contract describes: not JSON, no data, a field missing."""

    code = "unexpected-answer"


class StorageError(ClientError):
    """The store answered, and the answer is no."""


class StorageRefusedError(StorageError):
    """Any storage error without a class of its own (contract 8)."""

    code = "storage-refused"


class LinkExpiredError(StorageError):
    """The signed URL is older than its lifetime (contract 8)."""

    code = "link-expired"


class PartFailedError(StorageError):
    """One part did not arrive after every try."""

    code = "part-failed"


class EtagMismatchError(StorageError):
    """What the store holds differs from what was sent or from what was there before."""

    code = "etag-mismatch"


class SizeMismatchError(StorageError):
    """The object at the download URL does not have the size of the file."""

    code = "size-mismatch"


class CompleteFailedError(StorageError):
    """The store did not join the parts (contract 7.6)."""

    code = "complete-failed"
