"""The switches: one record each, every field with its limits, and how JSON becomes them.

A switch with `times` goes off by itself when it was used that often; the others, and those whose
`times` is null, stay on until they are switched off.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import Any, cast

from service.errors import ServiceError
from service.faults.codes import S3_CODES

MOST_TIMES = 10_000
SHOWN = 60  # characters of a refused value that are repeated in its message


@dataclass
class SwitchesError(ServiceError):
    """Switches that cannot be set; one problem for each field."""

    problems: list[dict[str, Any]]


def _number(meaning: str, lowest: int, highest: int, default: Any = MISSING) -> Any:
    limits = {"meaning": meaning, "lowest": lowest, "highest": highest}
    return field(default=default, metadata=limits)


def _part() -> Any:
    return _number("part number; a file sent in one PUT is part 1", 1, 10_000)


def _times(default: int | None) -> Any:
    return _number("how often, null for until switched off", 1, MOST_TIMES, default)


def _code(meaning: str, default: str | None) -> Any:
    return field(default=default, metadata={"meaning": meaning, "choices": tuple(S3_CODES)})


@dataclass(frozen=True)
class Latency:
    """Every answer of the API comes late."""

    ms: int = _number("milliseconds before each request is looked at", 1, 60_000)


@dataclass(frozen=True)
class Bandwidth:
    """All uploads and downloads together share a slow line."""

    bytes_per_second: int = _number("bytes a second, for all together", 1_000, 1_000_000_000)


@dataclass(frozen=True)
class FailPart:
    """A part is refused although nothing is wrong with it."""

    part: int = _part()
    times: int | None = _times(1)
    status: int = _number("HTTP status", 400, 599, 503)
    code: str | None = _code("S3 error code, null for the one usual with the status", None)


@dataclass(frozen=True)
class FailSome:
    """Parts are refused by chance, as on a bad day."""

    percent: int = _number("how many of a hundred PUTs", 1, 100)
    status: int = _number("HTTP status", 400, 599, 503)


@dataclass(frozen=True)
class DropPart:
    """The connection breaks while a part is on its way."""

    part: int = _part()
    after_bytes: int = _number("bytes of the part received before", 0, 2_147_483_648, 65_536)
    times: int | None = _times(1)


@dataclass(frozen=True)
class ExpireUrls:
    """Signed URLs, those handed out already too, die early."""

    seconds: int = _number("age at which a URL has expired", 1, 604_800)


@dataclass(frozen=True)
class WrongEtag:
    """A part is stored well, but its answer has another ETag."""

    part: int = _part()
    times: int | None = _times(1)


@dataclass(frozen=True)
class SlowComplete:
    """Complete does its work at once and answers late."""

    seconds: int = _number("seconds before the answer", 1, 600)


@dataclass(frozen=True)
class CompleteError:
    """Complete answers 200 with an `<Error>` inside, and does nothing."""

    times: int | None = _times(1)
    code: str = _code("S3 error code", "InternalError")


@dataclass(frozen=True)
class RateLimitFault:
    """GraphQL answers 429."""

    retry_after: int = _number("seconds of the Retry-After header", 1, 3_600, 10)
    times: int | None = _times(None)


@dataclass(frozen=True)
class NoCredits:
    """The organization has no credits left."""


@dataclass(frozen=True)
class TokenExpiry:
    """Access tokens die before the time they were issued with."""

    seconds: int = _number("age at which a token has expired", 1, 86_400)


@dataclass(frozen=True)
class CorsOff:
    """Answers have no CORS headers, so browsers keep them from pages of other origins."""


@dataclass(frozen=True)
class Switches:
    """Every switch; None is off."""

    latency: Latency | None = None
    bandwidth: Bandwidth | None = None
    fail_part: FailPart | None = None
    fail_some: FailSome | None = None
    drop_part: DropPart | None = None
    expire_urls: ExpireUrls | None = None
    wrong_etag: WrongEtag | None = None
    slow_complete: SlowComplete | None = None
    complete_error: CompleteError | None = None
    rate_limit: RateLimitFault | None = None
    no_credits: NoCredits | None = None
    token_expiry: TokenExpiry | None = None
    cors_off: CorsOff | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of those that are on."""
        return tuple(name for name in KINDS if getattr(self, name) is not None)

    def as_json(self) -> dict[str, dict[str, Any]]:
        """Return those that are on, in the form `read_switches` takes."""
        return {name: asdict(getattr(self, name)) for name in self.names}


