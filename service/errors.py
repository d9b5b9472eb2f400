"""Every error the service answers with, in one tree.

ServiceError            something a caller is told about
├── StorageError        an S3 error: code, HTTP status, message, extra elements (contract 8)
│   └── one function below per code, so that wording and elements live in one place
├── GraphQLRequestError a GraphQL request refused as a whole: code, HTTP status, message
├── OAuthError          a token request refused: RFC 6749 section 5.2
└── DataFolderError     the service cannot start on this data folder
"""

import errno
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus

DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})  # no room for this file


class ServiceError(Exception):
    """A failure that has an answer."""


class DataFolderError(ServiceError):
    """The data folder cannot be used; the message names the file and what to do."""


@dataclass
class OAuthError(ServiceError):
    """A refused token request: 400, or 401 to a client that used HTTP Basic (RFC 6749, 5.2)."""

    error: str
    description: str
    status: int = HTTPStatus.BAD_REQUEST
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass
class GraphQLRequestError(ServiceError):
    """A GraphQL request refused as a whole; `code` goes to `extensions.code` (contract 12)."""

    code: str
    message: str
    status: int = HTTPStatus.BAD_REQUEST
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass
class StorageError(ServiceError):
    """An S3 error document: `<Error>` with code, message and the extra elements of its code."""

    code: str
    status: int
    message: str
    elements: Mapping[str, str | int] = field(default_factory=dict[str, str | int])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def only_one_auth_mechanism(scheme: str) -> StorageError:
    """Query signature and Authorization header together; the credential itself is not echoed."""
    return StorageError(
        "InvalidArgument",
        HTTPStatus.BAD_REQUEST,
        "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature "
        "query string parameter or the Authorization header should be specified",
        {"ArgumentName": "Authorization", "ArgumentValue": f"{scheme} …"},
    )


def malformed_signature(message: str) -> StorageError:
    """A query parameter of the signature is missing or cannot be read."""
    return StorageError("AuthorizationQueryParametersError", HTTPStatus.BAD_REQUEST, message)


def access_denied() -> StorageError:
    """The request carries no signature at all."""
    return StorageError("AccessDenied", HTTPStatus.FORBIDDEN, "Access Denied")


def expired(lifetime: int, expired_at: datetime, now: datetime) -> StorageError:
    """The URL is older than its lifetime."""
    return StorageError(
        "AccessDenied",
        HTTPStatus.FORBIDDEN,
        "Request has expired",
        {
            "X-Amz-Expires": lifetime,
            "Expires": iso_time(expired_at),
            "ServerTime": iso_time(now),
        },
    )


def time_too_skewed(requested: str, now: datetime, allowed_seconds: int) -> StorageError:
    """The URL was signed in the future."""
    return StorageError(
        "RequestTimeTooSkewed",
        HTTPStatus.FORBIDDEN,
        "The difference between the request time and the current time is too large.",
        {
            "RequestTime": requested,
            "ServerTime": iso_time(now),
            "MaxAllowedSkewMilliseconds": allowed_seconds * 1000,
        },
    )


def unknown_access_key(key_id: str) -> StorageError:
    """The URL was signed with a key of another store."""
    return StorageError(
        "InvalidAccessKeyId",
        HTTPStatus.FORBIDDEN,
        "The AWS Access Key Id you provided does not exist in our records.",
        {"AWSAccessKeyId": key_id},
    )


def signature_mismatch(
    key_id: str, provided: str, string_to_sign: str, canonical_request: str
) -> StorageError:
    """The URL, the method or the host is not what was signed."""
    return StorageError(
        "SignatureDoesNotMatch",
        HTTPStatus.FORBIDDEN,
        "The request signature we calculated does not match the signature you provided. "
        "Check your key and signing method.",
        {
            "AWSAccessKeyId": key_id,
            "StringToSign": string_to_sign,
            "SignatureProvided": provided,
            "CanonicalRequest": canonical_request,
        },
    )


def headers_not_signed(names: list[str]) -> StorageError:
    """The request has `x-amz-*` headers that its signature does not cover."""
    return StorageError(
        "AccessDenied",
        HTTPStatus.FORBIDDEN,
        "There were headers present in the request which were not signed",
        {"HeadersNotSigned": ", ".join(names)},
    )


def invalid_argument(name: str, value: str, message: str) -> StorageError:
    """A query parameter of the operation is unusable."""
    return StorageError(
        "InvalidArgument",
        HTTPStatus.BAD_REQUEST,
        message,
        {"ArgumentName": name, "ArgumentValue": value},
    )


