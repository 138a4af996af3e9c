"""The rows: what was read, and what was decided about it. All other tables follow from these."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from db.records import ACCOUNT_STATUSES, DEPARTMENT_SOURCES, POST_CLASSES
from db.schema.types import Day, UtcTime, index_of_known, metadata, one_of

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
    one_of("display", ("text", "link", "staff")),
    one_of("export", ("text", "ids")),
)

departments = Table(
    "departments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(250), nullable=False, unique=True),
    Column("name_ko", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("office_hours", String(40)),  # as db.working_clock reads them; empty where they are the usual ones
)

# Days on which the city's offices differ from the national calendar.
calendar_days = Table(
    "calendar_days",
    metadata,
    Column("day", Day, primary_key=True, autoincrement=False),
    Column("is_working_day", Boolean, nullable=False),
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
    one_of("status", ACCOUNT_STATUSES),
    one_of("role", ("mayor", "city", "department")),
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
    one_of("origin", ("synthetic", "import", "live")),
    one_of("status", ("running", "done", "failed", "interrupted")),
)

posts = Table(
    "posts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("platform_id", ForeignKey("platforms.id"), nullable=False),
    Column("platform_post_id", String(200), nullable=False),
    Column("timeline_id", BigInteger, nullable=False, unique=True),  # newest first is by this; see db.timeline
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
    Column("checked_at", UtcTime),  # of a post read live that stands: when its network last showed it or was asked
    # A city's post that hands off, is automatic, or is one text said again and again: it is no answer.
    Column("is_template", Boolean, nullable=False, server_default=false()),
    Column("duplicate_of_post_id", Integer, ForeignKey("posts.id", deferrable=True, initially="DEFERRED")),
    # Ids of the terms, term groups and districts in the text, packed by db.packing; post_terms is their index.
    Column("term_ids", LargeBinary),
    UniqueConstraint("platform_id", "platform_post_id"),
    one_of("kind", ("post", "reply", "quote", "repost")),
    one_of("post_class", POST_CLASSES),
    index_of_known("ix_posts_in_reply_to_post_id", "in_reply_to_post_id", "in_reply_to_post_id"),
    index_of_known("ix_posts_in_reply_to", "in_reply_to", "platform_id", "in_reply_to"),
    index_of_known("ix_posts_account_id", "account_id", "account_id", "created_at"),
    index_of_known("ix_posts_author_key", "author_key", "author_key"),  # an author who wants all posts gone
    index_of_known("ix_posts_receiving_account_id", "receiving_account_id", "receiving_account_id"),
    index_of_known("ix_posts_removed_at", "removed_at", "timeline_id"),  # how many of a period were taken back
    index_of_known("ix_posts_checked_at", "checked_at", "platform_id", "checked_at"),
)

# The ids a network gave to later versions of a post, by which replies and removals may name it; `posts` has the first one's.
post_versions = Table(
    "post_versions",
    metadata,
    Column("platform_id", ForeignKey("platforms.id"), primary_key=True),
    Column("platform_post_id", String(200), primary_key=True),
    Column("post_id", ForeignKey("posts.id"), nullable=False),
)

attachments = Table(
    "attachments",
    metadata,
    Column("post_id", ForeignKey("posts.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("url", Text, nullable=False),
    Column("alt", Text),
    Column("width", Integer),  # pixels, as the network said
    Column("height", Integer),
    Column("size_bytes", BigInteger),
    Column("thumbnail", String(80)),  # name of our own small copy; "" where none could be had
    one_of("kind", ("photo", "video")),
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
    Column("classifier_department_id", ForeignKey("departments.id")),
    Column("classifier_confidence", Float),  # the share of such guesses that are right, from 0 to 1
    Column("first_answer_post_id", ForeignKey("posts.id", deferrable=True, initially="DEFERRED")),
    Column("first_answer_at", UtcTime),
    Column("first_answer_seconds", Integer),  # wall clock; empty where either time is known to the day only
    # The first reply of any kind, hand-offs, automatic ones and templates among them.
    Column("first_reply_at", UtcTime),
    Column("first_reply_seconds", Integer),  # wall clock; empty where either time is known to the day only
    # By the working clock of the responsible department: to the first answer, or to the removal where none came.
    Column("closed_working_seconds", Integer),
    one_of("department_source", DEPARTMENT_SOURCES),
    # The newest questions of a department or a platform, where words are asked for within a filter.
    Index("ix_questions_department", "is_synthetic", "department_id", "asked_day"),
    Index("ix_questions_platform", "is_synthetic", "platform_id", "asked_day"),
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
    one_of("post_class", POST_CLASSES),
)

# Words have positive ids, term groups negative ones, so that a range of ids tells them apart. Districts, which are terms of a
# post too, have a range of their own and no row here: see db.districts.
terms = Table(
    "terms",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("term", String(200), nullable=False),
    Column("is_group", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("term", "is_group"),
)

# The index of posts.term_ids: who said it in which week, and the posts. A group's terms count once.
post_terms = Table(
    "post_terms",
    metadata,
    Column("week", Day, primary_key=True),
    Column("term_id", Integer, primary_key=True, autoincrement=False),
    Column("author", BigInteger, primary_key=True, autoincrement=False),  # see db.packing.author_number
    Column("post_id", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

# What the full-text index of a dialect is made of: the words of a citizen's post, one row for each that may be found.
search_texts = Table(
    "search_texts",
    metadata,
    Column("timeline_id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("tokens", Text, nullable=False),
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

# What districts (자치구) are called; the code is the first five digits of the 법정동코드.
districts = Table(
    "districts",
    metadata,
    Column("code", String(5), primary_key=True),
    Column("name_ko", Text, nullable=False),
    Column("name_en", Text, nullable=False),
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

# Single numbers of the store: load_id, which every change of what the pages show raises by one, and the marks of
# long work that was cut off.
store_state = Table(
    "store_state",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", BigInteger, nullable=False),
)
