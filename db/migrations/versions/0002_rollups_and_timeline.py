"""Roll-ups, the timeline, packed terms, the source of the full-text index, staging of reannotation.

The roll-ups and the indexes stay empty here: the mark ``rebuild_needed`` makes :func:`db.migrate.upgrade` fill them
with today's code, in steps that may be cut off.
"""

import sqlalchemy as sa
from alembic import op

from db.dialects import dialect_of

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

CHUNK = 5_000
SYNTHETIC_BIT = 50


def upgrade() -> None:
    connection = op.get_bind()
    _create_tables()
    with op.batch_alter_table("terms") as table:
        table.add_column(sa.Column("is_group", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.drop_constraint(op.f("uq_terms_term"), type_="unique")
        table.create_unique_constraint(op.f("uq_terms_term_is_group"), ["term", "is_group"])
    _widen_posts(connection)
    op.drop_table("post_terms")
    op.create_table(
        "post_terms",
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("author", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("post_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("week", "term_id", "author", "post_id", name=op.f("pk_post_terms")),
        sqlite_with_rowid=False,
    )
    op.drop_index("ix_questions_facets", table_name="questions")
    op.create_index("ix_questions_department", "questions", ["is_synthetic", "department_id", "asked_day"])
    op.create_index("ix_questions_platform", "questions", ["is_synthetic", "platform_id", "asked_day"])
    connection.execute(
        sa.text("INSERT INTO reject_counts (source, reason, rows, first_row) "
                "SELECT source, reason, count(*), min(source_row) FROM rejects GROUP BY source, reason")
    )  # fmt: skip
    ended = connection.scalar(sa.text("SELECT count(*) FROM load_runs WHERE status <> 'running'"))
    connection.execute(sa.text("INSERT INTO store_state (name, value) VALUES ('load_id', :ended)"), {"ended": ended})
    if connection.scalar(sa.text("SELECT count(*) FROM posts")):
        connection.execute(sa.text("INSERT INTO store_state (name, value) VALUES ('rebuild_needed', 1)"))


def _create_tables() -> None:
    op.create_table(
        "search_texts",
        sa.Column(
            "timeline_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("tokens", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("timeline_id", name=op.f("pk_search_texts")),
    )
    op.create_table(
        "store_state",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_store_state")),
    )
    text, number = sa.String(length=40), sa.Integer()
    _rollup("post_counts", {"platform_id": text, "post_class": sa.String(length=20), "reason": sa.String(length=60),
                            "receiving_account_id": number, "department_id": number}, ["posts"])  # fmt: skip
    _rollup("class_counts", {"platform_id": text, "post_class": sa.String(length=20)}, ["posts"])
    _rollup("city_post_counts", {"platform_id": text, "account_id": number}, ["posts"])
    _rollup(
        "question_counts",
        {"platform_id": text, "department_id": number},
        ["questions", "answerable", "timed", "answered", "waiting", "by_reply", "by_rule", "by_receiving_account"],
    )
    _rollup("term_counts", {"term_id": number}, ["questions", "listed", "authors"])
    frequent = sa.text("listed >= 5")
    op.create_index(
        "ix_term_counts_listed", "term_counts", ["is_synthetic", "span", "start", "listed"],
        sqlite_where=frequent, postgresql_where=frequent,
    )  # fmt: skip
    op.create_table(
        "closed_questions",
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("closed_day", sa.Integer(), nullable=False),
        sa.Column("asked_day", sa.Integer(), nullable=False),
        sa.Column("platform_id", text, nullable=False),
        sa.Column("department_id", number, autoincrement=False, nullable=False),
        sa.Column("questions", number, nullable=False),
        sa.PrimaryKeyConstraint(
            "is_synthetic", "closed_day", "asked_day", "platform_id", "department_id",
            name=op.f("pk_closed_questions"),
        ),
        sqlite_with_rowid=False,
    )  # fmt: skip
    op.create_table(
        "response_histograms",
        *_period(),
        sa.Column("platform_id", text, nullable=False),
        sa.Column("department_id", number, autoincrement=False, nullable=False),
        sa.Column("clock", sa.String(length=10), nullable=False),
        sa.Column("answered", sa.LargeBinary(), nullable=False),
        sa.Column("waiting", sa.LargeBinary(), nullable=False),
        sa.Column("removed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint(
            "is_synthetic", "span", "start", "platform_id", "department_id", "clock",
            name=op.f("pk_response_histograms"),
        ),
    )  # fmt: skip
    op.create_table(
        "reject_counts",
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("rows", number, nullable=False),
        sa.Column("first_row", number, nullable=False),
        sa.PrimaryKeyConstraint("source", "reason", name=op.f("pk_reject_counts")),
    )
    version = sa.String(length=100)
    time = sa.DateTime(timezone=True)
    op.create_table(
        "reannotations",
        sa.Column("id", number, nullable=False),
        sa.Column("tokenizer_version", version, nullable=False),
        sa.Column("dictionary_version", version, nullable=False),
        sa.Column("rules_version", version, nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("last_post_id", number, nullable=False),
        sa.Column("started_at", time, nullable=False),
        sa.Column("finished_at", time, nullable=True),
        sa.CheckConstraint("status IN ('running', 'done', 'abandoned')", name=op.f("ck_reannotations_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reannotations")),
    )
    op.create_table(
        "reannotation_batches",
        sa.Column("reannotation_id", number, nullable=False),
        sa.Column("first_post_id", number, autoincrement=False, nullable=False),
        sa.Column("last_post_id", number, nullable=False),
        sa.Column("read", number, nullable=False),
        sa.Column("changed", number, nullable=False),
        sa.ForeignKeyConstraint(
            ["reannotation_id"], ["reannotations.id"],
            name=op.f("fk_reannotation_batches_reannotation_id_reannotations"),
        ),
        sa.PrimaryKeyConstraint("reannotation_id", "first_post_id", name=op.f("pk_reannotation_batches")),
    )  # fmt: skip
    op.create_table(
        "staged_annotations",
        sa.Column("reannotation_id", number, nullable=False),
        sa.Column("post_id", number, autoincrement=False, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=16), nullable=False),
        sa.Column("annotation", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reannotation_id"], ["reannotations.id"],
            name=op.f("fk_staged_annotations_reannotation_id_reannotations"),
        ),
        sa.PrimaryKeyConstraint("reannotation_id", "post_id", name=op.f("pk_staged_annotations")),
    )  # fmt: skip


def _period() -> list[sa.Column]:
    return [
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("span", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
    ]


def _rollup(name: str, keys: dict[str, sa.types.TypeEngine], counts: list[str]) -> None:
    op.create_table(
        name,
        *_period(),
        *(sa.Column(key, type_, autoincrement=False, nullable=False) for key, type_ in keys.items()),
        *(sa.Column(count, sa.Integer(), nullable=False) for count in counts),
        sa.PrimaryKeyConstraint("is_synthetic", "span", "start", *keys, name=op.f(f"pk_{name}")),
        sqlite_with_rowid=False,
    )


def _widen_posts(connection: sa.Connection) -> None:
    """Add the new columns, give every post its place on the timeline, and move terms and words beside the posts."""
    op.add_column("posts", sa.Column("timeline_id", sa.BigInteger(), nullable=True))
    op.add_column("posts", sa.Column("term_ids", sa.LargeBinary(), nullable=True))
    is_sqlite = connection.dialect.name == "sqlite"
    words = _words_of_sqlite if is_sqlite else _words_of_postgresql
    seconds = (
        "CAST(strftime('%s', created_at) AS INTEGER)" if is_sqlite else "floor(extract(epoch FROM created_at))::bigint"
    )
    taken: set[int] = set()
    last = connection.scalar(sa.text("SELECT max(id) FROM posts")) or 0
    for first in range(0, last + 1, CHUNK):
        bounds = {"first": first, "last": first + CHUNK - 1}
        rows = connection.execute(
            sa.text(
                f"SELECT id, {seconds} AS seconds, is_synthetic, is_inbound FROM posts "
                "WHERE id BETWEEN :first AND :last ORDER BY id"
            ),
            bounds,
        ).all()
        if not rows:
            continue
        terms: dict[int, list[int]] = {}
        for post_id, term_id in connection.execute(
            sa.text("SELECT post_id, term_id FROM post_terms WHERE post_id BETWEEN :first AND :last"), bounds
        ):
            terms.setdefault(post_id, []).append(term_id)
        places, texts = [], []
        tokens = words(connection, bounds)
        for row in rows:
            place = (int(bool(row.is_synthetic)) << SYNTHETIC_BIT) | max(0, row.seconds) << 16 | (row.id & 0xFFFF)
            while place in taken:
                place += 1
            taken.add(place)
            packed = b"".join(id_.to_bytes(4, "little", signed=True) for id_ in sorted(terms.get(row.id, [])))
            places.append({"id": row.id, "place": place, "terms": packed if row.is_inbound else None})
            if row.is_inbound and row.id in tokens:
                texts.append({"place": place, "tokens": tokens[row.id]})
        connection.execute(sa.text("UPDATE posts SET timeline_id = :place, term_ids = :terms WHERE id = :id"), places)
        if texts:
            connection.execute(
                sa.text("INSERT INTO search_texts (timeline_id, tokens) VALUES (:place, :tokens)"), texts
            )
    dialect_of(connection).search.drop(connection)
    with op.batch_alter_table("posts") as table:
        table.drop_index("ix_posts_facets")
        table.drop_index("ix_posts_newest")
        table.alter_column("timeline_id", existing_type=sa.BigInteger(), nullable=False)
        table.create_unique_constraint(op.f("uq_posts_timeline_id"), ["timeline_id"])
        table.add_column(sa.Column("is_template", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("duplicate_of_post_id", sa.Integer(), nullable=True))
        table.create_foreign_key(
            op.f("fk_posts_duplicate_of_post_id_posts"), "posts", ["duplicate_of_post_id"], ["id"],
            deferrable=True, initially="DEFERRED",
        )  # fmt: skip
    dialect_of(connection).search.create(connection)


def _words_of_sqlite(connection: sa.Connection, bounds: dict[str, int]) -> dict[int, str]:
    rows = connection.execute(
        sa.text("SELECT rowid, tokens FROM post_search WHERE rowid BETWEEN :first AND :last"), bounds
    )
    return dict(rows.all())


def _words_of_postgresql(connection: sa.Connection, bounds: dict[str, int]) -> dict[int, str]:
    """Return the words in their order; the vector made of them again is the same."""
    rows = connection.execute(
        sa.text(
            "SELECT s.post_id, string_agg(entry.lexeme, ' ' ORDER BY place.position) FROM post_search AS s, "
            "LATERAL unnest(s.tokens) AS entry (lexeme, positions, weights), "
            "LATERAL unnest(entry.positions) AS place (position) "
            "WHERE s.post_id BETWEEN :first AND :last GROUP BY s.post_id"
        ),
        bounds,
    )
    return dict(rows.all())
