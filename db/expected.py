"""How many questions a day or a week lets expect: a regression of counts on weekday, season, trend and holidays.

A negative binomial generalised linear model of the past, whose band holds the next count with 95 %: the unrest between days
that no calendar explains, and the uncertainty of what was learned, are both in it. What is unknown of the past (a gap) is left
out and is no zero. Nothing here knows what the counts are of.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import holidays
import numpy as np
import numpy.typing as npt
import scipy  # see db.funnel
from threadpoolctl import ThreadpoolController

from db.rollups.spans import DAY
from db.working_clock import FIRST_DAY, LAST_DAY

MIN_DAYS = 56  # eight weeks: below, a weekday is known from a handful of days
TREND_DAYS = 182  # of less than half a year a trend is a season, and led on into the future it runs away
SEASON_DAYS = 365
EVENTS_PER_COLUMN = 10  # questions of the past for each number that is learned of it
BUCKETS_PER_COLUMN = 3  # of those with a question: a matter that came up on three days has no season
LEARNABLE_DAYS = 3  # of a kind; of fewer nothing is learned, and such a day is like a Sunday
AROUND_DAYS = 2  # before and after Seollal and Chuseok, when people travel
UNUSUAL = 4.0  # standard deviations: what happened once is not to be expected again
MOST_UNUSUAL = 0.05
LOW, HIGH = 0.025, 0.975
_DAYS_PER_YEAR = 365.25
_FEWEST = 10  # questions; below, the past is one mean
_PRIOR = 0.5
_NOTHING_NEW = 1e-6
_NO_SPREAD = 1e-9

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Expected:
    """What to expect of each bucket, with the band that holds 95 % of them; NaN where nothing can be said."""

    expected: Floats
    low: Floats
    high: Floats


def expect(starts: Ints, counts: Ints, targets: Ints, span: int = DAY) -> Expected:
    """Return what the past lets expect of other buckets.

    Parameters
    ----------
    starts, counts : the buckets of the past that are known whole: ordinals of their first days, and what was counted
    targets : ordinals of the first days of the buckets asked about
    span : days of a bucket, 1 or 7

    Returns
    -------
    Of less than MIN_DAYS nothing is said, nor of a day further from the past than the past is long.
    """
    nothing = np.full(len(targets), np.nan)
    if len(starts) * span < MIN_DAYS:
        return Expected(nothing, nothing, nothing)
    # Threads that wait for each other cost far more than matrices this small.
    with _models()[-1].limit(limits=1, user_api="blas"):
        mean, spread, freedom = _learned(starts, counts, targets, span)
    is_told = targets - starts.max() <= starts.max() - starts.min() + span
    low, high = _band(mean, spread, freedom)
    return Expected(*(np.where(is_told, values, np.nan) for values in (mean, low, high)))


def _learned(
    starts: Ints, counts: Ints, targets: Ints, span: int, *, is_usual: bool = False
) -> tuple[Floats, Floats, int]:
    """Return of each target the mean, and the squared coefficient of variation beyond that of a Poisson count; the freedom.

    Parameters
    ----------
    is_usual : what is unusual was taken out of the past already
    """
    total = int(counts.sum())
    if total < _FEWEST:
        rate = (total + _PRIOR) / len(counts)
        return np.full(len(targets), rate), np.full(len(targets), 1 / (total + _PRIOR)), len(counts) - 1
    most = min(total // EVENTS_PER_COLUMN, int((counts > 0).sum()) // BUCKETS_PER_COLUMN)
    design, asked = _design(starts, targets, span, most)
    fit, dispersion = _fit(design, counts)
    deviation = np.sqrt(fit.fittedvalues + dispersion * fit.fittedvalues**2)
    usual = np.abs(counts - fit.fittedvalues) <= UNUSUAL * deviation + 1  # one question alone is nothing unusual
    if not is_usual and 1 - MOST_UNUSUAL <= usual.mean() < 1:
        return _learned(starts[usual], counts[usual], targets, span, is_usual=True)
    of_mean = np.einsum("ij,jk,ik->i", asked, fit.cov_params(), asked)
    return np.exp(asked @ fit.params), dispersion + of_mean, len(counts) - design.shape[1]


def _fit(design: Floats, counts: Ints) -> tuple[Any, float]:
    model, negative_binomial, poisson, _ = _models()
    freedom = max(len(counts) - design.shape[1], 1)
    fit = model(counts, design, family=poisson()).fit()
    dispersion = _dispersion(counts, fit.fittedvalues, freedom)
    if dispersion > 0:
        family = negative_binomial(alpha=dispersion)
        fit = model(counts, design, family=family).fit(start_params=fit.params, scale=1.0)
        dispersion = _dispersion(counts, fit.fittedvalues, freedom)
    return fit, dispersion


@lru_cache(maxsize=1)
def _models() -> tuple[Any, Any, Any, ThreadpoolController]:
    # The import takes half a second, which commands that ask for no expectation need not wait.
    from statsmodels.genmod.families import NegativeBinomial, Poisson
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    # Days that are all alike are predicted perfectly, and nothing is wrong with that.
    warnings.filterwarnings("ignore", category=PerfectSeparationWarning)
    # Made last, so that it knows the libraries the others brought.
    return GLM, NegativeBinomial, Poisson, ThreadpoolController()


def _dispersion(counts: Ints, mean: Floats, freedom: int) -> float:
    """Return the dispersion of a negative binomial by which Pearson's statistic is its degrees of freedom."""

    def excess(dispersion: float) -> float:
        return float(((counts - mean) ** 2 / (mean + dispersion * mean**2)).sum()) - freedom

    return 0.0 if excess(0.0) <= 0 else float(scipy.optimize.brentq(excess, 0.0, 1e4, xtol=1e-6))


