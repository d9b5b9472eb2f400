"""Reports as no browser of ours makes them."""

import pytest
from client.transfers.report import FieldError, read_report


def test_however_deep_a_report_is_nested_it_is_refused_and_is_no_crash() -> None:
    for depth in range(900, 1_100):
        body = f'{{"holder": {"[" * depth}{"]" * depth}}}'
        with pytest.raises(FieldError):
            read_report(body.encode())
