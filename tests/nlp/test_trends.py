"""The statistics of hot issues, on numbers made for the purpose."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from scipy import stats

from nlp import trends
from nlp.trends import (
    Past,
    Surge,
    co_moving,
    expected_false_findings,
    is_campaign,
    is_working_day,
    surges,
    volume_surge,
)

LAST = dt.date(2026, 3, 11)  # a Wednesday
DAYS = trends.BASELINE_DAYS + trends.GUARD_DAYS + 1


def _past(*counts: np.ndarray, total: int = 200) -> Past:
    return Past(LAST, np.full(DAYS, total), np.array(counts))


def _quiet(mean: float, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).poisson(mean, DAYS)


def _found(past: Past, days: int = 1, said: int = 1000) -> dict[int, Surge]:
    return {surge.term_id: surge for surge in surges(past, np.arange(1, len(past.counts) + 1), days, said)}


def test_a_word_said_ten_times_as_often_is_found_and_its_neighbours_are_not() -> None:
    words = [_quiet(3, seed) for seed in range(40)]
    words[7][-1] = 30
    found = _found(_past(*words))
    assert set(found) == {8}
    surge = found[8]
    assert (surge.observed, surge.questions, surge.first_day, surge.last_day) == (30, 200, LAST, LAST)
    assert surge.expected == pytest.approx(3, rel=0.15)
    assert surge.low <= surge.expected <= surge.high < 30
    assert surge.p_value < 1e-9


def test_twice_the_word_among_twice_the_questions_is_no_surge() -> None:
    word = _quiet(10)
    word[-1] = 20
    past = _past(word)
    past.totals[-1] = 400
    assert _found(past) == {}


def test_fewer_than_five_posts_are_no_evidence_however_surprising() -> None:
    word = np.zeros(DAYS, dtype=np.int64)
    word[-1] = 4
    assert _found(_past(word), said=1) == {}
    word[-1] = 5
    assert set(_found(_past(word), said=1)) == {1}


def test_a_word_that_comes_in_clumps_needs_a_larger_clump() -> None:
    even, clumped = np.full(DAYS, 4), np.zeros(DAYS, dtype=np.int64)
    clumped[::10] = 40  # as often over time, ten times as much on a day
    for word in (even, clumped):
        word[-1] = 40
        word[-8:-1] = 0
    found = _found(_past(even, clumped), said=2)
    assert set(found) == {1}


def test_what_began_within_the_guard_band_is_not_its_own_baseline() -> None:
    word = np.full(DAYS, 2)
    word[-6:] = 20
    assert _found(_past(word))[1].expected == pytest.approx(2, rel=0.15)


def test_the_more_words_are_said_the_more_it_takes() -> None:
    word = _quiet(2)
    word[-1] = 9
    past = _past(word)
    [few] = _found(past, said=3).values()
    assert few.p_value > 1e-5
    assert _found(past, said=100_000) == {}


def test_watched_words_are_a_family_of_their_own() -> None:
    words = [_quiet(2, seed) for seed in range(30)]
    words[0][-1] = 9
    ids = np.arange(1, 31)
    assert surges(_past(*words), ids, 1, 100_000) == []
    [surge] = surges(_past(*words), ids, 1, 100_000, watched=[1, 2, 3], watched_said=3)
    assert surge.term_id == 1


def test_nothing_is_expected_of_a_store_that_has_no_past() -> None:
    word = np.full(DAYS, 0)
    word[-1] = 50
    past = Past(LAST, np.r_[np.zeros(DAYS - 1, dtype=np.int64), 100], np.array([word]))
    assert surges(past, np.array([1]), 1, 1) == []
    assert volume_surge(LAST, past.totals, 1) is None


def test_on_days_of_pure_chance_there_are_no_more_findings_than_stated() -> None:
    generator = np.random.default_rng(5)
    shares = generator.pareto(1.2, 300) * 0.002 + 0.0005
    windows, found = 0, 0
    for _ in range(60):
        totals = generator.negative_binomial(8, 0.05, DAYS)
        # Words in clumps, too: a beta-binomial of every day.
        rates = generator.beta(shares[:, None] * 400, (1 - shares[:, None]) * 400, (len(shares), DAYS))
        counts = generator.binomial(totals, rates)
        for days in trends.WINDOWS:
            windows += 1
            said = int((counts[:, -days:].sum(axis=1) > 0).sum())
            found += bool(surges(Past(LAST, totals, counts), np.arange(300), days, said))
    assert windows == 180
    assert found <= stats.binom(windows, trends.FALSE_DISCOVERIES).ppf(0.999)
    assert expected_false_findings(30) == pytest.approx(0.01 * 3 * 2 * 30)


def test_a_day_with_twice_the_questions_is_a_surge_of_volume() -> None:
    totals = np.random.default_rng(1).poisson(100, DAYS)
    assert volume_surge(LAST, totals, 1) is None
    totals[-1] = 320
    surge = volume_surge(LAST, totals, 1)
    assert surge is not None
    assert (surge.observed, surge.days) == (320, 1)
    assert surge.expected == pytest.approx(100, rel=0.1)
    assert surge.low < surge.expected < surge.high < 320


def test_a_sunday_is_expected_to_be_quiet_and_a_holiday_is_like_a_sunday() -> None:
    sunday = dt.date(2026, 3, 15)
    days = [sunday - dt.timedelta(days=number) for number in range(DAYS)][::-1]
    totals = np.array([100 if is_working_day(day) else 20 for day in days])
    totals[-1] = 60
    surge = volume_surge(sunday, totals, 1)
    assert surge is not None
    assert surge.expected < 45
    assert not is_working_day(dt.date(2026, 2, 17))  # Seollal
    assert not is_working_day(dt.date(2020, 8, 17))  # a temporary holiday
    assert is_working_day(dt.date(2026, 2, 19))


def test_a_kind_of_day_on_which_nobody_ever_asked_can_surge_too() -> None:
    sunday = dt.date(2026, 3, 15)
    days = [sunday - dt.timedelta(days=number) for number in range(DAYS)][::-1]
    totals = np.array([100 if is_working_day(day) else 0 for day in days])
    assert volume_surge(sunday, totals, 1) is None
    totals[-1] = 30
    surge = volume_surge(sunday, totals, 1)
    assert surge is not None
    assert (surge.observed, surge.expected) == (30, 0.5)


def test_words_of_the_same_posts_are_one_event() -> None:
    posts = {1: [1, 2, 3, 4], 2: [3, 4], 3: [10, 11, 12], 4: [4, 3, 9], 5: [12, 13, 14, 15], 6: []}
    assert co_moving(posts, questions=40) == [[1, 2, 4], [3], [5], [6]]
    assert co_moving({7: [1, 2, 3, 4], 1: [1, 2], 2: [3, 4]}, questions=40) == [[7, 1, 2]]


def test_a_word_between_two_events_does_not_make_them_one() -> None:
    snow, slope, water, brown = range(20), range(10), range(50, 70), range(50, 60)
    between = [*range(4), *range(50, 54)]
    posts = {1: snow, 2: slope, 3: water, 4: brown, 5: between}
    assert co_moving(posts, questions=300) == [[1, 2, 5], [3, 4]]


def test_words_that_meet_more_often_than_by_chance_are_one_event() -> None:
    posts = {1: range(100), 2: range(96, 116)}  # four of twenty, a fifth
    assert co_moving(posts, questions=2000) == [[1, 2]]
    assert co_moving(posts, questions=500) == [[1], [2]]  # as many as chance would bring


def test_words_of_one_matter_are_one_event_even_if_nobody_says_both() -> None:
    posts = {1: [1, 2, 3], 2: [4, 5, 6], 3: [7, 8, 9]}
    assert co_moving(posts, questions=20, matters=[{1, 3, 99}]) == [[1, 3], [2]]


def test_copies_are_a_campaign_and_many_voices_are_not() -> None:
    text = frozenset(range(10))
    copies = [text] * 6 + [text | {20}, text - {3}]
    assert is_campaign([*copies, frozenset({1, 2, 30}), frozenset()])
    assert not is_campaign([frozenset({1, number, number + 1, number + 2}) for number in range(10, 30, 3)])
    assert not is_campaign([text] * 4)


def test_p_values_and_bands_are_those_of_the_beta_binomial() -> None:
    random = np.random.default_rng(4)
    observed = random.integers(0, 60, 300)
    a, b = random.uniform(0.2, 30, 300), random.uniform(200, 3000, 300)
    below = trends._Below(observed, 900, a, b)
    known = stats.betabinom(900, a, b)
    np.testing.assert_allclose(below.p_values(), np.clip(known.sf(observed - 1), 0, 1), atol=1e-12)
    surging = np.flatnonzero(below.p_values() < 0.01)
    assert len(surging) > 50
    expected = np.stack([known.ppf(0.025), known.ppf(0.975)], axis=1)[surging]
    assert [below.band(int(row)) for row in surging] == [tuple(each) for each in expected.tolist()]
