"""How a probe may end, and what it may cost."""

from dataclasses import dataclass
from typing import Literal

Cost = Literal["credit", "asset", "rate"]
COSTS: tuple[Cost, ...] = ("credit", "asset", "rate")
"""What needs a permission: a credit is spent, an asset is made and deleted again, the minute's
requests are used up."""

Verdict = Literal["met", "differs", "unclear", "not-run"]
VERDICTS: tuple[Verdict, ...] = ("differs", "unclear", "met", "not-run")


@dataclass(frozen=True)
class Seen:
    """What a probe saw, in words, and whether that is as expected.

    Attributes:
        details: the single deviations, one a line.
    """

    text: str
    as_expected: bool
    details: tuple[str, ...] = ()


class NothingClearError(Exception):
    """The probe has no clear outcome: something that it depends on is missing."""

    code = "nothing-clear"


class NotRunError(Exception):
    """The probe has no meaning for this connection, or is not wanted."""

    code = "not-run"
