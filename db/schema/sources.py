"""Live sources: how each fares, what it has cost, and what of which account it has read."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table, Text

from db.records import SOURCE_STATUSES
from db.schema.types import UtcTime, metadata, one_of

source_states = Table(
    "source_states",
    metadata,
    Column("source", String(300), primary_key=True),
    Column("connector", String(40), nullable=False),
    Column("status", String(20), nullable=False),
    Column("attempted_at", UtcTime, nullable=False),
    Column("succeeded_at", UtcTime),
    Column("failures", Integer, nullable=False),  # in a row
    Column("retry_at", UtcTime),  # not before
    Column("error", Text),
    Column("interval_s", Float),  # how often it is to be read, where that is known
    one_of("status", SOURCE_STATUSES),
)

# What a month's reads were and cost, by the network's own price list.
source_usage = Table(
    "source_usage",
    metadata,
    Column("source", String(300), primary_key=True),
    Column("month", String(7), primary_key=True),  # 2026-11, UTC
    Column("reads", Integer, nullable=False),
    Column("dollars", Float, nullable=False),
)

# Spans that touch are one: the rows of an account are as many as its gaps, and one more.
coverage_spans = Table(
    "coverage_spans",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(300), nullable=False),
    Column("account_id", ForeignKey("accounts.id"), nullable=False),
    Column("start_at", UtcTime, nullable=False),
    Column("end_at", UtcTime, nullable=False),
    Index("ix_coverage_spans_account", "account_id", "source", "end_at"),
)
