"""When a post's network last showed it or was asked for it; the size of photos and our small copies; how often a source is read."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("posts", sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE posts SET checked_at = collected_at WHERE origin = 'live' AND removed_at IS NULL")
    known = sa.text("checked_at IS NOT NULL")
    op.create_index(
        "ix_posts_checked_at", "posts", ["platform_id", "checked_at"], sqlite_where=known, postgresql_where=known
    )
    op.add_column("attachments", sa.Column("width", sa.Integer(), nullable=True))
    op.add_column("attachments", sa.Column("height", sa.Integer(), nullable=True))
    op.add_column("attachments", sa.Column("size_bytes", sa.BigInteger(), nullable=True))
    op.add_column("attachments", sa.Column("thumbnail", sa.String(length=80), nullable=True))
    op.add_column("source_states", sa.Column("interval_s", sa.Float(), nullable=True))
