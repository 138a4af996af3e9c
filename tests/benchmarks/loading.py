"""The loader beside the bare tokenizer, on the same texts: by the clock, on all cores, and in CPU.

Run as a program it does one of the two and prints its seconds of CPU, so that neither pays for the other's
imports, memory or garbage.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

UNTIL = dt.date(2026, 11, 1)
SEED = 7
DAYS = 90
WORKERS = max((os.cpu_count() or 1) - 1, 0)  # what `import-file` does unasked


@dataclass(frozen=True, slots=True)
class LoadingResult:
    """Medians over the rounds: seconds of the clock and of CPU (all processes of the load) for all posts; of each round the speeds' ratio."""

    posts: int
    characters: float
    workers: int
    bare_s: float
    load_s: float
    bare_cpu_s: float
    load_cpu_s: float
    speeds: tuple[float, ...]

    @property
    def speed(self) -> float:
        """Speed of the whole load over that of the bare tokenizer, by the clock, median of the rounds."""
        return statistics.median(self.speeds)


def measure(posts: int, rounds: int) -> LoadingResult:
    """Measure bare tokenizer and whole load in turn, ``rounds`` times, each in a process of its own."""
    bare, load = [], []
    for _ in range(rounds):
        bare.append(_in_process("bare", posts))
        load.append(_in_process("load", posts))
    return LoadingResult(
        posts=posts,
        characters=bare[0]["characters"],
        workers=WORKERS,
        bare_s=statistics.median(run["wall_s"] for run in bare),
        load_s=statistics.median(run["wall_s"] for run in load),
        bare_cpu_s=statistics.median(run["cpu_s"] for run in bare),
        load_cpu_s=statistics.median(run["cpu_s"] for run in load),
        speeds=tuple(a["wall_s"] / b["wall_s"] for a, b in zip(bare, load, strict=True)),
    )


def _in_process(what: str, posts: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.loading", what, str(posts)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def _bare(posts: int) -> dict[str, float]:
    """konlpy's own ``Mecab.pos`` with the civic dictionary, nothing around it."""
    import konlpy.tag

    from data_sources.connectors.demo import DemoConnector
    from nlp.tokenizers.mecab import MecabTokenizer

    connector = DemoConnector(posts=posts, seed=SEED, days=DAYS, until=UNTIL)
    texts = [post.text for page in connector.fetch(None) for post in page.records]
    mecab = MecabTokenizer().konlpy
    pos = konlpy.tag.Mecab.pos
    pos(mecab, texts[0])
    started, wall = _cpu_s(), time.perf_counter()
    for text in texts:
        pos(mecab, text)
    return _timed(started, wall) | {"characters": sum(map(len, texts)) / len(texts)}


def _load(posts: int) -> dict[str, float]:
    """The whole load of a CSV file with these posts: reading, analysis, store, detection. Imports come before."""
    import data_sources.detection  # noqa: F401  # which the loader imports at its end
    from data_sources.connectors.files import FileConnector
    from data_sources.loader import load
    from db.engine import open_engine
    from db.migrate import upgrade
    from nlp import annotate

    annotate.annotate("아리수")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "posts.csv"
        _write_csv(path, posts)
        engine = open_engine(f"sqlite:///{Path(folder) / 'bench.db'}")
        upgrade(engine)
        started, wall = _cpu_s(), time.perf_counter()
        counts = load(FileConnector(path), engine, workers=WORKERS)
        result = _timed(started, wall)
    if counts.inserted != posts:
        raise RuntimeError(f"loaded {counts}, wanted {posts}")
    return result


def _write_csv(path: Path, posts: int) -> None:
    from data_sources.connectors.demo import DemoConnector

    columns = ("id", "text", "created_at", "platform", "kind", "author", "account", "department", "addressed_to",
               "in_reply_to")  # fmt: skip
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for page in DemoConnector(posts=posts, seed=SEED, days=DAYS, until=UNTIL).fetch(None):
            for post in page.records:
                account, addressed = post.account, post.addressed_to
                writer.writerow([
                    post.platform_post_id, post.text, post.created_at.isoformat(), post.platform, post.kind, post.author,
                    account.handle if account else "", account.department if account else "",
                    addressed.handle if addressed else "", post.in_reply_to or "",
                ])  # fmt: skip


def _timed(started: float, wall: float) -> dict[str, float]:
    return {"cpu_s": _cpu_s() - started, "wall_s": time.perf_counter() - wall}


def _cpu_s() -> float:
    """Return the CPU of this process and of its children that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


if __name__ == "__main__":
    print(json.dumps({"bare": _bare, "load": _load}[sys.argv[1]](int(sys.argv[2]))))
