"""Posts under review, and the rules of the filter as they last judged.

Suspicions of before were not kept: they come with the next reading of these texts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CLASSES = "'question', 'opinion', 'praise', 'ad', 'spam', 'political', 'duplicate', 'repost', 'other'"


def upgrade() -> None:
    op.create_table(
        "post_reviews",
        sa.Column("post_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("timeline_id", sa.BigInteger(), nullable=False),
        sa.Column("suspected_class", sa.String(length=20), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("rules_version", sa.String(length=100), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint(f"suspected_class IN ({CLASSES})", name=op.f("ck_post_reviews_suspected_class")),
        sa.CheckConstraint("status IN ('open', 'hidden', 'kept')", name=op.f("ck_post_reviews_status")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_reviews_post_id_posts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_post_reviews")),
    )
    op.create_index("ix_post_reviews_timeline_id", "post_reviews", ["timeline_id"])
    op.create_table(
        "filter_rules",
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("post_class", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("example", sa.Text(), nullable=False),
        sa.Column("counter_example", sa.Text(), nullable=False),
        sa.Column("rules_version", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("rule", name=op.f("pk_filter_rules")),
    )
