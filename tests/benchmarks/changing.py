"""New posts through the real loader: into a large store and into an empty one, with roll-ups and search and without.

Run as a program it measures one store, in a process whose analysers are warm. Whatever it loads it takes out again, so
that the kept store stays what it was; what an earlier, interrupted measurement left goes first.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from sqlalchemy import Connection, Engine, delete, func, select, text

from data_sources import preparing
from data_sources.base import Origin
from data_sources.connectors.demo import DemoConnector
from data_sources.loader import load
from data_sources.records import Page
from db import rollups
from db.dialects import dialect_of
from db.engine import open_engine
from db.migrate import upgrade
from db.schema import attachments, classifications, cursors, load_runs, posts, questions, search_texts
from db.writes import copies
from nlp import annotate
from tests.benchmarks.loading import UNTIL
from tests.benchmarks.servers import Server
from tests.builders import ListConnector

NEW_POSTS, NEW_DAYS = 10_000, 2  # about what ten million posts in six years make of two days
WHOLE, BARE = "bench whole", "bench bare"  # names of the connectors, by which their posts are found again
AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Loads:
    """Seconds for NEW_POSTS, medians; ``store`` is what is left without reading and analysing the texts."""

    whole_s: float
    empty_s: float
    whole_store_s: float
    empty_store_s: float
    bare_store_s: float
    ratios: list[float]


class NewPosts:
    """A connector of new posts after all that is stored; another seed gives other posts."""

    origin: Origin = "synthetic"

    def __init__(self, name: str, seed: int, count: int = NEW_POSTS) -> None:
        self.name = name
        until = UNTIL + dt.timedelta(days=NEW_DAYS)
        demo = DemoConnector(posts=count, seed=seed, days=NEW_DAYS, until=until)
        self.source = f"{name}:{seed}"
        self._pages = list(demo.fetch(None))  # inventing them is no part of a load

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        """Yield all pages."""
        yield from self._pages


def measure(address: str, rounds: int, folder: Path) -> Loads:
    """Measure a store, and empty ones of the same engine."""
    command = [sys.executable, "-m", "tests.benchmarks.changing", address, str(rounds), str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Loads(**json.loads(done.stdout.splitlines()[-1]))


def take_out(engine: Engine) -> int:
    """Take out what was loaded here, with its part of the roll-ups where it has one; return how many posts."""
    with engine.connect() as connection:
        names = (WHOLE, BARE)
        runs = {
            name: list(connection.scalars(select(load_runs.c.id).where(load_runs.c.connector == name)))
            for name in names
        }
        last = connection.scalar(select(func.max(load_runs.c.inserted)).where(load_runs.c.connector == "bench")) or 0
        ids = {
            name: list(
                connection.scalars(
                    select(posts.c.id)
                    .where(posts.c.id > last, posts.c.load_run_id.in_(runs[name]))
                    .order_by(posts.c.id)
                )
            )
            for name in names
        }
    with _unreferenced(engine) as connection:
        for name in names:
            for low in range(0, len(ids[name]), AT_ONCE):
                some = ids[name][low : low + AT_ONCE]
                if name == WHOLE:
                    with rollups.changing(connection, some):
                        copies.forget(connection, some)
                        _delete_words(connection, some)
                        _delete_posts(connection, some)
                else:
                    _delete_posts(connection, some)
    all_runs = [run for name in names for run in runs[name]]
    if all_runs:
        with engine.begin() as connection:
            connection.execute(delete(cursors).where(cursors.c.load_run_id.in_(all_runs)))
            connection.execute(delete(load_runs).where(load_runs.c.id.in_(all_runs)))
    return sum(map(len, ids.values()))


@contextmanager
def _unreferenced(engine: Engine) -> Iterator[Connection]:
    """Yield the only writer, in whose transaction nobody looks who refers to a row: posts are never deleted elsewhere."""
    with engine.connect() as connection:
        dialect_of(connection).before_migration(connection)
        with connection.begin():
            dialect_of(connection).lock_writer(connection)
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            yield connection


def _delete_words(connection: Connection, ids: list[int]) -> None:
    places = list(connection.scalars(select(posts.c.timeline_id).where(posts.c.id.in_(ids))))
    found = list(connection.scalars(select(search_texts.c.timeline_id).where(search_texts.c.timeline_id.in_(places))))
    dialect_of(connection).search.remove(connection, found)
    connection.execute(delete(search_texts).where(search_texts.c.timeline_id.in_(found)))


def _delete_posts(connection: Connection, ids: list[int]) -> None:
    for table in (attachments, classifications, questions):
        connection.execute(delete(table).where(table.c.post_id.in_(ids)))
    connection.execute(delete(posts).where(posts.c.id.in_(ids)))


@contextmanager
def _bare() -> Iterator[None]:
    """Write rows only: neither roll-ups nor the words for search nor what finds copies."""

    @contextmanager
    def unchanged(*ignored: Any) -> Iterator[None]:
        yield

    with ExitStack() as stack:
        stack.enter_context(mock.patch("db.writes.posts.rollups.changing", unchanged))
        stack.enter_context(mock.patch("db.writes.posts.write_words"))
        stack.enter_context(mock.patch("db.writes.posts.copies.place", return_value=copies.Placed({}, set())))
        yield


class _AnalysisClock:
    """Adds up the time the loader spends in the analysis of texts."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def annotate_many(self, *arguments: Any, **named: Any) -> Any:
        started = time.perf_counter()
        try:
            return annotate.annotate_many(*arguments, **named)
        finally:
            self.seconds += time.perf_counter() - started


