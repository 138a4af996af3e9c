"""Departments beside one another, counted by hand and against pandas on the rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sqlalchemy import select

from data_sources.connectors.demo import DemoConnector
from data_sources.loader import load
from data_sources.records import AccountReference, Post
from db import queries, writes
from db.calendar import read_clocks
from db.funnel import ABOVE_998, ALERT, BELOW_998, TOO_FEW, VERDICTS, WITHIN
from db.packing import BUCKET_EDGES_S, unpack_ids
from db.queries import asked
from db.records import EXPECTED_OUTSIDE, KST, RESPONSE_TARGETS, PostFilter
from db.rollups.histograms import CLOCKS, WALL
from db.schema import departments, posts, questions, term_groups, terms
from db.transactions import writing
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
ROADS = AccountReference(handle="roads", department="도로관리과")
METRO = AccountReference(handle="metro", department="서울교통공사")
VAGUE = "여기 좀 봐 주세요"


def _asked(name: str, to: AccountReference, time: str, answered: str | None = None, text: str = VAGUE) -> list[Post]:
    question = a_question(name, text, created_at=kst(time), addressed_to=to)
    if answered is None:
        return [question]
    return [question, an_answer(f"a {name}", to=name, created_at=kst(answered), account=to)]


def test_every_target_is_exact_in_the_stored_histograms() -> None:
    assert EXPECTED_OUTSIDE == ALERT
    for target in RESPONSE_TARGETS.values():
        assert target.clock in CLOCKS
        assert target.hours * 3600 in BUCKET_EDGES_S


def test_only_days_count_whose_questions_all_had_the_time(store: Store) -> None:
    store.add(
        *_asked("in time", ROADS, "2026-03-02 09:00", "2026-03-03 09:00"),
        *_asked("a second late", ROADS, "2026-03-02 09:00", "2026-03-03 09:00:01"),
        *_asked("waits", ROADS, "2026-03-03 23:59"),
        *_asked("quick, too new", ROADS, "2026-03-04 00:00", "2026-03-04 01:00"),
        *_asked("other", METRO, "2026-03-02 10:00", "2026-03-02 11:00"),
        a_question("nobody's", VAGUE, created_at=kst("2026-03-02 09:00")),
        a_question("day only", VAGUE, created_precision="day", addressed_to=ROADS),
        a_question("no answers here", VAGUE, answers_collected=False, addressed_to=ROADS),
        a_question("cut-off", "감사합니다", created_at=kst("2026-03-05 23:59")),
    )
    found = queries.department_funnel(store.engine, MARCH, "24_hours")
    # At the cut-off 4 March is not wholly a day ago.
    assert found.until == dt.date(2026, 3, 3)
    assert found.unassigned == 1
    columns = ["department", "questions", "in_time", "share", "expected_share", "verdict"]
    assert found.departments[columns].values.tolist() == [
        ["roads", 3, 1, pytest.approx(1 / 3), 0.5, TOO_FEW],
        ["subway", 1, 1, 1.0, 0.5, TOO_FEW],
    ]
    wilson = stats.binomtest(1, 3).proportion_ci(method="wilson")
    assert found.departments.loc[0, ["low", "high"]].tolist() == pytest.approx([wilson.low, wilson.high])
    assert (found.dispersion, found.read) == (0.0, None)
    week = queries.department_funnel(store.engine, MARCH, "7_days")
    assert (week.until, week.departments.empty, week.limits.empty) == (None, True, True)


def test_a_filter_of_departments_leaves_the_comparison_whole(store: Store) -> None:
    store.add(
        *_asked("r", ROADS, "2026-03-02 09:00"),
        *_asked("m", METRO, "2026-03-02 09:00"),
        a_question("cut-off", "감사합니다", created_at=kst("2026-03-20 09:00")),
    )
    narrow = queries.department_funnel(store.engine, replace(MARCH, departments=("roads",)), "24_hours")
    assert sorted(narrow.departments["department"]) == ["roads", "subway"]
    for other in (replace(MARCH, platforms=("x",)), replace(MARCH, classes=("ad",)), replace(MARCH, synthetic=True)):
        for adjusted in (False, True):
            assert queries.department_funnel(store.engine, other, "24_hours", adjusted=adjusted).departments.empty


def test_by_the_working_clock_the_weekend_is_no_time(store: Store) -> None:
    # Friday, 6 March 2026, half past five; Monday is a working day, and the cut-off is Monday at noon.
    store.add(
        *_asked("within an hour", ROADS, "2026-03-06 17:30", "2026-03-09 09:30"),
        *_asked("sunday", ROADS, "2026-03-08 23:59"),
        *_asked("monday", ROADS, "2026-03-09 08:00"),
        a_question("cut-off", "감사합니다", created_at=kst("2026-03-09 12:00")),
    )
    at_once = queries.department_funnel(store.engine, MARCH, "3_working_hours")
    assert at_once.until == dt.date(2026, 3, 8)
    assert at_once.departments[["questions", "in_time"]].values.tolist() == [[2, 1]]
    with writing(store.engine) as connection:
        roads = connection.scalar(select(departments.c.code).where(departments.c.name_ko == "도로관리과"))
        writes.sync_calendar(connection, {str(roads): "10:00-18:00"}, [])
        writes.recount_working_time(connection)
        assert len(read_clocks(connection)) == 1
    # Of the later opening two hours have passed on Monday, so that the days end before the weekend, for everybody.
    later = queries.department_funnel(store.engine, MARCH, "3_working_hours")
    assert later.until == dt.date(2026, 3, 5)
    assert later.departments.empty


def test_what_is_removed_before_its_time_is_over_takes_no_part(store: Store) -> None:
    store.add(
        *_asked("removed at once", ROADS, "2026-03-02 09:00"),
        *_asked("removed late", ROADS, "2026-03-02 09:00"),
        a_question("cut-off", "감사합니다", created_at=kst("2026-03-20 09:00")),
    )
    with writing(store.engine) as connection:
        ids = writes.find_posts(connection, "blog", ["removed at once", "removed late"])
        writes.remove_posts(connection, [ids["removed at once"]], kst("2026-03-02 10:00"))
        writes.remove_posts(connection, [ids["removed late"]], kst("2026-03-04 10:00"))
    for target in ("24_hours", "3_working_hours"):
        for adjusted in (False, True):
            found = queries.department_funnel(store.engine, MARCH, target, adjusted=adjusted).departments
            assert found[["questions", "in_time"]].values.tolist() == [[1, 0]], (target, adjusted)


def test_a_department_that_differs_is_named_and_the_others_are_not(store: Store) -> None:
    accounts = [AccountReference(handle=f"d{place}", department=f"부서{place}") for place in range(8)]
    found: list[Post] = [a_question("cut-off", "감사합니다", created_at=kst("2026-03-20 09:00"))]
    for place, account in enumerate(accounts):
        in_time = {0: 5, 1: 38}.get(place, 20)
        for number in range(40):
            answered = "2026-03-02 11:00" if number < in_time else None
            found += _asked(f"{place} {number}", account, "2026-03-02 09:00", answered)
    store.add(*found)
    result = queries.department_funnel(store.engine, MARCH, "24_hours")
    verdicts = dict(zip(result.departments["name_ko"], result.departments["verdict"], strict=True))
    assert verdicts.pop("부서0") == BELOW_998
    assert verdicts.pop("부서1") == ABOVE_998
    assert set(verdicts.values()) == {WITHIN}
    # What lies outside of the limits on screen is what is named.
    rows = result.departments
    is_outside = (rows["share"] < rows["low_95"]) | (rows["share"] > rows["high_95"])
    assert rows.loc[is_outside, "name_ko"].tolist() == ["부서0", "부서1"]
    assert result.limits["questions"].tolist() == sorted(set(result.limits["questions"]))
    assert result.limits["questions"].iloc[[0, -1]].tolist() == [20, 40]
    assert result.limits[["low_998", "low_95", "high_95", "high_998"]].iloc[-1].is_monotonic_increasing


UNTIL = dt.date(2026, 3, 1)
DEMO = PostFilter(UNTIL - dt.timedelta(days=90), UNTIL, synthetic=True)


def _rows(store: Store) -> pd.DataFrame:
    """Return every question with what pandas needs to do the same on its own."""
    with store.engine.connect() as connection:
        rows = pd.read_sql(
            select(
                departments.c.code, posts.c.created_at, questions.c.first_answer_at, questions.c.first_answer_seconds,
                questions.c.closed_working_seconds, posts.c.term_ids,
            )
            .select_from(questions)
            .join(posts, posts.c.id == questions.c.post_id)
            .outerjoin(departments, departments.c.id == questions.c.department_id),
            connection,
        )  # fmt: skip
        order = connection.execute(
            select(terms.c.id)
            .join(term_groups, term_groups.c.name == terms.c.term)
            .where(terms.c.is_group.is_(True))
            .group_by(terms.c.id)
            .order_by(term_groups.c.position.label("place"))
            .group_by(term_groups.c.position)
        ).scalars()
        groups = list(dict.fromkeys(order))
    rows["stratum"] = [
        next((group for group in groups if group in set(unpack_ids(packed))), 0) for packed in rows["term_ids"]
    ]
    rows["day"] = pd.to_datetime(rows["created_at"], utc=True).dt.tz_convert(KST).dt.date
    return rows


@pytest.mark.parametrize("target", RESPONSE_TARGETS)
def test_both_comparisons_are_those_of_pandas_on_the_rows(store: Store, target: str) -> None:
    load(DemoConnector(posts=900, days=90, until=UNTIL), store.engine)
    rows = _rows(store)
    seconds = rows["first_answer_seconds" if RESPONSE_TARGETS[target].clock == WALL else "closed_working_seconds"]
    rows["ok"] = rows["first_answer_at"].notna() & (seconds <= RESPONSE_TARGETS[target].hours * 3600)
    plain = queries.department_funnel(store.engine, DEMO, target)
    mixed = queries.department_funnel(store.engine, DEMO, target, adjusted=True)
    assert plain.until == mixed.until is not None
    due = rows[rows["day"] <= plain.until]
    assert plain.unassigned == mixed.unassigned == due["code"].isna().sum()
    due = due.dropna(subset="code")
    expected = due.groupby("code").agg(questions=("ok", "size"), in_time=("ok", "sum"))
    for found in (plain.departments, mixed.departments):
        assert found.set_index("department").sort_index()[["questions", "in_time"]].values.tolist() == (
            expected.sort_index().values.tolist()
        )
        assert found["questions"].is_monotonic_decreasing
        assert set(found["verdict"]) <= set(VERDICTS)
    assert plain.departments["expected_share"].tolist() == pytest.approx([due["ok"].mean()] * len(expected))
    rate = due.groupby("stratum")["ok"].transform("mean")
    by_mix = rate.groupby(due["code"]).mean()
    assert due["stratum"].nunique() > 5
    assert mixed.departments.set_index("department")["expected_share"].to_dict() == pytest.approx(by_mix.to_dict())
    # What all departments together are expected to do is what they did.
    total = (mixed.departments["expected_share"] * mixed.departments["questions"]).sum()
    assert total == pytest.approx(mixed.departments["in_time"].sum())
    assert mixed.limits.empty
    assert mixed.read is None


def test_the_mix_is_that_of_the_newest_questions(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "MAX_FILTERED_QUESTIONS", 3)
    store.add(
        *_asked("old", ROADS, "2026-03-02 09:00"),
        *[post for number in range(3) for post in _asked(f"new {number}", METRO, "2026-03-03 09:00")],
        a_question("cut-off", "감사합니다", created_at=kst("2026-03-20 09:00")),
    )
    for where in (MARCH, replace(MARCH, platforms=("blog",))):
        found = queries.department_funnel(store.engine, where, "24_hours", adjusted=True)
        assert found.departments[["department", "questions"]].values.tolist() == [["subway", 3]]
        assert found.read == 3
    assert np.isnan(found.departments["expected_share"]).sum() == 0


def test_an_empty_store_has_no_departments_to_compare(store: Store) -> None:
    found = queries.department_funnel(store.engine, MARCH, "24_hours")
    assert (found.departments.empty, found.until) == (True, None)
