"""Runs the probes of an endpoint, one after the other."""

import time
from collections.abc import Callable, Generator, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from client.api.api import Api
from client.contract_check.outcome import NothingClearError, NotRunError, Seen, Verdict
from client.contract_check.probe import GROUPS, PROBES, Finding, Group, Probe
from client.contract_check.probes import assets as asset_probes
from client.contract_check.probes import background as background_probes
from client.contract_check.probes import limits as limit_probes
from client.contract_check.probes import multipart as multipart_probes
from client.contract_check.probes import schema as schema_probes
from client.contract_check.probes import search as search_probes
from client.contract_check.probes import single as single_probes
from client.contract_check.probes import transport as transport_probes
from client.contract_check.trial import CheckOptions, Trial
from client.errors import ClientError
from client.wire.exchange import mask_text

PROBE_MODULES = (
    transport_probes,
    schema_probes,
    limit_probes,
    single_probes,
    multipart_probes,
    background_probes,
    search_probes,
    asset_probes,
)
"""Importing them registers their probes."""


@dataclass(frozen=True)
class CheckReport:
    """What a run found.

    Attributes:
        endpoint: the address of the GraphQL endpoint.
        left_behind: what could not be put away, in words.
    """

    connection: str
    endpoint: str
    findings: tuple[Finding, ...]
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    seconds: float = 0.0
    left_behind: tuple[str, ...] = ()

    def with_verdict(self, verdict: Verdict) -> tuple[Finding, ...]:
        """Return the findings that have this verdict."""
        return tuple(one for one in self.findings if one.verdict == verdict)

    @property
    def failures(self) -> tuple[Finding, ...]:
        """Where the endpoint departs from what is documented, observed or S3's.

        What the contract only inferred is no failure: the endpoint then has settled it.
        """
        return tuple(one for one in self.with_verdict("differs") if one.probe.basis != "inferred")

    @property
    def passed(self) -> bool:
        """Whether nothing failed and something was as expected."""
        return not self.failures and bool(self.with_verdict("met"))


def probes_of(groups: Set[Group] | None = None) -> Sequence[Probe]:
    """Return the probes of these groups, in the order in which they run; None: of all."""
    return [
        probe
        for group in GROUPS
        if groups is None or group in groups
        for probe in PROBES.values()
        if probe.group == group
    ]


def run_check(
    api: Api,
    choice: CheckOptions | None = None,
    groups: Set[Group] | None = None,
    stopped: Callable[[], bool] = lambda: False,
) -> Generator[Finding, None, CheckReport]:
    """Try an endpoint; yields each finding as it is made and returns the report.

    What the probes made is put away at the end, also when the generator is closed early. Nothing
    that costs something is done unless `choice` allows it. Once `stopped` says so no other probe
    is begun, and the report has what was found so far.
    """
    trial = Trial(api, choice or CheckOptions())
    started, clock = datetime.now(UTC), time.monotonic()
    findings: list[Finding] = []
    left_behind: list[str] = []
    try:
        for probe in probes_of(groups):
            if stopped():
                break
            trial.evidence.clear()
            began = time.monotonic()
            judged = _judged(trial, probe)
            seconds = round(time.monotonic() - began, 3)
            findings.append(replace(judged, evidence=tuple(trial.evidence), seconds=seconds))
            yield findings[-1]
    finally:
        left_behind += [mask_text(str(error)) for error in trial.clean_up()]
    return CheckReport(
        connection=api.connection.name,
        endpoint=api.connection.public_url(api.connection.graphql_url),
        findings=tuple(findings),
        started=started,
        seconds=time.monotonic() - clock,
        left_behind=tuple(left_behind),
    )


def _judged(trial: Trial, probe: Probe) -> Finding:
    if probe.cost and probe.cost not in trial.choice.allowed:
        return Finding(probe, "not-run", "Not allowed by whoever ran the check.")
    try:
        seen = probe.action(trial)
    except NotRunError as reason:
        return Finding(probe, "not-run", str(reason))
    except NothingClearError as reason:
        return Finding(probe, "unclear", str(reason))
    except ClientError as error:
        return Finding(probe, "unclear", mask_text(f"{error.code}: {error}"))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        # What an endpoint answers may have any shape; the other probes are to be tried still.
        return Finding(probe, "unclear", f"The answer could not be read: {type(error).__name__}.")
    if isinstance(seen, str):
        seen = Seen(seen, seen in probe.expected)
    if seen.details:
        trial.evidence.extend(seen.details)
    return Finding(probe, "met" if seen.as_expected else "differs", mask_text(seen.text))
