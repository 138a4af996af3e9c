"""Funnel plots: which departments differ from what chance and the usual unrest between departments make.

The limits are exact ones of the binomial distribution where departments are no more different than chance makes them, of the
beta-binomial where they are: its dispersion is the additive variance of Spiegelhalter (Statistics in Medicine 24, 2005),
from winsorised scores, so that a few outliers do not widen the funnel until they fit.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import scipy  # its parts load at their first use: `python -m data_sources status` needs none of them

MIN_QUESTIONS = 20  # DESIGN.md section 3: below, nothing is marked
ALERT, ALARM = 0.05, 0.002  # two-sided: the 95 % and the 99.8 % limits
WINSORISED = 0.1
# What winsorising leaves of the variance of a normal distribution: without it the usual unrest would be underrated.
_NORMAL = NormalDist()
_CUT = _NORMAL.inv_cdf(WINSORISED)
_LEFT = 1 - 2 * WINSORISED + 2 * _CUT * _NORMAL.pdf(_CUT) + 2 * WINSORISED * _CUT**2
WITHIN, TOO_FEW = "within", "too_few"
ABOVE_95, BELOW_95, ABOVE_998, BELOW_998 = "above_95", "below_95", "above_998", "below_998"
VERDICTS = (WITHIN, ABOVE_95, BELOW_95, ABOVE_998, BELOW_998, TOO_FEW)
_NO_DISPERSION = 1e-9
LARGE = 2_000  # questions; from here on a beta distribution of the same variance has the same limits to 0.1 points

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Funnel:
    """Where each department stands.

    ``expected`` is the share to be expected of each, ``dispersion`` the intraclass correlation of the beta-binomial (0
    where departments differ by chance alone), ``p_values`` two-sided, NaN of those with fewer than MIN_QUESTIONS,
    ``verdicts`` of VERDICTS.
    """

    expected: Floats
    dispersion: float
    p_values: Floats
    verdicts: list[str]

    def limits(self, trials: Ints, expected: Floats) -> dict[float, tuple[Floats, Floats]]:
        """Return for ALERT and ALARM the lowest and the highest share that is within, for so many questions each."""
        parts = (ALERT / 2, 1 - ALERT / 2, ALARM / 2, 1 - ALARM / 2)
        shares = _quantiles(parts, trials, expected, self.dispersion)
        return {ALERT: (shares[0], shares[1]), ALARM: (shares[2], shares[3])}


def funnel(successes: Ints, trials: Ints, expected: Floats | None = None) -> Funnel:
    """Compare ``successes`` out of ``trials`` with what is to be expected.

    Parameters
    ----------
    expected : share of each, where the mix of its questions lets expect another than the share of all
    """
    if expected is None:
        share = successes.sum() / trials.sum() if trials.sum() else np.nan
        expected = np.full(len(trials), share)
    judged = trials >= MIN_QUESTIONS
    dispersion = _dispersion(successes[judged], trials[judged], expected[judged])
    p_values = np.full(len(trials), np.nan)
    if judged.any():
        p_values[judged] = _two_sided(successes[judged], trials[judged], expected[judged], dispersion)
    is_above = successes > trials * expected
    return Funnel(expected, dispersion, p_values, [_verdict(*each) for each in zip(p_values, is_above, strict=True)])


def _verdict(p_value: float, is_above: bool) -> str:
    if np.isnan(p_value):
        return TOO_FEW
    if p_value < ALARM:
        return ABOVE_998 if is_above else BELOW_998
    if p_value < ALERT:
        return ABOVE_95 if is_above else BELOW_95
    return WITHIN


def _dispersion(successes: Ints, trials: Ints, expected: Floats) -> float:
    """Return the intraclass correlation by which departments differ beyond chance; 0 where they do not."""
    spread = expected * (1 - expected)
    usable = spread > 0
    count = int(usable.sum())
    if count < 2:
        return 0.0
    successes, trials, expected, spread = successes[usable], trials[usable], expected[usable], spread[usable]
    scores = (successes / trials - expected) / np.sqrt(spread / trials)
    scores = np.clip(scores, *np.quantile(scores, (WINSORISED, 1 - WINSORISED)))
    excess = float((scores**2).sum()) / _LEFT - (count - 1)
    weights = trials / spread
    denominator = float(weights.sum() - (weights**2).sum() / weights.sum())
    if excess <= 0 or denominator <= 0:
        return 0.0
    return min(excess / denominator / float(spread.mean()), 0.99)


def _two_sided(successes: Ints, trials: Ints, expected: Floats, dispersion: float) -> Floats:
    if dispersion <= _NO_DISPERSION:
        exact = scipy.stats.binom(trials, expected)
        lower, upper = exact.cdf(successes), exact.sf(successes - 1)
    else:
        rows = zip(successes.tolist(), trials.tolist(), expected.tolist(), strict=True)
        tails = [_tails(*row, dispersion) for row in rows]
        lower, upper = np.array(tails, dtype=float).reshape(-1, 2).T
    return np.minimum(1.0, 2 * np.minimum(lower, upper))


def _tails(successes: int, trials: int, expected: float, dispersion: float) -> tuple[float, float]:
    """Return the chance of so few successes or fewer, and of so many or more."""
    if trials > LARGE:
        share = _share_of_many(trials, expected, dispersion)
        return float(share.cdf((successes + 0.5) / trials)), float(share.sf((successes - 0.5) / trials))
    chances = _chances(trials, expected, dispersion)
    return float(chances[: successes + 1].sum()), float(chances[successes:].sum())


def _quantiles(parts: tuple[float, ...], trials: Ints, expected: Floats, dispersion: float) -> Floats:
    """Return the shares below which each of ``parts`` lies, a row for each part."""
    if dispersion <= _NO_DISPERSION:
        exact = scipy.stats.binom(trials, expected)
        return np.array([exact.ppf(part) / trials for part in parts], dtype=float)
    columns = []
    for number, chance in zip(trials.tolist(), expected.tolist(), strict=True):
        if number > LARGE:
            columns.append(_share_of_many(number, chance, dispersion).ppf(parts))
        else:
            cumulated = np.cumsum(_chances(number, chance, dispersion))
            columns.append(np.minimum(np.searchsorted(cumulated, parts), number) / number)
    return np.array(columns, dtype=float).reshape(-1, len(parts)).T


def _chances(trials: int, expected: float, dispersion: float) -> Floats:
    """Return the beta-binomial chance of each number of successes: all at once, since scipy sums anew for each."""
    size, inside = 1 / dispersion - 1, min(max(expected, _NO_DISPERSION), 1 - _NO_DISPERSION)
    numbers = np.arange(trials + 1)
    return np.asarray(scipy.stats.betabinom.pmf(numbers, trials, inside * size, (1 - inside) * size), dtype=float)


def _share_of_many(trials: int, expected: float, dispersion: float) -> scipy.stats.rv_frozen:
    """Return a beta distribution with the mean and variance of the beta-binomial share."""
    size = 1 / (1 / trials + dispersion * (1 - 1 / trials)) - 1
    inside = min(max(expected, _NO_DISPERSION), 1 - _NO_DISPERSION)
    return scipy.stats.beta(inside * size, (1 - inside) * size)
