"""Kinds of replies: the first reply of any kind beside the first answer, and what was replied by kind.

Until now every reply of the city was an answer, so that the first reply is the first answer. The kinds of what is stored are told by
`reannotate`; the roll-ups are made anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

HISTOGRAMS = (
    "answered", "waiting", "removed", "answered_working", "removed_working", "replied", "unreplied", "removed_unreplied",
)  # fmt: skip


def upgrade() -> None:
    op.add_column("questions", sa.Column("first_reply_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("questions", sa.Column("first_reply_seconds", sa.Integer(), nullable=True))
    op.execute(
        sa.text("UPDATE questions SET first_reply_at = first_answer_at, first_reply_seconds = first_answer_seconds "
                "WHERE first_answer_at IS NOT NULL")
    )  # fmt: skip
    op.create_table(
        "reply_counts",
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("start", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("platform_id", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(length=60), autoincrement=False, nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("days", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(
            "is_synthetic", "start", "platform_id", "account_id", "reason", name=op.f("pk_reply_counts")
        ),
        sqlite_with_rowid=False,
    )
    op.drop_table("response_histograms")
    op.create_table(
        "response_histograms",
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("span", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("platform_id", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("department_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in HISTOGRAMS),
        sa.PrimaryKeyConstraint(
            "is_synthetic", "span", "start", "platform_id", "department_id", name=op.f("pk_response_histograms")
        ),
    )
    _make_anew(op.get_bind())


def _make_anew(connection: sa.Connection) -> None:
    """Mark a store with posts: its roll-ups are to be made."""
    if connection.execute(sa.text("SELECT 1 FROM posts LIMIT 1")).first() is None:
        return
    connection.execute(sa.text("DELETE FROM store_state WHERE name = 'rebuild_needed'"))
    connection.execute(sa.text("INSERT INTO store_state (name, value) VALUES ('rebuild_needed', 1)"))
