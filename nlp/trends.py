"""Which words are said more than they should be: the statistics of hot issues, over documents and never over tokens.

For each word the questions of a window are compared with what its past lets expect. The past is the share of questions with
the word before the window, without the days just before it (the guard band), recent days weighing more than old ones
and days of the same kind (working day or not) more than others. The share is uncertain, and words come in clumps: both widen
the distribution of the expected number, a beta-binomial whose dispersion is estimated from the past and drawn towards that
of the median word. Benjamini and Hochberg's procedure over all words said in the window bounds the share of false findings;
with nothing going on at all, any finding is false, and comes in at most FALSE_DISCOVERIES of the windows looked at.
"""

from __future__ import annotations

import datetime as dt
import functools
import math
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import holidays
import numpy as np
import numpy.typing as npt
from scipy import special, stats

# Raise it with any change below: an incident says by which version it was found.
DETECTION_VERSION = "2026.11-1"

WINDOWS = (1, 3, 7)  # days: a burst of hours, of a weekend, of a slow board
GUARD_DAYS = 7  # what begins slowly must not be its own baseline
BASELINE_DAYS = 84  # twelve weeks: longer ones lag behind the seasons
HALF_LIFE_DAYS = 28
OTHER_KIND_WEIGHT = 0.25  # a Sunday tells a little of a Monday
MIN_POSTS, MIN_AUTHORS = 5, 3  # DESIGN.md section 3
MIN_BASELINE_QUESTIONS = 50  # before that nothing can be expected
FALSE_DISCOVERIES = 0.01
FAMILIES = 2  # all words, and those the city watches
# Half a question is laid to each word's past, or a word never said before would be infinitely surprising.
PRIOR_QUESTIONS = 0.5
SAME_POSTS = 0.5
MIN_SHARED, LIFT = 3, 2.0
COPY_SIMILARITY, CAMPAIGN_SHARE = 0.8, 0.6
VOLUME_P_VALUE = 0.001  # one number a window, so one false finding in a year of windows
VOLUME_RATIO = 2.0
ENOUGH_DAYS = 8  # of one kind, to expect something of that kind alone
_MIN_RATIO = 1.5  # what is not half as much again is no news, however certain

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Surge:
    """A word that is said more than expected in the ``days`` days that end on ``last_day``.

    ``observed`` questions with the word of ``questions`` in all, where ``expected`` were, with the 95 % band ``low``
    to ``high``.
    """

    term_id: int
    last_day: dt.date
    days: int
    observed: int
    expected: float
    low: float
    high: float
    questions: int
    p_value: float

    @property
    def first_day(self) -> dt.date:
        """The first day of the window."""
        return self.last_day - dt.timedelta(days=self.days - 1)


@dataclass(frozen=True, slots=True)
class VolumeSurge:
    """More questions than expected in all, whatever they speak of."""

    last_day: dt.date
    days: int
    observed: int
    expected: float
    low: float
    high: float
    p_value: float

    @property
    def first_day(self) -> dt.date:
        """The first day of the window."""
        return self.last_day - dt.timedelta(days=self.days - 1)


@dataclass(frozen=True, slots=True)
class Past:
    """Questions of consecutive days up to and with the last day of the window.

    ``totals`` has one entry for each day, ascending; ``counts`` one row for each word and a column for each day.
    """

    last_day: dt.date
    totals: Ints
    counts: Ints


@functools.lru_cache(maxsize=20_000)  # a detection asks for the same year of days on each of its own
def is_working_day(day: dt.date) -> bool:
    """Return whether offices are open in Korea: no weekend, no public, substitute or temporary holiday."""
    return day.weekday() < 5 and day not in _HOLIDAYS


_HOLIDAYS = holidays.country_holidays("KR", categories=("public",))


def expected_false_findings(days: int) -> float:
    """Return how many windows with a finding to expect, at most, in so many days in which nothing happens."""
    return FALSE_DISCOVERIES * len(WINDOWS) * FAMILIES * days


