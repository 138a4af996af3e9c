"""The expressions of the KPIs, each over the questions or posts of a filter."""

from __future__ import annotations

from collections.abc import Collection

import scipy  # see db.funnel

from db.concentration import herfindahl_hirschman
from db.intervals import Estimate, wilson
from db.metrics.metric import Expression, Sample
from db.queries.counts import post_sums, question_total
from db.queries.replies import reply_kinds
from db.queries.response import answer_curve, direct_replies, fast_answers, response_coverage
from db.queries.stock import unanswered_ages
from db.records import HIDDEN_CLASSES, PostFilter
from db.rollups.histograms import REPLY
from db.snapshot import Reader

SECONDS_PER_HOUR = 3600
OLD_AGE_BANDS = ("7-30", ">30")
FAST_S = 60  # who answers sooner can hardly have read the question


def collected_posts(reader: Reader, where: PostFilter) -> Sample:
    """Count citizens' posts."""
    with reader.connect() as connection:
        return _count(sum(posts for (posts,) in post_sums(connection, where).values()))


def questions(reader: Reader, where: PostFilter) -> Sample:
    """Count questions."""
    with reader.connect() as connection:
        return _count(question_total(connection, where))


def posts_of_classes(classes: Collection[str]) -> Expression:
    """Return the count of posts of some classes; n counts all that were collected."""

    def compute(reader: Reader, where: PostFilter) -> Sample:
        found, collected = _of_collected(reader, where, classes)
        return Sample(float(found), None, None, collected)

    return compute


def coverage_count(part: str, whole: str) -> Expression:
    """Return the count of a part of the questions, a field of ResponseCoverage; n is that of another field."""

    def compute(reader: Reader, where: PostFilter) -> Sample:
        coverage = response_coverage(reader, where)
        return Sample(float(getattr(coverage, part)), None, None, int(getattr(coverage, whole)))

    return compute


def hidden_posts(reader: Reader, where: PostFilter) -> Sample:
    """Count posts of hidden classes; n counts all that were collected."""
    hidden, collected = _of_collected(reader, where, HIDDEN_CLASSES)
    return Sample(float(hidden), None, None, collected)


def hidden_posts_share(reader: Reader, where: PostFilter) -> Sample:
    """Return the share of hidden posts with its Wilson interval."""
    hidden, collected = _of_collected(reader, where, HIDDEN_CLASSES)
    return _share(hidden, collected)


def _of_collected(reader: Reader, where: PostFilter, classes: Collection[str]) -> tuple[int, int]:
    with reader.connect() as connection:
        by_class = {post_class: posts for (post_class,), (posts,) in post_sums(connection, where, "post_class").items()}
    return sum(by_class.get(name, 0) for name in classes), sum(by_class.values())


def platform_concentration(reader: Reader, where: PostFilter) -> Sample:
    """Return the index of Herfindahl and Hirschman of citizens' posts over platforms; n counts the posts."""
    with reader.connect() as connection:
        counts = [posts for (posts,) in post_sums(connection, where, "platform_id").values()]
    return Sample(herfindahl_hirschman(counts), None, None, sum(counts))


def answered_within(hours: float, clock: str) -> Expression:
    """Return the Kaplan-Meier share answered within ``hours`` of a clock; n counts all questions in it."""

    def compute(reader: Reader, where: PostFilter) -> Sample:
        curve = answer_curve(reader, where, clock)
        share, low, high = curve.within([hours])
        return Sample(_number(share[0]), _number(low[0]), _number(high[0]), len(curve))

    return compute


def answered_share(reader: Reader, where: PostFilter) -> Sample:
    """Return the share answered before the cut-off, with its Wilson interval."""
    coverage = response_coverage(reader, where)
    return _share(coverage.answered, coverage.answerable)


def response_quantile(share: float, clock: str) -> Expression:
    """Return the Kaplan-Meier time within which ``share`` is answered, in hours of a clock."""

    def compute(reader: Reader, where: PostFilter) -> Sample:
        curve = answer_curve(reader, where, clock)
        estimate = curve.quantile(share) if len(curve) else Estimate(None, None, None)
        return Sample(estimate.value, estimate.low, estimate.high, len(curve))

    return compute


def unanswered_over_7_days(reader: Reader, where: PostFilter) -> Sample:
    """Count what was open at the period's end for a week or longer; n counts all that was open."""
    ages = unanswered_ages(reader, where)
    old = int(ages.loc[ages["band"].isin(OLD_AGE_BANDS), "questions"].sum())
    return Sample(float(old), None, None, int(ages["questions"].sum()))


def direct_reply_median_hours(reader: Reader, where: PostFilter) -> Sample:
    """Return the median of direct replies, of answered posts alone, with its exact binomial interval."""
    hours = direct_replies(reader, where)["seconds"].to_numpy() / SECONDS_PER_HOUR
    if not len(hours):
        return Sample(None, None, None, 0)
    test = scipy.stats.quantile_test(hours, p=0.5)
    interval = test.confidence_interval(confidence_level=0.95)
    return Sample(float(scipy.stats.quantile(hours, 0.5)), _number(interval.low), _number(interval.high), len(hours))


def reply_kind_share(kind: str) -> Expression:
    """Return the share of the city's replies of a kind, with its Wilson interval; n counts all replies."""

    def compute(reader: Reader, where: PostFilter) -> Sample:
        found = reply_kinds(reader, where)
        counts = dict(zip(found["reason"], found["replies"], strict=True))
        return _share(int(counts.get(kind, 0)), int(found["replies"].sum()))

    return compute


def replied_within(hours: float) -> Expression:
    """Return the Kaplan-Meier share with any reply within ``hours`` on the wall."""
    return answered_within(hours, REPLY)


def reply_quantile(share: float) -> Expression:
    """Return the Kaplan-Meier time within which ``share`` had any reply, in hours on the wall."""
    return response_quantile(share, REPLY)


def implausibly_fast_share(reader: Reader, where: PostFilter) -> Sample:
    """Return the share of timed answers in less than FAST_S seconds, with its Wilson interval."""
    fast, answered = fast_answers(reader, where, FAST_S)
    return _share(fast, answered)


def _share(part: int, whole: int) -> Sample:
    if not whole:
        return Sample(None, None, None, 0)
    low, high = wilson(part, whole)
    return Sample(part / whole, float(low), float(high), whole)


def _count(count: int) -> Sample:
    return Sample(float(count), None, None, count)


def _number(value: float) -> float | None:
    return None if value != value else float(value)
