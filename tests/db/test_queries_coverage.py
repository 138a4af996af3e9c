from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import insert, select, update

from data_sources.records import AccountReference
from db import queries
from db.concentration import herfindahl_hirschman
from db.metrics import metric
from db.queries import platforms
from db.records import KST, PostFilter
from db.schema import accounts, load_runs
from db.transactions import writing
from db.writes.sources import ReadSpan, add_spans
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
FIRST_WEEK = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 7))
ROADS = AccountReference(handle="roads", department="도로관리과")
METRO = AccountReference(handle="metro", department="서울교통공사")


def _set(store: Store, handle: str, **values: object) -> None:
    with store.engine.begin() as connection:
        connection.execute(update(accounts).where(accounts.c.handle == handle).values(**values))


def _two_accounts(store: Store) -> None:
    store.add(
        a_question("q1", created_at=kst("2026-03-01 09:00")),
        a_question("q2", created_at=kst("2026-03-07 09:00")),
        an_answer("a1", to="q1", created_at=kst("2026-03-02 11:00"), account=ROADS),
        an_answer("a2", to="q1", created_at=kst("2026-03-02 12:00"), account=ROADS),
        an_answer("a3", to="q2", created_at=kst("2026-03-02 12:00"), account=METRO),
    )


def test_accounts_count_from_the_day_they_were_connected_to_the_last(store: Store) -> None:
    _two_accounts(store)
    known = queries.coverage(store.engine, FIRST_WEEK)
    assert known["connected"].tolist() == [2] * 7  # no day is known of them
    _set(store, "roads", connected_from=dt.date(2026, 3, 3))
    _set(store, "metro", status="retired", connected_to=dt.date(2026, 3, 5))
    known = queries.coverage(store.engine, FIRST_WEEK)
    assert known["connected"].tolist() == [1, 1, 2, 2, 2, 1, 1]
    assert known["added"].tolist() == [0, 0, 1, 0, 0, 0, 0]
    _set(store, "metro", connected_to=None)  # retired, and nobody knows when
    _set(store, "roads", status="pending")
    assert queries.coverage(store.engine, FIRST_WEEK)["connected"].tolist() == [0] * 7


def test_accounts_that_wrote_count_once_a_day(store: Store) -> None:
    _two_accounts(store)
    known = queries.coverage(store.engine, FIRST_WEEK)
    assert known["writing"].tolist() == [0, 2, 0, 0, 0, 0, 0]
    assert known["posts"].tolist() == [1, 0, 0, 0, 0, 0, 1]
    narrow = queries.coverage(store.engine, replace(FIRST_WEEK, departments=("roads",)))
    assert (narrow["connected"].tolist()[0], narrow["writing"].tolist()[1]) == (1, 1)
    assert not queries.coverage(store.engine, replace(FIRST_WEEK, platforms=("me2day",)))["connected"].any()


def test_load_runs_stand_on_the_day_they_began_in_seoul(store: Store) -> None:
    _two_accounts(store)
    with store.engine.begin() as connection:
        run = dict(connection.execute(select(load_runs)).mappings().one())
        for number, moment in enumerate(("2026-03-01 23:59", "2026-03-02 00:00", "2026-03-02 09:00"), 1):
            row = {**run, "id": run["id"] + number, "started_at": kst(moment), "rejected": number}
            connection.execute(insert(load_runs).values(**row))
    known = queries.coverage(store.engine, FIRST_WEEK)
    assert known["runs"].tolist() == [1, 2, 0, 0, 0, 0, 0]
    assert known["rejected"].tolist() == [1, 5, 0, 0, 0, 0, 0]
    assert not queries.coverage(store.engine, replace(FIRST_WEEK, synthetic=True))["runs"].any()
    today = dt.datetime.now(KST).date()
    assert queries.coverage(store.engine, PostFilter(today, today))["runs"].tolist() == [1]


def test_days_outside_the_data_and_gaps_are_not_known(store: Store) -> None:
    days = [day for day in range(2, 31) if day not in (15, 16, 17)]
    store.add(
        *[
            a_question(f"{day} {number}", created_at=kst(f"2026-03-{day:02d} 09:00"))
            for day in days
            for number in range(10)
        ],
        *[a_question(f"m {day}", platform="me2day", created_at=kst(f"2026-03-{day:02d} 09:00")) for day in (15, 16)],
    )
    unknown = [day for day, known in enumerate(queries.coverage(store.engine, MARCH)["in_data"], 1) if not known]
    assert unknown == [1, 31]  # of the three days one is wholly without a post, and ten may be missing by chance
    blog = queries.coverage(store.engine, replace(MARCH, platforms=("blog",)))
    assert [day for day, known in enumerate(blog["in_data"], 1) if not known] == [1, 15, 16, 17, 31]


