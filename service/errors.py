"""Every error the service answers with, in one tree.

ServiceError            something a caller is told about
├── S3ApiError          an S3 error: code, HTTP status, message, extra elements (contract 8)
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
class S3ApiError(ServiceError):
    """An S3 error document: `<Error>` with code, message and the extra elements of its code."""

    code: str
    status: int
    message: str
    elements: Mapping[str, str | int] = field(default_factory=dict[str, str | int])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def only_one_auth_mechanism(scheme: str) -> S3ApiError:
    """Query signature and Authorization header together; the credential itself is not echoed."""
    return S3ApiError(
        "InvalidArgument",
        HTTPStatus.BAD_REQUEST,
        "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature "
        "query string parameter or the Authorization header should be specified",
        {"ArgumentName": "Authorization", "ArgumentValue": f"{scheme} …"},
    )


def malformed_signature(message: str) -> S3ApiError:
    """A query parameter of the signature is missing or cannot be read."""
    return S3ApiError("AuthorizationQueryParametersError", HTTPStatus.BAD_REQUEST, message)


def access_denied() -> S3ApiError:
    """The request carries no signature at all."""
    return S3ApiError("AccessDenied", HTTPStatus.FORBIDDEN, "Access Denied")


def expired(lifetime: int, expired_at: datetime, now: datetime) -> S3ApiError:
    """The URL is older than its lifetime."""
    return S3ApiError(
        "AccessDenied",
        HTTPStatus.FORBIDDEN,
        "Request has expired",
        {
            "X-Amz-Expires": lifetime,
            "Expires": iso_time(expired_at),
            "ServerTime": iso_time(now),
        },
    )


def time_too_skewed(requested: str, now: datetime, allowed_seconds: int) -> S3ApiError:
    """The URL was signed in the future."""
    return S3ApiError(
        "RequestTimeTooSkewed",
        HTTPStatus.FORBIDDEN,
        "The difference between the request time and the current time is too large.",
        {
            "RequestTime": requested,
            "ServerTime": iso_time(now),
            "MaxAllowedSkewMilliseconds": allowed_seconds * 1000,
        },
    )


def unknown_access_key(key_id: str) -> S3ApiError:
    """The URL was signed with a key of another store."""
    return S3ApiError(
        "InvalidAccessKeyId",
        HTTPStatus.FORBIDDEN,
        "The AWS Access Key Id you provided does not exist in our records.",
        {"AWSAccessKeyId": key_id},
    )


def signature_mismatch(
    key_id: str, provided: str, string_to_sign: str, canonical_request: str
) -> S3ApiError:
    """The URL, the method or the host is not what was signed."""
    return S3ApiError(
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


def headers_not_signed(names: list[str]) -> S3ApiError:
    """The request has `x-amz-*` headers that its signature does not cover."""
    return S3ApiError(
        "AccessDenied",
        HTTPStatus.FORBIDDEN,
        "There were headers present in the request which were not signed",
        {"HeadersNotSigned": ", ".join(names)},
    )


def invalid_argument(name: str, value: str, message: str) -> S3ApiError:
    """A query parameter of the operation is unusable."""
    return S3ApiError(
        "InvalidArgument",
        HTTPStatus.BAD_REQUEST,
        message,
        {"ArgumentName": name, "ArgumentValue": value},
    )


def method_not_allowed(method: str, allowed: str) -> S3ApiError:
    """The resource does not take this method; `allowed` goes to the Allow header."""
    return S3ApiError(
        "MethodNotAllowed",
        HTTPStatus.METHOD_NOT_ALLOWED,
        "The specified method is not allowed against this resource.",
        {"Method": method, "ResourceType": "OBJECT"},
        {"Allow": allowed},
    )


def entity_too_large(proposed: int, allowed: int) -> S3ApiError:
    """More bytes are announced than the service takes."""
    return S3ApiError(
        "EntityTooLarge",
        HTTPStatus.BAD_REQUEST,
        "Your proposed upload exceeds the maximum allowed size",
        {"ProposedSize": proposed, "MaxSizeAllowed": allowed},
    )


def entity_too_small(proposed: int, minimum: int, part_number: int, etag: str) -> S3ApiError:
    """A part other than the last is under the minimum; seen at complete only."""
    return S3ApiError(
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


def invalid_part(upload_id: str, part_number: int, etag: str) -> S3ApiError:
    """A listed part was not uploaded, or its ETag or checksum is another."""
    return S3ApiError(
        "InvalidPart",
        HTTPStatus.BAD_REQUEST,
        "One or more of the specified parts could not be found. The part may not have been "
        "uploaded, or the specified entity tag may not match the part's entity tag.",
        {"UploadId": upload_id, "PartNumber": part_number, "ETag": etag},
    )


def invalid_part_order(upload_id: str, part_number: int, etag: str) -> S3ApiError:
    """The listed part numbers do not ascend."""
    return S3ApiError(
        "InvalidPartOrder",
        HTTPStatus.BAD_REQUEST,
        "The list of parts was not in ascending order. Parts must be ordered by part number.",
        {"UploadId": upload_id, "PartNumber": part_number, "ETag": etag},
    )


def malformed_xml() -> S3ApiError:
    """The complete request is not the document that S3's schema describes."""
    return S3ApiError(
        "MalformedXML",
        HTTPStatus.BAD_REQUEST,
        "The XML you provided was not well-formed or did not validate against our published schema",
    )