KINDS: Mapping[str, type[Any]] = {
    "latency": Latency,
    "bandwidth": Bandwidth,
    "fail_part": FailPart,
    "fail_some": FailSome,
    "drop_part": DropPart,
    "expire_urls": ExpireUrls,
    "wrong_etag": WrongEtag,
    "slow_complete": SlowComplete,
    "complete_error": CompleteError,
    "rate_limit": RateLimitFault,
    "no_credits": NoCredits,
    "token_expiry": TokenExpiry,
    "cors_off": CorsOff,
}


def read_switches(content: object) -> Switches:
    """Make switches of a JSON object: a name and its fields each; null, or absent, is off.

    Raises:
        SwitchesError: with every problem there is, not only the first.
    """
    if not isinstance(content, dict):
        raise SwitchesError([_problem("switches", content, "a JSON object")])
    problems: list[dict[str, Any]] = []
    chosen: dict[str, Any] = {}
    for name, given in cast(dict[str, Any], content).items():
        if name not in KINDS:
            problems.append(_unknown(name, given, "switch", "switches", KINDS))
        elif given is not None:
            found, values = _read_fields(name, KINDS[name], given)
            problems += found
            chosen[name] = None if found else KINDS[name](**values)
    if problems:
        raise SwitchesError(problems)
    return Switches(**chosen)


def describe_switches() -> dict[str, dict[str, Any]]:
    """Return what can be switched on, with the limits of every field, for people and forms."""
    return {
        name: {
            "meaning": kind.__doc__,
            "fields": {row.name: _describe(row) for row in fields(kind)},
        }
        for name, kind in KINDS.items()
    }


def _describe(row: Any) -> dict[str, Any]:
    default = {} if row.default is MISSING else {"default": row.default}
    return {**row.metadata, **default, "required": row.default is MISSING}


def _read_fields(
    name: str, kind: type[Any], given: object
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    if not isinstance(given, dict):
        return [_problem(name, given, "a JSON object with the switch's fields, or null")], {}
    values = cast(dict[str, Any], given)
    rows = {row.name: row for row in fields(kind)}
    problems = [
        _unknown(f"{name}.{key}", value, "field", "fields", rows)
        for key, value in values.items()
        if key not in rows
    ]
    problems += list(_field_problems(name, rows, values))
    return problems, values


def _field_problems(
    name: str, rows: Mapping[str, Any], values: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    for key, row in rows.items():
        if key not in values:
            if row.default is MISSING:
                yield _problem(f"{name}.{key}", None, f"given: {_rule(row)}")
        elif not _fits(values[key], row):
            yield _problem(f"{name}.{key}", values[key], _rule(row))


def _fits(value: object, row: Any) -> bool:
    if value is None:
        return _may_be_null(row)
    if "choices" in row.metadata:
        return value in row.metadata["choices"] if isinstance(value, str) else False
    if isinstance(value, bool) or not isinstance(value, int):
        return False
    return row.metadata["lowest"] <= value <= row.metadata["highest"]


def _may_be_null(row: Any) -> bool:
    return row.name == "times" or (row.default is None)


def _rule(row: Any) -> str:
    null = " or null" if _may_be_null(row) else ""
    if "choices" in row.metadata:
        return f"one of {', '.join(row.metadata['choices'])}{null}"
    limits = row.metadata
    return f"a whole number from {limits['lowest']} to {limits['highest']}{null}"


def _problem(where: str, value: object, rule: str) -> dict[str, Any]:
    shown = _shown(value)
    return {"field": where, "value": shown, "message": f"{where} is {shown}; it must be {rule}."}


def _unknown(
    where: str, value: object, one: str, many: str, known: Mapping[str, Any]
) -> dict[str, Any]:
    path = where[:SHOWN]
    names = ", ".join(known) or "none"
    message = f"{path} is not a {one}; the {many} are: {names}."
    return {"field": path, "value": _shown(value), "message": message}


def _shown(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
