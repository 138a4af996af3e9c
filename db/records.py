"""The records that cross the border of the store: filters in, rows in, numbers out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

KST = ZoneInfo("Asia/Seoul")

# Classes, never deletion: their sum is what was collected from citizens.
# Reasons of what the city wrote that is no answer; see nlp.answers.
NO_ANSWER = ("answer.hand_off", "answer.automatic")
TEMPLATE = "answer.template"  # one text said again and again, as the store finds
REPLY_KINDS = ("answer.substantive", TEMPLATE, *NO_ANSWER)
POST_CLASSES = ("question", "opinion", "praise", "ad", "spam", "political", "duplicate", "repost", "other")
HIDDEN_CLASSES = ("ad", "spam", "political")  # collected, counted, and not shown unless they are asked for
REST_CLASSES = ("duplicate", "repost", "other")  # what is neither question, opinion, praise nor hidden
DEPARTMENT_SOURCES = ("reply", "rule", "classifier", "receiving_account", "unassigned")
ACCOUNT_STATUSES = ("connected", "pending", "retired")
UNASSIGNED = "unassigned"  # the department code of questions nobody is responsible for yet
NEWEST, BEST = SORTS = ("newest", "best")  # orders of a search
# Of a post that is suspected: nobody has looked yet, or a person hid it, or a person left it where it is.
OPEN, HIDDEN, KEPT = REVIEW_STATUSES = ("open", "hidden", "kept")
PERSON = "person"  # who decided, where it was no rule
# The last word on a live source: it answers, or why it does not.
SOURCE_STATUSES = (
    "ok", "unreachable", "rate_limited", "quota", "unauthorised", "not_allowed", "bad_request", "bad_payload",
    "cursor_expired", "failed",
)  # fmt: skip
INCIDENT_KINDS = ("words", "campaign", "volume")
INCIDENT_STATUSES = ("new", "acknowledged", "explained", "closed")
# At most so many windows a day show a finding where nothing is going on; the detection's own number (a test).
EXPECTED_FALSE_FINDINGS_PER_DAY = 0.06
# Posts that speak of these are counted and never listed; the analysis's own list (a test).
SENSITIVE_WORDS = (
    "정신보건", "정신건강", "정신질환", "우울증", "자살", "자해", "가정폭력", "아동학대", "성폭력", "데이트폭력",
)  # fmt: skip
AGE_BANDS = (("<=1", 0, 1), ("1-3", 1, 3), ("3-7", 3, 7), ("7-30", 7, 30), (">30", 30, None))
DAYS_DRAWN_AS_DAYS = (
    190  # more bars than this are under two pixels wide on a phone, so longer periods are told by weeks
)
HOURS_PER_WORKING_DAY = 8  # Enforcement Decree of the Civil Petitions Treatment Act, article 19
# Edges of the response-time distribution, in hours; the last bar is open.
RESPONSE_HOURS_EDGES = (0, 1, 3, 6, 12, 24, 48, 72, 168, 720)
EXPECTED_OUTSIDE = (
    0.05  # share of departments outside the 95 % limits where none differs; the funnel's own number (a test)
)
# Times after which the chance of ever being answered is told, in hours.
EVER_ANSWERED_HOURS = (0, 1, 3, 24, 72, 168, 336, 720)


@dataclass(frozen=True, slots=True)
class ResponseTarget:
    """A time within which questions are to be answered, in hours of a clock of db.rollups.histograms.CLOCKS."""

    clock: str
    hours: int


# Times by which departments are compared; all are exact in the stored histograms (a test).
RESPONSE_TARGETS = {
    "24_hours": ResponseTarget("wall", 24),
    "3_days": ResponseTarget("wall", 72),
    "7_days": ResponseTarget("wall", 168),
    "3_working_hours": ResponseTarget("working", 3),
    "1_working_day": ResponseTarget("working", HOURS_PER_WORKING_DAY),
    "3_working_days": ResponseTarget("working", 3 * HOURS_PER_WORKING_DAY),
    "7_working_days": ResponseTarget("working", 7 * HOURS_PER_WORKING_DAY),
}


@dataclass(frozen=True, slots=True)
class PostFilter:
    """Which posts a page speaks of.

    ``start`` and ``end`` are KST dates, both inclusive. Empty tuples mean all. ``departments`` are codes
    of responsible departments (``unassigned`` among them), ``platforms`` ids, ``classes`` members of
    POST_CLASSES. Synthetic and real posts are never shown together: ``synthetic`` chooses one of them.
    """

    start: dt.date
    end: dt.date
    departments: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A query in the language of :mod:`db.search.language` within a filter, sorted NEWEST or BEST first.

    ``before`` continues a list: it is the ``next_before`` of the page before.
    """

    where: PostFilter
    query: str = ""
    term: str = ""
    limit: int = 20
    before: int | None = None
    sort: str = NEWEST


