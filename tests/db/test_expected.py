"""The band of expected volume, against counts whose law is known because it was written here."""

from __future__ import annotations

import datetime as dt
import warnings

import numpy as np
import pytest

from db import expected
from db.expected import expect
from db.rollups.spans import WEEK
from db.working_clock import FIRST_DAY

MONDAY = dt.date(2023, 1, 2).toordinal()
DAYS, PAST, GUARD = 1000, 728, 7
WEEKDAYS = np.array([1.1, 1.05, 1.0, 1.0, 1.02, 0.7, 0.6])
FESTIVE, TRAVELLING = 0.4, 0.8  # of the usual questions, at Seollal and Chuseok and around them

Ints = np.ndarray


def _law(level: float = 60.0) -> tuple[Ints, np.ndarray, np.ndarray]:
    """Return days, the mean of each, and whether it is of Seollal or Chuseok."""
    days = MONDAY + np.arange(DAYS)
    kinds = expected._special_days()[days - FIRST_DAY.toordinal()]
    weekday = np.where(kinds[:, 0] > 0, 6, (days - 1) % 7)
    season = np.exp(0.15 * np.sin(2 * np.pi * days / 365.25) + 0.1 * (days - MONDAY) / 365)
    festive = kinds[:, 1] > 0
    mean = level * WEEKDAYS[weekday] * season
    return days, mean * np.where(festive, FESTIVE, 1) * np.where(kinds[:, 2] > 0, TRAVELLING, 1), festive


def _drawn(mean: np.ndarray, seed: int, dispersion: float = 0.02) -> Ints:
    draw = np.random.default_rng(seed)
    return draw.negative_binomial(1 / dispersion, 1 / (1 + dispersion * mean))


def test_the_band_holds_95_percent_of_the_days_that_follow() -> None:
    days, mean, _ = _law()
    held = []
    for seed in range(30):
        counts = _drawn(mean, seed)
        after = slice(PAST + GUARD, None)
        told = expect(days[:PAST], counts[:PAST], days[after])
        held.append((counts[after] >= told.low) & (counts[after] <= told.high))
    assert 0.93 <= np.mean(held) <= 0.97


def test_the_band_holds_of_weeks_too() -> None:
    days, mean, _ = _law()
    starts, weeks, past = days[: 142 * 7 : 7], 142, PAST // 7
    held = []
    for seed in range(60):
        counts = _drawn(mean, seed)[: weeks * 7].reshape(-1, 7).sum(axis=1)
        told = expect(starts[:past], counts[:past], starts[past + 1 : past + 21], WEEK)
        held.append((counts[past + 1 : past + 21] >= told.low) & (counts[past + 1 : past + 21] <= told.high))
    assert 0.93 <= np.mean(held) <= 0.97


def test_seollal_and_chuseok_are_learned_and_so_are_weekdays() -> None:
    days, mean, festive = _law()
    after = slice(PAST + GUARD, None)
    ratios, sundays = [], []
    for seed in range(10):
        told = expect(days[:PAST], _drawn(mean, seed)[:PAST], days[after])
        ratios.append(told.expected[festive[after]] / mean[after][festive[after]])
        is_sunday = days[after] % 7 == 0
        sundays.append(told.expected[is_sunday].mean() / told.expected[(days[after] - 1) % 7 == 2].mean())
    assert festive[after].sum() >= 3  # Seollal of the year that is asked about
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.1)
    assert np.mean(sundays) == pytest.approx(0.6, abs=0.05)


def test_unknown_days_are_left_out_and_are_no_zeros() -> None:
    days, mean, _ = _law()
    counts = _drawn(mean, 1)
    is_known = np.ones(PAST, dtype=bool)
    is_known[300:400] = False
    asked = days[PAST + GUARD : PAST + GUARD + 28]
    whole = expect(days[:PAST], counts[:PAST], asked).expected.mean()
    with_gap = expect(days[:PAST][is_known], counts[:PAST][is_known], asked).expected.mean()
    as_zeros = expect(days[:PAST], np.where(is_known, counts[:PAST], 0), asked).expected.mean()
    assert with_gap == pytest.approx(whole, rel=0.05)
    assert abs(as_zeros / whole - 1) > 0.05


def test_what_happened_once_is_not_expected_again() -> None:
    days, mean, _ = _law()
    counts = _drawn(mean, 2)[:PAST]
    asked = days[PAST + GUARD : PAST + GUARD + 28]
    calm = expect(days[:PAST], counts, asked)
    counts[[100, 350, 600]] *= 8
    stormy = expect(days[:PAST], counts, asked)
    assert stormy.expected == pytest.approx(calm.expected, rel=0.02)
    assert stormy.high == pytest.approx(calm.high, rel=0.05)


def test_less_than_eight_weeks_say_nothing_and_no_past_reaches_further_than_it_is_long() -> None:
    days, mean, _ = _law()
    counts = _drawn(mean, 3)
    assert np.isnan(expect(days[:55], counts[:55], days[62:90]).expected).all()
    told = expect(days[:56], counts[:56], days[62:200])
    assert np.isfinite(told.expected[:50]).all()
    assert np.isnan(told.expected[50:]).all()  # the 56th day after the last known one is the last


@pytest.mark.parametrize("seen", [0, 3, 12, 40])
def test_a_past_of_few_questions_gives_a_wide_band_and_no_warning(seen: int) -> None:
    days = MONDAY + np.arange(400)
    counts = np.zeros(400, dtype=np.int64)
    counts[np.linspace(0, 365, seen).astype(int)] = 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        told = expect(days[:366], counts[:366], days[373:])
    assert (told.expected >= 0).all()
    assert told.expected.mean() == pytest.approx(max(seen, 0.5) / 366, rel=0.7)
    assert (told.low == 0).all()
    assert (told.high <= 3).all()


@pytest.mark.parametrize("span", [1, WEEK])
def test_clumps_of_a_rare_matter_give_a_finite_band(span: int) -> None:
    starts = MONDAY + span * np.arange(110)
    for seed in range(40):
        draw = np.random.default_rng(seed)
        counts = np.zeros(110, dtype=np.int64)
        counts[draw.choice(110, draw.integers(1, 5), replace=False)] = draw.integers(3, 30)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            told = expect(starts[:104], counts[:104], starts[105:], span)
        assert np.isfinite([told.expected, told.low, told.high]).all()
        assert (told.low <= told.high).all()
        assert (told.expected <= counts.max()).all()


def test_a_past_without_holidays_takes_a_holiday_for_a_sunday() -> None:
    september = dt.date(2025, 6, 9).toordinal()  # after the last holiday of spring, before Liberation Day
    days = september + np.arange(63)
    counts = np.where((days - 1) % 7 < 5, 50, 20)
    liberation_day = dt.date(2025, 8, 15).toordinal()  # a Friday
    told = expect(days, counts, np.array([liberation_day, liberation_day + 2]))
    assert told.expected[0] == pytest.approx(told.expected[1])
    assert told.expected[0] == pytest.approx(20, rel=0.05)
