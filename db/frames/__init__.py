"""The tables the store hands out: column names, dtypes and units, one schema each.

Charts and pages rely on these names. ``FrameSchema.check`` holds a frame against its schema.
"""

from db.frames.columns import COUNT, DAY, FLAG, HOURS, LABEL, SHARE, TIME, Column, FrameMismatch, FrameSchema
from db.frames.listed import ANSWERS, ATTACHMENTS, LOAD_RUNS, REJECT_REASONS, SEARCH_FACETS, SEARCH_RESULTS
from db.frames.response import DIRECT_REPLIES, RESPONSE_CURVE, RESPONSE_HISTOGRAM, RESPONSE_PERCENTILES, UNANSWERED_AGES
from db.frames.reviews import FILTER_RULES, REVIEW_COUNTS, REVIEWS
from db.frames.volume import (
    ACCOUNTS,
    CLASS_REASONS,
    CLASSES,
    DEPARTMENT_VOLUME,
    DISTRICT_VOLUME,
    HIDDEN_REASONS,
    PLATFORM_POLICIES,
    PLATFORM_TOTALS,
    PLATFORM_WEEKS,
    POSTS_BY_DAY,
    RECEIVING_VOLUME,
)
from db.frames.words import (
    COPY_GROUPS,
    DEPARTMENT_TERMS,
    DISTINCTIVE_TERMS,
    INCIDENT_WORDS,
    INCIDENTS,
    NEWEST_ONLY,
    STANDING_ISSUES,
    TERM_GROUPS,
    TERM_TREND,
    TERMS,
)

__all__ = [
    "ACCOUNTS",
    "ANSWERS",
    "ATTACHMENTS",
    "CLASSES",
    "CLASS_REASONS",
    "COPY_GROUPS",
    "COUNT",
    "DAY",
    "DEPARTMENT_TERMS",
    "DEPARTMENT_VOLUME",
    "DIRECT_REPLIES",
    "DISTINCTIVE_TERMS",
    "DISTRICT_VOLUME",
    "FILTER_RULES",
    "FLAG",
    "HIDDEN_REASONS",
    "HOURS",
    "INCIDENTS",
    "INCIDENT_WORDS",
    "LABEL",
    "LOAD_RUNS",
    "NEWEST_ONLY",
    "PLATFORM_POLICIES",
    "PLATFORM_TOTALS",
    "PLATFORM_WEEKS",
    "POSTS_BY_DAY",
    "RECEIVING_VOLUME",
    "REJECT_REASONS",
    "RESPONSE_CURVE",
    "RESPONSE_HISTOGRAM",
    "RESPONSE_PERCENTILES",
    "REVIEWS",
    "REVIEW_COUNTS",
    "SEARCH_FACETS",
    "SEARCH_RESULTS",
    "SHARE",
    "STANDING_ISSUES",
    "TERMS",
    "TERM_GROUPS",
    "TERM_TREND",
    "TIME",
    "UNANSWERED_AGES",
    "Column",
    "FrameMismatch",
    "FrameSchema",
]
