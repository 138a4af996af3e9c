"""How live sources fare, and what of the accounts was not read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import pandas as pd
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

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


class Gap(NamedTuple):
    """A source did not read an account from ``start_at`` to ``end_at``, and did before and after."""

    account_id: int
    source: str
    start_at: dt.datetime
    end_at: dt.datetime


def read_gaps(
    connection: Connection, of_accounts: ColumnElement[bool], begin: dt.datetime, end: dt.datetime
) -> list[Gap]:
    """Return the gaps of some accounts that reach into ``begin`` to ``end``, by account, source and time.

    What lies between the end of the last span and now is no gap yet: the next attempt reads it.
    """
    spans = coverage_spans.c
    owned = select(accounts.c.id).where(of_accounts)
    # A gap may have begun before and may end after: the nearest span on either side belongs to it.
    nearest = [
        select(spans.account_id, spans.source, chosen.label("at"))
        .where(condition, spans.account_id.in_(owned))
        .group_by(spans.account_id, spans.source)
        .subquery()
        for chosen, condition in (
            (func.max(spans.end_at), spans.end_at < begin), (func.min(spans.end_at), spans.start_at > end),
        )
    ]  # fmt: skip
    before, after = nearest
    statement = (
        select(spans.account_id, spans.source, spans.start_at, spans.end_at)
        .outerjoin(before, and_(before.c.account_id == spans.account_id, before.c.source == spans.source))
        .outerjoin(after, and_(after.c.account_id == spans.account_id, after.c.source == spans.source))
        .where(
            spans.account_id.in_(owned),
            or_(
                and_(spans.end_at >= begin, spans.start_at <= end),
                spans.end_at == before.c.at,
                spans.end_at == after.c.at,
            ),
        )
        .order_by(spans.account_id, spans.source, spans.end_at)
    )
    rows = connection.execute(statement).all()
    return [
        Gap(first.account_id, first.source, first.end_at, second.start_at)
        for first, second in pairwise(rows)
        if (first.account_id, first.source) == (second.account_id, second.source)
        and second.start_at > max(first.end_at, begin)
        and first.end_at < end
    ]


def account_gaps(reader: Reader, synthetic: bool, since: dt.datetime) -> pd.DataFrame:
    """Return the gaps of all accounts that ended after ``since``, the newest first. Columns ACCOUNT_GAPS."""
    table = accounts.c
    of_kind = table.is_synthetic.is_(synthetic)
    named = select(table.id, table.platform_id, table.handle, table.name_ko, table.name_en).where(of_kind)
    with reader.connect() as connection:
        gaps = read_gaps(connection, of_kind, since, dt.datetime.max.replace(tzinfo=dt.UTC))
        names = {id_: rest for id_, *rest in connection.execute(named)}
    rows = [
        (*names[gap.account_id], gap.source, gap.start_at, gap.end_at, _hours(gap.end_at - gap.start_at))
        for gap in gaps
    ]
    return ACCOUNT_GAPS.frame(sorted(rows, key=lambda row: row[5], reverse=True))


def _hours(span: dt.timedelta) -> float:
    return span.total_seconds() / SECONDS_PER_HOUR
