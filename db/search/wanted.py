"""A request, made out: the names in it looked up, the filter of the page and the fields of the query joined."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, NamedTuple, TypeVar

from sqlalchemy import Connection, select

from db.dialects.base import NO_WORDS, SearchQuery
from db.districts import district_term
from db.records import POST_CLASSES, UNASSIGNED, PostFilter, SearchRequest
from db.schema import departments, districts, platforms, terms
from db.search.language import (
    ANSWERED_WORDS,
    CLASS_WORDS,
    EARLIEST,
    LATEST,
    REASON,
    FieldPart,
    ParsedQuery,
    QueryProblem,
    day_of,
    storable,
)

QUESTION = "question"
NOBODY = 0  # the id of the department of questions nobody is responsible for
_UNASSIGNED_WORDS = (UNASSIGNED, "미지정")
_NO_DAY, _ONE_DAY = dt.timedelta(), dt.timedelta(days=1)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which posts are asked for. None means all; an empty set means that no post can be meant."""

    synthetic: bool
    start: dt.date
    end: dt.date
    text: SearchQuery = NO_WORDS
    term_id: int | None = None
    has_unknown_term: bool = False
    districts: frozenset[int] | None = None
    excluded_districts: frozenset[int] = frozenset()
    platforms: frozenset[str] | None = None
    classes: frozenset[str] | None = None
    reasons: frozenset[str] | None = None
    excluded_reasons: frozenset[str] = frozenset()
    departments: frozenset[int] | None = None
    excluded_departments: frozenset[int] = frozenset()
    answered: frozenset[bool] | None = None
    excluded_answered: frozenset[bool] = frozenset()

    @property
    def is_questions_only(self) -> bool:
        """Departments are responsible for questions only, and only questions are answered."""
        return self.departments is not None or self.answered is not None

    @property
    def is_by_reason(self) -> bool:
        """Posts are told apart by why they have their class."""
        return self.reasons is not None or bool(self.excluded_reasons)

    @property
    def alone(self) -> int | None:
        """The term or district whose questions are asked for, where nothing is beside it but a period."""
        for term_id in filter(None, (self.term_id, *(self.districts or ()))):
            alone = Wanted(self.synthetic, self.start, self.end, classes=frozenset({QUESTION}))
            if self in (replace(alone, term_id=term_id), replace(alone, districts=frozenset({term_id}))):
                return term_id
        return None

    @property
    def is_by_terms(self) -> bool:
        """What a post says decides, beside words of the full-text index."""
        return self.term_id is not None or self.districts is not None or bool(self.excluded_districts)

    @property
    def is_by_several_terms(self) -> bool:
        """More decides of what a post says than one look into the index of terms tells."""
        return bool(self.excluded_districts) or (self.term_id is not None and self.districts is not None)

    @property
    def is_impossible(self) -> bool:
        """No post can be meant, whatever the store holds."""
        chosen = (self.districts, self.platforms, self.classes, self.departments, self.answered)
        return self.start > self.end or self.has_unknown_term or any(each is not None and not each for each in chosen)


