"""How long questions waited by the working clock: stored, counted, and right again after the calendar changes."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select, text

from data_sources.records import AccountReference
from db import rollups, writes
from db.metrics import metric
from db.migrate import upgrade
from db.queries.response import answer_times
from db.records import PostFilter
from db.rollups.histograms import WALL, WORKING
from db.schema import calendar_days, departments, questions
from db.state import REBUILD_NEEDED, WORKING_TIME_NEEDED, read_state, write_state
from db.transactions import writing
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
HOUR = 3600
VAGUE = "여기 좀 봐 주세요"
ROADS = AccountReference(handle="roads", department="도로관리과")
# Friday, 6 March 2026; Monday is a working day.
FRIDAY, MONDAY = kst("2026-03-06 17:30"), kst("2026-03-09 09:30")


def _working_seconds(store: Store) -> list[int | None]:
    with store.engine.connect() as connection:
        return list(connection.scalars(select(questions.c.closed_working_seconds).order_by(questions.c.post_id)))


def _wrong(store: Store) -> list[str]:
    return [str(difference) for difference in rollups.check(store.engine)]


def _fill(store: Store) -> None:
    store.add(
        a_question("over the weekend", VAGUE, created_at=FRIDAY),
        an_answer("a1", to="over the weekend", created_at=MONDAY, account=ROADS),
        a_question("waits", VAGUE, created_at=kst("2026-03-09 09:00")),
        a_question("day only", VAGUE, created_at=kst("2026-03-09 00:00"), created_precision="day"),
        an_answer("a2", to="day only", created_at=kst("2026-03-09 12:00"), account=ROADS),
        a_question("last", VAGUE, created_at=kst("2026-03-10 18:00")),
    )


def test_a_weekend_is_an_hour_of_work(store: Store) -> None:
    _fill(store)
    assert _working_seconds(store) == [HOUR, None, None, None]
    times = answer_times(store.engine, MARCH, WORKING)
    assert times.answered_hours == pytest.approx([1], rel=0.01)
    # Asked on Monday at 9, seen until Tuesday at 18; and one at the very cut-off.
    assert times.censored_hours.tolist() == [0, 16]
    assert answer_times(store.engine, MARCH, WALL).answered_hours == pytest.approx([64], rel=0.01)
    assert metric(store.engine, "answered_within_3_working_hours_share", MARCH).value == pytest.approx(0.5)
    assert metric(store.engine, "answered_within_24h_share", MARCH).value == 0
    assert _wrong(store) == []


def test_a_late_answer_an_edit_and_a_removal_change_it(store: Store) -> None:
    _fill(store)
    store.add(an_answer("a3", to="waits", created_at=kst("2026-03-09 14:00"), account=ROADS))
    assert _working_seconds(store) == [HOUR, 4 * HOUR, None, None]
    with writing(store.engine) as connection:
        ids = writes.find_posts(connection, "blog", ["last", "over the weekend"])
        writes.remove_posts(connection, list(ids.values()), kst("2026-03-11 10:00"))
    # What was answered before stays answered; the other was observed until its removal.
    assert _working_seconds(store) == [HOUR, 4 * HOUR, None, HOUR]
    assert answer_times(store.engine, MARCH, WORKING).censored_hours == pytest.approx([1], rel=0.01)
    assert _wrong(store) == []


def _sync(store: Store, hours: dict[str, str | None], closed: dt.date | None) -> int:
    with writing(store.engine) as connection:
        days = [{"day": closed, "is_working_day": False, "name_ko": "시의 날", "name_en": "City day"}] if closed else []
        assert writes.sync_calendar(connection, hours, days)
        assert not writes.sync_calendar(connection, hours, days)
        return writes.recount_working_time(connection)


def test_a_new_holiday_and_other_hours_move_what_is_stored(store: Store) -> None:
    _fill(store)
    assert _sync(store, {}, dt.date(2026, 3, 9)) == 1
    assert _working_seconds(store) == [HOUR // 2, None, None, None]
    assert answer_times(store.engine, MARCH, WORKING).censored_hours.tolist() == [0, 8]
    assert _wrong(store) == []
    with store.engine.connect() as connection:
        code = connection.scalar(select(departments.c.code).where(departments.c.name_ko == "도로관리과"))
        assert connection.scalar(select(calendar_days.c.name_en)) == "City day"
    assert code is not None
    assert _sync(store, {code: "09:00-20:00"}, None) == 1
    assert _working_seconds(store) == [3 * HOUR, None, None, None]
    assert _wrong(store) == []


def test_a_store_from_before_the_working_clock_gets_its_times(store: Store) -> None:
    _fill(store)
    with writing(store.engine) as connection:
        connection.execute(text("UPDATE questions SET closed_working_seconds = NULL"))
        connection.execute(text("DELETE FROM response_histograms"))
        for name in (WORKING_TIME_NEEDED, REBUILD_NEEDED):
            write_state(connection, name, 1)
    upgrade(store.engine)
    assert _working_seconds(store) == [HOUR, None, None, None]
    assert _wrong(store) == []
    with store.engine.connect() as connection:
        assert read_state(connection, WORKING_TIME_NEEDED) is None