def surges(
    past: Past, term_ids: Ints, days: int, words_said: int, watched: Collection[int] = (), watched_said: int = 0
) -> list[Surge]:
    """Return which words surge in the last ``days`` days of ``past``, the most surprising first.

    How many authors said them is not known here; fewer than MIN_AUTHORS are no evidence.

    Parameters
    ----------
    term_ids : int64, of each row of ``past.counts``
    words_said : different words of the window, those included that too few said to be looked at
    watched : ids of the words that are a family of their own, ``watched_said`` of which were said in the window
    """
    window, baseline = past.counts[:, -days:], past.counts[:, : -days - GUARD_DAYS]
    observed, questions = window.sum(axis=1), int(past.totals[-days:].sum())
    totals = past.totals[: -days - GUARD_DAYS]
    if not len(term_ids) or totals.sum() < MIN_BASELINE_QUESTIONS:
        return []
    weights = _weights(past.last_day, days, len(totals))
    weighted_total = float(weights @ totals)
    share = (baseline @ weights + PRIOR_QUESTIONS) / (weighted_total + 1)
    # What a weighted sum is worth in questions of equal weight (Kish 1965).
    worth = weighted_total**2 / max(float((weights**2) @ totals), 1e-9)
    dispersion = _dispersion(baseline, totals, share)
    per_day = max(float(totals.mean()), 1.0)
    clumping = np.maximum(dispersion - 1, 0) / per_day  # the correlation between questions of a day
    strength = 1 / (1 / worth + clumping / days)
    expected = share * questions
    below = _Below(observed, questions, share * strength, (1 - share) * strength)
    p_values = below.p_values()
    is_news = (observed >= MIN_POSTS) & (observed >= _MIN_RATIO * expected)
    is_found = is_news & _benjamini_hochberg(np.where(observed >= MIN_POSTS, p_values, 1.0), words_said)
    of_watched = np.flatnonzero(np.isin(term_ids, list(watched)))
    if len(of_watched):
        is_found[of_watched] |= is_news[of_watched] & _benjamini_hochberg(p_values[of_watched], watched_said)
    found = [
        Surge(
            int(term_ids[row]), past.last_day, days, int(observed[row]), float(expected[row]), *below.band(row),
            questions, float(p_values[row]),
        )
        for row in np.flatnonzero(is_found).tolist()
    ]  # fmt: skip
    return sorted(found, key=by_surprise)


class _Below:
    """What a beta-binomial says of all numbers below the one observed, for many words at once.

    scipy's own adds up one word after another, and for a quantile as often as it guesses: minutes for a day of a
    large city. Here the work is that of one number for each time a word was said.
    """

    def __init__(self, observed: Ints, questions: int, a: Floats, b: Floats) -> None:
        rows = np.repeat(np.arange(len(observed)), observed)
        self._ends = np.cumsum(observed)
        number = np.arange(len(rows)) - np.repeat(self._ends - observed, observed)
        a, b = np.broadcast_to(a, observed.shape), np.broadcast_to(b, observed.shape)
        ways = -special.betaln(questions - number + 1, number + 1) - math.log(questions + 1)
        chance = special.betaln(number + a[rows], questions - number + b[rows]) - special.betaln(a, b)[rows]
        self._probabilities = np.exp(ways + chance)
        self._sums = np.bincount(rows, self._probabilities, len(observed))
        self._observed = observed

    def p_values(self) -> Floats:
        """Return how probable the observed number or more is."""
        return np.clip(1 - self._sums, 0.0, 1.0)

    def band(self, row: int) -> tuple[float, float]:
        """Return the 95 % band of a word whose observed number lies above it."""
        end = int(self._ends[row])
        cumulated = np.cumsum(self._probabilities[end - int(self._observed[row]) : end])
        low, high = np.searchsorted(cumulated, (0.025, 0.975)).tolist()
        return float(low), float(high)


def by_surprise(surge: Surge) -> tuple[float, float, int]:
    """Return what surges are sorted by: the least likely first, and where no number can tell that, the farthest off."""
    return surge.p_value, -(surge.observed - surge.expected) / (surge.expected + 1) ** 0.5, surge.term_id


def volume_surge(last_day: dt.date, totals: Ints, days: int) -> VolumeSurge | None:
    """Return whether more was asked in the last ``days`` days than expected: a negative binomial around the past's mean."""
    baseline = totals[: -days - GUARD_DAYS].astype(float)
    observed = int(totals[-days:].sum())
    if baseline.sum() < MIN_BASELINE_QUESTIONS or len(baseline) < 2 * GUARD_DAYS:
        return None
    kinds = _kinds(last_day, len(totals))
    ages = _weights(last_day, days, len(baseline), other_kind=1.0)
    expected, variance = 0.0, 0.0
    for kind in kinds[-days:]:
        alike = kinds[: len(baseline)] == kind
        # How much is asked differs between working days and others far more than what is asked about.
        weights = ages * (alike if alike.sum() >= ENOUGH_DAYS else 1.0)
        mean = float(weights @ baseline / weights.sum())
        spread = float(weights @ (baseline - mean) ** 2 / weights.sum())
        worth = float(weights.sum() ** 2 / (weights**2).sum())
        expected += mean
        # Days that follow each other resemble each other, so their deviations add up, and the mean itself is uncertain.
        variance += max(spread, mean) * (1 + days / worth)
    expected = max(expected, PRIOR_QUESTIONS)
    variance = max(variance, expected * 1.0001)
    if observed < VOLUME_RATIO * expected or observed < 2 * MIN_POSTS:
        return None  # as on most days: the distribution is not asked
    known = stats.nbinom(expected**2 / (variance - expected), expected / variance)
    p_value = float(known.sf(observed - 1))
    if p_value > VOLUME_P_VALUE:
        return None
    return VolumeSurge(last_day, days, observed, expected, float(known.ppf(0.025)), float(known.ppf(0.975)), p_value)


