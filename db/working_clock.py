"""The working clock of the Korean complaint law: it runs while offices are open, and eight of its hours are a day.

Monday to Friday, less the lunch hour, less public, substitute and temporary holidays. Korea has had no daylight-saving
time since 1988, so that KST is UTC and nine hours.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import holidays
import numpy as np
import numpy.typing as npt

from db.records import KST

AT_ONCE_HOURS = 3  # "즉시" of the same decree
# Outside these years the clock stands still: nobody asks about them, and a wrong date must not cost a calendar of its own.
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2060, 12, 31)
_KST_OFFSET_S = 9 * 3600
_DAY_S = 86_400
_FIRST = FIRST_DAY.toordinal()
_EPOCH = dt.date(1970, 1, 1).toordinal()
_WRITTEN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")

Ints = npt.NDArray[np.int64]


class UnreadableHours(ValueError):
    """Office hours are not written as ``09:00-18:00`` or ``09:00-18:00 12:00-13:00``."""


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When an office is open, in seconds since KST midnight; the lunch hour lies within, or is empty."""

    opens_s: int
    closes_s: int
    lunch_from_s: int
    lunch_until_s: int

    @classmethod
    def parse(cls, written: str) -> OfficeHours:
        """Read ``09:00-18:00 12:00-13:00``; the lunch hour may be missing.

        Raises
        ------
        UnreadableHours
            It is written otherwise, or its times are not in order.
        """
        parts = written.split()
        spans = [_span(part) for part in parts]
        if not 1 <= len(spans) <= 2 or None in spans:
            raise UnreadableHours(f"office hours {written!r} are not written as 09:00-18:00 12:00-13:00")
        (opens, closes), lunch = spans[0] or (0, 0), spans[-1] or (0, 0)
        lunch_from, lunch_until = lunch if len(spans) == 2 else (closes, closes)
        if (
            not opens < closes
            or not opens <= lunch_from <= lunch_until <= closes
            or lunch_until - lunch_from == closes - opens
        ):
            raise UnreadableHours(f"office hours {written!r} are not in order")
        return cls(opens, closes, lunch_from, lunch_until)

    @property
    def seconds_per_day(self) -> int:
        """Working seconds of a working day."""
        return self.closes_s - self.opens_s - (self.lunch_until_s - self.lunch_from_s)

    def until(self, seconds_of_day: Ints) -> Ints:
        """Return the working seconds of a working day that lie before each time of day."""
        opened = np.clip(seconds_of_day, self.opens_s, self.closes_s) - self.opens_s
        eaten = np.clip(seconds_of_day, self.lunch_from_s, self.lunch_until_s) - self.lunch_from_s
        return opened - eaten

    def until_second(self, second: int) -> int:
        """Return the same of one time of day."""
        opened = min(max(second, self.opens_s), self.closes_s) - self.opens_s
        return opened - (min(max(second, self.lunch_from_s), self.lunch_until_s) - self.lunch_from_s)

    def reaching(self, seconds: int) -> int:
        """Return the time of day at which so many working seconds have passed, more than none."""
        before_lunch = self.lunch_from_s - self.opens_s
        return self.opens_s + seconds + (0 if seconds <= before_lunch else self.lunch_until_s - self.lunch_from_s)


def _span(written: str) -> tuple[int, int] | None:
    match = _WRITTEN.fullmatch(written)
    if match is None:
        return None
    from_hour, from_minute, to_hour, to_minute = map(int, match.groups())
    if max(from_minute, to_minute) > 59 or from_hour > 23 or to_hour * 60 + to_minute > 24 * 60:
        return None
    return (from_hour * 60 + from_minute) * 60, (to_hour * 60 + to_minute) * 60


OFFICE_HOURS = OfficeHours.parse("09:00-18:00 12:00-13:00")


class WorkingClock:
    """Counts working seconds.

    Parameters
    ----------
    hours : of the office
    exceptions : days on which the city differs from the calendar: True where it works, False where it does not
    """

    def __init__(self, hours: OfficeHours = OFFICE_HOURS, exceptions: Mapping[dt.date, bool] | None = None) -> None:
        self.hours = hours
        self._is_open = working_days(exceptions or {})
        self._days_before = np.concatenate([[0], np.cumsum(self._is_open, dtype=np.int64)])
        self._before: list[int] = self._days_before.tolist()

    def between(self, start: dt.datetime, end: dt.datetime) -> int:
        """Return the working seconds from ``start`` to ``end``; 0 where ``end`` is not after it."""
        # Not by `at`: arrays of one are twenty times slower, and a load asks for each answer.
        return max(0, self._stands_at(int(end.timestamp())) - self._stands_at(int(start.timestamp())))

    def _stands_at(self, timestamp: int) -> int:
        day, second = divmod(timestamp + _KST_OFFSET_S, _DAY_S)
        place = day + _EPOCH - _FIRST
        last = len(self._before) - 1
        whole = self._before[min(max(place, 0), last)] * self.hours.seconds_per_day
        is_open = 0 <= place < last and self._before[place + 1] > self._before[place]
        return whole + self.hours.until_second(second) if is_open else whole

    def at(self, timestamps: Ints) -> Ints:
        """Return where the clock stands at each moment, given in whole seconds since 1970 UTC; only differences say anything."""
        days, seconds = np.divmod(np.asarray(timestamps, dtype=np.int64) + _KST_OFFSET_S, _DAY_S)
        places = days + _EPOCH - _FIRST
        inside = (places >= 0) & (places < len(self._is_open))
        known = np.clip(places, 0, len(self._is_open) - 1)
        whole = self._days_before[np.clip(places, 0, len(self._is_open))] * self.hours.seconds_per_day
        return whole + np.where(inside & self._is_open[known], self.hours.until(seconds), 0)

    def due(self, start: dt.datetime, seconds: int) -> dt.datetime:
        """Return the first moment at which ``seconds``, more than none, have passed since ``start``.

        Raises
        ------
        ValueError
            No time is asked for, or the calendar ends before.
        """
        if seconds <= 0:
            raise ValueError("a deadline lies in the future")
        wanted = int(self.at(np.array([int(start.timestamp())]))[0]) + seconds
        # The working day within which it falls: as many whole ones lie before it.
        whole, rest = divmod(wanted - 1, self.hours.seconds_per_day)
        place = int(np.searchsorted(self._days_before, whole, side="right")) - 1
        if place >= len(self._is_open):
            raise ValueError(f"the calendar ends on {LAST_DAY}")
        day = dt.date.fromordinal(_FIRST + place)
        midnight = dt.datetime.combine(day, dt.time(), KST)
        return midnight + dt.timedelta(seconds=self.hours.reaching(rest + 1))


def working_days(exceptions: Mapping[dt.date, bool]) -> npt.NDArray[np.bool_]:
    """Return for each day from FIRST_DAY to LAST_DAY whether offices are open."""
    is_open = _national_working_days().copy()
    for day, works in exceptions.items():
        if FIRST_DAY <= day <= LAST_DAY:
            is_open[day.toordinal() - _FIRST] = works
    return is_open


@lru_cache(maxsize=1)
def _national_working_days() -> npt.NDArray[np.bool_]:
    days = LAST_DAY.toordinal() - _FIRST + 1
    is_open = (np.arange(days) + _FIRST - 1) % 7 < 5  # ordinal 1 was a Monday
    public = holidays.country_holidays("KR", categories=("public",), years=range(FIRST_DAY.year, LAST_DAY.year + 1))
    is_open[[day.toordinal() - _FIRST for day in public]] = False
    return is_open
