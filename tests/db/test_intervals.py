from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy import stats

from db.intervals import AnsweredShare, AnswerTimes, share_change, wilson
from tests.proofs.waiting import MEDIAN_HOURS, NEVER, SIGMA, cohort


@pytest.mark.parametrize(("k", "n"), [(0, 5), (4, 5), (5, 5), (1, 1), (400, 500), (37, 1000)])
def test_wilson_equals_scipy(k: int, n: int) -> None:
    low, high = wilson(k, n)
    expected = stats.binomtest(k, n).proportion_ci(method="wilson")
    assert low == pytest.approx(expected.low, abs=1e-12)
    assert high == pytest.approx(expected.high, abs=1e-12)


def test_wilson_of_nothing_is_not_a_number() -> None:
    low, high = wilson([0], [0])
    assert np.isnan(low[0])
    assert np.isnan(high[0])


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        # Newcombe (1998), table II, method 10.
        ((56, 70), (48, 80), (0.2, 0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.6, 0.1705, 0.8090)),
        ((10, 10), (0, 10), (1.0, 0.6075, 1.0)),
        ((0, 10), (0, 10), (0.0, -0.2775, 0.2775)),
    ],
)
def test_the_change_of_a_share_has_newcombes_interval(now, before, expected) -> None:
    assert [float(each) for each in share_change(*now, *before)] == pytest.approx(list(expected), abs=5e-5)


def test_a_change_from_nothing_is_not_a_number() -> None:
    assert np.isnan(share_change([3], [5], [0], [0])).all()


def _times(answered: list[float], waiting: list[float]) -> AnswerTimes:
    answered_hours, answers = np.unique(np.array(answered, dtype=float), return_counts=True)
    waiting_hours, waits = np.unique(np.array(waiting, dtype=float), return_counts=True)
    return AnswerTimes(answered_hours, answers, waiting_hours, waits, max([*answered, *waiting], default=0.0))


def test_kaplan_meier_by_hand() -> None:
    # At 1 h one of four is answered: 1/4. At 2 h one leaves unanswered. At 3 h one of two: 1 - 3/4 * 1/2 = 5/8.
    share = AnsweredShare(_times([1, 3], [2, 10]))
    assert share.within([0.5, 1, 2.9, 3, 10])[0].tolist() == pytest.approx([0, 0.25, 0.25, 0.625, 0.625])
    assert share.at_risk([0, 1, 2, 3, 11]).tolist() == [4, 4, 3, 2, 0]


def test_the_unanswered_raise_the_median() -> None:
    answered_only = AnsweredShare(_times([1, 2, 3, 4, 5], [])).quantile(0.5)
    with_waiting = AnsweredShare(_times([1, 2, 3, 4, 5], [100, 100, 100])).quantile(0.5)
    assert answered_only.value == 3
    assert with_waiting.value == 4


def test_a_quantile_nobody_reaches_is_not_reached() -> None:
    estimate = AnsweredShare(_times([1], [5, 5, 5])).quantile(0.5)
    assert estimate.value is None


def test_nothing_is_said_beyond_the_longest_time_observed() -> None:
    share, low, high = AnsweredShare(_times([1, 2], [3])).within([3, 4])
    assert share[0] == pytest.approx(2 / 3)
    assert np.isnan([share[1], low[1], high[1]]).all()


def test_the_band_holds_the_share() -> None:
    share, low, high = AnsweredShare(_times([1, 2, 2, 5, 9], [4, 8, 30])).within([1, 2, 5, 9, 20])
    assert (low <= share).all()
    assert (share <= high).all()


def test_no_questions_no_share() -> None:
    assert np.isnan(AnsweredShare(_times([], [])).within([24])[0][0])


@pytest.mark.parametrize("seed", range(20))
def test_the_curve_and_its_band_equal_scipy(seed: int) -> None:
    random = np.random.default_rng(seed)
    answered = random.integers(0, 30, random.integers(1, 40)).astype(float)
    waiting = random.integers(0, 40, random.integers(0, 40)).astype(float)
    curve = stats.ecdf(stats.CensoredData(uncensored=answered, right=waiting)).cdf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of the ends of the band, where it is undefined
        band = curve.confidence_interval(confidence_level=0.95, method="log-log")
    share, low, high = AnsweredShare(_times(answered.tolist(), waiting.tolist())).within(curve.quantiles)
    assert share == pytest.approx(curve.probabilities, abs=1e-12)
    defined = np.isfinite(band.low.probabilities) & np.isfinite(band.high.probabilities)
    assert defined.any()
    assert low[defined] == pytest.approx(band.low.probabilities[defined], abs=1e-12)
    assert high[defined] == pytest.approx(band.high.probabilities[defined], abs=1e-12)


def test_where_everybody_is_answered_the_band_ends_at_one() -> None:
    share, low, high = AnsweredShare(_times([1, 2], [])).within([1, 2, 24])
    assert share.tolist() == [0.5, 1.0, 1.0]  # at any later time, too: nobody waits any more
    assert low[2] == low[1] == low[0] > 0
    assert high[1] == high[2] == 1.0


AGES = (0.0, 24.0, 168.0, 336.0)


@pytest.mark.parametrize("size", [400, 4000])
def test_the_interval_of_the_chance_of_ever_being_answered_holds_as_often_as_it_says(size: int) -> None:
    horizon = 480.0
    law = stats.lognorm(SIGMA, scale=MEDIAN_HOURS)
    waiting = 1 - (1 - NEVER) * law.cdf([*AGES, horizon])
    truth = (waiting[:-1] - waiting[-1]) / waiting[:-1]
    random = np.random.default_rng(size)
    held = np.zeros(len(AGES))
    for _ in range(300):
        times, _ = cohort(random, size)
        _, low, high = AnsweredShare(times).later(AGES, horizon)
        held += (low <= truth) & (truth <= high)
    assert ((held / 300 >= 0.92) & (held / 300 <= 0.985)).all(), held / 300


def test_nobody_and_everybody_have_the_interval_of_a_proportion() -> None:
    hours, ones = np.array([1.0, 2.0]), np.array([30, 30])
    none = AnswerTimes(np.empty(0), np.empty(0, dtype=np.int64), np.array([10.0]), np.array([60]), 10.0)
    everybody = AnswerTimes(hours, ones, np.empty(0), np.empty(0, dtype=np.int64), 2.0)
    chance, low, high = AnsweredShare(none).later([0.0], 10.0)
    assert (chance[0], low[0], high[0]) == (0, 0, pytest.approx(wilson(0, 60)[1]))
    chance, low, high = AnsweredShare(everybody).later([0.0, 1.0], 2.0)
    assert (chance.tolist(), high.tolist()) == ([1, 1], [1, 1])
    assert (low > 0.85).all()
    assert np.isnan(AnsweredShare(everybody).later([2.0], 2.0)[0][0])
    assert (AnsweredShare(none).horizon(20), AnsweredShare(none).horizon(61)) == (10.0, 0.0)
