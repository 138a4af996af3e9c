"""Near-identical texts: see :mod:`db.writes.copies`. Citizens' texts and the city's never meet, nor real and synthetic."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table

from db.schema.types import Day, metadata

# Which posts of a week may be copies of one another. By week, so that a load writes into a small part of the index.
text_bands = Table(
    "text_bands",
    metadata,
    Column("week", Day, primary_key=True),
    Column("band", BigInteger, primary_key=True, autoincrement=False),
    Column("post_id", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# The low byte of each number of a MinHash, which two other texts have in common once in 256.
text_signatures = Table(
    "text_signatures",
    metadata,
    Column("post_id", Integer, primary_key=True, autoincrement=False),
    Column("signature", LargeBinary(64), nullable=False),
)

# The posts of each group of copies, two or more, its representative among them: the earliest. No foreign keys, since a page is
# grouped before it is written, and SQLite would look for children of every post it then writes.
post_copies = Table(
    "post_copies",
    metadata,
    Column("post_id", Integer, primary_key=True, autoincrement=False),
    Column("representative_id", Integer, nullable=False, index=True),
)
