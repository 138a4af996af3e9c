"""Counts by class, by question and of the city: one row for 13 weeks that holds its days, instead of a row for each span.

The rows of single days are packed as they are; nothing has to be counted again.
"""

import struct
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BLOCK = 91
TEXT, NUMBER = sa.String(length=40), sa.Integer()
TABLES: dict[str, tuple[dict[str, sa.types.TypeEngine], list[str]]] = {
    "class_counts": ({"platform_id": TEXT, "post_class": sa.String(length=20)}, ["posts"]),
    "city_post_counts": ({"platform_id": TEXT, "account_id": NUMBER}, ["posts"]),
    "question_counts": (
        {"platform_id": TEXT, "department_id": NUMBER},
        ["questions", "answerable", "timed", "answered", "waiting", "by_reply", "by_rule", "by_receiving_account"],
    ),
}


def upgrade() -> None:
    connection = op.get_bind()
    for name, (keys, measures) in TABLES.items():
        packed = list(_packed(connection, name, list(keys), measures))
        op.drop_table(name)
        table = op.create_table(
            name,
            sa.Column("is_synthetic", sa.Boolean(), nullable=False),
            sa.Column("start", sa.Integer(), nullable=False),
            *(sa.Column(key, type_, autoincrement=False, nullable=False) for key, type_ in keys.items()),
            *(sa.Column(measure, sa.Integer(), nullable=False) for measure in measures),
            sa.Column("days", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint("is_synthetic", "start", *keys, name=op.f(f"pk_{name}")),
            sqlite_with_rowid=False,
        )
        op.bulk_insert(table, packed)
    keys, measures = TABLES["question_counts"]
    op.create_index("ix_question_counts_sums", "question_counts", ["is_synthetic", "start", *keys, *measures])


def _packed(connection: sa.Connection, name: str, keys: list[str], measures: list[str]) -> Iterator[dict[str, object]]:
    """Yield the rows of 13 weeks: their sums, and a byte for the day and four for each measure of every day."""
    record = struct.Struct(f"<B{len(measures)}I")
    columns = ", ".join(["is_synthetic", *keys, "start", *measures])
    days = connection.execute(
        sa.text(f"SELECT {columns} FROM {name} WHERE span = 1 ORDER BY is_synthetic, {', '.join(keys)}, start")
    )
    current: dict[str, object] | None = None
    sums: list[int] = []
    packed: list[bytes] = []
    for is_synthetic, *rest in days:
        values, day, counts = rest[: len(keys)], rest[len(keys)], rest[len(keys) + 1 :]
        place = (day - 1) % BLOCK
        key = {"is_synthetic": bool(is_synthetic), "start": day - place, **dict(zip(keys, values, strict=True))}
        if key != current:
            if current is not None:
                yield {**current, **dict(zip(measures, sums, strict=True)), "days": b"".join(packed)}
            current, sums, packed = key, [0] * len(measures), []
        sums = [known + count for known, count in zip(sums, counts, strict=True)]
        packed.append(record.pack(place, *counts))
    if current is not None:
        yield {**current, **dict(zip(measures, sums, strict=True)), "days": b"".join(packed)}
