from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.packing import (
    BUCKET_EDGES_S,
    QUOTED_HOURS,
    add_to_histograms,
    author_number,
    bucket_middles_s,
    bucket_of,
    pack_day_counts,
    pack_histogram,
    pack_ids,
    unpack_day_counts,
    unpack_histogram,
    unpack_ids,
)


@given(seconds=st.integers(0, 40 * 365 * 86_400))
def test_the_middle_of_a_bucket_is_within_one_percent_of_every_time_in_it(seconds: int) -> None:
    middle = bucket_middles_s()[bucket_of(seconds)]
    assert abs(middle - seconds) <= 0.01 * max(seconds, 1)
    assert middle == seconds or seconds > 50


@pytest.mark.parametrize("hours", QUOTED_HOURS)
def test_the_quoted_hours_end_a_bucket(hours: int) -> None:
    assert BUCKET_EDGES_S[bucket_of(hours * 3600)] == hours * 3600
    assert bucket_of(hours * 3600 + 1) == bucket_of(hours * 3600) + 1


def test_an_answer_before_its_question_counts_as_at_once() -> None:
    assert bucket_of(-60) == bucket_of(0) == 0


@given(ids=st.sets(st.integers(-(2**31), 2**31 - 1)))
def test_ids_come_back_as_they_went_in(ids: set[int]) -> None:
    assert unpack_ids(pack_ids(ids)) == sorted(ids)


@given(counts=st.dictionaries(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)))
def test_a_histogram_comes_back_without_its_empty_buckets(counts: dict[int, int]) -> None:
    packed = pack_histogram(counts)
    assert unpack_histogram(packed) == {bucket: count for bucket, count in counts.items() if count}
    assert len(packed) == 8 * sum(map(bool, counts.values()))


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        pack_histogram({3: -1})


@given(
    counts=st.lists(
        st.dictionaries(st.integers(0, 90), st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 9)), max_size=5),
        max_size=4,
    )
)
def test_the_days_of_each_row_come_back_without_empty_ones(counts: list[dict[int, tuple[int, int]]]) -> None:
    dense = np.zeros((len(counts), 91, 2), dtype=np.int64)
    for row, days in enumerate(counts):
        for day, measures in days.items():
            dense[row, day] = measures
    packed = pack_day_counts(dense)
    rows, found = unpack_day_counts(packed, 2)
    read = [(row, day, tuple(of_day)) for row, day, of_day in zip(rows, found["day"], found["counts"], strict=True)]
    expected = [(row, day, days[day]) for row, days in enumerate(counts) for day in sorted(days) if any(days[day])]
    assert read == expected
    assert [len(row) for row in packed] == [9 * sum(map(any, days.values())) for days in counts]


def test_a_negative_day_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        pack_day_counts(np.array([[[0], [-1]]]))


def test_nothing_is_unpacked_from_nothing() -> None:
    assert unpack_ids(None) == []
    assert unpack_histogram(b"") == {}


def test_a_post_without_an_author_stands_for_itself() -> None:
    assert author_number(None, 7) == -7
    assert author_number(bytes(range(16)), 7) == 0x000102030405
    assert np.int64(author_number(b"\xff" * 16, 7)) > 0


HISTOGRAMS = st.tuples(
    st.dictionaries(st.integers(0, 300), st.integers(1, 9), max_size=60),
    st.dictionaries(st.integers(0, 300), st.integers(-2, 3), max_size=30),
)


@given(st.lists(HISTOGRAMS, max_size=5))
def test_adding_to_packed_histograms_is_adding_to_their_counts(
    histograms: list[tuple[dict[int, int], dict[int, int]]],
) -> None:
    expected = [
        {bucket: stored.get(bucket, 0) + changes.get(bucket, 0) for bucket in stored.keys() | changes.keys()}
        for stored, changes in histograms
    ]
    packed, changes = [pack_histogram(stored) for stored, _ in histograms], [changed for _, changed in histograms]
    if min((count for counts in expected for count in counts.values()), default=0) < 0:
        with pytest.raises(ValueError, match="negative"):
            add_to_histograms(packed, changes)
    else:
        assert add_to_histograms(packed, changes) == list(map(pack_histogram, expected))


def test_large_and_empty_histograms_are_added_to_side_by_side() -> None:
    large = {7 * bucket: 1 + bucket % 3 for bucket in range(1000)}
    changes = {0: -1, 7: 5, 8: 2, 9: 0, 99_999: 1, 2**32 - 1: 4}
    expected = {**{b: c for b, c in large.items() if b}, 7: large[7] + 5, 8: 2, 99_999: 1, 2**32 - 1: 4}
    packed = [pack_histogram(large), b"", pack_histogram({3: 1}), b""]
    found = add_to_histograms(packed, [changes, {2**32 - 1: 1}, {3: -1}, {}])
    assert found == [pack_histogram(expected), pack_histogram({2**32 - 1: 1}), b"", b""]
    for wrong in ({0: -2}, {8: -1}):
        with pytest.raises(ValueError, match="negative"):
            add_to_histograms(packed, [wrong, {}, {}, {}])
