"""The working clock of each department: its office hours, and the city's own holidays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import lru_cache

from sqlalchemy import Connection, select

from db.schema import calendar_days, departments
from db.working_clock import OFFICE_HOURS, OfficeHours, WorkingClock


class Clocks(Mapping[int | None, WorkingClock]):
    """The working clock of each department by its id; those without hours of their own, and nobody, have the usual one."""

    def __init__(self, hours: Mapping[int, str], exceptions: tuple[tuple[dt.date, bool], ...]) -> None:
        self._usual = _clock(None, exceptions)
        self._own: dict[int | None, WorkingClock] = {id_: _clock(written, exceptions) for id_, written in hours.items()}

    def __getitem__(self, department_id: int | None) -> WorkingClock:
        return self._own.get(department_id, self._usual)

    def __iter__(self) -> Iterator[int | None]:
        return iter(self._own)

    def __len__(self) -> int:
        return len(self._own)


@lru_cache(maxsize=128)
def _clock(written: str | None, exceptions: tuple[tuple[dt.date, bool], ...]) -> WorkingClock:
    return WorkingClock(OFFICE_HOURS if written is None else OfficeHours.parse(written), dict(exceptions))


def read_clocks(connection: Connection) -> Clocks:
    """Return the clocks the store's calendar and office hours make."""
    hours = connection.execute(
        select(departments.c.id, departments.c.office_hours).where(departments.c.office_hours.is_not(None))
    )
    days = connection.execute(select(calendar_days.c.day, calendar_days.c.is_working_day).order_by(calendar_days.c.day))
    return Clocks(dict(hours.all()), tuple((day, works) for day, works in days))