def _timed(connector: NewPosts, engine: Engine) -> tuple[float, float]:
    """Load; return seconds in all, and without the analysis."""
    clock = _AnalysisClock()
    patched = mock.Mock(wraps=annotate, annotate_many=clock.annotate_many)
    with mock.patch.object(preparing, "annotate", patched):
        started = time.perf_counter()
        counts = load(connector, engine)
        seconds = time.perf_counter() - started
    if counts.inserted != NEW_POSTS:
        raise RuntimeError(f"loaded {counts}, wanted {NEW_POSTS} new posts")
    return seconds, seconds - clock.seconds


@contextmanager
def _empty_store(address: str, folder: Path) -> Iterator[Engine]:
    """Yield an empty store of the same engine, registry and term groups in it; it goes afterwards."""
    if address.startswith("sqlite"):
        path = folder / "empty.db"
        _remove(path)
        engine = open_engine(f"sqlite:///{path}")
        yield _prepared(engine)
        engine.dispose()
        _remove(path)
    else:
        admin = Server(address)
        admin.create("bench_empty")
        engine = open_engine(admin.uri("bench_empty"))
        yield _prepared(engine)
        engine.dispose()
        admin.drop("bench_empty")


def _remove(path: Path) -> None:
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()


def _prepared(engine: Engine) -> Engine:
    upgrade(engine)
    load(ListConnector([], origin="synthetic"), engine)
    return engine


def _measure(address: str, rounds: int, folder: Path) -> Loads:
    engine = open_engine(address)
    take_out(engine)
    times: dict[str, list[tuple[float, float]]] = {"empty": [], WHOLE: [], BARE: []}
    for round_ in range(rounds + 1):  # the first is not counted
        with _empty_store(address, folder) as empty:
            times["empty"].append(_timed(NewPosts(WHOLE, 100 + round_), empty))
        times[WHOLE].append(_timed(NewPosts(WHOLE, 100 + round_), engine))
        with _bare():
            times[BARE].append(_timed(NewPosts(BARE, 200 + round_), engine))
    take_out(engine)
    engine.dispose()
    counted = {name: each[1:] for name, each in times.items()}

    def median(name: str, place: int) -> float:
        return statistics.median(each[place] for each in counted[name])

    return Loads(
        whole_s=median(WHOLE, 0),
        empty_s=median("empty", 0),
        whole_store_s=median(WHOLE, 1),
        empty_store_s=median("empty", 1),
        bare_store_s=median(BARE, 1),
        ratios=[a[0] / b[0] for a, b in zip(counted[WHOLE], counted["empty"], strict=True)],
    )


def main() -> int:
    """Measure the store the parent process named."""
    parser = argparse.ArgumentParser()
    parser.add_argument("address")
    parser.add_argument("rounds", type=int)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    annotate.annotate("아리수")
    print(json.dumps(asdict(_measure(given.address, given.rounds, given.folder))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
