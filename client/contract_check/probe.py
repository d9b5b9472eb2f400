"""What a probe is, and what one finds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from client.contract_check.outcome import VERDICTS, Cost, Seen, Verdict
from client.contract_check.trial import Trial

Group = Literal["schema", "transport", "storage", "background", "assets", "limits"]
GROUPS: tuple[Group, ...] = ("transport", "schema", "limits", "storage", "background", "assets")
"""In the order in which they run: what the others need comes first."""

Basis = Literal["documented", "observed", "storage", "inferred"]
"""Where the contract has it from (contract 0): Amplience's documentation (D, S); code and
answers seen elsewhere (C, U, R); S3's documentation and measurements (A, M); nobody (I)."""

Action = Callable[[Trial], str | Seen]


@dataclass(frozen=True)
class Probe:
    """One question to an endpoint.

    Attributes:
        id: kebab-case, stable.
        section: of the contract.
        expected: any of these words is as expected.
        cost: what must be allowed first; None for what costs nothing.
        action: asks, and tells what it saw in the words of `expected`.
    """

    id: str
    group: Group
    title: str
    section: str
    basis: Basis
    expected: tuple[str, ...]
    action: Action
    cost: Cost | None = None

    @property
    def expected_text(self) -> str:
        """What is expected, as one text."""
        return " or ".join(self.expected)


@dataclass(frozen=True)
class Finding:
    """What a probe found.

    Attributes:
        seen: in words; why there is nothing to see when the probe was not run or nothing is clear.
        evidence: the exchanges it rests on, one a line, secrets masked.
        seconds: how long it took.
    """

    probe: Probe
    verdict: Verdict
    seen: str
    evidence: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def settles(self) -> bool:
        """Whether something that the contract only infers is now known for this endpoint."""
        return self.probe.basis == "inferred" and self.verdict in ("met", "differs")


PROBES: dict[str, Probe] = {}
"""Every probe by its id, in the order of their modules; `client.contract_check.run` fills it."""


def probe(
    group: Group, section: str, basis: Basis, *expected: str, cost: Cost | None = None
) -> Callable[[Action], Action]:
    """Register a function as a probe: its name is the id, its docstring's first line the title."""

    def register(action: Action) -> Action:
        id_ = action.__name__.replace("_", "-")
        title = (action.__doc__ or id_).strip().partition("\n")[0].removesuffix(".")
        add_probe(Probe(id_, group, title, section, basis, expected, action, cost))
        return action

    return register


def add_probe(new: Probe) -> None:
    """Register a probe."""
    PROBES[new.id] = new


def counted(findings: "list[Finding] | tuple[Finding, ...]") -> Mapping[Verdict, int]:
    """Return how many findings each verdict has."""
    return {verdict: sum(one.verdict == verdict for one in findings) for verdict in VERDICTS}
