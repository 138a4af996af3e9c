"""Live sources: how each fares, what it has cost, and what of which account it has read."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

STATUSES = (
    "ok", "unreachable", "rate_limited", "quota", "unauthorised", "not_allowed", "bad_request", "bad_payload",
    "cursor_expired", "failed",
)  # fmt: skip


def upgrade() -> None:
    source, moment = sa.String(length=300), sa.DateTime(timezone=True)
    choices = ", ".join(f"'{status}'" for status in STATUSES)
    op.create_table(
        "source_states",
        sa.Column("source", source, nullable=False),
        sa.Column("connector", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("attempted_at", moment, nullable=False),
        sa.Column("succeeded_at", moment, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", moment, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint(f"status IN ({choices})", name=op.f("ck_source_states_status")),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_source_states")),
    )
    op.create_table(
        "source_usage",
        sa.Column("source", source, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.Column("dollars", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("source", "month", name=op.f("pk_source_usage")),
    )
    op.create_table(
        "coverage_spans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", source, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("start_at", moment, nullable=False),
        sa.Column("end_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_coverage_spans_account_id_accounts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_spans")),
    )
    op.create_index("ix_coverage_spans_account", "coverage_spans", ["account_id", "source", "end_at"])
    known = sa.text("author_key IS NOT NULL")
    op.create_index("ix_posts_author_key", "posts", ["author_key"], sqlite_where=known, postgresql_where=known)