def method_not_allowed(method: str, allowed: str) -> StorageError:
    """The resource does not take this method; `allowed` goes to the Allow header."""
    return StorageError(
        "MethodNotAllowed",
        HTTPStatus.METHOD_NOT_ALLOWED,
        "The specified method is not allowed against this resource.",
        {"Method": method, "ResourceType": "OBJECT"},
        {"Allow": allowed},
    )


def entity_too_large(proposed: int, allowed: int) -> StorageError:
    """More bytes are announced than the service takes."""
    return StorageError(
        "EntityTooLarge",
        HTTPStatus.BAD_REQUEST,
        "Your proposed upload exceeds the maximum allowed size",
        {"ProposedSize": proposed, "MaxSizeAllowed": allowed},
    )


def entity_too_small(proposed: int, minimum: int, part_number: int, etag: str) -> StorageError:
    """A part other than the last is under the minimum; seen at complete only."""
    return StorageError(
        "EntityTooSmall",
        HTTPStatus.BAD_REQUEST,
        "Your proposed upload is smaller than the minimum allowed size",
        {
            "ProposedSize": proposed,
            "MinSizeAllowed": minimum,
            "PartNumber": part_number,
            "ETag": etag,
        },
    )


def invalid_part(upload_id: str, part_number: int, etag: str) -> StorageError:
    """A listed part was not uploaded, or its ETag or checksum is another."""
    return StorageError(
        "InvalidPart",
        HTTPStatus.BAD_REQUEST,
        "One or more of the specified parts could not be found. The part may not have been "
        "uploaded, or the specified entity tag may not match the part's entity tag.",
        {"UploadId": upload_id, "PartNumber": part_number, "ETag": etag},
    )


def invalid_part_order(upload_id: str, part_number: int, etag: str) -> StorageError:
    """The listed part numbers do not ascend."""
    return StorageError(
        "InvalidPartOrder",
        HTTPStatus.BAD_REQUEST,
        "The list of parts was not in ascending order. Parts must be ordered by part number.",
        {"UploadId": upload_id, "PartNumber": part_number, "ETag": etag},
    )


def malformed_xml() -> StorageError:
    """The complete request is not the document that S3's schema describes."""
    return StorageError(
        "MalformedXML",
        HTTPStatus.BAD_REQUEST,
        "The XML you provided was not well-formed or did not validate against our published schema",
    )


def missing_request_body() -> StorageError:
    """The complete request is empty."""
    return StorageError("MissingRequestBodyError", HTTPStatus.BAD_REQUEST, "Request Body is empty")


def invalid_request(message: str) -> StorageError:
    """What is asked for cannot be done: a checksum of another kind, or a packed file to read."""
    return StorageError("InvalidRequest", HTTPStatus.BAD_REQUEST, message)


def no_such_upload(upload_id: str) -> StorageError:
    """The upload is unknown, aborted, expired or already completed."""
    return StorageError(
        "NoSuchUpload",
        HTTPStatus.NOT_FOUND,
        "The specified upload does not exist. The upload ID may be invalid, or the upload may "
        "have been aborted or completed.",
        {"UploadId": upload_id},
    )


def no_such_key(key: str) -> StorageError:
    """Nothing was uploaded there yet, or it was swept."""
    return StorageError(
        "NoSuchKey", HTTPStatus.NOT_FOUND, "The specified key does not exist.", {"Key": key}
    )


def bad_digest(expected: str, calculated: str) -> StorageError:
    """The bytes received do not have the Content-MD5 that was announced."""
    return StorageError(
        "BadDigest",
        HTTPStatus.BAD_REQUEST,
        "The Content-MD5 you specified did not match what we received.",
        {"ExpectedDigest": expected, "CalculatedDigest": calculated},
    )


def invalid_digest(value: str) -> StorageError:
    """Content-MD5 is not the base64 of 16 bytes."""
    return StorageError(
        "InvalidDigest",
        HTTPStatus.BAD_REQUEST,
        "The Content-MD5 you specified was invalid.",
        {"Content-MD5": value},
    )


def incomplete_body(expected: int, received: int) -> StorageError:
    """The body ended before Content-Length."""
    return StorageError(
        "IncompleteBody",
        HTTPStatus.BAD_REQUEST,
        "You did not provide the number of bytes specified by the Content-Length HTTP header",
        {"NumberBytesExpected": expected, "NumberBytesProvided": received},
    )


