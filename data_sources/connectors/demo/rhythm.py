"""When citizens write and when offices answer, in Korea Standard Time."""

from __future__ import annotations

import datetime as dt
import random
from itertools import accumulate
from zoneinfo import ZoneInfo

KST = ZoneInfo("Asia/Seoul")

# Relative number of citizens' posts per hour: the record of 2012 has peaks at 22:00 and midnight, a low at 03-06.
HOUR_WEIGHTS = (
    *(2.0, 1.05, 0.55, 0.2, 0.14, 0.17, 0.35, 0.75),
    *(1.0, 0.95, 0.9, 0.9, 1.1, 0.95, 0.85, 0.85),
    *(0.9, 1.0, 1.2, 1.15, 1.25, 1.6, 2.7, 2.35),
)
WEEKEND_HOUR_WEIGHTS = tuple(
    weight * (0.55 if 6 <= hour < 10 else 1.15 if 11 <= hour < 18 else 1.0) for hour, weight in enumerate(HOUR_WEIGHTS)
)
WEEKDAY_WEIGHTS = (1.08, 1.04, 1.03, 1.0, 1.05, 0.84, 0.8)  # Monday first; fewer commutes, fewer complaints
DAY_NOISE = 0.1  # sigma of the log-normal factor between days

OFFICE_OPENS, OFFICE_CLOSES = 9, 18
SATURDAY = 5
# Public holidays with a fixed date (month, day); the lunar ones are left out of an invented city.
FIXED_HOLIDAYS = frozenset({(1, 1), (3, 1), (5, 5), (6, 6), (8, 15), (10, 3), (10, 9), (12, 25)})


def is_working_day(day: dt.date) -> bool:
    return day.weekday() < SATURDAY and (day.month, day.day) not in FIXED_HOLIDAYS


class Rhythm:
    """Draws posting times over the ``days`` whole days before ``until``."""

    def __init__(self, rng: random.Random, days: int, until: dt.date) -> None:
        self._rng = rng
        self.start = until - dt.timedelta(days=days)
        self.days = tuple(self.start + dt.timedelta(days=number) for number in range(days))
        self._by_day = tuple(
            accumulate(WEEKDAY_WEIGHTS[day.weekday()] * rng.lognormvariate(0, DAY_NOISE) for day in self.days)
        )
        self._by_hour = (tuple(accumulate(HOUR_WEIGHTS)), tuple(accumulate(WEEKEND_HOUR_WEIGHTS)))

    def time(self) -> dt.datetime:
        """Return a time within the period, drawn by day and hour."""
        return self.time_on(self._rng.choices(self.days, cum_weights=self._by_day)[0])

    def time_on(self, day: dt.date) -> dt.datetime:
        """Return a time on ``day``, drawn by hour."""
        hours = self._by_hour[day.weekday() >= SATURDAY]
        hour = self._rng.choices(range(24), cum_weights=hours)[0]
        return kst(day, hour, self._rng.randrange(3600))


def kst(day: dt.date, hour: int, seconds: int = 0) -> dt.datetime:
    """Return ``seconds`` after ``hour`` on ``day`` in Korea Standard Time."""
    return dt.datetime(day.year, day.month, day.day, hour, tzinfo=KST) + dt.timedelta(seconds=seconds)


def office_time(rng: random.Random, when: dt.datetime) -> dt.datetime:
    """Return ``when`` where an office is open, else a time in the first hours it is open again."""
    if is_working_day(when.date()) and OFFICE_OPENS <= when.hour < OFFICE_CLOSES:
        return when
    day = when.date() if when.hour < OFFICE_OPENS else when.date() + dt.timedelta(days=1)
    while not is_working_day(day):
        day += dt.timedelta(days=1)
    wait = min(rng.expovariate(1 / 5400), 8.5 * 3600)  # the morning's queue: an hour and a half on average
    return kst(day, OFFICE_OPENS, int(wait))