def make_out(
    connection: Connection, request: SearchRequest, parsed: ParsedQuery
) -> tuple[Wanted, tuple[QueryProblem, ...]]:
    """Return what ``request`` asks for, and what is wrong with it.

    Fields narrow the filter of the page; only typed days take the place of its period, because a date written out is
    meant as it is written.
    """
    where, fields = request.where, parsed.fields
    problems = list(parsed.problems)
    start, end = _period(where, fields, problems)
    classes = _chosen(fields, "class", _meanings(CLASS_WORDS.items()), problems)
    codes = {part.value.casefold() for part in fields if part.name == "reason"}
    reasons = _chosen(fields, "reason", {code: {code} for code in codes if REASON.fullmatch(code)}, problems)
    answered = _chosen(fields, "answered", _meanings(ANSWERED_WORDS.items()), problems)
    wanted = Wanted(
        where.synthetic,
        start,
        end,
        parsed.text,
        classes=_joined(where.classes, classes, POST_CLASSES),
        reasons=reasons.included or None,
        excluded_reasons=reasons.excluded,
        answered=answered.included or None,
        excluded_answered=answered.excluded,
    )
    named = {part.name for part in fields}
    chosen = frozenset(where.platforms) or None
    if "platform" in named:
        rows = connection.execute(select(platforms.c.id, platforms.c.name_ko, platforms.c.name_en)).all()
        typed = _chosen(fields, "platform", _meanings((row.id, tuple(row)) for row in rows), problems)
        chosen = _joined(where.platforms, typed, [row.id for row in rows])
    wanted = replace(wanted, platforms=chosen)
    if "district" in named:
        rows = connection.execute(select(districts)).all()
        places = _chosen(fields, "district", _meanings((district_term(row.code), tuple(row)) for row in rows), problems)
        wanted = replace(wanted, districts=places.included or None, excluded_districts=places.excluded)
    if "department" in named or where.departments:
        rows = connection.execute(select(departments)).all()
        names = [*((row.id, (row.code, row.name_ko, row.name_en)) for row in rows), (NOBODY, _UNASSIGNED_WORDS)]
        by_code = {codes[0]: id_ for id_, codes in names}
        responsible = _chosen(fields, "department", _meanings(names), problems)
        of_page = frozenset(by_code[code] for code in where.departments if code in by_code)
        both = of_page & responsible.included if where.departments and responsible.included else None
        if both is None and (where.departments or responsible.included):
            both = of_page | responsible.included
        wanted = replace(wanted, departments=both, excluded_departments=responsible.excluded)
    if request.term:
        term_id = _term_id(connection, storable(request.term))
        # A trend counts questions, and these are the posts behind it.
        asked = frozenset({QUESTION}) & (wanted.classes or frozenset({QUESTION}))
        wanted = replace(wanted, term_id=term_id, has_unknown_term=term_id is None, classes=asked)
    return wanted, tuple(dict.fromkeys(problems))


class _Chosen(NamedTuple, Generic[T]):
    """The values of a field that are asked for, and those that are not."""

    included: frozenset[T]
    excluded: frozenset[T]


def _meanings(spellings: Iterable[tuple[T, Sequence[str]]]) -> dict[str, set[T]]:
    """Return what each spelling may mean; two departments may share a name."""
    meanings: dict[str, set[T]] = {}
    for meaning, words in spellings:
        for word in filter(None, words):
            meanings.setdefault(word.casefold(), set()).add(meaning)
    return meanings


def _chosen(
    fields: Sequence[FieldPart], name: str, meanings: Mapping[str, set[T]], problems: list[QueryProblem]
) -> _Chosen[T]:
    included: set[T] = set()
    excluded: set[T] = set()
    for part in fields:
        if part.name == name:
            meant = meanings.get(part.value.casefold())
            if meant is None:
                problems.append(QueryProblem("unknown_value", part.typed))
            else:
                (excluded if part.is_excluded else included).update(meant)
    return _Chosen(frozenset(included), frozenset(excluded))


def _joined(of_page: Sequence[str], typed: _Chosen[str], everything: Sequence[str]) -> frozenset[str] | None:
    chosen = frozenset(of_page) or None
    if typed.included:
        chosen = typed.included if chosen is None else chosen & typed.included
    if typed.excluded:
        chosen = (frozenset(everything) if chosen is None else chosen) - typed.excluded
    return chosen


def _period(where: PostFilter, fields: Sequence[FieldPart], problems: list[QueryProblem]) -> tuple[dt.date, dt.date]:
    """Return the first and last day. What is excluded ends or begins beside the day that is named."""
    start, end = None, None
    typed = [part for part in fields if part.name in ("from", "to")]
    for part in typed:
        day = day_of(part.value)
        if day is None:
            problems.append(QueryProblem("bad_date", part.typed))
        elif (part.name == "from") is not part.is_excluded:
            start = day + (_ONE_DAY if part.is_excluded else _NO_DAY)
        else:
            end = day - (_ONE_DAY if part.is_excluded else _NO_DAY)
    if start is not None and end is not None:
        if start > end:
            problems.append(QueryProblem("dates_reversed", " ".join(part.typed for part in typed)))
        return start, end
    # One day alone beyond the page's period would leave nothing, so it opens the other end.
    if start is not None:
        return start, where.end if start <= where.end else LATEST
    if end is not None:
        return where.start if where.start <= end else EARLIEST, end
    return where.start, where.end


def _term_id(connection: Connection, name: str) -> int | None:
    """Return the id of a term group by its name, else of the term."""
    rows = connection.execute(select(terms.c.is_group, terms.c.id).where(terms.c.term == name)).all()
    return next((row.id for row in sorted(rows, reverse=True)), None)
