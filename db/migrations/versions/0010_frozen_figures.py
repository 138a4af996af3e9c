"""Figures that are cited, the last self-check, and an index of the posts that were removed."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

REMOVED = sa.text("removed_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "frozen_figures",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("figure", sa.String(length=60), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_figures")),
    )
    op.create_table(
        "self_checks",
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("published", sa.Float(), nullable=True),
        sa.Column("recomputed", sa.Float(), nullable=True),
        sa.Column("published_n", sa.Integer(), nullable=False),
        sa.Column("recomputed_n", sa.Integer(), nullable=False),
        sa.Column("is_green", sa.Boolean(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("load_id", sa.Integer(), nullable=False),
        sa.Column("code_version", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("is_synthetic", "name", name=op.f("pk_self_checks")),
    )
    op.create_index("ix_posts_removed_at", "posts", ["timeline_id"], sqlite_where=REMOVED, postgresql_where=REMOVED)
