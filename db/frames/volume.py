"""What was said when, to whom and where."""

from __future__ import annotations

from db.frames.columns import COUNT, DAY, LABEL, SHARE, TIME, Column, FrameSchema

POSTS_BY_DAY = FrameSchema(
    "posts_by_day",
    {
        "day": DAY,
        "posts": Column("int64", "citizens' posts collected"),
        "questions": Column("int64", "of these, questions waiting for an answer or answered"),
        "hidden": Column("int64", "of these, ads, spam and political posts"),
        "answers": Column("int64", "city's answers published that day"),
        "in_data": Column("bool", "the day lies between the first and the last post of the store"),
    },
)
CLASSES = FrameSchema(
    "classes",
    {
        "post_class": LABEL,
        "posts": COUNT,
        "share": SHARE,
        "low": Column("float64", "Wilson 95 % lower bound"),
        "high": Column("float64", "upper bound"),
    },
)
VOLUME_EXPECTATION = FrameSchema(
    "volume_expectation",
    {
        "day": Column("datetime64[ns]", "first day of the interval, midnight KST"),
        "days": Column("int64", "days of the interval: 1, or 7 from Monday"),
        "questions": Column("int64", "questions asked"),
        "expected": Column("float64", "questions to be expected; NaN where the past says nothing of it"),
        "expected_low": Column("float64", "lower bound of the band that holds 95 % of such intervals"),
        "expected_high": Column("float64", "upper bound"),
        "comparable": Column(
            "bool", "something is expected, and the interval is over, in the period and without a gap"
        ),
    },
)
EXPECTED_BY_ISSUE = FrameSchema(
    "expected_by_issue",
    {
        "week": Column("datetime64[ns]", "Monday of the last whole week of the period, KST"),
        "issue": Column("object", "name of a term group; 'all' for all questions"),
        "questions": Column("int64", "questions of that week with a word of the group"),
        "expected": Column("float64", "questions to be expected, each group by its own past"),
        "expected_low": Column("float64", "lower bound of the band that holds 95 % of weeks"),
        "expected_high": Column("float64", "upper bound"),
    },
)
COVERAGE = FrameSchema(
    "coverage",
    {
        "day": DAY,
        "connected": Column("int64", "city accounts that were connected"),
        "added": Column("int64", "of these, connected on this day for the first time"),
        "writing": Column("int64", "city accounts that wrote a post"),
        "unread": Column("int64", "of the connected ones, read live before and after, but not for a part of the day"),
        "posts": Column("int64", "citizens' posts collected"),
        "in_data": Column("bool", "the store knows of the day: between its first and last post, and no gap"),
        "whole": Column("bool", "of these, the day was over when it was read"),
        "runs": Column("int64", "load runs begun that day, whatever days the posts are of"),
        "rejected": Column("int64", "rows that these runs could not read"),
    },
)
CONCENTRATION = "concentration"  # in attrs: index of Herfindahl and Hirschman over the authors of a sample
PLATFORM_AUTHORS = FrameSchema(
    "platform_authors",
    {
        "platform": LABEL,
        "name_ko": LABEL,
        "name_en": LABEL,
        "posts": Column("int64", "posts of the sample"),
        "share": Column("float64", "of the sample"),
        "low": Column("float64", "Wilson 95 % lower bound of share"),
        "high": Column("float64", "upper bound"),
        "authors": Column("int64", "distinct authors; a post without a known author counts as one"),
        "author_share": Column("float64", "of the authors of all platforms together"),
        "author_low": Column("float64", "Wilson 95 % lower bound of author_share"),
        "author_high": Column("float64", "upper bound"),
    },
)
CLASS_REASONS = FrameSchema("class_reasons", {"post_class": LABEL, "reason": LABEL, "posts": COUNT})
HIDDEN_REASONS = FrameSchema(
    "hidden_reasons",
    {
        "bucket": DAY,
        "post_class": LABEL,
        "reason": LABEL,
        "posts": Column("int64", "hidden posts"),
        "collected": Column("int64", "all citizens' posts collected in the same interval"),
        "days": Column("int64", "days of an interval: 1, 7 from Monday, or 91 from Monday"),
        "whole": Column("bool", "the interval lies wholly inside the period and the data"),
    },
)
DEPARTMENT_VOLUME = FrameSchema(
    "department_volume",
    {
        "department": Column("object", "department code; 'unassigned' where nobody is responsible yet"),
        "name_ko": LABEL,
        "name_en": LABEL,
        "questions": Column("int64", "questions in the period"),
        "answered": Column("int64", "of these, answered by the cut-off"),
        "answerable": Column("int64", "questions from sources that carry the city's answers"),
        "by_reply": Column("int64", "questions whose department is known from the answer"),
        "by_rule": Column("int64", "from terms in the text"),
        "by_receiving_account": Column("int64", "from the account written to"),
        "answered_share": Column("float64", "answered / answerable, NaN where nothing is answerable"),
        "low": Column("float64", "Wilson 95 % lower bound of answered_share"),
        "high": Column("float64", "upper bound"),
    },
)
RECEIVING_VOLUME = FrameSchema(
    "receiving_volume",
    {
        "platform": LABEL,
        "handle": Column("object", "account written to; '' where the post names none"),
        "name_ko": LABEL,
        "name_en": LABEL,
        "posts": Column("int64", "citizens' posts addressed to the account"),
        "share": Column("float64", "of all citizens' posts in the period"),
        "low": Column("float64", "Wilson 95 % lower bound"),
        "high": Column("float64", "upper bound"),
    },
)
DISTRICT_VOLUME = FrameSchema(
    "district_volume",
    {
        "district": Column("object", "first five digits of its 법정동코드"),
        "name_ko": LABEL,
        "name_en": LABEL,
        "questions": Column("int64", "questions that name the district, outside the restricted queue"),
        "share": Column("float64", "of the questions that name any district"),
        "low": Column("float64", "Wilson 95 % lower bound"),
        "high": Column("float64", "upper bound"),
        "authors": Column("int64", "distinct authors at least: the most in any one week or day of the period"),
        "named": Column("int64", "questions that name any district, each counted once; the same in every row"),
        "asked": Column("int64", "all questions of the period; the same in every row"),
    },
)
PLATFORM_WEEKS = FrameSchema(
    "platform_weeks",
    {
        "week": Column("datetime64[ns]", "Monday of the week, KST"),
        "platform": LABEL,
        "posts": Column("int64", "citizens' posts"),
        "share": Column("float64", "of the week's citizens' posts"),
        "low": Column("float64", "Wilson 95 % lower bound"),
        "high": Column("float64", "upper bound"),
        "whole": Column("bool", "all seven days lie inside the period and the data"),
    },
)
PLATFORM_TOTALS = FrameSchema(
    "platform_totals",
    {
        "platform": LABEL,
        "name_ko": LABEL,
        "name_en": LABEL,
        "posts": COUNT,
        "share": SHARE,
        "low": Column("float64", "Wilson 95 % lower bound"),
        "high": Column("float64", "upper bound"),
        "connected": Column("int64", "accounts connected"),
        "pending": Column("int64", "accounts still to connect"),
    },
)
PLATFORM_POLICIES = FrameSchema(
    "platform_policies",
    {
        "platform": LABEL,
        "name_ko": LABEL,
        "name_en": LABEL,
        "display": Column("object", "how a citizen's post read live is shown: text, link or staff"),
        "export": Column("object", "what a download may hold: text or ids"),
    },
)
ACCOUNTS = FrameSchema(
    "accounts",
    {
        "platform": LABEL,
        "handle": LABEL,
        "name_ko": LABEL,
        "name_en": LABEL,
        "department_ko": LABEL,
        "department_en": LABEL,
        "status": Column("object", "connected, pending or retired"),
        "connected_from": DAY,
        "missing_ko": Column("object", "what a pending account still lacks"),
        "missing_en": LABEL,
        "received": Column("int64", "citizens' posts addressed to it, all time"),
        "answers": Column("int64", "posts it wrote, all time"),
        "last_post": TIME,
        "last_fetch": Column("datetime64[ns, UTC]", "moment up to which a live source has read it, UTC"),
        "gap_hours": Column("float64", "hours of the last 91 days in which it was not read; NaN where never read live"),
    },
)
