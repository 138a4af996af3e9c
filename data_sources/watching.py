"""A loader that runs on: every source in turn, again and again, until it is told to stop."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from types import FrameType

from sqlalchemy import Engine

from data_sources.base import Metered, UsageError
from data_sources.fetching import BRISK, Outcome, fetch
from data_sources.registry import Registry
from db.errors import StoreError
from db.records import Counts
from db.transactions import writing
from db.writes.sources import release_watch, renew_watch, take_watch

JITTER = 0.1  # of the interval: a city's loaders must not all ask at the full minute
LEASE_S = 300  # a crashed watch lets go after it
RENEWED_EVERY_S = 60.0


class Stopped(BaseException):
    """The process was asked to end; like Ctrl-C it is no error, and whole pages are stored."""


def watch(
    connectors: Sequence[Metered],
    engine: Engine,
    every_s: float,
    report: Callable[[Outcome], None],
    *,
    registry: Registry | None = None,
    rounds: int | None = None,
) -> None:
    """Read all sources every ``every_s`` seconds until SIGTERM or Ctrl-C, at most ``rounds`` times.

    Raises
    ------
    UsageError
        Another watch runs on this store, or there is no source to read.
    """
    if not connectors:
        raise UsageError("no source is set up: python -m data_sources fetch --help names their settings")
    stop = threading.Event()
    with _holding(engine), _stopping(stop):
        done = 0
        while rounds is None or done < rounds:
            for connector in connectors:
                lease = _Lease(engine)
                try:
                    report(fetch(connector, engine, registry=registry, progress=lease, patience=BRISK, every_s=every_s))
                finally:
                    lease.renew()
            done += 1
            if rounds is None or done < rounds:
                _wait(stop, every_s * random.uniform(1 - JITTER, 1 + JITTER), engine)


class _Lease:
    """Holds the right to watch while a source is read, however many pages it has."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._renewed = time.monotonic()

    def page(self, counts: Counts, fraction: float | None) -> None:
        if time.monotonic() - self._renewed > RENEWED_EVERY_S:
            self.renew()

    def renew(self) -> None:
        with writing(self._engine) as connection:
            renew_watch(connection, dt.datetime.now(dt.UTC), LEASE_S)
        self._renewed = time.monotonic()


def _wait(stop: threading.Event, seconds: float, engine: Engine) -> None:
    ends = time.monotonic() + seconds
    while (left := ends - time.monotonic()) > 0 and not stop.wait(min(left, RENEWED_EVERY_S)):
        _Lease(engine).renew()


@contextlib.contextmanager
def _holding(engine: Engine) -> Iterator[None]:
    with writing(engine) as connection:
        if not take_watch(connection, dt.datetime.now(dt.UTC), LEASE_S):
            raise UsageError(
                f"another watch runs on this store; stop it first (after a crash its hold ends within {LEASE_S} seconds)"
            )
    try:
        yield
    finally:
        with contextlib.suppress(StoreError), writing(engine) as connection:  # else the lease ends by itself
            release_watch(connection)


@contextlib.contextmanager
def _stopping(stop: threading.Event) -> Iterator[None]:
    """Let SIGTERM end the page under way: its transaction is rolled back, the cursor stands where the last one ended."""

    def on_signal(number: int, frame: FrameType | None) -> None:
        if not stop.is_set():  # a second signal must not disturb the tidying up
            stop.set()
            raise Stopped

    before = signal.signal(signal.SIGTERM, on_signal)
    try:
        yield
    except Stopped:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)
