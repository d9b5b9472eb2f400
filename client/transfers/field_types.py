"""The types of fields that browsers send as JSON, and the words for a field that is not right.

pydantic fills dataclasses that have such fields, and guarantees them: nothing is converted but a
whole number to a float (no "1" and no true for 1), NaN and infinity are no numbers, and each number
and text is within its limits.
"""

import json
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import PydanticCustomError, core_schema

HIGHEST_PART = 10_000
"""S3's most parts of an upload."""
LARGEST_NUMBER = 2**53 - 1
"""The largest whole number that JavaScript tells apart from its neighbours."""
_LONGEST_SHOWN = 80
_RULES = {
    "list_type": "a list",
    "tuple_type": "a list",
    "dataclass_type": "an object",
    "too_short": "a list of at least one",
    "string_type": "a text",
    "string_unicode": "a text",
    "missing": "there",
}


def broken(rule: str) -> PydanticCustomError:
    """Return the error of a value that is not what it must be."""
    return PydanticCustomError("rule", "{rule}", {"rule": rule})


def must_be(rule: str) -> WrapValidator:
    """Say what a value must be, whatever is wrong with it."""

    def check(value: object, read: ValidatorFunctionWrapHandler) -> Any:
        try:
            return read(value)
        except ValidationError as error:
            raise broken(rule) from error

    return WrapValidator(check)


@dataclass(frozen=True)
class EmptyIs:
    """Takes a value that is empty for one that is left out."""

    left_out: Any

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Return how pydantic reads the value."""
        return core_schema.no_info_wrap_validator_function(
            lambda value, read: read(value) if value else self.left_out, handler(source)
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return how the value is described: it may be null."""
        empty = list(dict.fromkeys((self.left_out, None)))
        return {"anyOf": [handler(schema), {"enum": empty}]}


NEEDED = Field(default=None, validate_default=True)
"""Takes a field that is missing for null, so that the error says what it must be."""
PartNumber = Annotated[
    int, Field(strict=True, ge=1, le=HIGHEST_PART), must_be("a whole number from 1 to 10,000")
]
_ZERO_OR_MORE = Field(strict=True, ge=0, le=LARGEST_NUMBER)
Size = Annotated[int, _ZERO_OR_MORE, must_be(f"a whole number from 0 to {LARGEST_NUMBER:,}")]
Whole = Annotated[int, Field(strict=True, ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]
Seconds = Annotated[float, _ZERO_OR_MORE, must_be(f"a number from 0 to {LARGEST_NUMBER:,}")]
Text = Annotated[str, Field(strict=True, min_length=0)]
"""Only with a limit does pydantic refuse half of a surrogate pair, which JSON may hold."""
Etag = Annotated[
    str, Field(strict=True, min_length=1, max_length=256), must_be("1 to 256 characters")
]
Said = Annotated[Text, AfterValidator(lambda said: said[:256])]
"""What a store said, whatever that is: its beginning is kept."""


def place_of(error: ValidationError) -> str:
    """Return the first field that is not right, as `tries[0].size`; empty for the whole."""
    keys = error.errors(include_url=False)[0]["loc"]
    names = (f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    return "".join(names).removeprefix(".")


def sentence_of(error: ValidationError) -> str:
    """Return what is not right, with its value and its limits."""
    first, name = error.errors(include_url=False)[0], place_of(error) or "the body"
    value: Any = None if first["type"] == "missing" else first["input"]
    most = first.get("ctx", {}).get("max_length")
    if first["type"] == "too_long":
        return f"{name} has {len(value):,} rows; it may have at most {most:,}."
    try:
        shown = json.dumps(value)
    except RecursionError:  # reading goes a little deeper than writing
        shown = "nested too deeply"
    shown = shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…"
    return f"{name} is {shown}; it must be {_RULES.get(first['type'], first['msg'])}."
