"""What was talked about: terms, groups of terms, incidents, copies."""

from __future__ import annotations

from db.frames.columns import COUNT, DAY, LABEL, SHARE, TIME, Column, FrameSchema

# In ``DataFrame.attrs``: how many of the newest questions a table of words was made of, where there are more.
NEWEST_ONLY = "newest_only"

TERMS = FrameSchema(
    "terms",
    {
        "term": LABEL,
        "questions": Column("int64", "questions of the period that contain the term"),
        "share": Column("float64", "of the period's questions"),
        "low": Column("float64", "Wilson 95 % lower bound"),
        "high": Column("float64", "upper bound"),
        "authors": Column("int64", "distinct authors at least: the most in any one week or day of the period"),
    },
)
DISTINCTIVE_TERMS = FrameSchema(
    "distinctive_terms",
    {
        "term": LABEL,
        "questions": Column("int64", "questions of the period with the term"),
        "baseline_questions": Column("int64", "questions outside the period with the term"),
        "share": SHARE,
        "low": Column("float64", "Wilson 95 % lower bound"),
        "high": Column("float64", "upper bound"),
        "baseline_share": SHARE,
        "baseline_low": Column("float64", "Wilson 95 % lower bound"),
        "baseline_high": Column("float64", "upper bound"),
        "z": Column("float64", "weighted log-odds with an informative prior, over documents"),
    },
)
TERM_TREND = FrameSchema(
    "term_trend",
    {
        "bucket": Column("datetime64[ns]", "day or Monday of the week, KST"),
        "term": LABEL,
        "questions": Column("int64", "questions with the term"),
        "total": Column("int64", "questions of the bucket"),
        "share": Column("float64", "NaN where the bucket has no question"),
        "low": Column("float64", "Wilson 95 % lower bound"),
        "high": Column("float64", "upper bound"),
        "whole": Column("bool", "the bucket lies wholly inside the period and the data"),
    },
)
TERM_GROUPS = FrameSchema(
    "term_groups",
    {
        "name": Column("object", "the group's name, itself one of its terms"),
        "terms": Column("object", "its terms, separated by commas"),
        "is_hot": Column("bool", "one of the city's standing hot issues"),
    },
)
DEPARTMENT_TERMS = FrameSchema(
    "department_terms",
    {
        "term": LABEL,
        "questions": Column("int64", "questions of the departments with the term"),
        "others_questions": Column("int64", "questions of all others in the same days with the term"),
        "share": SHARE,
        "low": Column("float64", "Wilson 95 % lower bound"),
        "high": Column("float64", "upper bound"),
        "others_share": SHARE,
        "others_low": Column("float64", "Wilson 95 % lower bound"),
        "others_high": Column("float64", "upper bound"),
        "z": Column("float64", "weighted log-odds with an informative prior, over documents"),
    },
)
STANDING_ISSUES = FrameSchema(
    "standing_issues",
    {
        "issue": Column("object", "the name of its term group"),
        "questions": Column("int64", "questions of the period with a word of the group"),
        "total": Column("int64", "questions of the period"),
        "share": Column("float64", "NaN where the period has no question"),
        "low": Column("float64", "Wilson 95 % lower bound"),
        "high": Column("float64", "upper bound"),
        "before_questions": Column("int64", "of the equally long period just before"),
        "before_total": COUNT,
        "before_share": Column("float64", "NaN where the data do not reach back over all of it"),
        "before_low": Column("float64", "Wilson 95 % lower bound"),
        "before_high": Column("float64", "upper bound"),
        "change": Column("float64", "share less that of the period before; NaN where there is none"),
        "change_low": Column("float64", "Newcombe 95 % lower bound"),
        "change_high": Column("float64", "upper bound"),
    },
)
INCIDENTS = FrameSchema(
    "incidents",
    {
        "incident": Column("int64", "its number, for good"),
        "incident_kind": Column("object", "words, campaign (copies of one text) or volume (more of everything)"),
        "title": Column("object", "its strongest words; '' for volume"),
        "incident_status": Column("object", "new, acknowledged, explained or closed"),
        "first_day": DAY,
        "last_day": DAY,
        "found_day": Column("datetime64[ns]", "day at whose end it could be known"),
        "peak_first_day": Column("datetime64[ns]", "first day of its most surprising window"),
        "peak_last_day": Column("datetime64[ns]", "last day of it; the numbers below are of this window"),
        "observed": Column("int64", "questions with its strongest word"),
        "expected": Column("float64", "of so many expected"),
        "expected_low": Column("float64", "lower bound of the 95 % band of what was expected"),
        "expected_high": Column("float64", "upper bound"),
        "questions": Column("int64", "all questions of the window"),
        "authors": Column("int64", "distinct authors of those observed; 0 for volume"),
        "p_value": Column("float64", "chance of as many, if nothing were going on"),
        "is_sensitive": Column("bool", "counted only: no post of it is shown"),
        "note": Column("object", "what people found out about it"),
        "detection_version": LABEL,
        "rules_version": Column("object", "analyser, dictionary and rules that made its words"),
    },
)
SPEAKERS = FrameSchema(
    "speakers",
    {
        "term": LABEL,
        "questions": Column("int64", "questions with the word, those of the restricted queue left out"),
        "speakers": Column("int64", "distinct authors of these; a post without a known author counts as one"),
        "loudest_authors": Column("int64", "1 % of the authors, rounded up: those with most questions"),
        "loudest_questions": Column("int64", "questions these wrote"),
        "loudest_share": Column("float64", "of the questions; NaN of none"),
        "loudest_low": Column("float64", "Wilson 95 % lower bound"),
        "loudest_high": Column("float64", "upper bound"),
        "copies": Column("int64", "questions that say once more what another of them says"),
        "copy_share": Column("float64", "of the questions; NaN of none"),
        "copy_low": Column("float64", "Wilson 95 % lower bound"),
        "copy_high": Column("float64", "upper bound"),
    },
)
INCIDENT_WORDS = FrameSchema(
    "incident_words",
    {
        "term": LABEL,
        "observed": Column("int64", "questions with the word in its window"),
        "expected": Column("float64", "of so many expected"),
        "p_value": Column("float64", "chance of as many, if nothing were going on"),
    },
)
COPY_GROUPS = FrameSchema(
    "copy_groups",
    {
        "post_id": Column("int64", "the representative: the earliest post of the group"),
        "platform": LABEL,
        "platform_post_id": LABEL,
        "is_inbound": Column("bool", "citizens' texts; otherwise the city's"),
        "posts": COUNT,
        "authors": Column("int64", "distinct known authors; 0 of the city's texts"),
        "questions": Column("int64", "of the posts, those that count as questions"),
        "first_at": TIME,
        "last_at": TIME,
        "text": Column(
            "object", "of the representative, masked; None where its platform does not allow it to be shown"
        ),
        "export_text": Column("object", "the text, None where the platform forbids it in an export"),
        "url": Column("object", "link to the representative, or None"),
    },
)
