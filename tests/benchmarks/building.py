"""Every store of a measurement, made where it is not there yet: two at a time, each in a process of its own."""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from db.engine import open_engine
from tests.benchmarks import raw, stores
from tests.benchmarks.changing import take_out
from tests.benchmarks.limits import OURS
from tests.benchmarks.servers import Server, postgresql

AT_ONCE = 2

KINDS: dict[str, Callable[[int, Path, Server], object]] = {
    "our SQLite": lambda posts, folder, server: stores.sqlite_store(posts, folder),
    "our PostgreSQL": lambda posts, folder, server: stores.postgresql_store(posts, server),
    "raw SQLite": lambda posts, folder, server: raw.sqlite_file(posts, folder),
    "raw PostgreSQL": lambda posts, folder, server: raw.postgresql_database(posts, folder, server),
    "DuckDB": lambda posts, folder, server: raw.duckdb_file(posts, folder),
}


@dataclass(frozen=True, slots=True)
class Stores:
    """Where each peer finds the posts, and the moment of the newest of them."""

    posts: int
    addresses: dict[str, str]
    as_of_s: int


def build(posts: int, folder: Path, *, without: Collection[str] = ()) -> Stores:
    """Make the stores of one size, but for the kinds ``without``, and return where they are."""
    sources = raw.parquet(posts, folder)
    kinds = [kind for kind in KINDS if kind not in without]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = dict(zip(kinds, pool.map(lambda kind: _in_process(kind, posts, folder), kinds), strict=True))
    found["our SQLite"] = f"sqlite:///{found['our SQLite']}"
    found["pandas"] = str(sources[0])
    found["Datasette"] = found["raw SQLite"]
    facts = json.loads(raw.facts_path(posts, folder).read_text(encoding="utf-8"))
    return Stores(posts, found, facts["as_of_s"])


def _in_process(kind: str, posts: int, folder: Path) -> str:
    command = [sys.executable, "-m", "tests.benchmarks.building", kind, str(posts), str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.splitlines()[-1]


def main() -> int:
    """Make one store and print where it is."""
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("posts", type=int)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    # Rows of millions are made and dropped, hardly a cycle among them.
    gc.disable()
    with postgresql(given.folder) as server:
        address = KINDS[given.kind](given.posts, given.folder, server)
        if given.kind in OURS:  # a measurement that was cut off may have left what it loaded
            engine = open_engine(f"sqlite:///{address}" if isinstance(address, Path) else str(address))
            take_out(engine)
            engine.dispose()
        print(address)
    return 0


if __name__ == "__main__":
    sys.exit(main())
