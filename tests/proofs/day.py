"""``python -m tests.proofs.day``: a day of a city's accounts on X, with faults and kills; the store must end with what X holds.

The server runs in the parent and fails a share of all calls. A child process reads both sources round by round, as
``watch`` would, and gets SIGKILL at random instants. Posts that enter the search late, edits and answers are among
them. At the end the store is compared, post by post, with what the server holds, and everything derived is recomputed.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import multiprocessing
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized

from sqlalchemy import Engine, func, select

from data_sources.connectors.x.source import sources_of
from data_sources.fetching import PATIENT, Surroundings, fetch
from db import rollups
from db.engine import open_engine
from db.schema import posts, source_usage
from nlp import annotate
from tests.loopback import LoopbackServer
from tests.proofs.kills import ENGINES, _database
from tests.simulated_x import SimulatedX, a_day, a_registry, handles_of, settings_for

START = dt.datetime(2026, 10, 5, 15, 0, tzinfo=dt.UTC)  # midnight in Seoul
# After the day itself, so that the last latecomers are in.
EXTRA_ROUNDS = 2


@dataclass(frozen=True, slots=True)
class DayResult:
    """What a day came to."""

    held: int
    stored: int
    kills: int
    calls: int
    faults: int
    dollars: float
    is_equal: bool
    wrong: int

    @property
    def passed(self) -> bool:
        """Return whether nothing was lost, doubled or miscounted."""
        return self.is_equal and not self.wrong


def run(
    engine_name: str, accounts: int, number: int, kills: int, fault_share: float, every_minutes: int, longest_s: float,
    seed: int,
) -> DayResult:  # fmt: skip
    """Read a day of ``number`` posts every so many minutes, under faults and kills."""
    annotate.annotate("아리수")  # built once, before the forks
    handles = handles_of(accounts)
    rounds = 24 * 60 // every_minutes + EXTRA_ROUNDS
    done_rounds: Synchronized[int] = multiprocessing.Value("i", 0)

    def now() -> dt.datetime:
        return START + (min(done_rounds.value, rounds - 1) + 1) * dt.timedelta(minutes=every_minutes)

    chance = random.Random(seed)
    city = SimulatedX(handles, a_day(handles, number, START, seed=seed), now, fault_share, random.Random(seed))
    with LoopbackServer() as server, _database(engine_name) as url:
        city.serve(server)
        done = 0
        while done < kills:
            done += _killed(url, server.url, handles, done_rounds, rounds, now, chance.uniform(0.0, longest_s))
            if sys.stderr.isatty():
                print(f"\r{done} of {kills} kills, {done_rounds.value} of {rounds} rounds", end="", file=sys.stderr)
        _, status = os.waitpid(_fork(url, server.url, handles, done_rounds, rounds, now), 0)
        if status:
            raise RuntimeError("a reading failed by itself; its message is above")
        engine = open_engine(url)
        expected, found = city.newest_versions(), _stored(engine)
        check = rollups.check(engine)
        for difference in check:
            print(difference, file=sys.stderr)
        with engine.connect() as connection:
            dollars = float(connection.scalar(select(func.sum(source_usage.c.dollars))) or 0)
        engine.dispose()
        return DayResult(
            len(expected), len(found), done, city.calls, city.faults, dollars, found == expected, check.wrong
        )


def _stored(engine: Engine) -> dict[str, tuple[int, str, bool]]:
    columns = (posts.c.platform_post_id, posts.c.version, posts.c.text, posts.c.is_inbound)
    with engine.connect() as connection:
        return {
            id_: (version, text, not inbound) for id_, version, text, inbound in connection.execute(select(*columns))
        }


def _killed(
    url: str, server: str, handles: list[str], done: Synchronized[int], rounds: int, now: Callable[[], dt.datetime],
    after_s: float,
) -> bool:  # fmt: skip
    """Start reading and kill it after ``after_s`` seconds; return whether it was still at work."""
    child = _fork(url, server, handles, done, rounds, now)
    time.sleep(after_s)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError("a reading failed by itself; its message is above")
    return os.WIFSIGNALED(status)


def _fork(
    url: str, server: str, handles: list[str], done: Synchronized[int], rounds: int, now: Callable[[], dt.datetime]
) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        _read(url, server, handles, done, rounds, now)
        status = 0
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(status)  # nothing of the parent's may run twice


def _read(
    url: str, server: str, handles: list[str], done: Synchronized[int], rounds: int, now: Callable[[], dt.datetime]
) -> None:
    """Read round by round to the end of the day; the last round again where it is over."""
    registry = a_registry(*handles)
    around = Surroundings(now=now, sleep=lambda seconds: None)
    sources = sources_of(settings_for(server), registry, now=now)
    engine = open_engine(url)
    while True:
        for source in sources:
            outcome = fetch(source, engine, registry=registry, patience=PATIENT, surroundings=around)
            if outcome.state.status != "ok":
                raise RuntimeError(f"{source.source}: {outcome.state.error}")
        if done.value >= rounds:
            break
        done.value += 1
    engine.dispose()


def main() -> int:
    """Run the proof in the size asked for; 0 where it holds."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs.day", description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, action="append", help="default: SQLite")
    parser.add_argument("--accounts", type=int, default=80)
    parser.add_argument("--posts", type=int, default=50_000)
    parser.add_argument("--kills", type=int, default=20, help="at least so many")
    parser.add_argument("--faults", type=float, default=0.05, help="share of all calls")
    parser.add_argument("--every", type=int, default=30, metavar="MINUTES", help="of the simulated day")
    parser.add_argument("--longest", type=float, default=6.0, metavar="SECONDS", help="a kill comes after 0 to so many")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    os.environ.setdefault("MINWON_HASH_KEY", "a key for proofs only, no secret")
    passed = True
    for engine_name in options.engine or ["sqlite"]:
        result = run(
            engine_name, options.accounts, options.posts, options.kills, options.faults, options.every,
            options.longest, options.seed,
        )  # fmt: skip
        passed = passed and result.passed
        print(
            f"{engine_name} accounts={options.accounts} held={result.held} stored={result.stored} kills={result.kills} "
            f"calls={result.calls} faults={result.faults} dollars={result.dollars:.2f} "
            f"equal={'yes' if result.is_equal else 'no'} wrong={result.wrong}",
            flush=True,
        )
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
