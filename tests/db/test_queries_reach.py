"""What the pages' queries read: roll-ups, whose rows grow with days and departments, and never with posts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from data_sources.connectors.demo import DemoConnector
from data_sources.loader import load
from data_sources.records import Post
from db import queries
from db.engine import open_engine
from db.metrics import METRICS, metric
from db.migrate import upgrade
from db.queries import asked
from db.records import PostFilter
from tests.builders import ListConnector, a_question, an_answer, kst
from tests.conftest import Store

UNTIL = dt.date(2026, 3, 1)
WHERE = PostFilter(UNTIL - dt.timedelta(days=150), UNTIL, synthetic=True)
NARROW = replace(WHERE, departments=("subway", "unassigned"), platforms=("x",))
ROWS = ("posts", "questions", "post_terms", "classifications", "search_texts")
Query = Callable[[Engine, PostFilter], object]

# What the pages ask for, under the names of the queries.
QUERIES: dict[str, Query] = {
    "has_posts": lambda engine, where: queries.has_posts(engine, where.synthetic),
    "load_id": lambda engine, where: queries.load_id(engine),
    "data_extent": lambda engine, where: queries.data_extent(engine, where.synthetic),
    "filter_options": lambda engine, where: queries.filter_options(engine, where.synthetic),
    "accounts": lambda engine, where: queries.accounts(engine, where.synthetic),
    "posts_by_day": queries.posts_by_day,
    "classes": queries.classes,
    "class_reasons": queries.class_reasons,
    "hidden_reasons": queries.hidden_reasons,
    "review_counts": queries.review_counts,
    "filter_rules": lambda engine, where: queries.filter_rules(engine),
    "department_volume": queries.department_volume,
    "department_funnel": lambda engine, where: queries.department_funnel(engine, where, "1_working_day"),
    "receiving_volume": queries.receiving_volume,
    "district_volume": queries.district_volume,
    "platform_weeks": queries.platform_weeks,
    "platform_totals": queries.platform_totals,
    "platform_weeks of the same accounts": lambda engine, where: queries.platform_weeks(
        engine, where, same_accounts=True
    ),
    "platform_totals of the same accounts": lambda engine, where: queries.platform_totals(
        engine, where, same_accounts=True
    ),
    "coverage": queries.coverage,
    "volume_expectation": queries.volume_expectation,
    "response_coverage": queries.response_coverage,
    "response_histogram": queries.response_histogram,
    "response_curve": queries.response_curve,
    "response_percentiles": queries.response_percentiles,
    "unanswered_ages": queries.unanswered_ages,
    "unanswered_weeks": queries.unanswered_weeks,
    "ever_answered": queries.ever_answered,
    "top_terms": queries.top_terms,
    "distinctive_terms": queries.distinctive_terms,
    "standing_issues": queries.standing_issues,
    "incidents": lambda engine, where: queries.incidents(engine, where, ("아리수", "소음")),
    "term_trend": lambda engine, where: queries.term_trend(engine, where, ("아리수", "소음")),
    **{
        name: lambda engine, where, name=name: metric(engine, name, where)  # type: ignore[misc]
        for name in METRICS
        if name != "direct_reply_median_hours"  # on no page: read from the rows by the command line
    },
}
# What is asked only of the whole city.
OF_THE_CITY: dict[str, Query] = {"expected_by_issue": queries.expected_by_issue}
# What is asked only where a department is named.
OF_DEPARTMENTS: dict[str, Query] = {"department_terms": queries.department_terms}
# What reads rows, of days that roll-ups name, and only in a view or at a switch of its own.
OF_ROWS: dict[str, Query] = {
    "by_mix": lambda engine, where: queries.department_funnel(engine, where, "3_days", adjusted=True),
    "oldest_unanswered": queries.oldest_unanswered,
}
# A query of words within a department or platform reads the newest questions; how many is bounded.
WORDS = ("top_terms", "distinctive_terms", "department_terms", "standing_issues", "term_trend", "district_volume")
# These ask the rows for the newest moment of all, or of an account: an index gives one.
SEEKS = re.compile(r"FROM posts\s+WHERE posts\.(timeline_id|account_id)")


@contextmanager
def _statements(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def note(connection: object, cursor: object, statement: str, parameters: object, *rest: object) -> None:
        seen.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _rows_named(statement: str) -> set[str]:
    return {name for name in ROWS if re.search(rf"(FROM|JOIN) {name}\b", statement)}


@pytest.mark.parametrize("where", [WHERE, NARROW], ids=["everything", "one department"])
def test_pages_read_rollups_and_seek_single_rows(store: Store, where: PostFilter) -> None:
    load(DemoConnector(posts=300, days=150, until=UNTIL), store.engine)
    for name, query in (QUERIES | (OF_DEPARTMENTS if where is NARROW else OF_THE_CITY)).items():
        with _statements(store.engine) as seen:
            query(store.engine, where)
        assert seen, name
        for statement, _ in seen:
            if name in WORDS and where is NARROW and "questions" in _rows_named(statement):
                assert "LIMIT" in statement
            elif name == "review_counts" and "posts" in _rows_named(statement):
                assert "posts.id IN (" in statement  # of the newest reviews, looked up one by one
            elif _rows_named(statement):
                assert _rows_named(statement) == {"posts"}, (name, statement)
                assert SEEKS.search(statement), (name, statement)


def test_rollups_are_searched_by_their_keys(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'plan.db'}")
    upgrade(engine)
    load(DemoConnector(posts=300, days=150, until=UNTIL), engine)
    large = "post_counts|class_counts|city_post_counts|question_counts|closed_questions|response_histograms|term_counts"
    narrow = {f"{name} of a platform": lambda e, where, q=q: q(e, NARROW) for name, q in OF_ROWS.items()}  # type: ignore[misc]
    for name, query in (QUERIES | OF_THE_CITY | OF_ROWS | narrow).items():
        with _statements(engine) as seen:
            query(engine, WHERE)
        with engine.connect() as connection:
            for statement, parameters in seen:
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
                steps = [row[-1] for row in plan]
                scans = [step for step in steps if re.search(rf"^SCAN ({large}|posts|questions)\b", step)]
                assert scans == [], (name, statement)


def _copies(number: int) -> list[Post]:
    """Return the same four months ``number`` times over: more posts, and not one more cell of a roll-up."""
    found = []
    for copy in range(number):
        for day in range(0, 120, 3):
            moment = kst("2025-11-01 09:00") + dt.timedelta(days=day)
            post_id = f"{copy} {day}"
            found.append(a_question(post_id, created_at=moment))
            if day % 2:
                found.append(an_answer(f"a {post_id}", to=post_id, created_at=moment + dt.timedelta(hours=day)))
    # The posts of the newest second are looked at one by one.
    return [*found, a_question("newest", created_at=kst("2026-04-01 09:00"))]


def _steps(engine: Engine, query: Query, where: PostFilter) -> int:
    """Return how many steps SQLite's machine took: each row that is touched is a few."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    def watch(connection: Any, *rest: object) -> None:
        connection.connection.driver_connection.set_progress_handler(count, 1)

    event.listen(engine, "before_cursor_execute", watch)
    try:
        query(engine, where)
    finally:
        event.remove(engine, "before_cursor_execute", watch)
    return steps


