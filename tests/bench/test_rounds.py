"""What is compared has its turn in every round, and ratios are those of one round."""

import pytest

from bench.rounds import in_turn, median_ratio


def test_each_round_begins_with_another_one() -> None:
    order: list[str] = []

    def run(name: str, number: int) -> float:
        order.append(f"{name}{number}")
        return float(number)

    found = in_turn({name: lambda number, name=name: run(name, number) for name in "abc"}, 4)

    assert order == ["a0", "b0", "c0", "b1", "c1", "a1", "c2", "a2", "b2", "a3", "b3", "c3"]
    assert found == dict.fromkeys("abc", (0.0, 1.0, 2.0, 3.0))


def test_a_ratio_is_one_of_the_same_round() -> None:
    # The third round was slow for both; the ratio of the medians would be 2 / 3.
    assert median_ratio([1.0, 2.0, 40.0], [2.0, 4.0, 3.0]) == 0.5


def test_rounds_without_a_peer_have_no_ratio() -> None:
    with pytest.raises(ValueError, match="zip"):
        median_ratio([1.0, 2.0], [1.0])
