"""Incidents: what surges, and from which day on it is still to be looked for."""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KINDS = ("real", "synthetic")


def upgrade() -> None:
    number, day, text = sa.Integer(), sa.Integer(), sa.Text()
    op.create_table(
        "incidents",
        sa.Column("id", number, autoincrement=False, nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", text, nullable=False),
        sa.Column("status", sa.String(length=15), nullable=False),
        *(
            sa.Column(name, day, nullable=False)
            for name in ("first_day", "last_day", "found_day", "peak_first_day", "peak_last_day")
        ),
        sa.Column("observed", number, nullable=False),
        *(sa.Column(name, sa.Float(), nullable=False) for name in ("expected", "low", "high")),
        sa.Column("questions", number, nullable=False),
        sa.Column("authors", number, nullable=False),
        sa.Column("p_value", sa.Float(), nullable=False),
        sa.Column("is_sensitive", sa.Boolean(), nullable=False),
        sa.Column("detection_version", sa.String(length=40), nullable=False),
        sa.Column("rules_version", sa.String(length=250), nullable=False),
        sa.Column("note", text, nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('words', 'campaign', 'volume')", name=op.f("ck_incidents_kind")),
        sa.CheckConstraint(
            "status IN ('new', 'acknowledged', 'explained', 'closed')", name=op.f("ck_incidents_status")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index("ix_incidents_last_day", "incidents", ["is_synthetic", "last_day"])
    op.create_table(
        "incident_words",
        sa.Column("incident_id", number, nullable=False),
        sa.Column("term_id", number, nullable=False),
        sa.Column("position", number, nullable=False),
        sa.Column("observed", number, nullable=False),
        sa.Column("expected", sa.Float(), nullable=False),
        sa.Column("p_value", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_words_incident_id_incidents"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_incident_words_term_id_terms")),
        sa.PrimaryKeyConstraint("incident_id", "term_id", name=op.f("pk_incident_words")),
    )
    op.create_table(
        "incident_posts",
        sa.Column("incident_id", number, nullable=False),
        sa.Column("post_id", number, nullable=False),
        sa.Column("position", number, nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_posts_incident_id_incidents"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_incident_posts_post_id_posts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("incident_id", "post_id", name=op.f("pk_incident_posts")),
    )
    _look_at_everything(op.get_bind())


def _look_at_everything(connection: sa.Connection) -> None:
    """Note for each kind of data that all its days are still to be looked at, at the next load or detection."""
    for kind, is_synthetic in zip(KINDS, ("false", "true"), strict=True):
        days = connection.execute(
            sa.text(
                f"SELECT min(created_day), max(created_day) FROM posts WHERE is_synthetic IS {is_synthetic} AND is_inbound"
            )
        ).one()
        if days[0] is None:
            continue
        for name, day in zip(("from", "to"), days, strict=True):
            connection.execute(
                sa.text("INSERT INTO store_state (name, value) VALUES (:name, :day)"),
                {"name": f"undetected_{name}_{kind}", "day": _ordinal(day)},
            )


def _ordinal(day: object) -> int:
    return (day if isinstance(day, dt.date) else dt.date.fromisoformat(str(day))).toordinal()
