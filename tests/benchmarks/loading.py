"""The loader's CPU beside the bare tokenizer's, on the same texts.

Run as a program it does one of the two and prints its seconds of CPU, so that neither pays for the other's
imports, memory or garbage.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

UNTIL = dt.date(2026, 11, 1)
SEED = 7


@dataclass(frozen=True, slots=True)
class LoadingResult:
    """Medians over the rounds: CPU seconds for all posts, and the ratios of each round."""

    posts: int
    characters: float
    bare_cpu_s: float
    load_cpu_s: float
    ratios: tuple[float, ...]
    posts_per_s: float

    @property
    def ratio(self) -> float:
        """CPU of the whole load over CPU of the bare tokenizer, median of the rounds."""
        return statistics.median(self.ratios)


def measure(posts: int, rounds: int) -> LoadingResult:
    """Measure bare tokenizer and whole load in turn, ``rounds`` times, each in a process of its own."""
    bare, load = [], []
    for _ in range(rounds):
        bare.append(_in_process("bare", posts))
        load.append(_in_process("load", posts))
    return LoadingResult(
        posts=posts,
        characters=bare[0]["characters"],
        bare_cpu_s=statistics.median(run["cpu_s"] for run in bare),
        load_cpu_s=statistics.median(run["cpu_s"] for run in load),
        ratios=tuple(b["cpu_s"] / a["cpu_s"] for a, b in zip(bare, load, strict=True)),
        posts_per_s=statistics.median(posts / run["wall_s"] for run in load),
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

    connector = DemoConnector(posts=posts, seed=SEED, until=UNTIL)
    texts = [post.text for page in connector.fetch(None) for post in page.records]
    mecab = MecabTokenizer().konlpy
    pos = konlpy.tag.Mecab.pos
    pos(mecab, texts[0])
    started, wall = time.process_time(), time.perf_counter()
    for text in texts:
        pos(mecab, text)
    return _timed(started, wall) | {"characters": sum(map(len, texts)) / len(texts)}


def _load(posts: int) -> dict[str, float]:
    """The whole load of a CSV file with these posts: reading, analysis, store. Imports come before."""
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
        started, wall = time.process_time(), time.perf_counter()
        counts = load(FileConnector(path), engine)
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
        for page in DemoConnector(posts=posts, seed=SEED, until=UNTIL).fetch(None):
            for post in page.records:
                account, addressed = post.account, post.addressed_to
                writer.writerow([
                    post.platform_post_id, post.text, post.created_at.isoformat(), post.platform, post.kind, post.author,
                    account.handle if account else "", account.department if account else "",
                    addressed.handle if addressed else "", post.in_reply_to or "",
                ])  # fmt: skip


def _timed(started: float, wall: float) -> dict[str, float]:
    return {"cpu_s": time.process_time() - started, "wall_s": time.perf_counter() - wall}


if __name__ == "__main__":
    print(json.dumps({"bare": _bare, "load": _load}[sys.argv[1]](int(sys.argv[2]))))
