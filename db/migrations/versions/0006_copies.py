"""Near-identical texts: an index of their bands, their signatures, their groups.

What was stored before has no signature: it is compared with nothing until it is read again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "text_bands",
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("band", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("post_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("week", "band", "post_id", name=op.f("pk_text_bands")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "text_signatures",
        sa.Column("post_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_text_signatures")),
    )
    op.create_table(
        "post_copies",
        sa.Column("post_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("representative_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_post_copies")),
    )  # fmt: skip
    op.create_index("ix_post_copies_representative_id", "post_copies", ["representative_id"])