def test_the_same_accounts_are_those_connected_all_the_time(store: Store) -> None:
    store.add(
        an_answer("a", to="q1", account=ROADS),
        an_answer("b", to="q2", account=METRO),
        *[a_question(f"q{n}", addressed_to=ROADS, created_at=kst(f"2026-03-{n + 1:02d} 09:00")) for n in range(1, 9)],
        *[a_question(f"r{n}", addressed_to=METRO, created_at=kst(f"2026-03-{n + 1:02d} 09:00")) for n in range(1, 4)],
        a_question("nobody"),
        a_question("other", platform="me2day"),
    )
    _set(store, "metro", connected_from=dt.date(2026, 3, 3))
    totals = queries.platform_totals(store.engine, MARCH, same_accounts=True)
    assert totals.set_index("platform")["posts"].to_dict()["blog"] == 8
    weeks = queries.platform_weeks(store.engine, MARCH, same_accounts=True)
    assert weeks[["platform", "posts", "share"]].values.tolist() == [["blog", 7, 1.0], ["blog", 1, 1.0]]
    later = replace(MARCH, start=dt.date(2026, 3, 3))
    assert queries.platform_totals(store.engine, later, same_accounts=True)["posts"].max() == 7 + 2
    everybody = queries.platform_weeks(store.engine, MARCH)
    assert everybody["posts"].sum() == 13


def test_authors_are_counted_in_the_newest_posts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add(
        *[a_question(f"q{n}", author=f"person {n % 2}", created_at=kst(f"2026-03-02 09:0{n}")) for n in range(5)],
        a_question("unknown", author=None, created_at=kst("2026-03-02 08:00")),
        a_question("m", platform="me2day", created_at=kst("2026-03-02 10:00")),
        an_answer(created_at=kst("2026-03-03 10:00")),
    )
    authors = queries.platform_authors(store.engine, MARCH)
    assert authors[["platform", "posts", "authors", "author_share"]].values.tolist() == [
        ["blog", 6, 3, 0.75],
        ["me2day", 1, 1, 0.25],
    ]
    assert authors.attrs == {"concentration": 0.75**2 + 0.25**2}
    monkeypatch.setattr(platforms, "MAX_SAMPLED", 3)
    newest = queries.platform_authors(store.engine, MARCH)
    assert newest[["platform", "posts", "authors"]].values.tolist() == [["blog", 2, 2], ["me2day", 1, 1]]
    assert newest.attrs["newest_only"] == 3
    only = queries.platform_authors(store.engine, replace(MARCH, platforms=("me2day",)))
    assert only["posts"].tolist() == [1]
    assert queries.platform_authors(store.engine, replace(MARCH, classes=("ad",))).empty
    assert queries.platform_authors(store.engine, replace(MARCH, departments=("subway",)))["posts"].sum() == 3


def test_concentration_is_one_in_one_place_and_a_share_where_all_are_alike(store: Store) -> None:
    assert herfindahl_hirschman([7]) == 1
    assert herfindahl_hirschman([2, 2, 2, 2]) == 0.25
    assert herfindahl_hirschman([]) is None
    store.add(*[a_question(f"q{n}") for n in range(3)], a_question("m", platform="me2day"))
    found = metric(store.engine, "platform_concentration", MARCH)
    assert (found.value, found.n, found.unit) == (0.75**2 + 0.25**2, 4, "index")


def test_a_day_of_which_a_part_was_not_read_is_told_from_one_that_was(store: Store) -> None:
    _two_accounts(store)
    read = {
        "roads": [("2026-03-01", "2026-03-02 06:00"), ("2026-03-02 10:00", "2026-03-04"), ("2026-03-05", "2026-03-09")],
        # Two gaps that begin before the period or end after it.
        "metro": [
            ("2026-02-20", "2026-02-27"), ("2026-03-03 12:00", "2026-03-06 12:00"), ("2026-03-20", "2026-03-21"),
        ],
    }  # fmt: skip
    with writing(store.engine) as connection:
        for handle, spans in read.items():
            add_spans(
                connection, "x:mentions", [ReadSpan("blog", handle, kst(start), kst(end)) for start, end in spans]
            )
        # Another source reads the same account without a break.
        add_spans(connection, "x:answers", [ReadSpan("blog", "roads", kst("2026-03-01"), kst("2026-03-09"))])
    assert queries.coverage(store.engine, FIRST_WEEK)["unread"].tolist() == [1, 2, 1, 1, 0, 1, 1]
    narrow = replace(FIRST_WEEK, departments=("roads",))
    assert queries.coverage(store.engine, narrow)["unread"].tolist() == [0, 1, 0, 1, 0, 0, 0]
    gaps = queries.account_gaps(store.engine, False, kst("2026-03-05"))
    assert gaps[["handle", "gap_hours"]].values.tolist() == [["metro", 13.5 * 24]]
