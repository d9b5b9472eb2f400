"""Several rounds, in which all who are compared have their turn.

A machine's speed drifts: what is compared runs in turn, each round begins with another one, and a
ratio is one of the same round.
"""

import statistics
from collections.abc import Callable, Mapping, Sequence


def in_turn(
    runs: Mapping[str, Callable[[int], float]], rounds: int
) -> dict[str, tuple[float, ...]]:
    """Run each once a round and return what it gave, round by round.

    Args:
        runs: by name; each is told the round, which counts from 0.
        rounds: how many.
    """
    names = list(runs)
    found: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        first = number % len(names)
        for name in (*names[first:], *names[:first]):
            found[name].append(runs[name](number))
    return {name: tuple(values) for name, values in found.items()}


def median_ratio(values: Sequence[float], peers: Sequence[float]) -> float:
    """Return the median of the rounds' ratios: of a value to the peer's of the same round."""
    return statistics.median(value / peer for value, peer in zip(values, peers, strict=True))
