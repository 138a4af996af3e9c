"""The tables. Migrations lead here; a test holds that they arrive at exactly this."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine

from db.records import ACCOUNT_STATUSES, DEPARTMENT_SOURCES, POST_CLASSES

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[dt.datetime]):
    """An aware UTC moment on every engine; SQLite, which knows no zones, holds it as naive UTC."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[dt.datetime]:
        return dialect.type_descriptor(DateTime(timezone=dialect.name != "sqlite"))

    def bind_processor(self, dialect: Dialect) -> Callable[[dt.datetime | None], object]:
        return _sqlite_time if dialect.name == "sqlite" else _utc

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def _utc(value: dt.datetime | None) -> dt.datetime | None:
    if value is None or value.tzinfo is dt.UTC:
        return value
    if value.tzinfo is None:
        raise ValueError("the store takes aware times only")
    return value.astimezone(dt.UTC)


def _sqlite_time(value: dt.datetime | None) -> str | None:
    """Return the text SQLAlchemy's own SQLite type writes, which formats each of its seven numbers in Python."""
    value = _utc(value)
    return None if value is None else value.isoformat(" ", "microseconds").removesuffix("+00:00")


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    choices = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({choices})", name=column)


def _index_of_known(name: str, known: str, *columns: str) -> Index:
    """Return an index of the rows in which the column ``known`` is not empty, which are the fewer ones."""
    condition = text(f"{known} IS NOT NULL")
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


platforms = Table(
    "platforms",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name_ko", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("url", Text),
    # What may be shown of citizens' posts read live, and what an export may hold (DESIGN.md section 4).
    Column("display", String(10), nullable=False),
    Column("export", String(10), nullable=False),
    _one_of("display", ("text", "link", "staff")),
    _one_of("export", ("text", "ids")),
)

