"""Incidents: what was said, or asked in all, more than expected. Found by the detection after a load, judged by people."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text

from db.records import INCIDENT_KINDS, INCIDENT_STATUSES
from db.schema.types import Day, UtcTime, metadata, one_of

incidents = Table(
    "incidents",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("is_synthetic", Boolean, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("title", Text, nullable=False),  # its strongest words; empty where the kind says it all
    Column("status", String(15), nullable=False),
    Column("first_day", Day, nullable=False),  # of the first window that found it
    Column("last_day", Day, nullable=False),  # of the last one
    Column("found_day", Day, nullable=False),  # the day at whose end it could be known
    # The most surprising window, and what was expected of it.
    Column("peak_first_day", Day, nullable=False),
    Column("peak_last_day", Day, nullable=False),
    Column("observed", Integer, nullable=False),
    Column("expected", Float, nullable=False),
    Column("low", Float, nullable=False),
    Column("high", Float, nullable=False),
    Column("questions", Integer, nullable=False),
    Column("authors", Integer, nullable=False),
    Column("p_value", Float, nullable=False),
    Column("is_sensitive", Boolean, nullable=False),  # counted only: no post of it is listed
    Column("detection_version", String(40), nullable=False),
    Column("rules_version", String(250), nullable=False),  # analyser, dictionary and rules that made the words
    Column("note", Text),
    Column("updated_at", UtcTime, nullable=False),
    one_of("kind", INCIDENT_KINDS),
    one_of("status", INCIDENT_STATUSES),
    Index("ix_incidents_last_day", "is_synthetic", "last_day"),
)

incident_words = Table(
    "incident_words",
    metadata,
    Column("incident_id", ForeignKey("incidents.id", ondelete="CASCADE"), primary_key=True),
    Column("term_id", ForeignKey("terms.id"), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("observed", Integer, nullable=False),
    Column("expected", Float, nullable=False),
    Column("p_value", Float, nullable=False),
)

# The posts that hold most of its words, as examples; all are found by the words and the days.
incident_posts = Table(
    "incident_posts",
    metadata,
    Column("incident_id", ForeignKey("incidents.id", ondelete="CASCADE"), primary_key=True),
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, nullable=False),
)