def missing_request_body() -> S3ApiError:
    """The complete request is empty."""
    return S3ApiError("MissingRequestBodyError", HTTPStatus.BAD_REQUEST, "Request Body is empty")


def invalid_request(message: str) -> S3ApiError:
    """What is asked for cannot be done: a checksum of another kind, or a packed file to read."""
    return S3ApiError("InvalidRequest", HTTPStatus.BAD_REQUEST, message)


def no_such_upload(upload_id: str) -> S3ApiError:
    """The upload is unknown, aborted, expired or already completed."""
    return S3ApiError(
        "NoSuchUpload",
        HTTPStatus.NOT_FOUND,
        "The specified upload does not exist. The upload ID may be invalid, or the upload may "
        "have been aborted or completed.",
        {"UploadId": upload_id},
    )


def no_such_key(key: str) -> S3ApiError:
    """Nothing was uploaded there yet, or it was swept."""
    return S3ApiError(
        "NoSuchKey", HTTPStatus.NOT_FOUND, "The specified key does not exist.", {"Key": key}
    )


def bad_digest(expected: str, calculated: str) -> S3ApiError:
    """The bytes received do not have the Content-MD5 that was announced."""
    return S3ApiError(
        "BadDigest",
        HTTPStatus.BAD_REQUEST,
        "The Content-MD5 you specified did not match what we received.",
        {"ExpectedDigest": expected, "CalculatedDigest": calculated},
    )


def invalid_digest(value: str) -> S3ApiError:
    """Content-MD5 is not the base64 of 16 bytes."""
    return S3ApiError(
        "InvalidDigest",
        HTTPStatus.BAD_REQUEST,
        "The Content-MD5 you specified was invalid.",
        {"Content-MD5": value},
    )


def incomplete_body(expected: int, received: int) -> S3ApiError:
    """The body ended before Content-Length."""
    return S3ApiError(
        "IncompleteBody",
        HTTPStatus.BAD_REQUEST,
        "You did not provide the number of bytes specified by the Content-Length HTTP header",
        {"NumberBytesExpected": expected, "NumberBytesProvided": received},
    )


def missing_content_length() -> S3ApiError:
    """A body without a length, such as a chunked one."""
    return S3ApiError(
        "MissingContentLength",
        HTTPStatus.LENGTH_REQUIRED,
        "You must provide the Content-Length HTTP header.",
    )


def request_timeout() -> S3ApiError:
    """The client sent nothing for the idle time; it may send the same request again."""
    return S3ApiError(
        "RequestTimeout",
        HTTPStatus.BAD_REQUEST,
        "Your socket connection to the server was not read from or written to within the "
        "timeout period. Idle connections will be closed.",
    )


