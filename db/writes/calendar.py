"""Office hours and the city's own holidays: how they change, and the working time of closed questions that follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from db import rollups
from db.calendar import Clocks, read_clocks
from db.schema import calendar_days, departments, posts, questions
from db.state import REBUILD_NEEDED, read_state

Progress = Callable[[int, int], None]

READ_AT_ONCE, CHANGED_AT_ONCE = 10_000, 1_000


def sync_calendar(
    connection: Connection, office_hours: Mapping[str, str | None], days: Sequence[dict[str, Any]]
) -> bool:
    """Make the store's calendar exactly ``days``, and the hours of departments (by code) what they are given as.

    Returns whether anything changed: then :func:`recount_working_time` must follow in the same transaction.
    """
    known = dict(connection.execute(select(departments.c.code, departments.c.office_hours)).all())
    moved = {code: hours for code, hours in office_hours.items() if code in known and known[code] != hours}
    if moved:
        connection.execute(
            update(departments)
            .where(departments.c.code == bindparam("of_code"))
            .values(office_hours=bindparam("new_hours")),
            [{"of_code": code, "new_hours": hours} for code, hours in moved.items()],
        )
    columns = [column.name for column in calendar_days.c]
    stored = {tuple(row) for row in connection.execute(select(calendar_days))}
    wanted = {tuple(row[name] for name in columns) for row in days}
    if stored != wanted:
        connection.execute(delete(calendar_days))
        if days:
            connection.execute(insert(calendar_days), list(days))
    return bool(moved) or stored != wanted


def recount_working_time(connection: Connection, progress: Progress | None = None) -> int:
    """Bring the working time of all closed questions up to the calendar; return how many changed.

    The roll-ups follow in the same transaction, but where the store is marked to have them made anew.
    """
    clocks = read_clocks(connection)
    is_rebuilt_anyway = read_state(connection, REBUILD_NEEDED) is not None
    changed, last, read = 0, 0, 0
    total = connection.scalar(select(func.count()).select_from(questions)) or 0
    while rows := connection.execute(_AFTER, {"last": last}).all():
        last, read = rows[-1].post_id, read + len(rows)
        wrong = [
            {"id": row.post_id, "seconds": seconds}
            for row in rows
            if (seconds := _working_time(row, clocks)) != row.closed_working_seconds
        ]
        for start in range(0, len(wrong), CHANGED_AT_ONCE):
            some = wrong[start : start + CHANGED_AT_ONCE]
            door = nullcontext() if is_rebuilt_anyway else rollups.changing(connection, [row["id"] for row in some])
            with door:
                connection.execute(_SET, some)
        changed += len(wrong)
        if progress is not None:
            progress(read, total)
    return changed


_AFTER = (
    select(
        questions.c.post_id, questions.c.department_id, questions.c.asked_at, questions.c.is_day_only,
        questions.c.first_answer_post_id, questions.c.first_answer_at, questions.c.first_answer_seconds,
        questions.c.closed_working_seconds, posts.c.removed_at,
    )
    .join(posts, posts.c.id == questions.c.post_id)
    .where(questions.c.post_id > bindparam("last"))
    .order_by(questions.c.post_id)
    .limit(READ_AT_ONCE)
)  # fmt: skip
_SET = (
    update(questions).where(questions.c.post_id == bindparam("id")).values(closed_working_seconds=bindparam("seconds"))
)


def _working_time(row: Any, clocks: Clocks) -> int | None:
    closed_at = closed_at_known(
        row.first_answer_at if row.first_answer_post_id is not None else None,
        is_timed=row.first_answer_seconds is not None if row.first_answer_post_id is not None else not row.is_day_only,
        removed_at=row.removed_at,
    )
    return None if closed_at is None else clocks[row.department_id].between(row.asked_at, closed_at)


def closed_at_known(
    answered_at: dt.datetime | None, *, is_timed: bool, removed_at: dt.datetime | None
) -> dt.datetime | None:
    """Return when a question was closed: by its answer, else by its removal; None while it waits or where no time is known."""
    if not is_timed:
        return None
    return removed_at if answered_at is None else answered_at
