"""The standing issues of the city: the groups of words it always wants to know about."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from db.frames import NEWEST_ONLY, STANDING_ISSUES
from db.intervals import share_change, wilson
from db.queries.extent import data_extent
from db.queries.keywords import term_groups
from db.queries.trends import term_trend
from db.records import PostFilter, SearchRequest
from db.search import search_counts
from db.snapshot import Reader

# The words of a query that ask for questions of sources whose answers are collected.
_WITH_ANSWERS_COLLECTED = "answered:yes answered:no"


@dataclass(frozen=True, slots=True)
class IssueAnswers:
    """How many questions on an issue were answered, of those whose source carries answers; with a Wilson interval.

    ``is_newest_only``: of the newest ``answerable`` questions, and there are more. Fractions are NaN of none.
    """

    answered: int
    answerable: int
    share: float
    low: float
    high: float
    is_newest_only: bool


def standing_issues(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Count the questions on each standing issue, and compare with the equally long period before. Columns STANDING_ISSUES.

    Risk posts are counted: a count shows nobody. Within a department or a platform the newest questions are read.
    """
    groups = term_groups(reader)
    names = [str(name) for name in groups.loc[groups["is_hot"], "name"]]
    if not names:
        return STANDING_ISSUES.frame()
    length = where.end - where.start + dt.timedelta(days=1)
    before = replace(where, start=where.start - length, end=where.start - dt.timedelta(days=1))
    first_day = data_extent(reader, where.synthetic).first_day
    is_whole = first_day is not None and first_day <= before.start
    trend = term_trend(reader, where, names)
    sums = _sums(trend, names)
    # Half a period is no yardstick for a whole one.
    earlier = _sums(term_trend(reader, before, names), names) if is_whole else np.zeros_like(sums)
    low, high = wilson(sums[:, 0], sums[:, 1])
    before_low, before_high = wilson(earlier[:, 0], earlier[:, 1])
    change, change_low, change_high = share_change(*sums.T, *earlier.T)
    with np.errstate(divide="ignore", invalid="ignore"):
        share, before_share = sums[:, 0] / sums[:, 1], earlier[:, 0] / earlier[:, 1]
    result = STANDING_ISSUES.of(
        {
            "issue": names, "questions": sums[:, 0], "total": sums[:, 1], "share": share, "low": low, "high": high,
            "before_questions": earlier[:, 0], "before_total": earlier[:, 1], "before_share": before_share,
            "before_low": before_low, "before_high": before_high,
            "change": change, "change_low": change_low, "change_high": change_high,
        }
    )  # fmt: skip
    if NEWEST_ONLY in trend.attrs:
        result.attrs[NEWEST_ONLY] = trend.attrs[NEWEST_ONLY]
    return result


def issue_answers(reader: Reader, where: PostFilter, issue: str) -> IssueAnswers:
    """Count how many of the newest questions on ``issue`` were answered; which ones are read is bounded."""
    counts = search_counts(reader, SearchRequest(where, query=_WITH_ANSWERS_COLLECTED, term=issue))
    of_facet = counts.facets[counts.facets["facet"] == "answered"].set_index("value")["posts"]
    answered, waiting = (int(of_facet.get(value, 0)) for value in ("yes", "no"))
    answerable = answered + waiting
    low, high = wilson(answered, answerable)
    share = answered / answerable if answerable else float("nan")
    return IssueAnswers(answered, answerable, share, float(low), float(high), counts.is_capped)


def _sums(trend: pd.DataFrame, names: list[str]) -> np.ndarray:
    """Return questions with a word of each group, and all questions, one row for each of ``names``."""
    found = trend.groupby("term")[["questions", "total"]].sum()
    return found.reindex(names, fill_value=0).to_numpy(dtype=np.int64)
