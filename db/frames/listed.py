"""Rows that are listed one by one: posts, answers, loads."""

from __future__ import annotations

from db.frames.columns import COUNT, LABEL, TIME, Column, FrameSchema

SEARCH_RESULTS = FrameSchema(
    "search_results",
    {
        "post_id": Column("int64", "row in the store"),
        "platform": LABEL,
        "platform_post_id": LABEL,
        "created_at": TIME,
        "created_precision": Column("object", "second or day"),
        "post_class": LABEL,
        "reason": Column("object", "reason code of the class"),
        "text": Column("object", "masked text; None where the platform does not allow it to be shown"),
        "export_text": Column("object", "the text, None where the platform forbids it in an export"),
        "url": Column("object", "link to the post, or None"),
        "department": LABEL,
        "department_ko": LABEL,
        "department_en": LABEL,
        "department_source": Column("object", "one of DEPARTMENT_SOURCES; None where the post is no question"),
        "receiving_handle": LABEL,
        "wait_hours": Column("float64", "to the first answer, NaN where none or unknown"),
        "answers_collected": Column("bool", "whether its source carries the city's answers"),
        "districts_ko": Column("object", "districts the text names, separated by commas"),
        "districts_en": LABEL,
    },
)
SEARCH_FACETS = FrameSchema(
    "search_facets",
    {
        "facet": Column("object", "platform, department, class, answered or year"),
        "value": Column("object", "platform id, department code, class, yes or no, year"),
        "posts": Column("int64", "posts of the result with this value"),
    },
)
ANSWERS = FrameSchema(
    "answers",
    {
        "question_id": Column("int64", "post_id of the question"),
        "post_id": COUNT,
        "created_at": TIME,
        "created_precision": LABEL,
        "handle": Column("object", "answering account"),
        "department_ko": LABEL,
        "department_en": LABEL,
        "text": LABEL,
        "url": LABEL,
        "reason": Column("object", "kind of reply, one of REPLY_KINDS"),
    },
)
ATTACHMENTS = FrameSchema(
    "attachments",
    {
        "post_id": COUNT,
        "kind": Column("object", "photo or video"),
        "url": LABEL,
        "alt": LABEL,
        "width": Column("float64", "pixels, NaN where unknown"),
        "height": Column("float64", "pixels, NaN where unknown"),
        "size_bytes": Column("float64", "bytes, NaN where unknown"),
        "thumbnail": Column("object", "file name of our own small copy, or None"),
    },
)
LOAD_RUNS = FrameSchema(
    "load_runs",
    {
        "run": COUNT,
        "connector": LABEL,
        "source": Column("object", "what was loaded, without paths"),
        "origin": Column("object", "synthetic, import or live"),
        "status": Column("object", "running, done, failed or interrupted"),
        "started_at": TIME,
        "finished_at": TIME,
        "read": COUNT,
        "inserted": COUNT,
        "updated": COUNT,
        "unchanged": COUNT,
        "rejected": COUNT,
        "rules_version": LABEL,
        "tokenizer": LABEL,
        "error": LABEL,
    },
)
REJECT_REASONS = FrameSchema(
    "reject_reasons",
    {"source": LABEL, "reason": LABEL, "rows": COUNT, "first_row": COUNT, "detail": LABEL},
)
