"""Histograms of waiting times over 13 weeks at once: years are then a few rows for each department and platform.

They are added up from those of the weeks, which nest in them; nothing has to be counted again.
"""

from collections.abc import Iterator
from itertools import groupby

import numpy as np
import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

WEEK, BLOCK, MINUTES_PER_DAY = 7, 91, 1440
PAIRS = np.dtype([("bucket", "<u4"), ("count", "<u4")])
TABLE = sa.table(
    "response_histograms",
    sa.column("is_synthetic", sa.Boolean()),
    sa.column("span", sa.Integer()),
    sa.column("start", sa.Integer()),
    sa.column("platform_id", sa.String()),
    sa.column("department_id", sa.Integer()),
    *(
        sa.column(name, sa.LargeBinary())
        for name in ("answered", "waiting", "removed", "answered_working", "removed_working")
    ),
)
PACKED = tuple(TABLE.c)[5:]


def upgrade() -> None:
    connection = op.get_bind()
    weeks = connection.execute(sa.select(TABLE.c.is_synthetic, TABLE.c.start).where(TABLE.c.span == WEEK).distinct())
    blocks = sorted({(bool(is_synthetic), _block_of(start)) for is_synthetic, start in weeks})
    for is_synthetic, start in blocks:
        rows = list(_rows(connection, is_synthetic, start))
        connection.execute(sa.insert(TABLE), rows)


def _block_of(start: int) -> int:
    return start - (start - 1) % BLOCK  # the ordinal 1 was a Monday


def _rows(connection: sa.Connection, is_synthetic: bool, start: int) -> Iterator[dict[str, object]]:
    """Yield the rows of one block of 13 weeks."""
    table = TABLE.c
    cell = (table.platform_id, table.department_id)
    weeks = connection.execute(
        sa.select(*cell, table.start, *PACKED)
        .where(table.is_synthetic.is_(is_synthetic), table.span == WEEK, table.start.between(start, start + BLOCK - 1))
        .order_by(*cell)
    )
    for (platform, department), found in groupby(weeks, key=lambda row: (row[0], row[1])):
        parts = list(found)
        yield {
            "is_synthetic": is_synthetic, "span": BLOCK, "start": start, "platform_id": platform, "department_id": department,
            **{
                column.name: _sum(
                    # Those who wait are counted by the minute since the start of the span.
                    [((row.start - start) * MINUTES_PER_DAY if column.name == "waiting" else 0, row[place]) for row in parts]
                )
                for place, column in enumerate(PACKED, start=3)
            },
        }  # fmt: skip


def _sum(parts: list[tuple[int, bytes]]) -> bytes:
    """Return the sum of packed histograms, the buckets of each moved on by a number."""
    pairs = [(np.frombuffer(packed, dtype=PAIRS), moved) for moved, packed in parts if packed]
    if not pairs:
        return b""
    buckets = np.concatenate([part["bucket"].astype(np.int64) + moved for part, moved in pairs])
    different, place = np.unique(buckets, return_inverse=True)
    found = np.empty(len(different), dtype=PAIRS)
    found["bucket"] = different
    found["count"] = np.bincount(place, np.concatenate([part["count"] for part, _ in pairs]))
    return found.tobytes()
