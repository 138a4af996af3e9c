"""What a reader types: words, prefixes*, "phrases", -exclusions, and fields such as platform:x or 부서:교통과."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

from db.dialects.base import NO_WORDS, SearchPart, SearchQuery

MAX_PARTS = 12
# What a field may be called, in both languages.
FIELDS = {
    "platform": "platform", "플랫폼": "platform",
    "department": "department", "부서": "department",
    "district": "district", "자치구": "district",
    "class": "class", "분류": "class",
    "reason": "reason", "이유": "reason",
    "answered": "answered", "답변": "answered",
    "from": "from", "부터": "from",
    "to": "to", "까지": "to",
}  # fmt: skip
CLASS_WORDS = {
    "question": ("question", "질문", "민원", "질문·민원"),
    "opinion": ("opinion", "의견"),
    "praise": ("praise", "칭찬"),
    "ad": ("ad", "advertisement", "광고"),
    "spam": ("spam", "스팸"),
    "political": ("political", "정치"),
    "duplicate": ("duplicate", "중복"),
    "repost": ("repost", "재게시"),
    "other": ("other", "기타"),
}
# Days one may type: those a timeline id can hold.
EARLIEST, LATEST = dt.date(1970, 1, 2), dt.date(2400, 12, 31)
ANSWERED_WORDS = {True: ("yes", "있음"), False: ("no", "없음")}

# Codes of rules and of people; which of them there are is for the rules to say.
REASON = re.compile(r"[a-z_]+\.[a-z_]+", re.ASCII)
_PARTS = re.compile(r'(-?)(?:([^\W\d_]+):(?=[^\s:]))?(?:"([^"]*)"?|(\S+))')
_WORDS = re.compile(r"[^\W_]+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
# What Korean and mobile keyboards make of the signs of the language.
_SIGNS = str.maketrans({"“": '"', "”": '"', "„": '"', "＂": '"', "：": ":", "－": "-", "＊": "*", "\0": " "})


@dataclass(frozen=True, slots=True)
class QueryProblem:
    """Why a query is not answered: ``code`` says what is wrong, ``part`` where, in the reader's own words.

    The codes are unknown_field, unknown_value, no_value, bad_date, dates_reversed, too_many and signs_only.
    """

    code: str
    part: str


@dataclass(frozen=True, slots=True)
class FieldPart:
    """A field with its value; ``name`` is one of the values of FIELDS, ``typed`` the part as it was written."""

    name: str
    value: str
    is_excluded: bool
    typed: str


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A query as it was typed: its words, its fields, and what nobody can understand of it."""

    text: SearchQuery = NO_WORDS
    fields: tuple[FieldPart, ...] = ()
    problems: tuple[QueryProblem, ...] = ()


def parse_query(query: str) -> ParsedQuery:
    """Read a query. Parts without any letter or digit are left out; no text raises."""
    line = storable(query).translate(_SIGNS)
    wanted: list[SearchPart] = []
    excluded: list[SearchPart] = []
    fields: list[FieldPart] = []
    problems: list[QueryProblem] = []
    for match in _PARTS.finditer(line):
        minus, name, quoted, bare = match.groups()
        value = quoted or bare or ""
        if bare and bare.endswith(":") and bare[:-1].casefold() in FIELDS:
            problems.append(QueryProblem("no_value", match[0]))
            continue
        if name and value.startswith("//"):  # an address
            value = f"{name} {value}"
        elif name:
            field = FIELDS.get(name.casefold())
            if field is None:
                problems.append(QueryProblem("unknown_field", match[0]))
            else:
                fields.append(FieldPart(field, value.strip(), bool(minus), match[0]))
            continue
        words = tuple(_WORDS.findall(value))
        if words:
            is_prefix = bare is not None and bare.endswith("*")
            (excluded if minus else wanted).append(SearchPart(words, is_prefix))
    if len(wanted) + len(excluded) + len(fields) + len(problems) > MAX_PARTS:
        problems = [QueryProblem("too_many", str(MAX_PARTS))]
    elif line.strip() and not (wanted or excluded or fields or problems):
        problems = [QueryProblem("signs_only", line.strip())]
    return ParsedQuery(
        SearchQuery(tuple(dict.fromkeys(wanted)), tuple(dict.fromkeys(excluded))), tuple(fields), tuple(problems)
    )


def storable(text: str) -> str:
    """Return ``text`` as the store would hold it: NFC, without NUL and halves of surrogate pairs."""
    return unicodedata.normalize("NFC", text.replace("\0", " ").encode("utf-8", "ignore").decode())


def day_of(value: str) -> dt.date | None:
    """Return an ISO date from EARLIEST to LATEST, None for anything else."""
    if not _DAY.fullmatch(value):
        return None
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None