def test_ten_times_the_posts_take_the_same_steps(tmp_path: Path) -> None:
    where = replace(WHERE, synthetic=False)
    engines = []
    for number in (10, 100):
        engine = open_engine(f"sqlite:///{tmp_path / f'{number}.db'}")
        upgrade(engine)
        load(ListConnector(_copies(number)), engine)
        engines.append(engine)
    assert [queries.data_extent(engine, False).posts for engine in engines] == [401, 4001]
    for name, query in (QUERIES | OF_THE_CITY).items():
        few, many = (_steps(engine, query, where) for engine in engines)
        assert few > 20, name
        assert many <= few * 1.05 + 20, name


def test_words_of_a_department_are_of_its_newest_questions(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "MAX_FILTERED_QUESTIONS", 20)
    lamp, bike = "가로등이 꺼졌어요", "따릉이가 고장났어요"
    store.add(
        *[a_question(f"old {number}", bike, created_at=kst("2026-02-10 09:00")) for number in range(15)],
        *[a_question(f"new {number}", bike, created_at=kst("2026-03-10 09:00")) for number in range(12)],
        *[a_question(f"newest {number}", bike, created_at=kst("2026-03-11 09:00")) for number in range(6)],
        a_question("elsewhere", lamp, created_at=kst("2026-03-11 09:00")),
    )
    where = PostFilter(dt.date(2026, 2, 1), dt.date(2026, 3, 31), departments=("bike",))
    top = queries.top_terms(store.engine, where).set_index("term")
    # Whole days: the twelve and the six fit, the fifteen before them would be too many.
    assert top.loc["따릉이", ["questions", "share"]].tolist() == [18, 1.0]
    assert top.attrs == {"newest_only": 18}
    trend = queries.term_trend(store.engine, where, ("따릉이",))
    assert trend["bucket"].dt.strftime("%m-%d").tolist()[-2:] == ["03-10", "03-11"]
    assert trend["questions"].sum() == trend["total"].sum() == 18
    assert trend.attrs == {"newest_only": 18}
    march = replace(where, start=dt.date(2026, 3, 1))
    assert queries.top_terms(store.engine, march).attrs == {}
    assert queries.top_terms(store.engine, replace(where, departments=())).attrs == {}


def test_a_day_larger_than_the_limit_is_read_as_far_as_it_goes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "MAX_FILTERED_QUESTIONS", 8)
    store.add(*[a_question(f"q{number}", "따릉이가 고장났어요") for number in range(12)])
    where = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31), platforms=("blog",))
    top = queries.top_terms(store.engine, where).set_index("term")
    assert top.loc["따릉이", "questions"] == 8
    assert top.attrs == {"newest_only": 8}


def test_questions_of_a_department_on_a_small_platform_are_not_sought_through_all_years(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "MAX_EXAMINED", 10)
    bike = "따릉이가 고장났어요"
    store.add(
        *[a_question(f"blog {number}", bike, created_at=kst("2026-03-10 09:00")) for number in range(11)],
        *[
            a_question(f"{day} {number}", bike, platform="me2day", created_at=kst(f"2026-03-{day:02d} 09:00"))
            for day in (9, 11)
            for number in range(5)
        ],
    )
    where = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31), departments=("bike",), platforms=("me2day",))
    top = queries.top_terms(store.engine, where)
    assert top["questions"].tolist()[0] == 5
    assert top.attrs == {"newest_only": 5}