def co_moving(
    posts_of: Mapping[int, Collection[int]], questions: int, matters: Collection[Collection[int]] = ()
) -> list[list[int]]:
    """Return words in groups that speak of one event: their posts in a window are the same more often than by chance.

    Two words belong together where half of the posts of the rarer one hold the other as well, or MIN_SHARED of them
    do and that is LIFT times as many as if neither knew of the other; so do words of one matter. A word joins the group
    whose first word it belongs to, or half of whose words: one word between two events does not make them one. Words
    keep their order, the strongest first.

    Parameters
    ----------
    posts_of : posts of each word in one window of ``questions`` questions
    matters : words that mean one matter, such as those of a term group
    """
    sets = {word: set(posts) for word, posts in posts_of.items()}
    groups: list[list[int]] = []
    for word in sets:
        best: tuple[int, list[int]] | None = None
        for group in groups:
            near = [other for other in group if _is_same_event(sets, word, other, questions, matters)]
            if near and (near[0] == group[0] or 2 * len(near) >= len(group)) and (best is None or len(near) > best[0]):
                best = len(near), group
        if best is None:
            groups.append([word])
        else:
            best[1].append(word)
    return groups


def _is_same_event(
    sets: Mapping[int, set[int]], word: int, other: int, questions: int, matters: Collection[Collection[int]]
) -> bool:
    if any(word in matter and other in matter for matter in matters):
        return True
    rarer, commoner = sorted((sets[word], sets[other]), key=len)
    shared = len(rarer & commoner)
    if not shared:
        return False
    by_chance = len(rarer) * len(commoner) / questions
    return shared >= SAME_POSTS * len(rarer) or (shared >= MIN_SHARED and shared >= LIFT * by_chance)


def is_campaign(words_of_posts: Collection[frozenset[int]]) -> bool:
    """Return whether most of these posts are copies of one: nearly the same words in each."""
    if len(words_of_posts) < MIN_POSTS:
        return False
    [(most_common, _)] = Counter(words_of_posts).most_common(1)
    alike = sum(
        len(words & most_common) >= COPY_SIMILARITY * len(words | most_common) for words in words_of_posts if words
    )
    return alike >= CAMPAIGN_SHARE * len(words_of_posts)


def _kinds(last_day: dt.date, days: int) -> npt.NDArray[np.bool_]:
    first = last_day - dt.timedelta(days=days - 1)
    return np.array([is_working_day(first + dt.timedelta(days=number)) for number in range(days)], dtype=bool)


def _weights(last_day: dt.date, window: int, days: int, other_kind: float = OTHER_KIND_WEIGHT) -> Floats:
    """Return how much each day of the baseline counts: by its age, and whether it is of the window's kind."""
    kinds = _kinds(last_day, days + GUARD_DAYS + window)
    working_share = kinds[-window:].mean()
    alike = np.where(kinds[:days], working_share, 1 - working_share)
    ages = np.arange(days, 0, -1) + GUARD_DAYS
    return 0.5 ** (ages / HALF_LIFE_DAYS) * (other_kind + (1 - other_kind) * alike)


def _dispersion(baseline: Ints, totals: Ints, share: Floats) -> Floats:
    """Return by how much each word's days vary more than chance would, drawn towards the median word."""
    expected = np.outer(share, totals)
    with np.errstate(divide="ignore", invalid="ignore"):
        residuals = np.where(expected > 0, (baseline - expected) ** 2 / expected, 0.0)
    asked = max(int((totals > 0).sum()), 2)
    own = residuals.sum(axis=1) / (asked - 1)
    typical = max(float(np.median(own)), 1.0) if len(own) else 1.0
    # A word that was hardly said tells little of its own dispersion.
    said = baseline.sum(axis=1)
    trust = said / (said + asked)
    return np.maximum(trust * own + (1 - trust) * typical, 1.0)


def _benjamini_hochberg(p_values: Floats, tests: int) -> npt.NDArray[np.bool_]:
    """Return which of ``tests`` hypotheses to reject; those not among ``p_values`` have a p-value of 1."""
    order = np.argsort(p_values, kind="stable")
    limits = FALSE_DISCOVERIES * np.arange(1, len(order) + 1) / max(tests, len(order))
    passed = np.flatnonzero(p_values[order] <= limits)
    rejected = np.zeros(len(p_values), dtype=bool)
    if len(passed):
        rejected[order[: passed[-1] + 1]] = True
    return rejected