def precondition_failed(condition: str) -> S3ApiError:
    """A conditional header does not hold."""
    return S3ApiError(
        "PreconditionFailed",
        HTTPStatus.PRECONDITION_FAILED,
        "At least one of the pre-conditions you specified did not hold",
        {"Condition": condition},
    )


def metadata_too_large(size: int, allowed: int) -> S3ApiError:
    """What the headers of a PUT say about the file is longer than S3 keeps."""
    return S3ApiError(
        "MetadataTooLarge",
        HTTPStatus.BAD_REQUEST,
        "Your metadata headers exceed the maximum allowed metadata size.",
        {"Size": size, "MaxSizeAllowed": allowed},
    )


def not_implemented(header: str) -> S3ApiError:
    """A header asks for something that S3 has not built, so it must not be passed over."""
    return S3ApiError(
        "NotImplemented",
        HTTPStatus.NOT_IMPLEMENTED,
        "A header you provided implies functionality that is not implemented",
        {"Header": header},
    )


def invalid_range(requested: str, size: int) -> S3ApiError:
    """No byte of the object is in the requested range."""
    return S3ApiError(
        "InvalidRange",
        HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
        "The requested range is not satisfiable",
        {"RangeRequested": requested, "ActualObjectSize": size},
        {"Content-Range": f"bytes */{size}"},
    )


def internal_error() -> S3ApiError:
    """The service itself failed; the log has the reason."""
    return S3ApiError(
        "InternalError",
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "We encountered an internal error. Please try again.",
    )


def store_failed(error: OSError) -> S3ApiError:
    """Say what a failing file or database operation means to the caller."""
    return insufficient_storage() if error.errno in DISK_FULL else internal_error()


def object_store_failed(what: str) -> S3ApiError:
    """The S3 store that keeps our temp files does not do as it is asked; the log has more."""
    return S3ApiError(
        "ServiceUnavailable",
        HTTPStatus.SERVICE_UNAVAILABLE,
        f"The object store that keeps temp files {what}.",
    )


def stopping() -> S3ApiError:
    """The process was told to stop and begins nothing long any more; another one may be up soon.

    S3 answers 503 ServiceUnavailable when it cannot take a request; its clients send it again.
    """
    return S3ApiError(
        "ServiceUnavailable",
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The service is being stopped or restarted. Send the same request again in a moment.",
        headers={"Retry-After": "2", "Connection": "close"},
    )


def slow_down() -> S3ApiError:
    """Too many requests write at once; the same request may be sent again."""
    return S3ApiError(
        "SlowDown", HTTPStatus.SERVICE_UNAVAILABLE, "Please reduce your request rate."
    )


def quota_exceeded(proposed: int, quota: int, used: int) -> S3ApiError:
    """The body does not fit into the configured quota.

    AWS has no such error; code and status are those of Ceph. Clients do not send it again by
    themselves: only cleaning up, or waiting for files to expire, makes room.
    """
    return S3ApiError(
        "QuotaExceeded",
        HTTPStatus.FORBIDDEN,
        f"The store keeps at most {quota} bytes and {used} are taken. Files make room when they "
        "expire; TFW_QUOTA sets the limit.",
        {"ProposedSize": proposed, "MaxSizeAllowed": max(quota - used, 0)},
    )


def insufficient_storage() -> S3ApiError:
    """The disk is full, or would be left with less than the reserve.

    AWS has no such error. 507 is what HTTP (RFC 4918) and the S3-compatible stores that have the
    case (MinIO, Swift's object server) answer; the code is our own. Not worth sending again soon.
    """
    return S3ApiError(
        "InsufficientStorage",
        HTTPStatus.INSUFFICIENT_STORAGE,
        "The store's disk has no room for this file. Files make room when they expire; "
        "TFW_DISK_RESERVE sets how much of the disk stays free.",
    )


def iso_time(moment: datetime) -> str:
    """Write a moment as S3 does in error documents: `2026-11-22T11:15:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
