"""What the fault panel says: labels, and each switch in words."""

from typing import NamedTuple

from client.api.faults import FaultField, FaultFields, FaultKind, FaultValue
from components.words import size_text

TITLE = "Faults: make things go wrong on purpose"
PURPOSE = (
    "Choose what is to go wrong, then send a file. A switch is on for everybody who uses this "
    "service, until it is used up or switched off."
)
ON_TITLE = "On now"
NOTHING_ON = "Nothing. Everything works as it should."
BANNER_TITLE = "Things go wrong here on purpose"
BANNER = "Faults that are on: {faults}."
BANNER_FOR_ADMINS = "To switch them off, open the QA tools in the sidebar."
BANNER_FOR_OTHERS = "An admin can switch them off."
OWN_TITLE = "One switch, as you like it"
SWITCH = "Switch"
SWITCH_ON = "Switch on"
SWITCH_OFF = "Switch off {name}"
ALL_OFF = "Switch all off"
USUAL = "the usual one for the status"
UNTIL_OFF = "until switched off"


class Scenario(NamedTuple):
    """A demo at one click: what the button says, and what it switches on."""

    label: str
    switches: dict[str, FaultFields]


SCENARIOS = {
    "part-7": Scenario(
        "Part 7 fails twice, then recovers", {"fail_part": {"part": 7, "times": 2, "status": 500}}
    ),
    "drop": Scenario(
        "Connection drops in part 3", {"drop_part": {"part": 3, "after_bytes": 1_000_000}}
    ),
    "some": Scenario("One part in five fails", {"fail_some": {"percent": 20, "status": 500}}),
    "slow-down": Scenario(
        "Store asks to slow down (503)", {"fail_some": {"percent": 30, "status": 503}}
    ),
    "line": Scenario("Slow line, 5 MB/s", {"bandwidth": {"bytes_per_second": 5_000_000}}),
    "late": Scenario("Every answer 300 ms late", {"latency": {"ms": 300}}),
    "expiry": Scenario("Links expire after 20 s", {"expire_urls": {"seconds": 20}}),
    "etag": Scenario("Wrong ETag on part 2", {"wrong_etag": {"part": 2}}),
    "complete": Scenario("Complete answers 200 with an error", {"complete_error": {}}),
    "slow-complete": Scenario("Complete takes 20 s", {"slow_complete": {"seconds": 20}}),
    "rate": Scenario(
        "Too many requests (429), once", {"rate_limit": {"retry_after": 5, "times": 1}}
    ),
    "cors": Scenario("CORS off", {"cors_off": {}}),
}

"""A scenario replaces what is on of the same switch, and leaves the other switches as they are."""

_SWITCHES = {
    "latency": ("late answers", "every answer of the service comes {ms} ms late"),
    "bandwidth": ("slow line", "all uploads and downloads share a line of {bytes_per_second}/s"),
    "fail_part": ("failing part", "part {part} is refused with HTTP {status}"),
    "fail_some": ("parts failing by chance", "{percent} of 100 parts are refused with {status}"),
    "drop_part": ("dropped connection", "the connection breaks in part {part}"),
    "expire_urls": ("early expiry", "links expire when they are {seconds} s old"),
    "wrong_etag": ("wrong ETag", "the answer to part {part} has a wrong ETag"),
    "slow_complete": ("slow complete", "complete answers {seconds} s late"),
    "complete_error": ("failing complete", "complete answers 200 with {code} inside"),
    "rate_limit": ("rate limit", "requests for links are answered with 429"),
    "no_credits": ("no credits", "the organization has no credits left"),
    "token_expiry": ("short-lived tokens", "access tokens expire when they are {seconds} s old"),
    "cors_off": ("CORS off", "answers have no CORS headers"),
}
_SIZES = {"bytes_per_second", "after_bytes"}


def switch_name(name: str) -> str:
    """Return a switch's name as people say it; one without words of its own keeps its name."""
    return _SWITCHES.get(name, (name, ""))[0]


def switch_text(name: str, fields: FaultFields) -> str:
    """Say what a switch does, without how often."""
    values = {
        key: size_text(value) if key in _SIZES and isinstance(value, int) else str(value)
        for key, value in fields.items()
    }
    return _SWITCHES.get(name, ("", name))[1].format_map(values)


def example(kind: FaultKind, field: FaultField) -> FaultValue:
    """Return a value to start a form with: the default, a scenario's, or the lowest."""
    if not field.required:
        return field.default
    used = (scenario.switches.get(kind.name, {}).get(field.name) for scenario in SCENARIOS.values())
    return next((value for value in used if value is not None), field.lowest)


def times_left(fields: FaultFields) -> str:
    """Say how often a switch will still be used."""
    times = fields.get("times")
    if not isinstance(times, int):
        return UNTIL_OFF
    return "once more" if times == 1 else f"{times} more times"


def field_label(field: FaultField) -> str:
    """Return a form's label for one field of a switch, with its limits."""
    meaning = sentence(field.meaning)
    return meaning if field.choices else f"{meaning} ({field.lowest:,} to {field.highest:,})"


def sentence(text: str) -> str:
    """Return a text as the start of a sentence: only its first letter changes."""
    return text[:1].upper() + text[1:]
