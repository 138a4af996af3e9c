"""Intervals and survival curves: the only statistics the queries need, from scipy where it has them."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

Floats = npt.NDArray[np.float64]

NORMAL_95 = float(stats.norm.ppf(0.975))


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


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """Waiting times with those still waiting in them.

    ``answered_hours`` are the waits that ended in an answer, ``waiting_hours`` how long the others
    had been observed at the cut-off (right-censored).
    """

    answered_hours: Floats
    waiting_hours: Floats

    def __len__(self) -> int:
        return len(self.answered_hours) + len(self.waiting_hours)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % interval; None where it was not reached."""

    value: float | None
    low: float | None
    high: float | None


class AnsweredShare:
    """The Kaplan-Meier share answered within a time, with a 95 % log-log band."""

    def __init__(self, times: AnswerTimes) -> None:
        self._times = times
        if not len(times):
            self._hours = self._share = self._low = self._high = np.empty(0)
            return
        sample = stats.CensoredData(uncensored=times.answered_hours, right=times.waiting_hours)
        curve = stats.ecdf(sample).cdf
        self._hours = np.asarray(curve.quantiles, dtype=float)
        self._share = np.asarray(curve.probabilities, dtype=float)
        with np.errstate(divide="ignore", invalid="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # it warns of the undefined ends mended just below
            band = curve.confidence_interval(confidence_level=0.95, method="log-log")
        # The log-log band is undefined before the first answer and once everybody is answered. Before, it has
        # no width; at the end its lower bound stays where it was.
        low = np.asarray(band.low.probabilities, dtype=float)
        high = np.asarray(band.high.probabilities, dtype=float)
        before = self._share == 0
        self._low = np.where(before, 0.0, np.maximum.accumulate(np.nan_to_num(low, nan=0.0)))
        self._high = np.where(before, 0.0, np.nan_to_num(high, nan=1.0))

    def within(self, hours: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
        """Return share, low and high at each of ``hours``; NaN beyond the longest time observed."""
        asked = np.atleast_1d(np.asarray(hours, dtype=float))
        if not len(self._hours):
            nothing = np.full(len(asked), np.nan)
            return nothing, nothing.copy(), nothing.copy()
        index = np.searchsorted(self._hours, asked, side="right") - 1
        before = index < 0
        longest = self._hours[-1]
        columns = []
        for values in (self._share, self._low, self._high):
            column = np.where(before, 0.0, values[np.maximum(index, 0)])
            columns.append(np.where(asked > longest, np.nan, column))
        return columns[0], columns[1], columns[2]

    def at_risk(self, hours: npt.ArrayLike) -> npt.NDArray[np.int64]:
        """Return how many were still observed and unanswered just before each of ``hours``."""
        asked = np.atleast_1d(np.asarray(hours, dtype=float))
        every = np.sort(np.concatenate([self._times.answered_hours, self._times.waiting_hours]))
        return len(every) - np.searchsorted(every, asked, side="left")

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
        reached = np.flatnonzero(values >= share - 1e-12)
        return float(self._hours[reached[0]]) if len(reached) else None
