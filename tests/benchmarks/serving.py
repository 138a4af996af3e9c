"""Each page's server time, over stores of several sizes: the first visit after a load, and a rerun.

A page is run as Streamlit runs it, without a browser: what is timed is the server's CPU from the request
to the last element.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.loading import SEED, UNTIL
from tests.benchmarks.stores import version

# The demo's 20,000 posts in 90 days are 222 a day; larger stores are longer, as a city's is.
POSTS_PER_DAY = 222
RERUNS = 5
PERIOD = "30"  # days, the same over every store
TIMEOUT_S = 120


@dataclass(frozen=True, slots=True)
class PageResult:
    """Milliseconds of server CPU for one page over one store."""

    page: str
    posts: int
    first_ms: float
    rerun_ms: float


def store_of(posts: int, folder: Path) -> str:
    """Return the URL of a store with ``posts`` invented posts, filled once and kept in ``folder``."""
    from data_sources.connectors.demo import DemoConnector
    from data_sources.loader import load
    from db.engine import open_engine

    folder.mkdir(parents=True, exist_ok=True)
    name = f"demo_{posts}_{version()}"
    for stale in folder.glob(f"demo_{posts}[_.]*"):
        if not stale.name.startswith(name):
            stale.unlink()
    url = f"sqlite:///{folder / f'{name}.db'}"
    connector = DemoConnector(posts=posts, seed=SEED, days=max(1, posts // POSTS_PER_DAY), until=UNTIL)
    # Where the store is there already this finds every post unchanged; where it was cut off it goes on.
    marker = folder / f"{name}.{connector.source.replace(':', '_')}.done"
    if not marker.exists():
        print(f"filling a store with {posts} posts", file=sys.stderr, flush=True)
        load(connector, open_engine(url))
        marker.touch()
    return url


def measure(posts: int, folder: Path) -> list[PageResult]:
    """Measure every page over one store, in a process of its own."""
    environment = {**os.environ, "MINWON_DB_URL": store_of(posts, folder)}
    command = [sys.executable, "-m", "tests.benchmarks.serving"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    rows = json.loads(done.stdout.splitlines()[-1])
    return [PageResult(page, posts, first_ms, rerun_ms) for page, first_ms, rerun_ms in rows]


def _measure_pages() -> list[tuple[str, float, float]]:
    import streamlit as st
    from streamlit.testing.v1 import AppTest

    from pages.components.navigation import PAGES

    app_file = str(Path(__file__).resolve().parents[2] / "app.py")
    warm = AppTest.from_file(app_file, default_timeout=TIMEOUT_S)
    for row in PAGES:  # imports are paid once in a server's life
        _run(warm, row.script)
    results = []
    for row in PAGES:
        app = AppTest.from_file(app_file, default_timeout=TIMEOUT_S)
        app.query_params["period"] = PERIOD
        app.run()  # a new session begins on the start page, which is not what is measured
        st.cache_data.clear()
        st.cache_resource.clear()
        first = _run(app, row.script)
        results.append((row.id, first, statistics.median(_run(app, row.script) for _ in range(RERUNS))))
    return results


def _run(app: object, script: str) -> float:
    """Run a page once; return milliseconds of CPU."""
    started = time.process_time()
    app.switch_page(script).run()  # type: ignore[attr-defined]
    milliseconds = (time.process_time() - started) * 1000
    if app.exception:  # type: ignore[attr-defined]
        raise RuntimeError(f"{script}: {app.exception[0].value}")  # type: ignore[attr-defined]
    return milliseconds


if __name__ == "__main__":
    print(json.dumps(_measure_pages()))
