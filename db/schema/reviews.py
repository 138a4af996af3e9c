"""What people look at: posts that a rule suspects without being sure, and the rules themselves as they last judged."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from db.records import POST_CLASSES, REVIEW_STATUSES
from db.schema.types import UtcTime, metadata, one_of

# Only posts under suspicion have a row. They keep their visible class until a person has looked.
post_reviews = Table(
    "post_reviews",
    metadata,
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("timeline_id", BigInteger, nullable=False),  # of the post, so that a period is a range of the index
    Column("suspected_class", String(20), nullable=False),
    Column("rule", String(60), nullable=False),
    Column("rules_version", String(100), nullable=False),
    Column("status", String(10), nullable=False),
    Column("decided_at", UtcTime),
    Column("note", Text),
    one_of("suspected_class", POST_CLASSES),
    one_of("status", REVIEW_STATUSES),
    Index("ix_post_reviews_timeline_id", "timeline_id"),
)

# The rows of the filter's table of rules, in its order: what a page can show is what judged, whichever code draws it.
filter_rules = Table(
    "filter_rules",
    metadata,
    Column("rule", String(60), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("post_class", String(20), nullable=False),
    Column("reason", String(60), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("example", Text, nullable=False),
    Column("counter_example", Text, nullable=False),
    Column("rules_version", String(100), nullable=False),
)
