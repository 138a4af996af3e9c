"""Intervals and survival curves: the only statistics the queries need, over counts of equal times."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

NORMAL_95 = NormalDist().inv_cdf(0.975)
_MOMENTS = 101  # at which those still at risk are counted for their mean
ROUNDING = 1e-12  # a share of exactly one half may come out this much below it


def wilson(k: npt.ArrayLike, n: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return the Wilson 95 % interval of ``k`` successes in ``n`` trials, as fractions; NaN where n is 0."""
    successes = np.asarray(k, dtype=float)
    trials = np.asarray(n, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = successes / trials
        z2 = NORMAL_95**2
        centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
        half = NORMAL_95 / (1 + z2 / trials) * np.sqrt(share * (1 - share) / trials + z2 / (4 * trials**2))
    # At k = 0 and k = n the bound is exact; rounding must not push it past the share itself.
    low = np.where(successes == 0, 0.0, centre - half)
    high = np.where(successes == trials, 1.0, centre + half)
    empty = trials == 0
    return np.where(empty, np.nan, low), np.where(empty, np.nan, high)


def share_change(
    k: npt.ArrayLike, n: npt.ArrayLike, before_k: npt.ArrayLike, before_n: npt.ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """Return how much a share grew, as a fraction, with its 95 % interval; NaN where one of the two has no trials.

    Newcombe's hybrid score interval of two independent shares (1998, method 10), from their Wilson intervals.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        now = np.asarray(k, dtype=float) / np.asarray(n, dtype=float)
        before = np.asarray(before_k, dtype=float) / np.asarray(before_n, dtype=float)
    low, high = wilson(k, n)
    before_low, before_high = wilson(before_k, before_n)
    change = now - before
    return (
        change,
        change - np.sqrt((now - low) ** 2 + (before_high - before) ** 2),
        change + np.sqrt((high - now) ** 2 + (before - before_low) ** 2),
    )


@dataclass(frozen=True)
class AnswerTimes:
    """Waiting times with those still waiting in them, as counts of equal times.

    ``answered_hours`` are the waits that ended in an answer, ``censored_hours`` how long the others had been
    observed when the data ended or their post was removed; both ascending, each time once.
    ``longest_hours`` is the longest time anybody was observed.
    """

    answered_hours: Floats
    answered: Counts
    censored_hours: Floats
    censored: Counts
    longest_hours: float

    def __len__(self) -> int:
        return int(self.answered_until[-1] + self.censored_until[-1])

    # Those who wait are a million times and more in a large city; several numbers of a page ask for the same sums.
    @functools.cached_property
    def answered_until(self) -> Counts:
        """How many were answered by each time, with a 0 before the first."""
        return np.concatenate([[0], np.cumsum(self.answered)]).astype(np.int64)

    @functools.cached_property
    def censored_until(self) -> Counts:
        """How many left unanswered by each time, with a 0 before the first."""
        return np.concatenate([[0], np.cumsum(self.censored)]).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % interval; None where it was not reached."""

    value: float | None
    low: float | None
    high: float | None


class AnsweredShare:
    """The Kaplan-Meier share answered within a time, with a 95 % log-log band.

    A step for each time at which somebody was answered; who leaves at that same time was still at risk.
    """

    def __init__(self, times: AnswerTimes) -> None:
        self._times = times
        self._hours = times.answered_hours
        answered = times.answered.astype(float)
        at_risk = self.at_risk(self._hours).astype(float)
        with np.errstate(divide="ignore", invalid="ignore"):
            waiting = np.cumprod(1 - answered / at_risk)
            # Greenwood's variance on the log-log scale (Kalbfleisch and Prentice 2002, section 1.4).
            variance = np.cumsum(answered / (at_risk * (at_risk - answered))) / np.log(waiting) ** 2
            reach = NORMAL_95 * np.sqrt(variance)
            middle = np.log(-np.log(waiting))
            low, high = 1 - np.exp(-np.exp(middle - reach)), 1 - np.exp(-np.exp(middle + reach))
        self._share = 1 - waiting
        # Once everybody is answered the band is undefined: its lower bound stays where it was.
        self._low = np.maximum.accumulate(np.nan_to_num(low, nan=0.0)) if len(low) else low
        self._high = np.where(np.isnan(high), 1.0, high)

    def __len__(self) -> int:
        return len(self._times)

    def within(self, hours: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
        """Return share, low and high at each of ``hours``; NaN beyond the longest time observed, unless all were answered."""
        asked = np.atleast_1d(np.asarray(hours, dtype=float))
        steps = np.searchsorted(self._hours, asked, side="right")
        # Where all are answered nothing that comes later can change a share.
        is_complete = self._times.censored_until[-1] == 0
        observed = ((asked <= self._times.longest_hours) | is_complete) & (len(self._times) > 0)
        columns = [
            np.where(observed, np.concatenate([[0.0], values])[steps], np.nan)
            for values in (self._share, self._low, self._high)
        ]
        return columns[0], columns[1], columns[2]

    def later(self, hours: npt.ArrayLike, until: float) -> tuple[Floats, Floats, Floats]:
        """Return the share of those unanswered after each of ``hours`` that is answered by ``until``, low and high.

        That is ``(S(a) - S(until)) / S(a)`` of the share S still waiting: the same estimate over the steps after ``a``
        alone, with the same band. Of those just asked, at 0, nobody has been answered. NaN at ``until`` and beyond.
        """
        asked = np.atleast_1d(np.asarray(hours, dtype=float))
        answered, at_risk = self._times.answered.astype(float), self.at_risk(self._hours).astype(float)
        columns = np.full((3, len(asked)), np.nan)
        for place, age in enumerate(asked.tolist()):
            is_later = ((self._hours > age) | (age == 0)) & (self._hours <= until)
            if age < until:
                rest = float(self.at_risk(np.linspace(age, until, _MOMENTS)).mean())
                columns[:, place] = _answered_of(answered[is_later], at_risk[is_later], rest)
        return columns[0], columns[1], columns[2]

    def horizon(self, least: int) -> float:
        """Return the longest time to which ``least`` were still observed and unanswered; 0 where there were never as many."""
        moments = np.concatenate([self._hours, self._times.censored_hours])
        seen = moments[self.at_risk(moments) >= least]
        return float(seen.max()) if len(seen) else 0.0

    def at_risk(self, hours: npt.ArrayLike) -> Counts:
        """Return how many were still observed and unanswered just before each of ``hours``."""
        asked = np.atleast_1d(np.asarray(hours, dtype=float))
        times = self._times
        gone = times.answered_until[np.searchsorted(times.answered_hours, asked, side="left")]
        left = times.censored_until[np.searchsorted(times.censored_hours, asked, side="left")]
        return len(times) - gone - left

    def quantile(self, share: float) -> Estimate:
        """Return the hours within which ``share`` of all questions is answered; None where it never is.

        The interval inverts the band: its lower end is where the upper bound reaches ``share``.
        """
        return Estimate(
            self._first_reaching(self._share, share),
            self._first_reaching(self._high, share),
            self._first_reaching(self._low, share),
        )

    def _first_reaching(self, values: Floats, share: float) -> float | None:
        reached = np.flatnonzero(values >= share - ROUNDING)
        return float(self._hours[reached[0]]) if len(reached) else None


def _answered_of(answered: Floats, at_risk: Floats, mean_at_risk: float) -> tuple[float, float, float]:
    """Return the share answered over some steps, with its 95 % log-log band by Greenwood's variance.

    Parameters
    ----------
    at_risk : before each step
    mean_at_risk : over all the time, which is what nobody's being answered in it is worth
    """
    waiting = float(np.prod(1 - answered / at_risk))
    if waiting in (0.0, 1.0):  # nobody or everybody: the band is undefined, the interval of a proportion is not
        low, high = wilson((1 - waiting) * mean_at_risk, mean_at_risk)
        return 1 - waiting, float(low), float(high)
    variance = float(np.sum(answered / (at_risk * (at_risk - answered))))
    reach = NORMAL_95 * np.sqrt(variance) / abs(np.log(waiting))
    middle = np.log(-np.log(waiting))
    low, high = (1 - np.exp(-np.exp(middle + side * reach)) for side in (-1, 1))
    return 1 - waiting, float(low), float(high)
