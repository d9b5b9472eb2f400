from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.connection.connection import ClientCredentials, Connection
from client.errors import PartSizeError, UnexpectedAnswerError
from client.storage.plan import (
    DEFAULT_PART_SIZE,
    MAX_PART_SIZE,
    MIN_PART_SIZE,
    UploadPlan,
    choose_kind,
    deadline_of,
    joined,
    part_ranges,
    part_size_for,
    planned_parts,
)

sizes = st.integers(1, 2_147_483_648)


def url_count(size: int) -> int:
    return -(-size // MIN_PART_SIZE)


@given(sizes, st.none() | st.integers(MIN_PART_SIZE, MAX_PART_SIZE))
def test_parts_cover_the_file_exactly_and_fit_the_urls(size: int, wanted: int | None) -> None:
    part_size = part_size_for(size, url_count(size), MIN_PART_SIZE, MAX_PART_SIZE, wanted)
    ranges = part_ranges(size, part_size)
    lengths = [end - start for start, end in ranges]
    assert sum(lengths) == size
    assert ranges[0][0] == 0
    assert all(before[1] == after[0] for before, after in pairwise(ranges))
    assert all(length == part_size >= MIN_PART_SIZE for length in lengths[:-1])
    assert 0 < lengths[-1] <= part_size <= MAX_PART_SIZE
    assert len(ranges) <= url_count(size)


@given(sizes, st.integers(1, 10_000), st.integers(1, 10**7), st.integers(10**7, 10**10))
def test_any_service_bounds_hold_or_are_refused(
    size: int, urls: int, minimum: int, maximum: int
) -> None:
    try:
        part_size = part_size_for(size, urls, minimum, maximum)
    except UnexpectedAnswerError:
        assert urls * maximum < size
    else:
        assert minimum <= part_size <= maximum
        assert -(-size // part_size) <= urls


@pytest.mark.parametrize(
    ("size", "parts", "last"),
    [
        (11_723_249, 3, 1_237_489),
        (200_000_000, 39, 770_560),
        (2_000_000_000, 382, 2_462_720),
        (2_147_483_648, 410, 3_145_728),
    ],
)
def test_the_documented_sizes_give_the_documented_parts(size: int, parts: int, last: int) -> None:
    ranges = part_ranges(size, MIN_PART_SIZE)
    assert (len(ranges), ranges[-1][1] - ranges[-1][0]) == (parts, last)


@pytest.mark.parametrize("wanted", [0, 1, MIN_PART_SIZE - 1, MAX_PART_SIZE + 1])
def test_a_part_size_out_of_bounds_is_refused_with_the_bounds(wanted: int) -> None:
    with pytest.raises(PartSizeError, match=r"5,242,880 to 2,147,483,648") as info:
        part_size_for(200_000_000, 39, MIN_PART_SIZE, MAX_PART_SIZE, wanted)
    assert info.value.details["part_size"] == wanted


def test_few_urls_make_larger_parts() -> None:
    assert part_size_for(10**9, 10, MIN_PART_SIZE, MAX_PART_SIZE) == 10**8
    with pytest.raises(PartSizeError, match="100,000,000 to"):
        part_size_for(10**9, 10, MIN_PART_SIZE, MAX_PART_SIZE, DEFAULT_PART_SIZE)


def test_no_urls_are_an_unexpected_answer() -> None:
    with pytest.raises(UnexpectedAnswerError, match="0 part URLs"):
        part_size_for(10, 0, 1, 10)


def test_part_numbers_follow_the_url_list_and_spare_urls_are_left() -> None:
    parts = planned_parts(25, 10, ["u1", "u2", "u3", "u4"])
    assert [(part.number, part.start, part.end, part.url, part.size) for part in parts] == [
        (1, 0, 10, "u1", 10),
        (2, 10, 20, "u2", 10),
        (3, 20, 25, "u3", 5),
    ]


@pytest.mark.parametrize(("size", "kind"), [(100_000_000, "single"), (100_000_001, "multipart")])
def test_a_remote_connection_goes_multipart_above_100_million_bytes(size: int, kind: str) -> None:
    connection = Connection("c", "https://a/graphql", "https://a/t", ClientCredentials("i", "s"))
    assert choose_kind(size, connection) == kind


def test_the_deadline_is_read_from_the_signature() -> None:
    url = "https://s/t?X-Amz-Date=20261122T101500Z&X-Amz-Expires=3600"
    later = "https://s/t?X-Amz-Date=20261122T101501Z&X-Amz-Expires=3600"
    assert deadline_of([later, url], 1.0) == 1_795_346_100.0


@pytest.mark.parametrize("url", ["https://s/t", "https://s/t?X-Amz-Date=soon&X-Amz-Expires=1"])
def test_a_url_without_an_expiry_lives_an_hour_from_the_call(url: str) -> None:
    assert deadline_of([url], 1_000.0) == 4_600.0


SIZES: list[tuple[list[int], tuple[int, ...]]] = [
    ([10, 10, 10, 4], (10,)),
    ([16, 16, 20, 9, 5, 3], (16, 16, 20, 9, 5)),
    ([10], (10,)),
    ([10, 25], (10, 25)),
    ([], (DEFAULT_PART_SIZE,)),
]


@pytest.mark.parametrize(("sizes", "told"), SIZES)
def test_sizes_say_how_to_cut_a_file_the_same_way(sizes: list[int], told: tuple[int, ...]) -> None:
    ends = list(accumulate(sizes))
    rows = [(n, end - size, end) for n, (size, end) in enumerate(zip(sizes, ends, strict=True), 1)]
    urls = tuple(f"u{number}" for number in range(1, 11))
    plan = UploadPlan("multipart", "a", sum(sizes), "", None, (), "c", "d", 0.0, put_urls=urls)
    plan = plan.with_parts(rows)
    assert [part.url for part in plan.parts] == list(urls[: len(sizes)])
    assert plan.part_sizes == told


def test_parts_that_follow_one_another_are_joined_and_the_later_told_counts() -> None:
    told = [(1, 0, 5), (2, 5, 9), (4, 9, 12), (3, 5, 9), (9, 20, 30), (2, 12, 13)]
    assert joined(told) == [(1, 0, 5), (3, 5, 9), (4, 9, 12)]
    assert joined([(2, 5, 9)]) == []
