"""``python -m tests.proofs.memory``: the memory of a load does not grow with what has been loaded.

One child process writes invented posts into a CSV file, another loads it, so that only the load is measured. After every thirtieth of
them it tells how much memory it and the processes that read ahead for it hold. The last third of the load may hold 5 % more than the
first third, the first tenth left out, in which tables and caches are filled.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from data_sources.connectors.demo import DemoConnector
from data_sources.connectors.files import FileConnector
from data_sources.loader import load
from db.engine import open_engine
from db.migrate import upgrade
from db.records import Counts

ROOT = Path(__file__).resolve().parents[2]
POSTS_PER_DAY = 2_000
POINTS = 30
MOST_GROWTH = 1.05
MIB = 1024 * 1024
FILE = "posts.csv"


class _Measuring:
    """Told of every committed page: tells of the memory held when the next thirtieth of the posts is stored."""

    def __init__(self, posts: int) -> None:
        self._step = max(posts // POINTS, 1)
        self._next = self._step

    def page(self, counts: Counts, fraction: float | None) -> None:
        """Print posts and MiB."""
        if counts.read >= self._next:
            self._next = counts.read + self._step
            children = [child.pid for child in multiprocessing.active_children() if child.pid is not None]
            held = sum(_resident(pid) for pid in (os.getpid(), *children)) / MIB
            print(json.dumps({"posts": counts.read, "mib": round(held, 1)}), flush=True)


def _resident(pid: int) -> int:
    """Return the bytes a process holds in memory, pages of mapped files left out: the system takes those back as it needs."""
    fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines())
    return int(fields["RssAnon"].split()[0]) * 1024


def _write(posts: int, folder: str) -> None:
    with (Path(folder) / FILE).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "text", "created_at", "platform", "author", "account", "department", "in_reply_to"))
        for page in DemoConnector(posts=posts, days=max(posts // POSTS_PER_DAY, 1)).fetch(None):
            for post in page.records:
                account = (post.account.handle, post.account.department) if post.account else ("", "")
                moment = post.created_at.isoformat()
                writer.writerow(
                    (
                        post.platform_post_id,
                        post.text,
                        moment,
                        post.platform,
                        post.author,
                        *account,
                        post.in_reply_to or "",
                    )
                )


def _load(posts: int, workers: int, folder: str) -> None:
    engine = open_engine(f"sqlite:///{folder}/minwon.db")
    upgrade(engine)
    load(FileConnector(Path(folder) / FILE), engine, workers=workers, progress=_Measuring(posts))


def measured(posts: int, workers: int) -> Iterator[tuple[int, float]]:
    """Load in a child process; yield how many posts were stored and the MiB held then."""
    with tempfile.TemporaryDirectory(prefix="minwon-memory-") as folder:
        command = [sys.executable, "-m", "tests.proofs.memory", "--posts", str(posts), "--workers", str(workers)]
        subprocess.run([*command, "--write", folder], cwd=ROOT, check=True)
        with subprocess.Popen([*command, "--load", folder], cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            for line in child.stdout:
                point = json.loads(line)
                yield point["posts"], point["mib"]
        if child.returncode:
            raise RuntimeError("the load failed; its message is above")


def growth(points: list[tuple[int, float]]) -> float:
    """Return the median memory of the last third of a load over that of its first third, the first tenth left out."""
    most = points[-1][0]
    first = [mib for posts, mib in points if most / 10 < posts <= most / 3]
    last = [mib for posts, mib in points if posts > most * 2 / 3]
    return statistics.median(last) / statistics.median(first)


def main() -> int:
    """Load, print what is held as it goes on, and whether that is flat."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.memory", description=__doc__)
    parser.add_argument("--posts", type=int, default=1_000_000)
    parser.add_argument("--workers", type=int, default=1, help="processes that read ahead (default %(default)s)")
    parser.add_argument("--write", help=argparse.SUPPRESS)  # what the child processes do, and in which folder
    parser.add_argument("--load", help=argparse.SUPPRESS)
    options = parser.parse_args()
    os.environ.setdefault("MINWON_HASH_KEY", "a key for proofs only, no secret")
    if options.write:
        _write(options.posts, options.write)
        return 0
    if options.load:
        _load(options.posts, options.workers, options.load)
        return 0
    points = []
    for posts, mib in measured(options.posts, options.workers):
        points.append((posts, mib))
        print(f"posts={posts} mib={mib}", flush=True)
    found = growth(points)
    print(f"posts={options.posts} workers={options.workers} most_mib={max(mib for _, mib in points)} "
          f"last_over_first={found:.3f} flat={'yes' if found <= MOST_GROWTH else 'no'}")  # fmt: skip
    return 0 if found <= MOST_GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())
