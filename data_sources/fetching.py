"""Reading a network: all waiting, all giving up, and what it may cost. Connectors only ask and translate.

A run is a load from the stored cursor on. What fails for a while is tried again after a random wait that doubles (full
jitter), what the network limits after the moment it names. A source that keeps failing is left alone for longer and
longer; nothing here ever touches another source.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from sqlalchemy import Engine

from data_sources.base import (
    BadPayload,
    ConnectorError,
    CursorExpired,
    Metered,
    QuotaExhausted,
    RateLimited,
    Transient,
)
from data_sources.budgets import budget_of
from data_sources.loader import Progress, load
from data_sources.records import Page
from data_sources.registry import Registry
from db.records import Counts, SourceState
from db.transactions import writing
from db.writes.sources import source_state, write_source_state

FIRST_WAIT_S, WITHOUT_RESET_S = 1.0, 60.0
# After so many failed runs in a row a source is left alone, twice as long each time.
FAILURES_ALLOWED = 3
REST_S, LONGEST_REST_S = 300.0, 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one run waits: attempts at a page, seconds between two at most, seconds for limits of the network in all."""

    attempts: int
    longest_wait_s: float
    for_limits_s: float


PATIENT = Patience(attempts=6, longest_wait_s=120.0, for_limits_s=900.0)  # a person or cron job that reads one source
BRISK = Patience(attempts=2, longest_wait_s=5.0, for_limits_s=0.0)  # a watch: the next source is waiting


class Outcome(NamedTuple):
    """What came of one attempt to read a source: counts of all that was stored, and how the source fares now."""

    counts: Counts
    state: SourceState
    is_skipped: bool = False


@dataclass(slots=True)
class Surroundings:
    """Time, chance and sleep; tests bring their own."""

    now: Callable[[], dt.datetime] = field(default=lambda: dt.datetime.now(dt.UTC))
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[float], float] = field(default=lambda longest: random.uniform(0, longest))


def fetch(
    connector: Metered,
    engine: Engine,
    *,
    registry: Registry | None = None,
    progress: Progress | None = None,
    patience: Patience = PATIENT,
    surroundings: Surroundings | None = None,
    every_s: float | None = None,
) -> Outcome:
    """Read ``connector`` from where it stood; every error of the network ends in the source's state, none is raised.

    ``every_s`` is how often somebody means to do this; the source's state keeps it, so that one can tell when it is late.
    """
    around = surroundings or Surroundings()
    with engine.connect() as connection:
        before = source_state(connection, connector.source)
    if before is not None and before.retry_at is not None and before.retry_at > around.now():
        return Outcome(Counts(), before, is_skipped=True)
    counts, error = Counts(), None
    try:
        _read(connector, engine, counts, registry, progress, patience, around)
    except ConnectorError as failed:
        error = failed
    state = _state_after(connector, before, error, around.now())
    state = state._replace(interval_s=every_s or (before.interval_s if before else None))
    with writing(engine) as connection:
        write_source_state(connection, state)
    return Outcome(counts, state)


def outcome_line(outcome: Outcome) -> str:
    """Return what came of an attempt in one line for a terminal or a log; nothing of it comes from a citizen."""
    state = outcome.state
    until = f", not before {state.retry_at:%Y-%m-%d %H:%M} UTC" if state.retry_at else ""
    if outcome.is_skipped:
        return f"{state.source}: left alone ({state.status}: {state.error}){until}"
    reason = "" if state.error is None else f": {state.error}"
    return f"{state.source}: {state.status}{reason}{until}; {outcome.counts}"


def _read(
    connector: Metered,
    engine: Engine,
    counts: Counts,
    registry: Registry | None,
    progress: Progress | None,
    patience: Patience,
    around: Surroundings,
) -> None:
    """Load to the end, over hindrances that pass; ``counts`` holds all that was stored, whatever happens.

    Raises
    ------
    ConnectorError
        It did not pass, or waiting helps nothing.
    """
    attempt, waited, is_restarted = 0, 0.0, False
    while True:
        budgeted = _WithinBudget(connector, engine, around)
        try:
            load(
                budgeted,
                engine,
                registry=registry,
                progress=_Counting(counts, progress),
                now=around.now,
                restart=is_restarted,
            )
            return
        except CursorExpired:
            if is_restarted:
                raise
            is_restarted = True
            continue
        except RateLimited as limited:
            until = limited.until or around.now() + dt.timedelta(seconds=WITHOUT_RESET_S)
            wait = max((until - around.now()).total_seconds(), 0.0) + around.jitter(1.0)
            waited += wait
            if waited > patience.for_limits_s:
                raise RateLimited(str(limited), until) from limited
        except (Transient, BadPayload):
            attempt = 1 if budgeted.pages else attempt + 1  # a page in between: it works again, if badly
            if attempt >= patience.attempts:
                raise
            wait = around.jitter(min(patience.longest_wait_s, FIRST_WAIT_S * 2**attempt))
        is_restarted = False
        around.sleep(wait)


class _Counting:
    """Adds up what the pages of several loads brought; each load counts from nothing."""

    def __init__(self, total: Counts, shown: Progress | None) -> None:
        self._total = total
        self._shown = shown
        self._known = Counts()

    def page(self, counts: Counts, fraction: float | None) -> None:
        for name in ("read", "inserted", "updated", "unchanged", "rejected"):
            new = getattr(counts, name) - getattr(self._known, name)
            setattr(self._total, name, getattr(self._total, name) + new)
        self._known = replace(counts)
        if self._shown is not None:
            self._shown.page(self._total, fraction)


class _WithinBudget:
    """A connector that is asked for no further page once its month's budget is used up."""

    def __init__(self, connector: Metered, engine: Engine, around: Surroundings) -> None:
        self._connector = connector
        self._engine = engine
        self._around = around
        self.name, self.source, self.origin = connector.name, connector.source, connector.origin
        self.platform, self.dollars_per_read = connector.platform, connector.dollars_per_read
        self.pages = 0

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        pages = self._connector.fetch(cursor)
        while True:
            self._check()
            page = next(pages, None)
            if page is None:
                return
            if page.cursor != cursor:  # what is read again for edits is no step forward
                self.pages += 1
            cursor = page.cursor
            yield page

    def _check(self) -> None:
        if self._connector.budget_reads is None and self._connector.budget_dollars is None:
            return
        with self._engine.connect() as connection:
            budget = budget_of(connection, self._connector, self._around.now())
        if budget.is_used_up:
            used = f"{budget.reads} reads, {budget.dollars:.2f} dollars"
            raise QuotaExhausted(f"the budget of {budget.month} is used up: {used}; raise it or wait")
        self._connector.allowance = budget.affordable(self._connector.dollars_per_read)


def _state_after(
    connector: Metered, before: SourceState | None, error: ConnectorError | None, now: dt.datetime
) -> SourceState:
    succeeded_at = before.succeeded_at if before else None
    if error is None:
        return SourceState(connector.source, connector.name, "ok", now, now)
    failures, retry_at = (before.failures if before else 0) + 1, None
    if isinstance(error, RateLimited):
        failures, retry_at = failures - 1, error.until  # it answers: no reason to leave it alone any longer
    elif failures >= FAILURES_ALLOWED:
        rest = min(LONGEST_REST_S, REST_S * 2 ** (failures - FAILURES_ALLOWED))
        retry_at = now + dt.timedelta(seconds=rest)
    return SourceState(connector.source, connector.name, error.kind, now, succeeded_at, failures, retry_at, str(error))
