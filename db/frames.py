"""The tables the store hands out: column names, dtypes and units, one schema each.

Charts and pages rely on these names. ``FrameSchema.check`` holds a frame against its schema.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its pandas dtype and what it holds, unit included."""

    dtype: str
    meaning: str


class FrameMismatch(ValueError):
    """A frame does not have the columns and dtypes its schema promises."""


@dataclass(frozen=True, slots=True)
class FrameSchema:
    """An ordered set of named, typed columns."""

    name: str
    columns: dict[str, Column]

    def frame(self, rows: Sequence[Any] = ()) -> pd.DataFrame:
        """Return ``rows`` (tuples in the order of the columns, or mappings) as a frame; without rows an empty one."""
        if not rows:
            return self.of(dict.fromkeys(self.columns, ()))
        if isinstance(rows[0], Mapping):
            return self.of({name: [row[name] for row in rows] for name in self.columns})
        return self.of(dict(zip(self.columns, zip(*rows, strict=True), strict=True)))

    def of(self, columns: Mapping[str, Any]) -> pd.DataFrame:
        """Return a frame of these columns, sequences or arrays of one length; others are left out.

        Every column is given its dtype before pandas sees it, which would otherwise look at each value to guess one.

        Raises
        ------
        FrameMismatch
            A column is missing.
        """
        missing = [name for name in self.columns if name not in columns]
        if missing:
            raise FrameMismatch(f"{self.name}: no column {', '.join(missing)}")
        return pd.DataFrame(
            {name: _typed(columns[name], column.dtype) for name, column in self.columns.items()}, copy=False
        )

    def cast(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return ``frame`` with this schema's columns in order and its dtypes, its rows numbered anew.

        Raises
        ------
        FrameMismatch
            A column is missing.
        """
        return self.of({name: frame[name] for name in frame.columns})


def _typed(values: Any, dtype: str) -> Any:
    """Return ``values`` as an array of ``dtype``; what is missing among texts is None, which pandas would make a NaN."""
    if dtype == "object":
        texts = np.empty(len(values), dtype=object)
        texts[:] = values
        texts[pd.isna(texts)] = None
        return pd.Index(
            texts, dtype=object, copy=False
        )  # an array of texts alone would become pandas' own type of text
    if dtype == DAY.dtype and not hasattr(values, "dtype"):
        return np.array(values, dtype="datetime64[D]").astype(dtype)
    if dtype == TIME.dtype:
        return pd.to_datetime(list(values), utc=True).as_unit("ns")
    return np.asarray(values, dtype=dtype)


DAY = Column("datetime64[ns]", "midnight, Korea Standard Time")
TIME = Column("datetime64[ns, UTC]", "moment, UTC")
COUNT = Column("int64", "number")
SHARE = Column("float64", "fraction of 1")
LABEL = Column("object", "text")
FLAG = Column("bool", "yes or no")
HOURS = Column("float64", "hours, wall clock")

# In ``DataFrame.attrs``: how many of the newest questions a table of words was made of, where there are more.
NEWEST_ONLY = "newest_only"

POSTS_BY_DAY = FrameSchema(
    "posts_by_day",
    {
        "day": DAY,
        "posts": Column("int64", "citizens' posts collected"),
        "questions": Column("int64", "of these, questions waiting for an answer or answered"),
        "hidden": Column("int64", "of these, ads, spam and political posts"),
        "answers": Column("int64", "city's answers published that day"),
        "in_data": Column("bool", "the day lies between the first and the last post of the store"),
    },
)
CLASSES = FrameSchema("classes", {"post_class": LABEL, "posts": COUNT, "share": SHARE})
CLASS_REASONS = FrameSchema("class_reasons", {"post_class": LABEL, "reason": LABEL, "posts": COUNT})
DEPARTMENT_VOLUME = FrameSchema(
    "department_volume",
    {
        "department": Column("object", "department code; 'unassigned' where nobody is responsible yet"),
        "name_ko": LABEL,
        "name_en": LABEL,
        "questions": Column("int64", "questions in the period"),
        "answered": Column("int64", "of these, answered by the cut-off"),
        "answerable": Column("int64", "questions from sources that carry the city's answers"),
        "by_reply": Column("int64", "questions whose department is known from the answer"),
        "by_rule": Column("int64", "from terms in the text"),
        "by_receiving_account": Column("int64", "from the account written to"),
        "answered_share": Column("float64", "answered / answerable, NaN where nothing is answerable"),
        "low": Column("float64", "Wilson 95 % lower bound of answered_share"),
        "high": Column("float64", "upper bound"),
    },
)
RECEIVING_VOLUME = FrameSchema(
    "receiving_volume",
    {
        "platform": LABEL,
        "handle": Column("object", "account written to; '' where the post names none"),
        "name_ko": LABEL,
        "name_en": LABEL,
        "posts": Column("int64", "citizens' posts addressed to the account"),
        "share": Column("float64", "of all citizens' posts in the period"),
    },
)
PLATFORM_WEEKS = FrameSchema(
    "platform_weeks",
    {
        "week": Column("datetime64[ns]", "Monday of the week, KST"),
        "platform": LABEL,
        "posts": Column("int64", "citizens' posts"),
        "share": Column("float64", "of the week's citizens' posts"),
        "whole": Column("bool", "all seven days lie inside the period and the data"),
    },
)
PLATFORM_TOTALS = FrameSchema(
    "platform_totals",
    {
        "platform": LABEL,
        "name_ko": LABEL,
        "name_en": LABEL,
        "posts": COUNT,
        "share": SHARE,
        "low": Column("float64", "Wilson 95 % lower bound"),
        "high": Column("float64", "upper bound"),
        "connected": Column("int64", "accounts connected"),
        "pending": Column("int64", "accounts still to connect"),
    },
)
PLATFORM_POLICIES = FrameSchema(
    "platform_policies",
    {
        "platform": LABEL,
        "name_ko": LABEL,
        "name_en": LABEL,
        "display": Column("object", "how a citizen's post read live is shown: text, link or staff"),
        "export": Column("object", "what a download may hold: text or ids"),
    },
)
ACCOUNTS = FrameSchema(
    "accounts",
    {
        "platform": LABEL,
        "handle": LABEL,
        "name_ko": LABEL,
        "name_en": LABEL,
        "department_ko": LABEL,
        "department_en": LABEL,
        "status": Column("object", "connected, pending or retired"),
        "connected_from": DAY,
        "missing_ko": Column("object", "what a pending account still lacks"),
        "missing_en": LABEL,
        "received": Column("int64", "citizens' posts addressed to it, all time"),
        "answers": Column("int64", "posts it wrote, all time"),
        "last_post": TIME,
    },
)
TERMS = FrameSchema(
    "terms",
    {
        "term": LABEL,
        "questions": Column("int64", "questions of the period that contain the term"),
        "share": Column("float64", "of the period's questions"),
        "low": Column("float64", "Wilson 95 % lower bound"),
        "high": Column("float64", "upper bound"),
        "authors": Column("int64", "distinct authors at least: the most in any one week or day of the period"),
    },
)
DISTINCTIVE_TERMS = FrameSchema(
    "distinctive_terms",
    {
        "term": LABEL,
        "questions": Column("int64", "questions of the period with the term"),
        "baseline_questions": Column("int64", "questions outside the period with the term"),
        "share": SHARE,
        "baseline_share": SHARE,
        "z": Column("float64", "weighted log-odds with an informative prior, over documents"),
    },
)
TERM_TREND = FrameSchema(
    "term_trend",
    {
        "bucket": Column("datetime64[ns]", "day or Monday of the week, KST"),
        "term": LABEL,
        "questions": Column("int64", "questions with the term"),
        "total": Column("int64", "questions of the bucket"),
        "share": Column("float64", "NaN where the bucket has no question"),
        "low": Column("float64", "Wilson 95 % lower bound"),
        "high": Column("float64", "upper bound"),
        "whole": Column("bool", "the bucket lies wholly inside the period and the data"),
    },
)
TERM_GROUPS = FrameSchema(
    "term_groups",
    {
        "name": Column("object", "the group's name, itself one of its terms"),
        "terms": Column("object", "its terms, separated by commas"),
        "is_hot": Column("bool", "one of the city's standing hot issues"),
    },
)
INCIDENTS = FrameSchema(
    "incidents",
    {
        "incident": Column("int64", "its number, for good"),
        "incident_kind": Column("object", "words, campaign (copies of one text) or volume (more of everything)"),
        "title": Column("object", "its strongest words; '' for volume"),
        "incident_status": Column("object", "new, acknowledged, explained or closed"),
        "first_day": DAY,
        "last_day": DAY,
        "found_day": Column("datetime64[ns]", "day at whose end it could be known"),
        "peak_first_day": Column("datetime64[ns]", "first day of its most surprising window"),
        "peak_last_day": Column("datetime64[ns]", "last day of it; the numbers below are of this window"),
        "observed": Column("int64", "questions with its strongest word"),
        "expected": Column("float64", "of so many expected"),
        "expected_low": Column("float64", "lower bound of the 95 % band of what was expected"),
        "expected_high": Column("float64", "upper bound"),
        "questions": Column("int64", "all questions of the window"),
        "authors": Column("int64", "distinct authors of those observed; 0 for volume"),
        "p_value": Column("float64", "chance of as many, if nothing were going on"),
        "is_sensitive": Column("bool", "counted only: no post of it is shown"),
        "note": Column("object", "what people found out about it"),
        "detection_version": LABEL,
        "rules_version": Column("object", "analyser, dictionary and rules that made its words"),
    },
)
INCIDENT_WORDS = FrameSchema(
    "incident_words",
    {
        "term": LABEL,
        "observed": Column("int64", "questions with the word in its window"),
        "expected": Column("float64", "of so many expected"),
        "p_value": Column("float64", "chance of as many, if nothing were going on"),
    },
)
RESPONSE_HISTOGRAM = FrameSchema(
    "response_histogram",
    {
        "from_hours": Column("float64", "hours, wall clock; longer than this, except in the first row"),
        "to_hours": Column("float64", "up to and with this, inf for the last"),
        "questions": Column("int64", "questions whose first answer came in this time"),
    },
)
RESPONSE_CURVE = FrameSchema(
    "response_curve",
    {
        "hours": HOURS,
        "answered_share": Column("float64", "Kaplan-Meier share answered within that time"),
        "low": Column("float64", "95 % lower bound"),
        "high": Column("float64", "upper bound"),
        "at_risk": Column("int64", "questions still observed and unanswered just before"),
    },
)
UNANSWERED_AGES = FrameSchema(
    "unanswered_ages",
    {
        "band": Column("object", "age in calendar days, one of AGE_BANDS"),
        "department": LABEL,
        "name_ko": LABEL,
        "name_en": LABEL,
        "questions": Column("int64", "questions unanswered at the end of the period, at the latest at the cut-off"),
    },
)
RESPONSE_PERCENTILES = FrameSchema(
    "response_percentiles",
    {
        "week": Column("datetime64[ns]", "Monday of the week in which they were asked, KST"),
        "department": LABEL,
        "name_ko": LABEL,
        "name_en": LABEL,
        "questions": Column("int64", "questions whose wait is known to the second"),
        "answered": Column("int64", "of these, answered by the cut-off"),
        "within_24h_share": Column("float64", "Kaplan-Meier share answered within 24 hours, NaN where none is known"),
        "median_hours": Column("float64", "Kaplan-Meier, within 1 %; NaN where half have no answer"),
        "p90_hours": Column("float64", "the same for nine in ten"),
    },
)
COPY_GROUPS = FrameSchema(
    "copy_groups",
    {
        "post_id": Column("int64", "the representative: the earliest post of the group"),
        "platform": LABEL,
        "platform_post_id": LABEL,
        "is_inbound": Column("bool", "citizens' texts; otherwise the city's"),
        "posts": COUNT,
        "authors": Column("int64", "distinct known authors; 0 of the city's texts"),
        "questions": Column("int64", "of the posts, those that count as questions"),
        "first_at": TIME,
        "last_at": TIME,
    },
)
SEARCH_RESULTS = FrameSchema(
    "search_results",
    {
        "post_id": Column("int64", "row in the store"),
        "platform": LABEL,
        "platform_post_id": LABEL,
        "created_at": TIME,
        "created_precision": Column("object", "second or day"),
        "post_class": LABEL,
        "reason": Column("object", "reason code of the class"),
        "text": Column("object", "masked text; None where the platform does not allow it to be shown"),
        "export_text": Column("object", "the text, None where the platform forbids it in an export"),
        "url": Column("object", "link to the post, or None"),
        "department": LABEL,
        "department_ko": LABEL,
        "department_en": LABEL,
        "department_source": Column("object", "one of DEPARTMENT_SOURCES; None where the post is no question"),
        "receiving_handle": LABEL,
        "wait_hours": Column("float64", "to the first answer, NaN where none or unknown"),
    },
)
SEARCH_FACETS = FrameSchema(
    "search_facets",
    {
        "facet": Column("object", "platform, department, class, answered or year"),
        "value": Column("object", "platform id, department code, class, yes or no, year"),
        "posts": Column("int64", "posts of the result with this value"),
    },
)
ANSWERS = FrameSchema(
    "answers",
    {
        "question_id": Column("int64", "post_id of the question"),
        "post_id": COUNT,
        "created_at": TIME,
        "created_precision": LABEL,
        "handle": Column("object", "answering account"),
        "department_ko": LABEL,
        "department_en": LABEL,
        "text": LABEL,
        "url": LABEL,
    },
)
ATTACHMENTS = FrameSchema(
    "attachments",
    {"post_id": COUNT, "kind": LABEL, "url": LABEL, "alt": LABEL},
)
LOAD_RUNS = FrameSchema(
    "load_runs",
    {
        "run": COUNT,
        "connector": LABEL,
        "source": Column("object", "what was loaded, without paths"),
        "origin": Column("object", "synthetic, import or live"),
        "status": Column("object", "running, done, failed or interrupted"),
        "started_at": TIME,
        "finished_at": TIME,
        "read": COUNT,
        "inserted": COUNT,
        "updated": COUNT,
        "unchanged": COUNT,
        "rejected": COUNT,
        "rules_version": LABEL,
        "tokenizer": LABEL,
        "error": LABEL,
    },
)
REJECT_REASONS = FrameSchema(
    "reject_reasons",
    {"source": LABEL, "reason": LABEL, "rows": COUNT, "first_row": COUNT, "detail": LABEL},
)
DIRECT_REPLIES = FrameSchema(
    "direct_replies",
    {
        "platform": LABEL,
        "platform_post_id": Column("object", "the citizen's post"),
        "seconds": Column("float64", "to the first direct reply by an account, wall clock"),
    },
)
