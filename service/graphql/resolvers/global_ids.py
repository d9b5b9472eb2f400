"""Global ids: base64, with padding, of `TypeName:key` (contract 5)."""

import base64
import binascii
import re

from service.graphql.resolvers.context import bad_user_input

_UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def global_id(type_name: str, key: str) -> str:
    """Return the global id of an object."""
    return base64.b64encode(f"{type_name}:{key}".encode()).decode()


def read_global_id(text: str) -> tuple[str, str] | None:
    """Return type name and key; None when the text is not a global id."""
    try:
        decoded = base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    type_name, colon, key = decoded.partition(":")
    return (type_name, key) if colon and key else None


def key_of(argument: str, text: str, type_name: str) -> str:
    """Return the key in a global id of one type.

    Raises:
        GraphQLError: BAD_USER_INPUT, naming the argument, for anything else.
    """
    read = read_global_id(text)
    if read is None:
        raise bad_user_input(
            f'{argument} is not a global id: it must be the base64 of "{type_name}:" and a key.'
        )
    if read[0] != type_name:
        raise bad_user_input(
            f"{argument} is the id of another type ({read[0][:40]}); it must be of {type_name}."
        )
    return read[1]


def uuid_of(argument: str, text: str, type_name: str) -> str:
    """Return the UUID that stands bare or in a global id: searches are sent both (contract 19.3).

    Raises:
        GraphQLError: BAD_USER_INPUT, naming the argument, for anything else.
    """
    if _UUID.fullmatch(text):
        return text.lower()
    if read_global_id(text) is None:
        raise bad_user_input(
            f"{argument} is neither a UUID nor a global id: it must be the UUID of an object of "
            f'{type_name}, or the base64 of "{type_name}:" and that UUID.'
        )
    return key_of(argument, text, type_name)


def optional_key(argument: str, text: str | None, type_name: str) -> str | None:
    """Return the key in a global id that may be left out; the empty text counts as left out.

    Raises:
        GraphQLError: BAD_USER_INPUT, naming the argument, for anything else.
    """
    return key_of(argument, text, type_name) if text else None
