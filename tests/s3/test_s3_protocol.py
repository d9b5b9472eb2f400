"""One table of the protocol, run against the embedded service and against Ceph's gateway."""

import pytest

from tests.s3.differences import DIFFERENCES
from tests.s3.engines import Engine
from tests.s3.put_header_cases import CASES


@pytest.mark.parametrize("name", CASES)
def test_embedded(embedded: Engine, name: str) -> None:
    run, expected = CASES[name]
    assert run(embedded) == expected


@pytest.mark.parametrize("name", CASES)
def test_ceph(ceph: Engine, name: str) -> None:
    run, expected = CASES[name]
    difference = DIFFERENCES.get(name)
    assert run(ceph) == (difference.ceph if difference else expected)


def test_every_difference_is_one_and_says_why() -> None:
    assert DIFFERENCES.keys() <= CASES.keys()
    for name, difference in DIFFERENCES.items():
        assert difference.ceph != CASES[name][1]
        assert difference.why.endswith(".")
