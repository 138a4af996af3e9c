"""How long questions waited."""

from __future__ import annotations

from db.frames.columns import DAY, HOURS, LABEL, SHARE, Column, FrameSchema

REPLY_KINDS = FrameSchema(
    "reply_kinds",
    {
        "reason": Column(
            "object", "kind of reply: answer.substantive, answer.template, answer.hand_off, answer.automatic"
        ),
        "replies": Column("int64", "replies of the city in the period"),
        "share": SHARE,
        "low": Column("float64", "Wilson 95 % lower bound"),
        "high": Column("float64", "upper bound"),
    },
)
REPLIES_BY_DEPARTMENT = FrameSchema(
    "replies_by_department",
    {
        "department": LABEL,
        "name_ko": LABEL,
        "name_en": LABEL,
        "replies": Column("int64", "replies of its accounts in the period"),
        "answers_given": Column("int64", "of these, answers"),
        "templates": Column("int64", "nearly the same as four others or more"),
        "hand_offs": Column("int64", "to another office or to 120"),
        "automatic": Column("int64", "of a machine"),
        "answer_share": Column("float64", "answers of all replies"),
        "answer_low": Column("float64", "Wilson 95 % lower bound"),
        "answer_high": Column("float64", "upper bound"),
    },
)
RESPONSE_HISTOGRAM = FrameSchema(
    "response_histogram",
    {
        "from_hours": Column("float64", "hours, wall clock; longer than this, except in the first row"),
        "to_hours": Column("float64", "up to and with this, inf for the last"),
        "questions": Column("int64", "questions whose first answer came in this time"),
    },
)
RESPONSE_CURVE = FrameSchema(
    "response_curve",
    {
        "hours": HOURS,
        "answered_share": Column("float64", "Kaplan-Meier share answered within that time"),
        "low": Column("float64", "95 % lower bound"),
        "high": Column("float64", "upper bound"),
        "at_risk": Column("int64", "questions still observed and unanswered just before"),
    },
)
UNANSWERED_AGES = FrameSchema(
    "unanswered_ages",
    {
        "band": Column("object", "age in calendar days, one of AGE_BANDS"),
        "department": LABEL,
        "name_ko": LABEL,
        "name_en": LABEL,
        "questions": Column("int64", "questions unanswered at the end of the period, at the latest at the cut-off"),
    },
)
UNANSWERED_WEEKS = FrameSchema(
    "unanswered_weeks",
    {
        "day": DAY,
        "band": Column("object", "age in calendar days, one of AGE_BANDS"),
        "questions": Column("int64", "questions unanswered at the end of the day"),
    },
)
EVER_ANSWERED = FrameSchema(
    "ever_answered",
    {
        "hours": Column("float64", "for which a question has waited, wall clock"),
        "at_risk": Column("int64", "questions still observed and unanswered at that age"),
        "chance": Column("float64", "of being answered by the horizon, NaN where too few are left to say"),
        "low": Column("float64", "95 % lower bound, log-log, by Greenwood's variance"),
        "high": Column("float64", "upper bound"),
        "horizon_hours": Column(
            "float64", "the longest age that enough questions were observed to; the same in every row"
        ),
    },
)
RESPONSE_PERCENTILES = FrameSchema(
    "response_percentiles",
    {
        "week": Column("datetime64[ns]", "Monday of the week in which they were asked, KST"),
        "department": LABEL,
        "name_ko": LABEL,
        "name_en": LABEL,
        "questions": Column("int64", "questions whose wait is known to the second"),
        "answered": Column("int64", "of these, answered by the cut-off"),
        "within_24h_share": Column("float64", "Kaplan-Meier share answered within 24 hours, NaN where none is known"),
        "median_hours": Column("float64", "Kaplan-Meier, within 1 %; NaN where half have no answer"),
        "p90_hours": Column("float64", "the same for nine in ten"),
    },
)
DIRECT_REPLIES = FrameSchema(
    "direct_replies",
    {
        "platform": LABEL,
        "platform_post_id": Column("object", "the citizen's post"),
        "seconds": Column("float64", "to the first direct reply by an account, wall clock"),
    },
)
