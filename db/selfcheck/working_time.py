"""Working time counted a second way: whole days by numpy's calendar of business days, parts of days at both ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import holidays
import numpy as np
import numpy.typing as npt

from db.working_clock import OFFICE_HOURS, OfficeHours

Floats = npt.NDArray[np.float64]
_KST_S = 9 * 3600
_DAY_S = 86_400


def working_seconds(
    start: Floats, end: Floats, written_hours: str | None, exceptions: Mapping[dt.date, bool]
) -> Floats:
    """Return the working seconds between moments in seconds since 1970 UTC; 0 where the end is not after the start."""
    hours = OFFICE_HOURS if written_hours is None else OfficeHours.parse(written_hours)
    first, last = (dt.datetime.fromtimestamp(moment, dt.UTC).year for moment in (np.min(start), np.max(end)))
    years = range(min(first, last) - 1, max(first, last) + 2)
    public = set(holidays.country_holidays("KR", categories=("public",), years=years))
    closed = public | {day for day, works in exceptions.items() if not works}
    opened = [day for day, works in exceptions.items() if works]
    calendar = np.busdaycalendar(holidays=sorted(closed - set(opened)))
    # A Saturday on which the city works is no business day of any week: it is added by itself.
    extra = np.array(sorted(day for day in opened if day.weekday() >= 5), dtype="datetime64[D]")
    return np.maximum(_stand(end, hours, calendar, extra) - _stand(start, hours, calendar, extra), 0)


def _stand(
    moments: Floats, hours: OfficeHours, calendar: np.busdaycalendar, extra: npt.NDArray[np.datetime64]
) -> Floats:
    local = moments + _KST_S
    days = (local // _DAY_S).astype("int64").astype("datetime64[D]")
    seconds = local % _DAY_S
    epoch = np.datetime64("1970-01-01", "D")
    whole = np.busday_count(epoch, days, busdaycal=calendar) + np.searchsorted(extra, days)
    works = np.is_busday(days, busdaycal=calendar) | np.isin(days, extra)
    morning = np.clip(seconds, hours.opens_s, hours.lunch_from_s) - hours.opens_s
    afternoon = np.clip(seconds, hours.lunch_until_s, hours.closes_s) - hours.lunch_until_s
    counted = whole * hours.seconds_per_day + np.where(works, morning + afternoon, 0)
    return counted.astype(np.float64)