departments = Table(
    "departments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(250), nullable=False, unique=True),
    Column("name_ko", Text, nullable=False),
    Column("name_en", Text, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform_id", ForeignKey("platforms.id"), nullable=False),
    Column("handle", String(200), nullable=False),
    Column("name_ko", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("department_id", ForeignKey("departments.id"), nullable=False),
    Column("role", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    Column("connected_from", Date),
    Column("connected_to", Date),
    Column("missing_ko", Text),
    Column("missing_en", Text),
    Column("is_synthetic", Boolean, nullable=False),
    UniqueConstraint("platform_id", "handle"),
    _one_of("status", ACCOUNT_STATUSES),
    _one_of("role", ("mayor", "city", "department")),
)

load_runs = Table(
    "load_runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("connector", String(40), nullable=False),
    Column("source", String(300), nullable=False),
    Column("origin", String(10), nullable=False),
    Column("status", String(20), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("finished_at", UtcTime),
    Column("read", Integer, nullable=False, default=0),
    Column("inserted", Integer, nullable=False, default=0),
    Column("updated", Integer, nullable=False, default=0),
    Column("unchanged", Integer, nullable=False, default=0),
    Column("rejected", Integer, nullable=False, default=0),
    Column("code_version", String(40), nullable=False),
    Column("tokenizer_version", String(100), nullable=False),
    Column("dictionary_version", String(100), nullable=False),
    Column("rules_version", String(100), nullable=False),
    Column("error", Text),
    _one_of("origin", ("synthetic", "import", "live")),
    _one_of("status", ("running", "done", "failed", "interrupted")),
)

posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("platform_id", ForeignKey("platforms.id"), nullable=False),
    Column("platform_post_id", String(200), nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", String(10), nullable=False),
    Column("is_inbound", Boolean, nullable=False),
    Column("author_key", LargeBinary(16)),  # keyed hash; the handle itself is never stored
    Column("account_id", ForeignKey("accounts.id")),
    Column("receiving_account_id", ForeignKey("accounts.id")),
    Column("text", Text),
    Column("language", String(10)),
    Column("url", Text),
    Column("topic", Text),
    Column("created_at", UtcTime, nullable=False),
    Column("created_day", Date, nullable=False),  # in Asia/Seoul
    Column("is_day_only", Boolean, nullable=False),
    Column("collected_at", UtcTime, nullable=False),
    Column("in_reply_to", String(200)),
    Column("in_reply_to_post_id", Integer, ForeignKey("posts.id", deferrable=True, initially="DEFERRED")),
    Column("post_class", String(20), nullable=False),
    Column("reason", String(60), nullable=False),
    Column("is_risk", Boolean, nullable=False),
    Column("origin", String(10), nullable=False),
    Column("is_synthetic", Boolean, nullable=False),
    Column("answers_collected", Boolean, nullable=False),
    Column("fingerprint", LargeBinary(16), nullable=False),
    Column("load_run_id", ForeignKey("load_runs.id"), nullable=False),
    Column("source_row", Integer),  # of the run's source
    Column("removed_at", UtcTime),
    UniqueConstraint("platform_id", "platform_post_id"),
    _one_of("kind", ("post", "reply", "quote", "repost")),
    _one_of("post_class", POST_CLASSES),
    # Counts by day and facet are read from this index alone.
    Index(
        "ix_posts_facets",
        "is_synthetic",
        "is_inbound",
        "created_day",
        "platform_id",
        "post_class",
        "receiving_account_id",
    ),
    Index("ix_posts_newest", "is_synthetic", "is_inbound", "created_at", "id"),
    _index_of_known("ix_posts_in_reply_to_post_id", "in_reply_to_post_id", "in_reply_to_post_id"),
    _index_of_known("ix_posts_in_reply_to", "in_reply_to", "platform_id", "in_reply_to"),
    _index_of_known("ix_posts_account_id", "account_id", "account_id", "created_at"),
    _index_of_known("ix_posts_receiving_account_id", "receiving_account_id", "receiving_account_id"),
)

attachments = Table(
    "attachments",
    metadata,
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("url", Text, nullable=False),
    Column("alt", Text),
    _one_of("kind", ("photo", "video")),
)

questions = Table(
    "questions",
    metadata,
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("platform_id", ForeignKey("platforms.id"), nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("asked_day", Date, nullable=False),
    Column("is_synthetic", Boolean, nullable=False),
    Column("is_day_only", Boolean, nullable=False),
    Column("answers_collected", Boolean, nullable=False),
    Column("is_risk", Boolean, nullable=False),
    Column("department_id", ForeignKey("departments.id")),
    Column("department_source", String(20), nullable=False),
    Column("rule_department_id", ForeignKey("departments.id")),
    Column("rule", String(60)),
    Column("first_answer_post_id", ForeignKey("posts.id", deferrable=True, initially="DEFERRED")),
    Column("first_answer_at", UtcTime),
    Column("first_answer_seconds", Integer),  # wall clock; empty where either time is known to the day only
    _one_of("department_source", DEPARTMENT_SOURCES),
    Index("ix_questions_facets", "is_synthetic", "asked_day", "platform_id", "department_id"),
    Index("ix_questions_first_answer_post_id", "first_answer_post_id"),
)

classifications = Table(
    "classifications",
    metadata,
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("rules_version", String(100), primary_key=True),
    Column("post_class", String(20), nullable=False),
    Column("reason", String(60), nullable=False),
    Column("rule", String(60), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("decided_at", UtcTime, nullable=False),
    _one_of("post_class", POST_CLASSES),
)

terms = Table(
    "terms",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("term", String(200), nullable=False, unique=True),
)

# Terms of citizens' posts; the order of the key makes one term's posts neighbours.
post_terms = Table(
    "post_terms",
    metadata,
    Column("term_id", ForeignKey("terms.id"), primary_key=True),
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_post_terms_post_id", "post_id"),
    sqlite_with_rowid=False,
)

# Terms that mean one thing to a reader (아리수, 수돗물, 상수도): a trend of the group counts a post once.
term_groups = Table(
    "term_groups",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("term", String(200), primary_key=True),
    Column("is_hot", Boolean, nullable=False),
    Column("position", Integer, nullable=False),
)

cursors = Table(
    "cursors",
    metadata,
    Column("source", String(300), primary_key=True),
    Column("cursor", Text, nullable=False),
    Column("load_run_id", ForeignKey("load_runs.id"), nullable=False),
    Column("updated_at", UtcTime, nullable=False),
)

rejects = Table(
    "rejects",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(300), nullable=False),
    Column("source_row", Integer, nullable=False),
    Column("reason", String(60), nullable=False),
    Column("detail", Text, nullable=False),
    Column("raw", Text, nullable=False),  # masked
    Column("load_run_id", ForeignKey("load_runs.id"), nullable=False),
    UniqueConstraint("source", "source_row", "reason"),
)