@dataclass(frozen=True, slots=True)
class MetricValue:
    """A number fit for print: never without sample size, unit, interval and cut-off."""

    metric: str
    version: int
    value: float | None
    low: float | None
    high: float | None
    n: int
    unit: str
    start: dt.date
    end: dt.date
    as_of: dt.datetime | None


@dataclass(frozen=True, slots=True)
class IncidentWord:
    """A word of an incident: questions with it in the window, and how many were expected."""

    term_id: int
    observed: int
    expected: float
    p_value: float


@dataclass(frozen=True, slots=True)
class NewIncident:
    """What the detection found in one window, ready to be stored: its most surprising word's numbers.

    ``words`` are in the order of surprise; none where it is the volume that surges. ``post_ids`` are examples.
    """

    is_synthetic: bool
    kind: str
    title: str
    first_day: dt.date
    last_day: dt.date
    observed: int
    expected: float
    low: float
    high: float
    questions: int
    authors: int
    p_value: float
    is_sensitive: bool
    detection_version: str
    rules_version: str
    words: tuple[IncidentWord, ...] = ()
    post_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A photo or video link of a post; its size where the network gave one."""

    key: str
    kind: str
    url: str
    alt: str | None
    width: int | None = None
    height: int | None = None
    size_bytes: int | None = None


class AccountName(NamedTuple):
    """A city account as a source names it, on the post's platform; ``department`` matters while the store does not know the account."""

    handle: str
    department: str | None


class NewPost(NamedTuple):
    """A post ready to be stored: masked and annotated. Accounts and departments are named, as nothing here knows their ids.

    ``rule_department`` is the code of the department the routing rules name, with the rule's name beside it; where they name none,
    ``classifier_department`` is what the classifier says, with the share of such guesses that are right. ``districts`` are the
    codes of those the text names. ``signature`` and ``bands`` are of nlp.copies, none of a short text. ``suspected_class``
    is what the rule or model ``suspected_by`` is not sure enough of to hide the post.
    """

    platform: str
    platform_post_id: str
    version: int
    kind: str
    is_inbound: bool
    author_key: bytes | None
    account: AccountName | None
    addressed_to: AccountName | None
    text: str
    language: str
    url: str | None
    topic: str | None
    created_at: dt.datetime
    is_day_only: bool
    in_reply_to: str | None
    answers_collected: bool
    is_risk: bool
    fingerprint: bytes
    source_row: int | None
    post_class: str
    reason: str
    rule: str
    confidence: float
    rule_department: str | None
    department_rule: str | None
    classifier_department: str | None
    classifier_confidence: float | None
    terms: tuple[str, ...]
    districts: tuple[str, ...]
    search_text: str
    signature: bytes | None
    bands: tuple[int, ...]
    attachments: tuple[NewAttachment, ...]
    later_ids: tuple[str, ...] = ()
    suspected_class: str | None = None
    suspected_by: str | None = None


@dataclass(frozen=True, slots=True)
class RunVersions:
    """What made the derived data of a run."""

    code: str
    tokenizer: str
    dictionary: str
    rules: str


class SourceState(NamedTuple):
    """How a live source fares: its last attempt, its failures in a row, until when it is left alone, how often it is read."""

    source: str
    connector: str
    status: str
    attempted_at: dt.datetime
    succeeded_at: dt.datetime | None = None
    failures: int = 0
    retry_at: dt.datetime | None = None
    error: str | None = None
    interval_s: float | None = None


@dataclass(slots=True)
class Counts:
    """What became of the items read; ``read`` is always the sum of the others."""

    read: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0

    def add(self, other: Counts) -> None:
        """Add ``other`` to these counts."""
        self.read += other.read
        self.inserted += other.inserted
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.rejected += other.rejected

    def __str__(self) -> str:
        return (
            f"read={self.read} inserted={self.inserted} updated={self.updated} "
            f"unchanged={self.unchanged} rejected={self.rejected}"
        )
