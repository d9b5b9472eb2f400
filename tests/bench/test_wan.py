"""The table of long lines: which lines, in whose units, and which ratio."""

import pytest

from bench.page.wan.__main__ import FOUR, ONE, OURS, PEER, arguments, row
from bench.page.wan.line import LINES, qualities


def test_all_lines_with_files_that_suit_them_are_the_default() -> None:
    assert arguments([]) == (list(LINES), None, 1)


def test_lines_sizes_and_rounds_are_chosen() -> None:
    lines, size, rounds = arguments(
        ["--lines", "50M-20ms-lossy", "100M-40ms", "--bytes", "20000000", "--rounds", "3"]
    )
    assert [line.name for line in lines] == ["50M-20ms-lossy", "100M-40ms"]
    assert (size, rounds) == (20_000_000, 3)


def test_an_unknown_line_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        arguments(["--lines", "10M-10ms"])
    assert "1G-150ms" in capsys.readouterr().err


def test_the_program_is_told_rate_delay_of_one_way_loss_and_queue() -> None:
    assert [qualities(line) for line in LINES] == [
        ["100000000", "20000", "0", "500000"],
        ["20000000", "50000", "0", "250000"],
        ["1000000000", "75000", "0", "8000000"],
        ["50000000", "10000", "10", "125000"],
    ]


def test_a_row_has_rates_and_ratios_to_four_curls() -> None:
    seconds = {ONE: [20.0], FOUR: [8.0], PEER: [16.0], OURS: [10.0]}
    assert row(100_000_000, seconds).split() == ["40.0", "100.0", "50.0", "80.0", "0.50", "0.80"]
