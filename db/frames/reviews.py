"""What is suspected, and the rules that suspect."""

from __future__ import annotations

from db.frames.columns import COUNT, LABEL, TIME, Column, FrameSchema
from db.frames.listed import SEARCH_RESULTS

REVIEWS = FrameSchema(
    "reviews",
    {
        **SEARCH_RESULTS.columns,
        "suspected_class": Column("object", "class that would hide the post"),
        "rule": Column("object", "rule or model that suspects it"),
        "rules_version": LABEL,
        "review_status": Column("object", "open, hidden or kept"),
        "decided_at": TIME,
        "note": Column("object", "why a person decided so"),
    },
)
REVIEW_COUNTS = FrameSchema(
    "review_counts",
    {"suspected_class": LABEL, "review_status": LABEL, "posts": COUNT},
)
FILTER_RULES = FrameSchema(
    "filter_rules",
    {
        "post_class": LABEL,
        "reason": Column("object", "reason code; several rules may give one"),
        "rule": LABEL,
        "version": Column("int64", "of the rule"),
        "confidence": Column("float64", "from 0 to 1; below 0.7 a rule that would hide asks for review"),
        "example": Column("object", "a text it applies to"),
        "counter_example": Column("object", "a text it must leave alone"),
        "rules_version": Column("object", "of the whole filter; after a + that of a trained model"),
    },
)
