"""The two temp-file mutations (contract 6 and 7)."""

from collections.abc import Mapping
from typing import Any

from service.graphql.resolvers.context import Fields, Info, bad_user_input, services_of
from service.temp_files import MultipartUrls, SingleUrls
from settings import SIZE_SPELLINGS


def _create_single(_root: Any, info: Info) -> SingleUrls:
    return services_of(info).temp_files.single()


def _create_multipart(
    _root: Any,
    info: Info,
    input: Mapping[str, float | None],
) -> MultipartUrls:
    temp_files = services_of(info).temp_files
    return temp_files.multipart(read_file_size(input, temp_files.limits.multipart_limit))


def read_file_size(given: Mapping[str, float | None], limit: int) -> int:
    """Return the declared size in bytes, whichever way it is spelled.

    Raises:
        GraphQLError: BAD_USER_INPUT unless exactly one spelling has a whole number from 1 to
            `limit` (contract 16.4).
    """
    sizes = {name: given[name] for name in SIZE_SPELLINGS if given.get(name) is not None}
    rule = f"a whole number of bytes from 1 to {limit}"
    if not sizes:
        raise bad_user_input(f"filesize (or fileSize) is missing; it must be {rule}.")
    if len(sizes) > 1:
        raise bad_user_input(
            f"filesize and fileSize are both given ({_shown(sizes['filesize'])} and "
            f"{_shown(sizes['fileSize'])}); send exactly one, {rule}."
        )
    [(name, size)] = sizes.items()
    if size is None or not float(size).is_integer() or not 1 <= size <= limit:
        raise bad_user_input(f"{name} is {_shown(size)}; it must be {rule}.")
    return int(size)


def _shown(size: float | None) -> str:
    if size is not None and float(size).is_integer() and abs(size) < 1e21:
        return str(int(size))
    return str(size)


FIELDS: Fields = {
    "Mutation": {
        "createTempFileUploadUrl": _create_single,
        "createTempFileMultipartUploadUrl": _create_multipart,
    }
}
