"""The working clock: cases worked out by hand with a calendar, and what must hold for any moments."""

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.working_clock import OFFICE_HOURS, OfficeHours, UnreadableHours, WorkingClock

KST = ZoneInfo("Asia/Seoul")
HOUR = 3600
CLOCK = WorkingClock()


def moment(written):
    return dt.datetime.strptime(written, "%Y-%m-%d %H:%M").replace(tzinfo=KST)


CASES = [
    # One working day, a Wednesday.
    ("2026-11-25 09:00", "2026-11-25 18:00", 8.0),
    ("2026-11-25 09:00", "2026-11-25 12:00", 3.0),
    ("2026-11-25 10:00", "2026-11-25 10:30", 0.5),
    ("2026-11-25 11:30", "2026-11-25 13:30", 1.0),  # over lunch
    ("2026-11-25 12:00", "2026-11-25 13:00", 0.0),  # nothing but lunch
    ("2026-11-25 12:10", "2026-11-25 12:50", 0.0),
    ("2026-11-25 12:30", "2026-11-25 14:00", 1.0),
    ("2026-11-25 00:00", "2026-11-25 09:00", 0.0),
    ("2026-11-25 07:00", "2026-11-25 09:30", 0.5),
    ("2026-11-25 17:45", "2026-11-25 23:59", 0.25),
    ("2026-11-25 18:00", "2026-11-25 22:00", 0.0),
    ("2026-11-25 00:00", "2026-11-26 00:00", 8.0),
    # Asked at night, when most citizens write.
    ("2026-11-25 23:50", "2026-11-26 09:00", 0.0),
    ("2026-11-25 23:50", "2026-11-26 09:10", 1 / 6),
    ("2026-11-25 22:00", "2026-11-26 12:00", 3.0),
    ("2026-11-26 00:10", "2026-11-26 13:00", 3.0),
    # Over nights and a weekend.
    ("2026-11-25 17:00", "2026-11-26 10:00", 2.0),
    ("2026-11-27 17:30", "2026-11-30 09:30", 1.0),  # Friday to Monday
    ("2026-11-27 18:00", "2026-11-30 09:00", 0.0),
    ("2026-11-27 23:50", "2026-11-30 10:00", 1.0),
    ("2026-11-28 10:00", "2026-11-29 20:00", 0.0),  # the weekend itself
    ("2026-11-28 10:00", "2026-11-30 18:00", 8.0),
    ("2026-11-23 09:00", "2026-11-27 18:00", 40.0),  # a week
    ("2026-11-23 09:00", "2026-11-30 09:00", 40.0),
    # Seollal 2026: 16 to 18 February, Monday to Wednesday.
    ("2026-02-13 17:00", "2026-02-19 10:00", 2.0),
    ("2026-02-16 09:00", "2026-02-18 18:00", 0.0),
    ("2026-02-17 23:50", "2026-02-19 09:30", 0.5),
    # Chuseok 2026: 24 to 26 September, Thursday to Saturday, no substitute for the Saturday.
    ("2026-09-23 16:00", "2026-09-28 11:00", 4.0),
    # Chuseok 2025 with Gaecheonjeol and Hangul Day: 3 to 9 October, and Friday the 10th works.
    ("2025-10-02 17:00", "2025-10-10 10:00", 2.0),
    # Substitute holidays: Monday 2026-03-02 for Sunday 1 March, Monday 2026-08-17 for Saturday the 15th.
    ("2026-02-27 17:00", "2026-03-03 10:00", 2.0),
    ("2026-08-14 15:00", "2026-08-18 12:00", 6.0),
    # Temporary holidays: Tuesday 2024-10-01, Monday 2025-01-27, Monday 2020-08-17, Monday 2017-10-02.
    ("2024-09-30 17:00", "2024-10-02 10:00", 2.0),
    ("2025-01-24 17:30", "2025-01-31 09:30", 1.0),
    ("2020-08-14 17:00", "2020-08-18 10:00", 2.0),
    ("2017-09-29 17:00", "2017-10-10 10:00", 2.0),
    # Election days are public holidays: Wednesday 2024-04-10, Tuesday 2025-06-03, Wednesday 2012-12-19.
    ("2024-04-09 17:00", "2024-04-11 10:00", 2.0),
    ("2025-06-02 17:00", "2025-06-04 10:00", 2.0),
    ("2012-12-18 17:00", "2012-12-20 10:00", 2.0),
    # Fixed ones on a weekday: Hangul Day came back in 2013 and was a working day in 2012.
    ("2012-10-08 17:00", "2012-10-10 10:00", 10.0),
    ("2013-10-08 17:00", "2013-10-10 10:00", 2.0),
    # Labour Day was none for public offices until 2025.
    ("2024-04-30 17:00", "2024-05-02 10:00", 10.0),
    # Over the turn of a year, and a leap day.
    ("2025-12-31 17:00", "2026-01-02 10:00", 2.0),
    ("2024-02-28 17:00", "2024-03-04 10:00", 10.0),
    # Backwards there is no time.
    ("2026-11-25 15:00", "2026-11-25 10:00", 0.0),
    # Before and after the years of the calendar the clock stands still.
    ("1995-01-02 09:00", "1995-01-06 18:00", 0.0),
    ("2061-01-03 09:00", "2061-01-07 18:00", 0.0),
]


