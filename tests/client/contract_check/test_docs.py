"""docs/checks.md lists the probes that there are, as they describe themselves."""

from pathlib import Path

import pytest

from client.contract_check.probe import GROUPS, Probe
from client.contract_check.reports.words import BASIS_TITLES, GROUP_TITLES
from client.contract_check.run import probes_of

DOCUMENT = (Path(__file__).parents[3] / "docs" / "checks.md").read_text(encoding="utf-8")


def row(probe: Probe) -> str:
    cost = f" ({probe.cost})" if probe.cost else ""
    title = probe.title.replace("|", "\\|")
    return f"| `{probe.id}`{cost} | {title} | {probe.section} | {BASIS_TITLES[probe.basis]} |"


@pytest.mark.parametrize("group", GROUPS)
def test_every_probe_of_a_group_is_listed_in_its_order(group: str) -> None:
    section = DOCUMENT.partition(f"\n### {GROUP_TITLES[group]}\n")[2].partition("\n#")[0]  # type: ignore[index]
    listed = [line for line in section.splitlines() if line.startswith("| `")]
    assert sorted(listed) == sorted(row(one) for one in probes_of({group}))  # type: ignore[arg-type]


def test_the_numbers_that_are_told_are_right() -> None:
    readme = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    assert f"some {len(probes_of()) // 10 * 10} small questions" in readme
