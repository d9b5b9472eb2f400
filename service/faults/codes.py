"""The S3 error codes that are sent here (contract 8 and 16), each with its usual HTTP status."""

S3_CODES = {
    "AccessDenied": 403,
    "AuthorizationQueryParametersError": 400,
    "BadDigest": 400,
    "EntityTooLarge": 400,
    "EntityTooSmall": 400,
    "IncompleteBody": 400,
    "InsufficientStorage": 507,
    "InternalError": 500,
    "InvalidAccessKeyId": 403,
    "InvalidArgument": 400,
    "InvalidDigest": 400,
    "InvalidPart": 400,
    "InvalidPartOrder": 400,
    "InvalidRange": 416,
    "InvalidRequest": 400,
    "MalformedXML": 400,
    "MetadataTooLarge": 400,
    "MethodNotAllowed": 405,
    "MissingContentLength": 411,
    "MissingRequestBodyError": 400,
    "NoSuchKey": 404,
    "NoSuchUpload": 404,
    "NotImplemented": 501,
    "PreconditionFailed": 412,
    "QuotaExceeded": 403,
    "RequestTimeTooSkewed": 403,
    "RequestTimeout": 400,
    "ServiceUnavailable": 503,
    "SignatureDoesNotMatch": 403,
    "SlowDown": 503,
}
_CODE_OF_STATUS = {
    400: "RequestTimeout",
    403: "AccessDenied",
    404: "NoSuchUpload",
    408: "RequestTimeout",
    429: "SlowDown",
    503: "SlowDown",
    507: "InsufficientStorage",
}


def code_for(status: int) -> str:
    """Return the code a store would most likely send with an HTTP status."""
    return _CODE_OF_STATUS.get(status, "InternalError")
