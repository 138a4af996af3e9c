"""What is kept of figures that somebody cites, and of the last self-check."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Float, Integer, String, Table, Text

from db.schema.types import UtcTime, metadata

# The id is the SHA-256 of what the figure says (db.figures), so a row is never changed: another content has another id.
frozen_figures = Table(
    "frozen_figures",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("figure", String(60), nullable=False),
    Column("frozen_at", UtcTime, nullable=False),
    Column("record", Text, nullable=False),  # figure.json of the bundle
)

# The last self-check of real and of invented posts: one row for each number that was found by two ways.
self_checks = Table(
    "self_checks",
    metadata,
    Column("is_synthetic", Boolean, primary_key=True),
    Column("name", String(60), primary_key=True),  # a metric of METRICS, or a sum of db.selfcheck
    Column("position", Integer, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("published", Float),
    Column("recomputed", Float),
    Column("published_n", Integer, nullable=False),
    Column("recomputed_n", Integer, nullable=False),
    Column("is_green", Boolean, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("checked_at", UtcTime, nullable=False),
    Column("load_id", Integer, nullable=False),  # the state of the store the check leaves behind
    Column("code_version", String(40), nullable=False),
)
