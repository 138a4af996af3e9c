"""Reading all texts again after a dictionary or a rule changed: see :mod:`db.writes.reannotation`."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, Text

from db.schema.types import UtcTime, metadata, one_of

reannotations = Table(
    "reannotations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("tokenizer_version", String(100), nullable=False),
    Column("dictionary_version", String(100), nullable=False),
    Column("rules_version", String(100), nullable=False),
    Column("status", String(20), nullable=False),
    Column("last_post_id", Integer, nullable=False),  # newer posts were read by the loader that knew these versions
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    one_of("status", ("running", "done", "abandoned")),
)

reannotation_batches = Table(
    "reannotation_batches",
    metadata,
    Column("reannotation_id", ForeignKey("reannotations.id"), primary_key=True),
    Column("first_post_id", Integer, primary_key=True, autoincrement=False),
    Column("last_post_id", Integer, nullable=False),
    Column("read", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
)

# Only what differs from the store, until the switch.
staged_annotations = Table(
    "staged_annotations",
    metadata,
    Column("reannotation_id", ForeignKey("reannotations.id"), primary_key=True),
    Column("post_id", Integer, primary_key=True, autoincrement=False),
    Column("fingerprint", LargeBinary(16), nullable=False),  # of the post as it was read
    Column("annotation", Text, nullable=False),  # JSON
)
