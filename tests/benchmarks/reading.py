"""Twenty reading pages, with a loader at work beside them and without: how long each waits.

Run as a program it is the server: one process, a thread for each reader, as the pages are served.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

import numpy as np
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from db import queries
from db.engine import open_engine
from db.errors import StoreError
from db.records import PostFilter, SearchRequest
from db.snapshot import Reader, Snapshot
from tests.benchmarks import invented, questions
from tests.benchmarks.changing import WHOLE, NewPosts, take_out
from tests.benchmarks.questions import word
from tests.benchmarks.stores import say

READERS = 20
THINK_S = 8.0  # on average, between a page and the next; people take longer
WHILE_LOADING_POSTS = 120_000
IDLE_S = 40.0
SEED = 300


@dataclass(slots=True)
class Waits:
    """Milliseconds from a page's first question to its last answer, and what went wrong instead."""

    before_ms: list[float] = field(default_factory=list)
    after_ms: list[float] = field(default_factory=list)
    loading_ms: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    loading_s: float = 0.0

    @property
    def ratio(self) -> float:
        """The 95th percentile beside the loader over the one without it."""
        return p95(self.loading_ms) / self.idle_p95

    @property
    def idle_p95(self) -> float:
        """The 95th percentile without the loader: the better of before and after, so that no disturbance helps us."""
        return min(p95(self.before_ms), p95(self.after_ms))


def p95(milliseconds: list[float]) -> float:
    """Return the 95th percentile."""
    return float(np.percentile(milliseconds, 95))


def _overview(reader: Reader, where: PostFilter) -> None:
    queries.posts_by_day(reader, where)
    queries.classes(reader, where)
    queries.response_coverage(reader, where)
    queries.top_terms(reader, where, 10)


def _departments(reader: Reader, where: PostFilter) -> None:
    queries.department_volume(reader, where)
    queries.receiving_volume(reader, where)
    queries.district_volume(reader, where)


def _platforms(reader: Reader, where: PostFilter) -> None:
    queries.platform_weeks(reader, where)
    queries.platform_totals(reader, where)
    queries.accounts(reader, where.synthetic)


def _issues(reader: Reader, where: PostFilter) -> None:
    queries.top_terms(reader, where, 30)
    queries.term_trend(reader, where, [word(number) for number in invented.TREND_WORDS])


def _response(reader: Reader, where: PostFilter) -> None:
    queries.response_curve(reader, where)
    queries.response_histogram(reader, where)
    queries.unanswered_ages(reader, where)


def _search(reader: Reader, where: PostFilter) -> None:
    request = SearchRequest(where, query=word(invented.MID_WORD))
    queries.search(reader, request)
    queries.search_counts(reader, request)


PAGES: tuple[Callable[[Reader, PostFilter], None], ...] = (
    _overview, _departments, _platforms, _issues, _response, _search
)  # fmt: skip
PERIODS_DAYS = (30, 90, 365, invented.YEARS * 365)


class _Readers:
    """Threads that ask for one page after another; ``take`` starts a new list of waits."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waits: list[float] = []
        self.errors: list[str] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._read, args=(number,)) for number in range(READERS)]

    def start(self) -> None:
        """Let them begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Let them end, each after its page."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def take(self) -> list[float]:
        """Return the waits since the last call."""
        taken, self._waits = self._waits, []
        return taken

    def _read(self, number: int) -> None:
        chance = random.Random(number)
        while not self._stop.wait(chance.expovariate(1 / THINK_S)):
            page, days = chance.choice(PAGES), chance.choice(PERIODS_DAYS)
            where = PostFilter(questions.LAST - dt.timedelta(days=days - 1), questions.LAST, synthetic=True)
            started = time.perf_counter()
            try:
                with Snapshot(self._engine) as snapshot:
                    page(snapshot, where)
            except (SQLAlchemyError, StoreError) as error:
                self.errors.append(f"{page.__name__}: {str(error).splitlines()[0]}")
            else:
                self._waits.append((time.perf_counter() - started) * 1000)


def measure(address: str) -> Waits:
    """Measure one store; what is loaded meanwhile is taken out again."""
    command = [sys.executable, "-m", "tests.benchmarks.reading"]
    done = subprocess.run([*command, "read", address], check=True, stdout=subprocess.PIPE, text=True)
    return Waits(**json.loads(done.stdout.splitlines()[-1]))


def _measure(address: str) -> Waits:
    found = Waits()
    loader = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.reading", "load", address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert loader.stdin is not None
    assert loader.stdout is not None
    readers = _Readers(open_engine(address, readonly=True))
    try:
        loader.stdout.readline()  # its posts are ready
        readers.start()
        time.sleep(IDLE_S / 4)
        readers.take()  # the first pages meet cold caches
        time.sleep(IDLE_S)
        found.before_ms = readers.take()
        started = time.perf_counter()
        loader.stdin.write("go\n")
        loader.stdin.flush()
        loader.stdout.readline()  # it has loaded them
        found.loading_ms = readers.take()
        found.loading_s = time.perf_counter() - started
        time.sleep(IDLE_S)  # what was loaded is taken out again only when the readers are done
        found.after_ms = readers.take()
        loader.stdin.write("take out\n")
        loader.stdin.flush()
    finally:
        readers.stop()
    found.errors = readers.errors
    if loader.wait() != 0:
        raise RuntimeError("the loader failed; its own message stands above")
    return found


def _load(address: str) -> None:
    engine = open_engine(address)
    take_out(engine)
    connector = NewPosts(WHOLE, SEED, WHILE_LOADING_POSTS)
    from data_sources.loader import load

    print("ready", flush=True)
    sys.stdin.readline()
    load(connector, engine)
    print("loaded", flush=True)
    sys.stdin.readline()
    say(f"taken out again: {take_out(engine):,} posts")
    engine.dispose()


def main() -> int:
    """Read, or load beside the readers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("read", "load"))
    parser.add_argument("address")
    given = parser.parse_args()
    if given.what == "load":
        _load(given.address)
    else:
        print(json.dumps(asdict(_measure(given.address))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
