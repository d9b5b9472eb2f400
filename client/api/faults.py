"""The fault switches of the embedded service: what is on, and switching it on and off."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from client.api.api import Api
from client.errors import FaultsRefusedError, UnexpectedAnswerError
from client.json_object import JsonObject, as_list, as_object, parse_json
from client.wire.exchange import ExchangeLog
from client.wire.http import Call, Wire

FaultValue = int | str | None
FaultFields = Mapping[str, FaultValue]
TIMEOUT = (3.0, 10.0)
"""Seconds to connect and to wait: the service is this very process."""


@dataclass(frozen=True)
class FaultField:
    """One field of a switch: a whole number from `lowest` to `highest`, or one of `choices`."""

    name: str
    meaning: str
    lowest: int
    highest: int
    choices: tuple[str, ...]
    default: FaultValue
    required: bool

    @property
    def may_be_null(self) -> bool:
        """Whether null is a value of its own."""
        return not self.required and (self.default is None or self.name == "times")


@dataclass(frozen=True)
class FaultKind:
    """A switch that the service has."""

    name: str
    meaning: str
    fields: tuple[FaultField, ...]


@dataclass(frozen=True)
class FaultState:
    """Which switches are on, with the counts that are left, and all that there are."""

    on: Mapping[str, FaultFields]
    available: tuple[FaultKind, ...]


class FaultSwitches:
    """Reads and sets the switches of the embedded service. Thread-safe.

    Changes are recorded among the visit's exchanges; readings are not: a page reads all the time.
    """

    def __init__(self, api: Api) -> None:
        """Use the access tokens of a client.

        Raises:
            FaultsRefusedError: its connection is to another endpoint, which has no switches.
        """
        if not api.connection.embedded:
            raise FaultsRefusedError(f"{api.connection.host} has no fault switches.")
        self._api = api
        self._unrecorded = Wire(api.connection, ExchangeLog())
        parts = urlsplit(api.connection.graphql_url)
        self._url = f"{parts.scheme}://{parts.netloc}/faults"

    def read(self) -> FaultState:
        """Return what is on and what there is.

        Raises:
            FaultsRefusedError: the service was started without them.
            UnexpectedAnswerError: the answer is not what the endpoint gives.
            ServiceDownError: no answer arrived.
        """
        content = self._send(self._unrecorded, "GET")
        switches = as_object(content["switches"])
        on = {name: as_object(fields) for name, fields in switches.items()}
        return FaultState(on, tuple(_kinds(content)))

    def switch_on(self, switches: Mapping[str, FaultFields]) -> None:
        """Switch these on; what else is on stays on, as it is.

        Raises:
            FaultsRefusedError: the service does not take them; the message says each reason.
            UnexpectedAnswerError: the answer is not what the endpoint gives.
            ServiceDownError: no answer arrived.
        """
        self._set({**self.read().on, **switches})

    def switch_off(self, name: str) -> None:
        """Switch one off; the others stay on.

        Raises:
            FaultsRefusedError: the service was started without switches.
            UnexpectedAnswerError: the answer is not what the endpoint gives.
            ServiceDownError: no answer arrived.
        """
        self._set({key: fields for key, fields in self.read().on.items() if key != name})

    def switch_all_off(self) -> None:
        """Switch everything off.

        Raises:
            FaultsRefusedError: the service was started without switches.
            UnexpectedAnswerError: the answer is not what the endpoint gives.
            ServiceDownError: no answer arrived.
        """
        self._send(self._api.wire, "DELETE")

    def _set(self, switches: Mapping[str, FaultFields]) -> None:
        self._send(self._api.wire, "PUT", json.dumps(switches).encode())

    def _send(self, wire: Wire, method: str, body: bytes | None = None) -> JsonObject:
        token = self._api.tokens.token()
        answer = wire.send(self._call(method, token, body))
        if answer.status == 401:
            token = self._api.tokens.token(refused=token)
            answer = wire.send(self._call(method, token, body))
        content = as_object(parse_json(answer.content))
        if answer.status == 200 and "switches" in content:
            return content
        problems = [
            as_object(problem).get("message") for problem in as_list(content.get("problems"))
        ]
        said = " ".join(str(text) for text in problems or [content.get("message")] if text)
        if said:
            raise FaultsRefusedError(said, status=answer.status, host=answer.host)
        raise UnexpectedAnswerError(
            f"{answer.host} answered {answer.status} and nothing of its fault switches.",
            status=answer.status,
            host=answer.host,
        )

    def _call(self, method: str, token: str, body: bytes | None) -> Call:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        return Call(method, self._url, "faults", headers, body, TIMEOUT, log_bodies=True)


def _kinds(content: JsonObject) -> Iterator[FaultKind]:
    for name, kind in as_object(content.get("available")).items():
        described = as_object(kind)
        fields = as_object(described.get("fields"))
        rows = tuple(_field(key, as_object(row)) for key, row in fields.items())
        yield FaultKind(name, str(described.get("meaning", "")), rows)


def _field(name: str, row: dict[str, Any]) -> FaultField:
    return FaultField(
        name=name,
        meaning=str(row.get("meaning", "")),
        lowest=int(row.get("lowest", 0)),
        highest=int(row.get("highest", 0)),
        choices=tuple(str(choice) for choice in as_list(row.get("choices"))),
        default=row.get("default"),
        required=bool(row.get("required")),
    )
