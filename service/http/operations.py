"""Names the S3 operation of a request by its method and the names of its parameters."""

import re

from starlette.types import Scope

FILES_PREFIX = "/files/"
_PART_NUMBER = re.compile(r"(?:^|&)partNumber=([0-9]{1,5})(?:&|$)")
_UPLOAD_ID = re.compile(r"(?:^|&)uploadId=")
_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT")


def operation_of(scope: Scope) -> str:
    """Return the name of the operation: a small fixed set, whatever a client sends."""
    method, query = scope["method"], scope["query_string"].decode("latin-1")
    if scope["path"].startswith(FILES_PREFIX) and _UPLOAD_ID.search(query):
        named = {"PUT": "put_part", "POST": "complete", "DELETE": "abort"}
        if method in named:
            return named[method]
    return method.lower() if method in _METHODS else "other"


def part_number_of(scope: Scope) -> int | None:
    """Return which part a PUT sends; a file sent in one PUT is part 1."""
    operation = operation_of(scope)
    if operation != "put_part":
        return 1 if operation == "put" else None
    found = _PART_NUMBER.search(scope["query_string"].decode("latin-1"))
    return int(found[1]) if found else None
