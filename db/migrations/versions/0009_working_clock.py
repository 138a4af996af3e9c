"""The working clock: the city's calendar, office hours, and how long questions waited by it."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_working_day", sa.Boolean(), nullable=False),
        sa.Column("name_ko", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
    op.add_column("departments", sa.Column("office_hours", sa.String(length=40), nullable=True))
    op.add_column("questions", sa.Column("closed_working_seconds", sa.Integer(), nullable=True))
    op.drop_table("response_histograms")
    op.create_table(
        "response_histograms",
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("span", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("platform_id", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("department_id", sa.Integer(), autoincrement=False, nullable=False),
        *(
            sa.Column(name, sa.LargeBinary(), nullable=False)
            for name in ("answered", "waiting", "removed", "answered_working", "removed_working")
        ),
        sa.PrimaryKeyConstraint(
            "is_synthetic", "span", "start", "platform_id", "department_id", name=op.f("pk_response_histograms")
        ),
    )
    _make_anew(op.get_bind())


def _make_anew(connection: sa.Connection) -> None:
    """Mark a store with questions: the working times of all are still to be found, the roll-ups to be made."""
    if connection.execute(sa.text("SELECT 1 FROM questions LIMIT 1")).first() is None:
        return
    for name in ("working_time_needed", "rebuild_needed"):
        connection.execute(sa.text("DELETE FROM store_state WHERE name = :name"), {"name": name})
        connection.execute(sa.text("INSERT INTO store_state (name, value) VALUES (:name, 1)"), {"name": name})
