"""How live sources fare: attempts, costs, what they have read, and who may run them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from db.dialects import dialect_of
from db.records import SourceState
from db.schema import accounts, coverage_spans, source_states, source_usage
from db.state import clear_state, read_state, write_state

WATCH_LEASE = "watch_lease"  # until when the running watch holds the store, seconds since 1970
STORED_ERROR_LENGTH = 1000


class ReadSpan(NamedTuple):
    """All there was of an account (platform, handle) between two moments."""

    platform: str
    handle: str
    start_at: dt.datetime
    end_at: dt.datetime


def source_state(connection: Connection, source: str) -> SourceState | None:
    """Return how a source fares, None where it was never tried."""
    row = connection.execute(select(source_states).where(source_states.c.source == source)).one_or_none()
    return None if row is None else SourceState(**row._mapping)


def write_source_state(connection: Connection, state: SourceState) -> None:
    """Store how a source fares."""
    values = state._asdict()
    values["error"] = state.error[:STORED_ERROR_LENGTH] if state.error else None
    changeable = [name for name in values if name != "source"]
    connection.execute(dialect_of(connection).upsert(source_states, ["source"], changeable), values)


def usage_of(connection: Connection, source: str, month: str) -> tuple[int, float]:
    """Return the reads and the dollars of a source in a month such as ``2026-11``."""
    row = connection.execute(
        select(source_usage.c.reads, source_usage.c.dollars).where(
            source_usage.c.source == source, source_usage.c.month == month
        )
    ).one_or_none()
    return (row.reads, row.dollars) if row else (0, 0.0)


def add_usage(connection: Connection, source: str, month: str, reads: int, dollars: float) -> None:
    """Add what a page cost, in the page's own transaction."""
    known_reads, known_dollars = usage_of(connection, source, month)
    connection.execute(
        dialect_of(connection).upsert(source_usage, ["source", "month"], ["reads", "dollars"]),
        {"source": source, "month": month, "reads": known_reads + reads, "dollars": known_dollars + dollars},
    )


def add_spans(connection: Connection, source: str, spans: Sequence[ReadSpan]) -> None:
    """Store what was read; a span that touches or overlaps a stored one becomes one with it. Unknown accounts are left out."""
    if not spans:
        return
    ids = {
        (platform, handle): id_
        for id_, platform, handle in connection.execute(
            select(accounts.c.id, accounts.c.platform_id, accounts.c.handle).where(
                accounts.c.handle.in_({span.handle for span in spans})
            )
        )
    }
    for span in spans:
        account_id = ids.get((span.platform, span.handle))
        if account_id is not None and span.start_at < span.end_at:
            _add_span(connection, source, account_id, span)


def _add_span(connection: Connection, source: str, account_id: int, span: ReadSpan) -> None:
    table = coverage_spans.c
    touching = connection.execute(
        select(table.id, table.start_at, table.end_at)
        .where(
            table.account_id == account_id,
            table.source == source,
            table.end_at >= span.start_at,
            table.start_at <= span.end_at,
        )
        .order_by(table.id)
    ).all()
    if not touching:
        connection.execute(
            insert(coverage_spans).values(
                source=source, account_id=account_id, start_at=span.start_at, end_at=span.end_at
            )
        )
        return
    first, *others = touching
    start_at = min(span.start_at, *(row.start_at for row in touching))
    end_at = max(span.end_at, *(row.end_at for row in touching))
    if (start_at, end_at) != (first.start_at, first.end_at):
        connection.execute(update(coverage_spans).where(table.id == first.id).values(start_at=start_at, end_at=end_at))
    if others:
        connection.execute(coverage_spans.delete().where(table.id.in_([row.id for row in others])))


def take_watch(connection: Connection, now: dt.datetime, lease_s: int) -> bool:
    """Take or renew the right to watch; False where another process holds it.

    After a crash the lease ends by itself.
    """
    until = read_state(connection, WATCH_LEASE)
    if until is not None and until > now.timestamp():
        return False
    write_state(connection, WATCH_LEASE, int(now.timestamp()) + lease_s)
    return True


def renew_watch(connection: Connection, now: dt.datetime, lease_s: int) -> None:
    """Hold the right to watch for another lease."""
    write_state(connection, WATCH_LEASE, int(now.timestamp()) + lease_s)


def release_watch(connection: Connection) -> None:
    """Give the right to watch back."""
    clear_state(connection, WATCH_LEASE)
