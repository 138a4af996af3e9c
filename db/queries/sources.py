"""How live sources fare, and what of the accounts was not read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

import pandas as pd
from sqlalchemy import select

from db.frames import ACCOUNT_GAPS, SOURCE_STATES, SOURCE_USAGE
from db.records import SourceState
from db.schema import accounts, coverage_spans, source_states, source_usage
from db.snapshot import Reader

INTERVALS_UNTIL_STALE = 3
DAYS_OF_GAPS = 91
SECONDS_PER_HOUR = 3600


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How a source fares, for a monitor: no error text, nothing of a citizen.

    ``is_stale`` says that its last success is older than three of its intervals; None where nobody said how often it is read.
    """

    source: str
    status: str
    succeeded_at: dt.datetime | None
    is_stale: bool | None


def source_states_of_all(reader: Reader) -> pd.DataFrame:
    """Return how every live source fares, by name. Columns SOURCE_STATES."""
    table = source_states.c
    statement = select(
        table.source, table.connector, table.status, table.attempted_at, table.succeeded_at, table.failures,
        table.retry_at, table.interval_s, table.error,
    )  # fmt: skip
    with reader.connect() as connection:
        return SOURCE_STATES.frame([tuple(row) for row in connection.execute(statement.order_by(table.source))])


def source_health(reader: Reader, now: dt.datetime) -> list[SourceHealth]:
    """Return how every live source fares at ``now``, by name."""
    with reader.connect() as connection:
        rows = connection.execute(select(source_states).order_by(source_states.c.source)).all()
    states = [SourceState(**row._mapping) for row in rows]
    return [SourceHealth(state.source, state.status, state.succeeded_at, _is_stale(state, now)) for state in states]


def _is_stale(state: SourceState, now: dt.datetime) -> bool | None:
    if state.interval_s is None:
        return None
    allowed = dt.timedelta(seconds=INTERVALS_UNTIL_STALE * state.interval_s)
    return state.succeeded_at is None or state.succeeded_at < now - allowed


def source_usage_of_month(reader: Reader, month: str) -> pd.DataFrame:
    """Return what each source has read in a month such as ``2026-11``, and what it cost. Columns SOURCE_USAGE."""
    table = source_usage.c
    statement = select(table.source, table.reads, table.dollars).where(table.month == month).order_by(table.source)
    with reader.connect() as connection:
        return SOURCE_USAGE.frame([tuple(row) for row in connection.execute(statement)])


def account_gaps(reader: Reader, synthetic: bool, since: dt.datetime) -> pd.DataFrame:
    """Return when connected accounts were not read, between two times they were; the newest gap first. Columns ACCOUNT_GAPS.

    What lies between the end of the last span and now is no gap yet: the next attempt reads it.
    """
    spans, table = coverage_spans.c, accounts.c
    statement = (
        select(
            table.id, table.platform_id, table.handle, table.name_ko, table.name_en, spans.source, spans.start_at,
            spans.end_at,
        )
        .join(coverage_spans, spans.account_id == table.id)
        .where(table.is_synthetic.is_(synthetic), spans.end_at >= since)
        .order_by(table.id, spans.source, spans.end_at)
    )  # fmt: skip
    with reader.connect() as connection:
        rows = connection.execute(statement).all()
    gaps = [
        (
            *before[1:6],
            before.end_at,
            after.start_at,
            (after.start_at - before.end_at).total_seconds() / SECONDS_PER_HOUR,
        )
        for before, after in pairwise(rows)
        if (before.id, before.source) == (after.id, after.source) and after.start_at > before.end_at
    ]
    return ACCOUNT_GAPS.frame(sorted(gaps, key=lambda gap: gap[5], reverse=True))
