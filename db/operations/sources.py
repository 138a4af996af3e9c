"""How live sources fare, what they have cost, and when they read nothing of an account."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from db.records import SourceState
from db.schema import accounts, coverage_spans, source_states, source_usage
from db.snapshot import Reader

INTERVALS_UNTIL_STALE = 3


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How a source fares, for a monitor: no error text, nothing of a citizen.

    ``is_stale`` says that its last success is older than three of its intervals; None where nobody said how often it is read.
    """

    source: str
    status: str
    succeeded_at: dt.datetime | None
    is_stale: bool | None


def source_state_rows(reader: Reader) -> list[tuple[Any, ...]]:
    """Return how every live source fares, by name. Fields of SOURCE_STATES."""
    table = source_states.c
    statement = select(
        table.source, table.connector, table.status, table.attempted_at, table.succeeded_at, table.failures,
        table.retry_at, table.interval_s, table.error,
    )  # fmt: skip
    with reader.connect() as connection:
        return [tuple(row) for row in connection.execute(statement.order_by(table.source))]


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


def usage_of_network(connection: Connection, name: str, month: str) -> tuple[int, float]:
    """Return the reads and the dollars of all sources of a network (``x:mentions``, ``x:answers``) in a month."""
    table = source_usage.c
    row = connection.execute(
        select(func.coalesce(func.sum(table.reads), 0), func.coalesce(func.sum(table.dollars), 0.0)).where(
            or_(table.source == name, table.source.startswith(f"{name}:", autoescape=True)), table.month == month
        )
    ).one()
    return int(row[0]), float(row[1])


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
