"""What a month's reading may cost, and what is left of it."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple, Protocol

from sqlalchemy import Connection

from db.operations.sources import usage_of_network


class Budgeted(Protocol):
    """A source whose reads are counted; a budget is None where there is none."""

    name: str
    budget_reads: int | None
    budget_dollars: float | None


class Budget(NamedTuple):
    """The reads and dollars of a source in a month such as ``2026-11``, and what is left; None where nothing bounds it."""

    month: str
    reads: int
    dollars: float
    reads_left: int | None
    dollars_left: float | None

    @property
    def is_used_up(self) -> bool:
        """Whether nothing may be asked any more."""
        return self.reads_left == 0 or self.dollars_left == 0

    def affordable(self, dollars_per_read: float, share: float = 1.0) -> int | None:
        """Return how many reads ``share`` of what is left pays for; None where nothing bounds them."""
        bounds = []
        if self.reads_left is not None:
            bounds.append(self.reads_left * share)
        if self.dollars_left is not None and dollars_per_read > 0:
            bounds.append(self.dollars_left * share / dollars_per_read)
        return int(min(bounds)) if bounds else None


def budget_of(connection: Connection, connector: Budgeted, now: dt.datetime) -> Budget:
    """Return the source's budget of the month of ``now``."""
    month = month_of(now)
    reads, dollars = usage_of_network(connection, connector.name, month)  # one bill for all its sources
    most_reads, most_dollars = connector.budget_reads, connector.budget_dollars
    return Budget(
        month,
        reads,
        dollars,
        None if most_reads is None else max(most_reads - reads, 0),
        None if most_dollars is None else max(most_dollars - dollars, 0.0),
    )


def month_of(moment: dt.datetime) -> str:
    """Return the month in which a network counts a read: ``2026-11``, UTC."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m")