def missing_content_length() -> StorageError:
    """A body without a length, such as a chunked one."""
    return StorageError(
        "MissingContentLength",
        HTTPStatus.LENGTH_REQUIRED,
        "You must provide the Content-Length HTTP header.",
    )


def request_timeout() -> StorageError:
    """The client sent nothing for the idle time; it may send the same request again."""
    return StorageError(
        "RequestTimeout",
        HTTPStatus.BAD_REQUEST,
        "Your socket connection to the server was not read from or written to within the "
        "timeout period. Idle connections will be closed.",
    )


def precondition_failed(condition: str) -> StorageError:
    """A conditional header does not hold."""
    return StorageError(
        "PreconditionFailed",
        HTTPStatus.PRECONDITION_FAILED,
        "At least one of the pre-conditions you specified did not hold",
        {"Condition": condition},
    )


def metadata_too_large(size: int, allowed: int) -> StorageError:
    """What the headers of a PUT say about the file is longer than S3 keeps."""
    return StorageError(
        "MetadataTooLarge",
        HTTPStatus.BAD_REQUEST,
        "Your metadata headers exceed the maximum allowed metadata size.",
        {"Size": size, "MaxSizeAllowed": allowed},
    )


def not_implemented(header: str) -> StorageError:
    """A header asks for something that S3 has not built, so it must not be passed over."""
    return StorageError(
        "NotImplemented",
        HTTPStatus.NOT_IMPLEMENTED,
        "A header you provided implies functionality that is not implemented",
        {"Header": header},
    )


def invalid_range(requested: str, size: int) -> StorageError:
    """No byte of the object is in the requested range."""
    return StorageError(
        "InvalidRange",
        HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
        "The requested range is not satisfiable",
        {"RangeRequested": requested, "ActualObjectSize": size},
        {"Content-Range": f"bytes */{size}"},
    )


def internal_error() -> StorageError:
    """The service itself failed; the log has the reason."""
    return StorageError(
        "InternalError",
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "We encountered an internal error. Please try again.",
    )


def store_failed(error: OSError) -> StorageError:
    """Say what a failing file or database operation means to the caller."""
    return insufficient_storage() if error.errno in DISK_FULL else internal_error()


def object_store_failed(what: str) -> StorageError:
    """The S3 store that keeps our temp files does not do as it is asked; the log has more."""
    return StorageError(
        "ServiceUnavailable",
        HTTPStatus.SERVICE_UNAVAILABLE,
        f"The object store that keeps temp files {what}.",
    )


def stopping() -> StorageError:
    """The process was told to stop and begins nothing long any more; another one may be up soon.

    S3 answers 503 ServiceUnavailable when it cannot take a request; its clients send it again.
    """
    return StorageError(
        "ServiceUnavailable",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The service is being stopped or restarted. Send the same request again in a moment.",
        headers={"Retry-After": "2", "Connection": "close"},
    )


def slow_down() -> StorageError:
    """Too many requests write at once; the same request may be sent again."""
    return StorageError(
        "SlowDown", HTTPStatus.SERVICE_UNAVAILABLE, "Please reduce your request rate."
    )


def quota_exceeded(proposed: int, quota: int, used: int) -> StorageError:
    """The body does not fit into the configured quota.

    AWS has no such error; code and status are those of Ceph. Clients do not send it again by
    themselves: only cleaning up, or waiting for files to expire, makes room.
    """
    return StorageError(
        "QuotaExceeded",
        HTTPStatus.FORBIDDEN,
        f"The store keeps at most {quota} bytes and {used} are taken. Files make room when they "
        "expire; TFW_QUOTA sets the limit.",
        {"ProposedSize": proposed, "MaxSizeAllowed": max(quota - used, 0)},
    )


def insufficient_storage() -> StorageError:
    """The disk is full, or would be left with less than the reserve.

    AWS has no such error. 507 is what HTTP (RFC 4918) and the S3-compatible stores that have the
    case (MinIO, Swift's object server) answer; the code is our own. Not worth sending again soon.
    """
    return StorageError(
        "InsufficientStorage",
        HTTPStatus.INSUFFICIENT_STORAGE,
        "The store's disk has no room for this file. Files make room when they expire; "
        "TFW_DISK_RESERVE sets how much of the disk stays free.",
    )


def iso_time(moment: datetime) -> str:
    """Write a moment as S3 does in error documents: `2026-11-22T11:15:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
