"""The first schema: platforms, departments, accounts, posts, questions and answers, terms, runs, rejects."""

import sqlalchemy as sa
from alembic import op

from db.dialects import dialect_of

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "departments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=250), nullable=False),
        sa.Column("name_ko", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departments")),
        sa.UniqueConstraint("code", name=op.f("uq_departments_code")),
    )
    op.create_table(
        "load_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("connector", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read", sa.Integer(), nullable=False),
        sa.Column("inserted", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("code_version", sa.String(length=40), nullable=False),
        sa.Column("tokenizer_version", sa.String(length=100), nullable=False),
        sa.Column("dictionary_version", sa.String(length=100), nullable=False),
        sa.Column("rules_version", sa.String(length=100), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint("origin IN ('synthetic', 'import', 'live')", name=op.f("ck_load_runs_origin")),
        sa.CheckConstraint("status IN ('running', 'done', 'failed', 'interrupted')", name=op.f("ck_load_runs_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_load_runs")),
    )
    op.create_table(
        "platforms",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name_ko", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("display", sa.String(length=10), nullable=False),
        sa.Column("export", sa.String(length=10), nullable=False),
        sa.CheckConstraint("display IN ('text', 'link', 'staff')", name=op.f("ck_platforms_display")),
        sa.CheckConstraint("export IN ('text', 'ids')", name=op.f("ck_platforms_export")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_platforms")),
    )
    op.create_table(
        "term_groups",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("term", sa.String(length=200), nullable=False),
        sa.Column("is_hot", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", "term", name=op.f("pk_term_groups")),
    )
    op.create_table(
        "terms",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("term", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint("term", name=op.f("uq_terms_term")),
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("platform_id", sa.String(length=40), nullable=False),
        sa.Column("handle", sa.String(length=200), nullable=False),
        sa.Column("name_ko", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("connected_from", sa.Date(), nullable=True),
        sa.Column("connected_to", sa.Date(), nullable=True),
        sa.Column("missing_ko", sa.Text(), nullable=True),
        sa.Column("missing_en", sa.Text(), nullable=True),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.CheckConstraint("role IN ('mayor', 'city', 'department')", name=op.f("ck_accounts_role")),
        sa.CheckConstraint("status IN ('connected', 'pending', 'retired')", name=op.f("ck_accounts_status")),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_accounts_department_id_departments")
        ),
        sa.ForeignKeyConstraint(["platform_id"], ["platforms.id"], name=op.f("fk_accounts_platform_id_platforms")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("platform_id", "handle", name=op.f("uq_accounts_platform_id_handle")),
    )
    op.create_table(
        "cursors",
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("load_run_id", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["load_run_id"], ["load_runs.id"], name=op.f("fk_cursors_load_run_id_load_runs")),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_cursors")),
    )
    op.create_table(
        "rejects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("load_run_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["load_run_id"], ["load_runs.id"], name=op.f("fk_rejects_load_run_id_load_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejects")),
        sa.UniqueConstraint("source", "source_row", "reason", name=op.f("uq_rejects_source_source_row_reason")),
    )
    op.create_table(
        "posts",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("platform_id", sa.String(length=40), nullable=False),
        sa.Column("platform_post_id", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("is_inbound", sa.Boolean(), nullable=False),
        sa.Column("author_key", sa.LargeBinary(length=16), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("receiving_account_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=10), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_day", sa.Date(), nullable=False),
        sa.Column("is_day_only", sa.Boolean(), nullable=False),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("in_reply_to", sa.String(length=200), nullable=True),
        sa.Column("in_reply_to_post_id", sa.Integer(), nullable=True),
        sa.Column("post_class", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("is_risk", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("answers_collected", sa.Boolean(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(length=16), nullable=False),
        sa.Column("load_run_id", sa.Integer(), nullable=False),
        sa.Column("source_row", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('post', 'reply', 'quote', 'repost')", name=op.f("ck_posts_kind")),
        sa.CheckConstraint(
            "post_class IN ('question', 'opinion', 'praise', 'ad', 'spam', 'political', 'duplicate', 'repost', 'other')",
            name=op.f("ck_posts_post_class"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_posts_account_id_accounts")),
        sa.ForeignKeyConstraint(
            ["in_reply_to_post_id"],
            ["posts.id"],
            name=op.f("fk_posts_in_reply_to_post_id_posts"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["load_run_id"], ["load_runs.id"], name=op.f("fk_posts_load_run_id_load_runs")),
        sa.ForeignKeyConstraint(["platform_id"], ["platforms.id"], name=op.f("fk_posts_platform_id_platforms")),
        sa.ForeignKeyConstraint(
            ["receiving_account_id"], ["accounts.id"], name=op.f("fk_posts_receiving_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
        sa.UniqueConstraint("platform_id", "platform_post_id", name=op.f("uq_posts_platform_id_platform_post_id")),
    )
    op.create_index(
        "ix_posts_account_id",
        "posts",
        ["account_id", "created_at"],
        unique=False,
        sqlite_where=sa.text("account_id IS NOT NULL"),
        postgresql_where=sa.text("account_id IS NOT NULL"),
    )
    op.create_index(
        "ix_posts_facets",
        "posts",
        ["is_synthetic", "is_inbound", "created_day", "platform_id", "post_class", "receiving_account_id"],
        unique=False,
    )
    op.create_index(
        "ix_posts_in_reply_to",
        "posts",
        ["platform_id", "in_reply_to"],
        unique=False,
        sqlite_where=sa.text("in_reply_to IS NOT NULL"),
        postgresql_where=sa.text("in_reply_to IS NOT NULL"),
    )
    op.create_index(
        "ix_posts_in_reply_to_post_id",
        "posts",
        ["in_reply_to_post_id"],
        unique=False,
        sqlite_where=sa.text("in_reply_to_post_id IS NOT NULL"),
        postgresql_where=sa.text("in_reply_to_post_id IS NOT NULL"),
    )
    op.create_index("ix_posts_newest", "posts", ["is_synthetic", "is_inbound", "created_at", "id"], unique=False)
    op.create_index(
        "ix_posts_receiving_account_id",
        "posts",
        ["receiving_account_id"],
        unique=False,
        sqlite_where=sa.text("receiving_account_id IS NOT NULL"),
        postgresql_where=sa.text("receiving_account_id IS NOT NULL"),
    )
    op.create_table(
        "attachments",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('photo', 'video')", name=op.f("ck_attachments_kind")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_attachments_post_id_posts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "key", name=op.f("pk_attachments")),
    )
    op.create_table(
        "classifications",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("rules_version", sa.String(length=100), nullable=False),
        sa.Column("post_class", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("rule", sa.String(length=60), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "post_class IN ('question', 'opinion', 'praise', 'ad', 'spam', 'political', 'duplicate', 'repost', 'other')",
            name=op.f("ck_classifications_post_class"),
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_classifications_post_id_posts"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "rules_version", name=op.f("pk_classifications")),
    )
    op.create_table(
        "post_terms",
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name=op.f("fk_post_terms_post_id_posts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_post_terms_term_id_terms")),
        sa.PrimaryKeyConstraint("term_id", "post_id", name=op.f("pk_post_terms")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_post_terms_post_id", "post_terms", ["post_id"], unique=False)
    op.create_table(
        "questions",
        sa.Column("post_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("platform_id", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_day", sa.Date(), nullable=False),
        sa.Column("is_synthetic", sa.Boolean(), nullable=False),
        sa.Column("is_day_only", sa.Boolean(), nullable=False),
        sa.Column("answers_collected", sa.Boolean(), nullable=False),
        sa.Column("is_risk", sa.Boolean(), nullable=False),
        sa.Column("department_id", sa.Integer(), nullable=True),
        sa.Column("department_source", sa.String(length=20), nullable=False),
        sa.Column("rule_department_id", sa.Integer(), nullable=True),
        sa.Column("rule", sa.String(length=60), nullable=True),
        sa.Column("first_answer_post_id", sa.Integer(), nullable=True),
        sa.Column("first_answer_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_answer_seconds", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "department_source IN ('reply', 'rule', 'receiving_account', 'unassigned')",
            name=op.f("ck_questions_department_source"),
        ),
        sa.ForeignKeyConstraint(
            ["department_id"], ["departments.id"], name=op.f("fk_questions_department_id_departments")
        ),
        sa.ForeignKeyConstraint(
            ["first_answer_post_id"],
            ["posts.id"],
            name=op.f("fk_questions_first_answer_post_id_posts"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(["platform_id"], ["platforms.id"], name=op.f("fk_questions_platform_id_platforms")),
        sa.ForeignKeyConstraint(["post_id"], ["posts.id"], name=op.f("fk_questions_post_id_posts"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["rule_department_id"], ["departments.id"], name=op.f("fk_questions_rule_department_id_departments")
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_questions")),
    )
    op.create_index(
        "ix_questions_facets", "questions", ["is_synthetic", "asked_day", "platform_id", "department_id"], unique=False
    )
    op.create_index("ix_questions_first_answer_post_id", "questions", ["first_answer_post_id"], unique=False)
    dialect_of(op.get_bind()).create_search(op.get_bind())
