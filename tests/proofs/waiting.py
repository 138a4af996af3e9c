"""``python -m tests.proofs.waiting``: how often the 95 % intervals hold, where the truth is known.

Cohorts are drawn from a known law: 30 % of the questions are never answered, the others after log-normal times with a
median of 30 hours; everybody is observed from a random moment of a 30-day window to its end. They go through the buckets
of the store and its Kaplan-Meier. Beside it stands what is usually published: the median of those answered.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import stats

from db.intervals import AnsweredShare, AnswerTimes
from db.packing import BUCKET_EDGES_S, bucket_of
from db.queries.response import bucketed_times

NEVER = 0.3
MEDIAN_HOURS, SIGMA = 30.0, 1.2  # of those that are answered
WINDOW_HOURS = 720.0
TARGET_HOURS = 24.0
SIZES = (50, 500, 5000)
REPETITIONS = 200
SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True)
class Coverage:
    """What came of the cohorts of one size.

    ``median_held``, ``p60_held`` and ``share_held`` are the shares of cohorts whose interval holds the truth: of the
    median, of the time within which 60 % are answered, and of the share within 24 hours. ``median`` and ``usual`` are the
    medians, over the cohorts, of the Kaplan-Meier median and of the median of those answered, in hours.
    """

    size: int
    repetitions: int
    median_held: float
    p60_held: float
    share_held: float
    median: float
    usual: float


def true_quantile(share: float) -> float:
    """Return the hours within which ``share`` of all questions is answered."""
    return float(stats.lognorm(SIGMA, scale=MEDIAN_HOURS).ppf(share / (1 - NEVER)))


def true_share() -> float:
    """Return the share answered within TARGET_HOURS."""
    return float((1 - NEVER) * stats.lognorm(SIGMA, scale=MEDIAN_HOURS).cdf(TARGET_HOURS))


def cohort(random: np.random.Generator, size: int) -> tuple[AnswerTimes, np.ndarray]:
    """Return the waiting times of a cohort as the store would know them, and the hours of those answered."""
    hours = random.lognormal(np.log(MEDIAN_HOURS), SIGMA, size)
    hours[random.random(size) < NEVER] = np.inf
    observed = random.uniform(0, WINDOW_HOURS, size)
    is_answered = hours <= observed
    buckets = [bucket_of(int(seconds)) for seconds in hours[is_answered] * SECONDS_PER_HOUR]
    answered = np.bincount(buckets, minlength=len(BUCKET_EDGES_S)).astype(np.int64)
    waits, waiting = np.unique(np.round(observed[~is_answered] * 60) / 60, return_counts=True)  # to the minute
    return bucketed_times(answered, np.zeros_like(answered), waits, waiting), hours[is_answered]


def measure(size: int, repetitions: int, seed: int) -> Coverage:
    """Return what comes of so many cohorts."""
    random = np.random.default_rng([seed, size])
    held = {0.5: 0, 0.6: 0, "share": 0}
    medians, usual = [], []
    for _ in range(repetitions):
        times, answered = cohort(random, size)
        curve = AnsweredShare(times)
        for part in (0.5, 0.6):
            estimate = curve.quantile(part)
            truth = true_quantile(part)
            # "Not reached" is an answer: an end that is not reached lies beyond any time.
            held[part] += (estimate.low is None or estimate.low <= truth) and (
                estimate.high is None or truth <= estimate.high
            )
        _, low, high = curve.within([TARGET_HOURS])
        held["share"] += bool(low[0] <= true_share() <= high[0])
        median = curve.quantile(0.5).value
        medians.append(np.inf if median is None else median)
        usual.append(float(np.median(answered)))
    return Coverage(
        size,
        repetitions,
        held[0.5] / repetitions,
        held[0.6] / repetitions,
        held["share"] / repetitions,
        float(np.median(medians)),
        float(np.median(usual)),
    )


def lines(found: list[Coverage]) -> Iterator[str]:
    """Yield the table."""
    yield (
        f"truth: median {true_quantile(0.5):.1f} h, 60 % within {true_quantile(0.6):.1f} h, "
        f"{true_share():.1%} within {TARGET_HOURS:.0f} h; {NEVER:.0%} are never answered"
    )
    yield "| questions | cohorts | median's interval holds | 60 %'s holds | 24-hour share's holds | median (Kaplan-Meier) | median of those answered |"
    yield "|---|---|---|---|---|---|---|"
    for row in found:
        yield (
            f"| {row.size:,} | {row.repetitions:,} | {row.median_held:.1%} | {row.p60_held:.1%} | {row.share_held:.1%} | "
            f"{row.median:.1f} h | {row.usual:.1f} h |"
        )


def main(arguments: list[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.waiting", description=__doc__)
    parser.add_argument("--repetitions", type=int, default=REPETITIONS)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    print("\n".join(lines([measure(size, options.repetitions, options.seed) for size in SIZES])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
