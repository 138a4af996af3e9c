"""How many posts match, and how they divide: the facets."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Table, func, or_, select

from db.frames import SEARCH_FACETS
from db.records import UNASSIGNED, PostFilter, SearchRequest
from db.rollups.reading import days_with_posts, sums
from db.rollups.spans import cover, starts_of
from db.schema import class_counts, departments, post_counts, question_counts, term_counts
from db.search.candidates import LARGEST_BATCH
from db.search.examining import examine
from db.search.language import QueryProblem, parse_query
from db.search.wanted import NOBODY, QUESTION, Wanted, make_out
from db.snapshot import Reader
from db.timeline import timeline_range

MAX_COUNTED = 2_000  # one by one; beyond this the number of matches is not worth the reading
MAX_EXAMINED = 10_000

Facets = dict[tuple[str, str], int]  # (facet, value) -> posts


@dataclass(frozen=True, slots=True)
class SearchCounts:
    """How many posts match, and by platform, department, class, answer and year. Columns SEARCH_FACETS.

    Facets describe the current result, their own filter included. ``is_capped``: the counts are those of the newest
    matches only, and there are more. ``holds_unlisted``: the counts come from the roll-ups, where posts are counted
    that no list shows (the restricted queue, removed posts). ``period`` is the one in force: days typed in the query
    take the place of the filter's.
    """

    total: int
    facets: pd.DataFrame
    is_capped: bool = False
    holds_unlisted: bool = False
    period: tuple[dt.date, dt.date] | None = None
    problems: tuple[QueryProblem, ...] = ()


def search_counts(reader: Reader, request: SearchRequest) -> SearchCounts:
    """Count what :func:`db.search.search` lists, over the newest MAX_COUNTED matches; a filter alone exactly."""
    parsed = parse_query(request.query)
    with reader.connect() as connection:
        wanted, problems = make_out(connection, request, parsed)
        if problems or wanted.is_impossible:
            return SearchCounts(0, SEARCH_FACETS.frame(), problems=problems)
        codes = dict(connection.execute(select(departments.c.id, departments.c.code)).all()) | {NOBODY: UNASSIGNED}
        is_by_answer = wanted.answered is not None or bool(wanted.excluded_answered)
        if wanted.alone is not None:
            counts = _of_term(connection, wanted, wanted.alone)
        elif wanted.text or wanted.is_by_terms or (wanted.is_by_reason and is_by_answer):
            counts = _of_matches(connection, wanted, codes)
        elif wanted.is_by_reason:
            counts = _of_reasons(connection, wanted, codes)
        else:
            counts = _of_filter(connection, wanted, codes)
        return replace(counts, period=(wanted.start, wanted.end))


def _of_matches(connection: Connection, wanted: Wanted, codes: dict[int, str]) -> SearchCounts:
    seen = examine(connection, wanted, enough=MAX_COUNTED + 1, most=MAX_EXAMINED, first=LARGEST_BATCH)
    counted = seen.found[:MAX_COUNTED]
    years = range(wanted.start.year, wanted.end.year + 1)
    new_years = [timeline_range(wanted.synthetic, dt.date(year, 1, 1), dt.date(year, 1, 1))[0] for year in years]
    facets: Counter[tuple[str, str]] = Counter()
    for fact in counted:
        facets["platform", fact.platform] += 1
        facets["class", fact.post_class] += 1
        facets["year", str(years[bisect_right(new_years, fact.timeline_id) - 1])] += 1
        if fact.department is not None:
            facets["department", codes.get(fact.department, UNASSIGNED)] += 1
        if fact.answered is not None:
            facets["answered", _yes_or_no(fact.answered)] += 1
    return SearchCounts(len(counted), _frame(facets), len(seen.found) > len(counted) or seen.is_cut)


def _of_term(connection: Connection, wanted: Wanted, term_id: int) -> SearchCounts:
    """Count the questions with a term or district from its roll-up: those in the list, exactly, and how they divide by year."""
    facets: Counter[tuple[str, str]] = Counter()
    for start, end in _years(connection, wanted):
        columns = term_counts.c
        counted = select(func.sum(columns.listed)).where(
            columns.is_synthetic.is_(wanted.synthetic),
            _in_stretches(term_counts, start, end),
            columns.term_id == term_id,
        )
        facets["year", str(start.year)] = int(connection.scalar(counted) or 0)
    return SearchCounts(sum(facets.values()), _frame(facets))


def _of_filter(connection: Connection, wanted: Wanted, codes: dict[int, str]) -> SearchCounts:
    """Count from the roll-ups, year by year: what is no question by platform and class, questions by department too."""
    facets: Counter[tuple[str, str]] = Counter()
    total = 0
    for start, end in _years(connection, wanted):
        of_year = 0
        if not wanted.is_questions_only:
            for platform, post_class, posts in _sums(connection, wanted.synthetic, class_counts, start, end):
                if post_class != QUESTION and _has(wanted.platforms, platform) and _has(wanted.classes, post_class):
                    of_year += posts
                    facets["platform", platform] += posts
                    facets["class", post_class] += posts
        if _has(wanted.classes, QUESTION):
            for platform, department, asked, answered, waiting in _sums(
                connection, wanted.synthetic, question_counts, start, end
            ):
                if not _has(wanted.platforms, platform) or not _is_of_department(department, wanted):
                    continue
                by_answer = {True: answered, False: waiting}
                for is_answered in by_answer:
                    if not _has(wanted.answered, is_answered) or is_answered in wanted.excluded_answered:
                        by_answer[is_answered] = 0
                questions = sum(by_answer.values()) + (asked - answered - waiting if wanted.answered is None else 0)
                of_year += questions
                facets["platform", platform] += questions
                facets["class", QUESTION] += questions
                facets["department", codes.get(department, UNASSIGNED)] += questions
                for is_answered, counted in by_answer.items():
                    facets["answered", _yes_or_no(is_answered)] += counted
        facets["year", str(start.year)] += of_year
        total += of_year
    return SearchCounts(total, _frame(facets), holds_unlisted=True)


def _of_reasons(connection: Connection, wanted: Wanted, codes: dict[int, str]) -> SearchCounts:
    """Count from the roll-up that knows why posts have their class, and of questions the department."""
    columns = post_counts.c
    conditions = [columns.is_synthetic.is_(wanted.synthetic), columns.reason.not_in(sorted(wanted.excluded_reasons))]
    if wanted.reasons is not None:
        conditions.append(columns.reason.in_(sorted(wanted.reasons)))
    keys = (columns.platform_id, columns.post_class, columns.department_id)
    facets: Counter[tuple[str, str]] = Counter()
    for start, end in _years(connection, wanted):
        statement = select(*keys, func.sum(columns.posts)).where(*conditions, _in_stretches(post_counts, start, end))
        for platform, post_class, department, counted in connection.execute(statement.group_by(*keys)):
            is_question = post_class == QUESTION
            if not _has(wanted.platforms, platform) or not _has(wanted.classes, post_class):
                continue
            if is_question and not _is_of_department(department, wanted):
                continue
            if not is_question and wanted.is_questions_only:
                continue
            facets["platform", platform] += int(counted)
            facets["class", post_class] += int(counted)
            facets["year", str(start.year)] += int(counted)
            if is_question:
                facets["department", codes.get(department, UNASSIGNED)] += int(counted)
    total = sum(posts for (facet, _), posts in facets.items() if facet == "year")
    return SearchCounts(total, _frame(facets), holds_unlisted=True)


def _years(connection: Connection, wanted: Wanted) -> list[tuple[dt.date, dt.date]]:
    """Return the first and last day of each year of the period in which there are posts at all."""
    days = days_with_posts(connection, wanted.synthetic)
    if days is None:
        return []
    first, last = max(days[0], wanted.start), min(days[1], wanted.end)
    return [
        (max(first, dt.date(year, 1, 1)), min(last, dt.date(year, 12, 31)))
        for year in range(first.year, last.year + 1)
        if first <= last
    ]


def _sums(connection: Connection, synthetic: bool, table: Table, start: dt.date, end: dt.date) -> list[Any]:
    is_of_classes = table is class_counts
    keys = ("platform_id", "post_class" if is_of_classes else "department_id")
    measures = ("posts",) if is_of_classes else ("questions", "answered", "waiting")
    found = sums(connection, table, PostFilter(start, end, synthetic=synthetic), keys, measures, ())
    return [(*key, *counts) for key, counts in found.items()]


def _in_stretches(table: Table, start: dt.date, end: dt.date) -> ColumnElement[bool]:
    """Return the condition that a row of a roll-up is one of those that together are these days.

    Each start is named, so that an engine looks up what it is asked for beside it.
    """
    columns = table.c
    return or_(
        *((columns.span == stretch.span) & columns.start.in_(starts_of(stretch)) for stretch in cover(start, end))
    )


def _has(chosen: frozenset[str] | frozenset[bool] | None, value: str | bool) -> bool:
    return chosen is None or value in chosen


def _is_of_department(department: int, wanted: Wanted) -> bool:
    if department in wanted.excluded_departments:
        return False
    return wanted.departments is None or department in wanted.departments


def _yes_or_no(is_answered: bool) -> str:
    return "yes" if is_answered else "no"


def _frame(facets: Facets) -> pd.DataFrame:
    """Return the facets, in each the value with most posts first, but years newest first; without empty ones."""
    order = ("platform", "department", "class", "answered", "year")

    def place(item: tuple[tuple[str, str], int]) -> tuple[int, int, str]:
        (facet, value), posts = item
        return order.index(facet), -int(value) if facet == "year" else -posts, value

    return SEARCH_FACETS.frame(
        [(facet, value, posts) for (facet, value), posts in sorted(facets.items(), key=place) if posts]
    )
