"""What a report says: groups, verdicts, and where an expectation comes from."""

from client.contract_check.outcome import Cost, Verdict
from client.contract_check.probe import Basis, Finding, Group

GROUP_TITLES: dict[Group, str] = {
    "transport": "Transport",
    "schema": "Schema",
    "limits": "Limits",
    "storage": "Storage",
    "background": "Background removal",
    "assets": "Assets",
}
VERDICT_TITLES: dict[Verdict, str] = {
    "met": "As expected",
    "differs": "Differs",
    "unclear": "Unclear",
    "not-run": "Not run",
}
BASIS_TITLES: dict[Basis, str] = {
    "documented": "documented",
    "observed": "observed elsewhere",
    "storage": "S3's own rule",
    "inferred": "inferred",
}
COST_TITLES: dict[Cost, str] = {
    "credit": "spend up to 2 credits of the organization on background removal",
    "asset": "create an asset in Content Hub and delete it again",
    "rate": "send 61 requests in a row, after which the API may refuse others for a minute",
}
SETTLED_AS_EXPECTED = "Settled: it is as the contract inferred."
SETTLED_OTHERWISE = "Settled: it is not as the contract inferred."


def verdict_text(finding: Finding) -> str:
    """Return the verdict, and whether it settles what the contract only infers."""
    if not finding.settles:
        return VERDICT_TITLES[finding.verdict]
    settled = SETTLED_AS_EXPECTED if finding.verdict == "met" else SETTLED_OTHERWISE
    return f"{VERDICT_TITLES[finding.verdict]}. {settled}"


def source_text(finding: Finding) -> str:
    """Return where the expectation stands and what it rests on."""
    return f"Contract {finding.probe.section}, {BASIS_TITLES[finding.probe.basis]}"