def _band(mean: Floats, spread: Floats, freedom: int) -> tuple[Floats, Floats]:
    # The unrest itself is known badly from few days: Student's quantile instead of the normal one.
    wider = float(scipy.stats.t.ppf(HIGH, max(freedom, 1)) / scipy.stats.norm.ppf(HIGH)) ** 2
    spread = np.maximum(wider * (1 / mean + spread) - 1 / mean, _NO_SPREAD)
    low, high = (scipy.stats.nbinom.ppf(share, 1 / spread, 1 / (1 + spread * mean)) for share in (LOW, HIGH))
    return low, high


def _design(starts: Ints, targets: Ints, span: int, most: int) -> tuple[Floats, Floats]:
    """Return what is known of the calendar of each bucket of the past, and of those asked about, one column for each number.

    Columns stand in the order of their worth; there are ``most`` at the most, so that the last ones are left out where the past is thin.
    """
    length = int(starts.max() - starts.min()) + span
    blocks = [np.ones((len(starts) + len(targets), 1))]
    both = np.concatenate([starts, targets])
    weekday, kinds = _calendar(both, span)
    if span == DAY:
        blocks.append(weekday)
    is_learned = kinds[: len(starts)].sum(axis=0) * span >= LEARNABLE_DAYS
    blocks.append(kinds[:, is_learned])
    years = (both - starts.max())[:, None] / _DAYS_PER_YEAR
    if length >= SEASON_DAYS:
        angles = 2 * np.pi * years
        blocks += [
            np.hstack([np.sin(angles), np.cos(angles)]),
            years,
            np.hstack([np.sin(2 * angles), np.cos(2 * angles)]),
        ]
    elif length >= TREND_DAYS:
        blocks.append(years)
    kept: list[Floats] = []
    columns = 0
    for block in blocks:
        varies = block[:, block[: len(starts)].std(axis=0) > 0] if kept else block
        if kept and columns + varies.shape[1] > most:
            break
        kept.append(varies)
        columns += varies.shape[1]
    design = np.hstack(kept)
    # What the past never showed apart from the columns before it (Seollal, where it holds all holidays) is not learned apart.
    is_apart = np.abs(np.diagonal(np.linalg.qr(design[: len(starts)], mode="r"))) > _NOTHING_NEW * np.sqrt(len(starts))
    return design[: len(starts), is_apart], design[len(starts) :, is_apart]


def _calendar(starts: Ints, span: int) -> tuple[Floats, Floats]:
    """Return the share of each bucket's days that are Tuesdays to Sundays, and that are of each kind of special day."""
    days = starts[:, None] + np.arange(span)
    places = np.clip(days - FIRST_DAY.toordinal(), 0, (LAST_DAY - FIRST_DAY).days)
    kinds = _special_days()[places]
    weekday = (days - 1) % 7  # the ordinal 1 was a Monday
    weekday = np.where(kinds[..., 0] > 0, 6, weekday)
    return (weekday[..., None] == np.arange(1, 7)).mean(axis=1), kinds.mean(axis=1)


@lru_cache(maxsize=1)
def _special_days() -> Floats:
    """Return for each day from FIRST_DAY to LAST_DAY whether it is a holiday on a weekday, of Seollal or Chuseok, near one."""
    first = FIRST_DAY.toordinal()
    years = range(FIRST_DAY.year, LAST_DAY.year + 1)
    named = holidays.country_holidays("KR", categories=("public",), years=years, language="en_US")
    found = np.zeros((LAST_DAY.toordinal() - first + 1, 3))
    for day, name in named.items():
        place = day.toordinal() - first
        found[place, 0] = day.weekday() < 5
        found[place, 1] = "New Year" in name.replace("New Year's Day", "") or "Chuseok" in name
    festive = np.flatnonzero(found[:, 1])
    for distance in range(1, AROUND_DAYS + 1):
        for places in (festive - distance, festive + distance):
            found[places[(places >= 0) & (places < len(found))], 2] = 1
    found[found[:, 1] > 0, 2] = 0
    return found