@pytest.mark.parametrize(("start", "end", "hours"), CASES)
def test_working_time_of_hand_made_cases(start, end, hours):
    assert CLOCK.between(moment(start), moment(end)) == round(hours * HOUR)


def test_there_are_enough_cases():
    assert len(CASES) >= 40


def test_the_zone_of_the_moments_does_not_matter():
    start, end = moment("2026-11-25 08:00"), moment("2026-11-25 10:00")
    assert CLOCK.between(start.astimezone(dt.UTC), end.astimezone(ZoneInfo("America/New_York"))) == HOUR


def test_a_city_may_add_a_holiday_and_take_one_away():
    start, end = moment("2026-11-24 17:00"), moment("2026-11-26 10:00")
    assert CLOCK.between(start, end) == 10 * HOUR
    closed = WorkingClock(exceptions={dt.date(2026, 11, 25): False})
    assert closed.between(start, end) == 2 * HOUR
    saturday = WorkingClock(exceptions={dt.date(2026, 11, 28): True})
    assert saturday.between(moment("2026-11-27 17:00"), moment("2026-11-30 10:00")) == 10 * HOUR


def test_a_department_may_have_hours_of_its_own():
    late = WorkingClock(OfficeHours.parse("10:00-20:00"))
    assert late.between(moment("2026-11-25 08:00"), moment("2026-11-25 21:00")) == 10 * HOUR
    assert late.between(moment("2026-11-25 12:00"), moment("2026-11-25 13:00")) == HOUR


@pytest.mark.parametrize(
    "written", ["", "9-18", "09:00", "18:00-09:00", "09:00-18:00 08:00-09:30", "09:00-18:60", "09:00-25:00",
                "09:00-18:00 12:00-13:00 15:00-15:10", "09:00-18:00 09:00-18:00"],
)  # fmt: skip
def test_hours_that_cannot_be_read_are_refused(written):
    with pytest.raises(UnreadableHours):
        OfficeHours.parse(written)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-25 10:00", 3, "2026-11-25 14:00"),  # over lunch
        ("2026-11-25 09:00", 3, "2026-11-25 12:00"),
        ("2026-11-25 23:50", 3, "2026-11-26 12:00"),
        ("2026-11-27 17:30", 1, "2026-11-30 09:30"),
        ("2026-11-25 10:00", 8, "2026-11-26 10:00"),  # one working day
        ("2026-02-13 17:00", 2, "2026-02-19 10:00"),
        ("2026-11-25 09:00", 8, "2026-11-25 18:00"),
    ],
)
def test_when_an_answer_is_due(start, hours, due):
    assert CLOCK.due(moment(start), hours * HOUR) == moment(due)


def test_no_deadline_in_the_past_and_none_after_the_calendar():
    with pytest.raises(ValueError, match="future"):
        CLOCK.due(moment("2026-11-25 10:00"), 0)
    with pytest.raises(ValueError, match="ends on 2060"):
        CLOCK.due(moment("2060-12-31 10:00"), 100 * HOUR)


MOMENTS = st.integers(int(moment("1999-12-01 00:00").timestamp()), int(moment("2061-02-01 00:00").timestamp()))
CLOCKS = st.sampled_from(
    [
        CLOCK,
        WorkingClock(OfficeHours.parse("08:30-17:15 11:30-12:30"), {dt.date(2026, 11, 25): False}),
        WorkingClock(OfficeHours.parse("00:00-24:00"), {dt.date(2026, 11, 28): True}),
    ]
)


def _at(timestamp):
    return dt.datetime.fromtimestamp(timestamp, KST)


@given(CLOCKS, st.lists(MOMENTS, min_size=3, max_size=3))
def test_the_clock_is_monotone_additive_and_never_negative(clock, moments):
    first, second, third = sorted(moments)
    whole = clock.between(_at(first), _at(third))
    parts = [clock.between(_at(first), _at(second)), clock.between(_at(second), _at(third))]
    assert sum(parts) == whole
    assert min(parts) >= 0
    assert whole <= third - first
    assert clock.between(_at(third), _at(first)) == 0


@given(CLOCKS, MOMENTS, st.integers(1, 200 * HOUR))
def test_the_deadline_is_the_first_moment_at_which_the_time_has_passed(clock, timestamp, seconds):
    start = _at(min(timestamp, int(moment("2059-01-01 00:00").timestamp())))
    due = clock.due(start, seconds)
    since = max(start, dt.datetime(2000, 1, 1, tzinfo=KST))
    assert clock.between(since, due) == seconds
    assert clock.between(since, due - dt.timedelta(seconds=1)) == seconds - 1


@given(CLOCKS, st.lists(MOMENTS, min_size=2, max_size=20))
def test_many_moments_at_once_stand_where_each_stands_alone(clock, moments):
    stands = clock.at(np.array(sorted(moments)))
    assert (stands - stands[0]).tolist() == [clock.between(_at(min(moments)), _at(one)) for one in sorted(moments)]


def test_the_hours_of_the_law():
    assert OFFICE_HOURS.seconds_per_day == 8 * HOUR
