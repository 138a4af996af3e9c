"""Those who answer the questions: each opens its store and hands out how it answers and how much memory it took."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import psycopg

from db.engine import open_engine
from db.snapshot import Snapshot
from tests.benchmarks import statements
from tests.benchmarks.questions import Rows

# Asks a question; what it returns makes the rows of the answer, which is not part of the time.
Run = Callable[[str], Callable[[], Rows] | None]
CACHE_KIB = 65_536  # the page cache of a connection, as the project's own
DATASETTE_START_S = 30
DATASETTE_LIMIT_MS = 300_000


def peak_mb(process_id: int | None = None) -> float:
    """Return the largest memory of this or another process so far, in megabytes; NaN where the system does not tell.

    Not getrusage: what the parent held when it started a process counts there as the child's.
    """
    status = Path("/proc") / str(process_id or "self") / "status"
    if not status.exists():
        return float("nan")
    line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


@dataclass(frozen=True, slots=True)
class Peer:
    """One who answers: ``run`` asks a question, ``peak_mb`` tells the memory of the process that does the work."""

    run: Run
    peak_mb: Callable[[], float] = peak_mb


@contextmanager
def ours(address: str, as_of_s: int) -> Iterator[Peer]:
    """Open the project's own store; every question is asked in a snapshot of its own, as a page's run is."""
    from tests.benchmarks.ours import OURS

    engine = open_engine(address, readonly=True)

    def run(question: str) -> Callable[[], Rows] | None:
        ask, form = OURS[question]
        with Snapshot(engine) as snapshot:
            answer = ask(snapshot)
        return lambda: form(answer)

    yield Peer(run)
    engine.dispose()


@contextmanager
def sqlite(address: str, as_of_s: int) -> Iterator[Peer]:
    """Open the raw rows in SQLite, on one connection that stays open."""
    connection = sqlite3.connect(f"file:{address}?mode=ro", uri=True)
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    connection.execute("PRAGMA temp_store = MEMORY")
    yield Peer(_by_statements("sqlite", as_of_s, lambda statement: connection.execute(statement).fetchall()))
    connection.close()


@contextmanager
def postgresql(address: str, as_of_s: int) -> Iterator[Peer]:
    """Open the raw rows in PostgreSQL."""
    with psycopg.connect(address, autocommit=True) as connection:
        yield Peer(_by_statements("postgresql", as_of_s, lambda statement: connection.execute(statement).fetchall()))


@contextmanager
def duck(address: str, as_of_s: int) -> Iterator[Peer]:
    """Open the raw rows in DuckDB, which uses both cores."""
    with duckdb.connect(address, read_only=True) as connection:
        yield Peer(_by_statements("duckdb", as_of_s, lambda statement: connection.execute(statement).fetchall()))


@contextmanager
def frames(address: str, as_of_s: int) -> Iterator[Peer]:
    """Read everything into pandas."""
    from tests.benchmarks.in_memory import Frames

    held = Frames(Path(address), as_of_s)
    yield Peer(held.run)


@contextmanager
def datasette(address: str, as_of_s: int) -> Iterator[Peer]:
    """Serve SQLite's raw rows by Datasette and ask it over HTTP, on this machine alone."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "datasette", "serve", address, "--host", "127.0.0.1", "--port", str(port),
        "--setting", "sql_time_limit_ms", str(DATASETTE_LIMIT_MS), "--setting", "max_returned_rows", "100000",
        "--setting", "cache_size_kb", str(CACHE_KIB), "--setting", "num_sql_threads", "1",
    ]  # fmt: skip
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ})
    base = f"http://127.0.0.1:{port}/{urllib.parse.quote(Path(address).stem)}.json?_shape=arrays&sql="
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def execute(statement: str) -> list[list[Any]]:
        with opener.open(base + urllib.parse.quote(statement), timeout=DATASETTE_LIMIT_MS / 1000) as response:
            answer = json.load(response)
        if answer.get("truncated") or not answer.get("ok", True):
            raise RuntimeError(f"Datasette did not answer in full: {answer.get('error', 'too many rows')}")
        rows: list[list[Any]] = answer["rows"]
        return rows

    try:
        _wait_for(execute, server)
        yield Peer(_by_statements("sqlite", as_of_s, execute), lambda: peak_mb(server.pid))
    finally:
        server.terminate()
        server.wait()


def _wait_for(execute: Callable[[str], Any], server: subprocess.Popen[bytes]) -> None:
    started = time.monotonic()
    while True:
        try:
            execute("SELECT 1")
        except (urllib.error.URLError, ConnectionError):
            if server.poll() is not None or time.monotonic() - started > DATASETTE_START_S:
                raise
            time.sleep(0.1)
        else:
            return


def _by_statements(engine: str, as_of_s: int, execute: statements.Execute) -> Run:
    def run(question: str) -> Callable[[], Rows] | None:
        asked = statements.statements(question, engine, as_of_s)
        if not asked:
            return None
        results = [execute(statement) for statement in asked]
        return lambda: statements.answer(question, results)

    return run


PEERS = {
    "our SQLite": ours,
    "our PostgreSQL": ours,
    "raw SQLite": sqlite,
    "raw PostgreSQL": postgresql,
    "DuckDB": duck,
    "pandas": frames,
    "Datasette": datasette,
}
