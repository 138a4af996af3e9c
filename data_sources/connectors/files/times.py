"""Reads the times that files hold: common formats tried in order, or one format the user gave."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal
from zoneinfo import ZoneInfo

from data_sources.base import UsageError
from data_sources.connectors.files.rejects import UnusableRow
from data_sources.records import EARLIEST_POST

Precision = Literal["second", "day"]

MAX_FUTURE = dt.timedelta(days=2)  # covers every time zone and a clock that is a little wrong
DEFAULT_TIMEZONE = "Asia/Seoul"

_CALENDAR = re.compile(
    r"(\d{4})\s?[-./년]\s?(\d{1,2})\s?[-./월]\s?(\d{1,2})[일.]?"
    r"(?:[T\s]\s*(오전|오후|AM|PM)?\s?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|UTC|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
# What most files hold; Python reads it ten times faster than the parts can be put together.
_ISO = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[+-]\d\d:\d\d)?", re.ASCII)
_TWITTER = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d{2}):(\d{2}):(\d{2}) ([+-]\d{4}) (\d{4})", re.ASCII)
_EPOCH = re.compile(r"(\d{9,10})(?:\.\d+)?|(\d{13})", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{2}:?\d{2})?)?", re.ASCII)
_TIME_DIRECTIVE = re.compile(r"%-?[HIMSfcXTRs]")
# strptime's %b follows the locale of the machine.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class TimeReader:
    """Reads one kind of time text.

    Parameters
    ----------
    date_format : str or None
        A ``strptime`` format; None tries the common formats.
    timezone : str
        Zone of times that name none.
    now : datetime or None
        The clock; None is the machine's.
    accepts_iso : bool
        Also read ISO 8601 where ``date_format`` is given: date cells of a workbook arrive that way.

    Raises
    ------
    UsageError
        No such zone, or ``date_format`` is no format.
    """

    def __init__(
        self,
        date_format: str | None = None,
        timezone: str = DEFAULT_TIMEZONE,
        now: dt.datetime | None = None,
        accepts_iso: bool = False,
    ) -> None:
        try:
            self.zone = ZoneInfo(timezone)
        except (KeyError, ValueError, OSError) as exc:  # OSError: the name of a folder of zones, such as "Asia"
            raise UsageError(f"no time zone {timezone!r}; name it like Asia/Seoul or UTC") from exc
        if date_format is not None:
            _check_format(date_format)
        self._format = date_format
        self._accepts_iso = accepts_iso
        self._latest = (now or dt.datetime.now(dt.UTC)) + MAX_FUTURE

    def read(
        self, value: str, column: str = "created_at", shift: dt.timedelta = dt.timedelta()
    ) -> tuple[dt.datetime, Precision]:
        """Return the time in UTC, moved by ``shift``, and its precision; a day is 00:00 in the reader's zone.

        Raises
        ------
        UnusableRow
            ``time.missing``, ``time.unreadable`` or ``time.implausible``.
        """
        value = value.strip()
        if not value:
            raise UnusableRow("time.missing", f"column {column} is empty")
        try:
            time, precision = self._parse(value)
        except (ValueError, OverflowError, OSError) as exc:
            raise UnusableRow("time.unreadable", f"column {column} is in no known time format") from exc
        # Years are compared first: the conversion of year 1 or 9999 to UTC would overflow.
        if not EARLIEST_POST.year - 1 <= time.year <= self._latest.year + 1:
            raise UnusableRow("time.implausible", f"column {column} says the year {time.year}")
        if time.tzinfo is None:
            time = time.replace(tzinfo=self.zone)
        # Local days are shifted, not UTC hours: 30 days across a change of the clock are still 00:00.
        time = (time + shift).astimezone(dt.UTC)
        if not EARLIEST_POST <= time <= self._latest:
            raise UnusableRow("time.implausible", f"column {column} says {time:%Y-%m-%d}")
        return time, precision

    def _parse(self, value: str) -> tuple[dt.datetime, Precision]:
        if self._format is None:
            return _parse_common(value, self.zone)
        try:
            time = dt.datetime.strptime(value, self._format)  # noqa: DTZ007  # read() adds the zone
        except ValueError:
            if self._accepts_iso:
                return _parse_common(value, self.zone)
            raise
        return time, "second" if _TIME_DIRECTIVE.search(self._format) else "day"


def _parse_common(value: str, zone: dt.tzinfo) -> tuple[dt.datetime, Precision]:
    if _ISO.fullmatch(value):
        time = dt.datetime.fromisoformat(value)
        return time if time.tzinfo else time.replace(tzinfo=zone), "second"
    if found := _CALENDAR.fullmatch(value):
        year, month, day, half, hour, minute, second, fraction, offset = found.groups()
        if hour is None:
            return _time(zone, None, year, month, day), "day"
        time = _time(zone, offset, year, month, day, _hour(int(hour), half), minute, second or 0)
        return time.replace(microsecond=int(fraction.ljust(6, "0")[:6])) if fraction else time, "second"
    if found := _TWITTER.fullmatch(value):
        name, day, hour, minute, second, offset, year = found.groups()
        # index() refuses an unknown month with the ValueError the others raise.
        return _time(zone, offset, year, _MONTHS.index(name) + 1, day, hour, minute, second), "second"
    if found := _EPOCH.fullmatch(value):
        seconds, milliseconds = found.groups()
        if seconds:
            return dt.datetime.fromtimestamp(int(seconds), dt.UTC), "second"
        whole, rest = divmod(int(milliseconds), 1000)
        return dt.datetime.fromtimestamp(whole, dt.UTC).replace(microsecond=rest * 1000), "second"
    if found := _COMPACT.fullmatch(value):
        year, month, day, hour, minute, second, offset = found.groups()
        if hour is None:
            return _time(zone, None, year, month, day), "day"
        return _time(zone, offset, year, month, day, hour, minute, second or 0), "second"
    return dt.datetime.fromisoformat(value), "second"


def _time(zone: dt.tzinfo, offset: str | None, *parts: str | int) -> dt.datetime:
    year, month, day, hour, minute, second = (*map(int, parts), 0, 0, 0)[:6]
    return dt.datetime(year, month, day, hour, minute, second, tzinfo=_offset(offset) if offset else zone)


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError("no such hour")
    return hour % 12 + (12 if half in ("오후", "PM") else 0)


def _offset(zone: str) -> dt.timezone:
    if zone in ("Z", "UTC", "+0000"):
        return dt.UTC
    digits = zone[1:].replace(":", "")
    shift = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return dt.timezone(-shift if zone[0] == "-" else shift)


def _check_format(date_format: str) -> None:
    sample = dt.datetime(2024, 3, 1, 12, 30, tzinfo=dt.UTC)
    try:
        read_back = dt.datetime.strptime(sample.strftime(date_format), date_format)  # noqa: DTZ007  # only its day
    except (ValueError, re.error) as exc:
        raise UsageError(f"--date-format {date_format!r} is no strptime format; an example is %Y-%m-%d %H:%M") from exc
    if (read_back.month, read_back.day) != (3, 1):
        raise UsageError(f"--date-format {date_format!r} names no month and day; an example is %Y-%m-%d %H:%M")
