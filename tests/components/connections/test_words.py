import re
from collections import defaultdict
from pathlib import Path
from typing import get_args

import client.contract_check.connection
from client.contract_check.connection import STEPS, Verdict
from components.connections import words


def test_every_finding_has_a_sentence_and_its_next_step_ends_with_a_full_stop() -> None:
    source = Path(client.contract_check.connection.__file__).read_text(encoding="utf-8")
    codes = set(re.findall(r'"((?:address|token|viewer|grants|credits|clock)-[a-z-]+)"', source))
    codes |= set(re.findall(r'"(introspection-[a-z-]+)"', source))
    assert len(codes) > 15
    for code in codes:
        text, step = words.finding_text(code, defaultdict(lambda: "x"))
        assert text
        assert not step or step.endswith(".")


def test_every_step_and_verdict_has_a_word() -> None:
    assert set(words.STEPS) == set(STEPS)
    assert set(words.VERDICTS) == set(get_args(Verdict))


def test_failures_that_a_test_can_meet_say_what_to_do() -> None:
    for code in ("credentials-refused", "auth-expired", "token-wanted", "service-down"):
        assert words.failure_next(code).endswith(".")
    for code in ("unexpected-answer", "rate-limited", "bad-address"):
        assert words.failure_next(code).endswith(".")
    assert words.failure_next("never-heard-of") == ""
