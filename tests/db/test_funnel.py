"""The funnel: how often it is wrong where departments are equal, and that it finds those that are not."""

import numpy as np
import pytest
from scipy import stats

from db.funnel import (
    ABOVE_998,
    ALARM,
    ALERT,
    BELOW_998,
    LARGE,
    MIN_QUESTIONS,
    TOO_FEW,
    VERDICTS,
    WITHIN,
    Funnel,
    funnel,
)

DEPARTMENTS = 44


def _cities(cities, seed, dispersion=0.0):
    """Yield the questions and the timely answers of cities of equal departments, small and large ones."""
    random = np.random.default_rng(seed)
    for _ in range(cities):
        trials = random.lognormal(4.5, 1.2, DEPARTMENTS).astype(np.int64) + 1
        share = random.uniform(0.2, 0.9)
        if dispersion:
            size = 1 / dispersion - 1
            yield random.binomial(trials, random.beta(share * size, (1 - share) * size, DEPARTMENTS)), trials
        else:
            yield random.binomial(trials, share), trials


def _outside(cities):
    alerts = alarms = judged = 0
    for successes, trials in cities:
        p_values = funnel(successes, trials).p_values
        judged += int((~np.isnan(p_values)).sum())
        alerts += int((p_values < ALERT).sum())
        alarms += int((p_values < ALARM).sum())
    return alerts / judged, alarms / judged


def test_of_equal_departments_no_more_are_marked_than_the_limits_say():
    alerts, alarms = _outside(_cities(1000, seed=20261126))
    assert 0.02 < alerts <= 0.05
    assert 0.0002 < alarms <= 0.002


def test_the_usual_unrest_between_departments_is_no_alarm():
    alerts, alarms = _outside(_cities(300, seed=7, dispersion=0.02))
    assert alerts <= 0.07  # of 44 departments the dispersion itself is not known well
    assert alarms <= 0.008
    successes, trials = next(iter(_cities(1, seed=3, dispersion=0.02)))
    assert funnel(successes, trials).dispersion == pytest.approx(0.02, abs=0.015)


def test_a_department_that_is_really_slower_is_found():
    random = np.random.default_rng(5)
    trials = np.full(DEPARTMENTS, 400)
    successes = random.binomial(trials, 0.7)
    successes[0], successes[1] = 150, 390
    verdicts = funnel(successes, trials).verdicts
    assert verdicts[0] == BELOW_998
    assert verdicts[1] == ABOVE_998
    assert set(verdicts) <= set(VERDICTS)
    assert verdicts[2:].count(WITHIN) >= 38


def test_few_questions_are_never_marked():
    trials = np.array([MIN_QUESTIONS - 1, 1000, 1000, 0])
    verdicts = funnel(np.array([0, 500, 520, 0]), trials).verdicts
    assert verdicts == [TOO_FEW, WITHIN, WITHIN, TOO_FEW]


def test_the_mix_of_questions_excuses_a_department():
    trials = np.full(20, 200)
    successes = np.array([80] + [128, 130, 132, 131] * 4 + [129] * 3)
    assert funnel(successes, trials).verdicts[0] == BELOW_998
    hard = funnel(successes, trials, np.array([0.4] + [0.65] * 19))
    assert hard.verdicts == [WITHIN] * 20


def test_limits_are_those_of_the_binomial_where_departments_do_not_differ():
    found = funnel(np.array([50, 50]), np.array([100, 100]))
    assert found.dispersion == 0
    limits = found.limits(np.array([100]), np.array([0.5]))
    low, high = (float(bound[0]) for bound in limits[ALERT])
    assert (low, high) == (stats.binom(100, 0.5).ppf(0.025) / 100, stats.binom(100, 0.5).ppf(0.975) / 100)
    assert limits[ALARM][0][0] < low < high < limits[ALARM][1][0]


@pytest.mark.parametrize(
    ("successes", "trials"), [([], []), ([0, 0], [0, 0]), ([30, 40], [30, 40]), ([0, 0], [30, 40])]
)
def test_nothing_all_or_none_is_no_error(successes, trials):
    verdicts = funnel(np.array(successes, dtype=np.int64), np.array(trials, dtype=np.int64)).verdicts
    assert len(verdicts) == len(trials)
    assert not {BELOW_998, ABOVE_998} & set(verdicts)


@pytest.mark.parametrize("dispersion", [0.001, 0.02])
@pytest.mark.parametrize("expected", [0.03, 0.5, 0.9])
def test_limits_are_those_of_the_beta_binomial_where_departments_differ(expected, dispersion):
    size = 1 / dispersion - 1
    trials = np.array([25, 400, LARGE, LARGE + 1, 3 * LARGE])
    exact = stats.betabinom(trials, expected * size, (1 - expected) * size)
    limits = Funnel(np.full(5, expected), dispersion, np.full(5, np.nan), []).limits(trials, np.full(5, expected))
    for level in (ALERT, ALARM):
        for bound, part in zip(limits[level], (level / 2, 1 - level / 2), strict=True):
            assert bound[:3] == pytest.approx(exact.ppf(part)[:3] / trials[:3], abs=1e-12)
            assert bound[3:] == pytest.approx(exact.ppf(part)[3:] / trials[3:], abs=0.001)


def test_a_verdict_says_the_same_just_below_and_just_above_the_size_from_which_it_is_computed_otherwise():
    few, many = (np.array([number, *[number] * 20]) for number in (LARGE, LARGE + 2))
    for share in (0.40, 0.45, 0.55, 0.6):
        p_values = [
            funnel((trials * np.array([share, *np.linspace(0.46, 0.54, 20)])).astype(np.int64), trials).p_values[0]
            for trials in (few, many)
        ]
        assert p_values[0] == pytest.approx(p_values[1], rel=0.1)
