"""Funnel plots: which departments differ from what chance and the usual unrest between departments make.

The limits are exact ones of the binomial distribution where departments are no more different than chance makes them, of the
beta-binomial where they are: its dispersion is the additive variance of Spiegelhalter (Statistics in Medicine 24, 2005),
from winsorised scores, so that a few outliers do not widen the funnel until they fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

MIN_QUESTIONS = 20  # DESIGN.md section 3: below, nothing is marked
ALERT, ALARM = 0.05, 0.002  # two-sided: the 95 % and the 99.8 % limits
WINSORISED = 0.1
# What winsorising leaves of the variance of a normal distribution: without it the usual unrest would be underrated.
_LEFT = float(
    1 - 2 * WINSORISED
    + 2 * stats.norm.ppf(WINSORISED) * stats.norm.pdf(stats.norm.ppf(WINSORISED))
    + 2 * WINSORISED * stats.norm.ppf(WINSORISED) ** 2
)  # fmt: skip
WITHIN, TOO_FEW = "within", "too_few"
ABOVE_95, BELOW_95, ABOVE_998, BELOW_998 = "above_95", "below_95", "above_998", "below_998"
VERDICTS = (WITHIN, ABOVE_95, BELOW_95, ABOVE_998, BELOW_998, TOO_FEW)
_NO_DISPERSION = 1e-9

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
        return {
            level: (
                _quantile(level / 2, trials, expected, self.dispersion) / trials,
                _quantile(1 - level / 2, trials, expected, self.dispersion) / trials,
            )
            for level in (ALERT, ALARM)
        }


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
    distribution = _distribution(trials, expected, dispersion)
    lower, upper = distribution.cdf(successes), distribution.sf(successes - 1)
    return np.minimum(1.0, 2 * np.minimum(lower, upper))


def _quantile(part: float, trials: Ints, expected: Floats, dispersion: float) -> Floats:
    return np.asarray(_distribution(trials, expected, dispersion).ppf(part), dtype=float)


def _distribution(trials: Ints, expected: Floats, dispersion: float) -> stats.rv_frozen:
    if dispersion <= _NO_DISPERSION:
        return stats.binom(trials, expected)
    size = 1 / dispersion - 1
    inside = np.clip(expected, _NO_DISPERSION, 1 - _NO_DISPERSION)
    return stats.betabinom(trials, inside * size, (1 - inside) * size)
