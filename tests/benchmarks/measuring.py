"""One who answers, in a process of its own: median times and the answers themselves, as a file of JSON.

The first time a question is asked is not counted: neither disk nor imports are what is compared.
"""

from __future__ import annotations

import argparse
import json
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.peers import PEERS, Run
from tests.benchmarks.questions import QUESTIONS, Rows

ROUNDS, FEWEST_ROUNDS, ENOUGH_S = 15, 3, 5.0


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds by question (median), the answers, and the peak memory of the process."""

    peer: str
    ms: dict[str, float]
    answers: dict[str, Rows]
    peak_mb: float
    open_s: float


class OutOfMemory(RuntimeError):
    """The system ended a peer that wanted more memory than there is."""


def measure(peer: str, address: str, as_of_s: int, folder: Path, rounds: int = ROUNDS) -> Measured:
    """Measure one peer over one store, each question ``rounds`` times at the most.

    Raises
    ------
    OutOfMemory
        The peer was killed; what it would have measured is not known.
    """
    out = folder / "measured.json"
    command = [sys.executable, "-m", "tests.benchmarks.measuring", peer, address, str(as_of_s), str(out), str(rounds)]
    done = subprocess.run(command, check=False)
    if done.returncode == -signal.SIGKILL:
        raise OutOfMemory(peer)
    done.check_returncode()
    found = json.loads(out.read_text(encoding="utf-8"))
    out.unlink()
    return Measured(**found)


def _measure(peer: str, address: str, as_of_s: int, rounds: int) -> Measured:
    started = time.perf_counter()
    with PEERS[peer](address, as_of_s) as asked:
        open_s = time.perf_counter() - started
        ms: dict[str, float] = {}
        answers: dict[str, Rows] = {}
        for question in QUESTIONS:
            rows = asked.run(question.id)
            if rows is not None:
                answers[question.id] = rows()
                ms[question.id] = _median_ms(asked.run, question.id, rounds)
        memory = asked.peak_mb()
    return Measured(peer, ms, answers, memory, open_s)


def _median_ms(run: Run, question: str, rounds: int) -> float:
    times: list[float] = []
    fewest = min(FEWEST_ROUNDS, rounds)
    while len(times) < fewest or (len(times) < rounds and sum(times) < ENOUGH_S):
        started = time.perf_counter()
        made: Callable[[], Rows] | None = run(question)
        times.append(time.perf_counter() - started)
        del made
    return statistics.median(times) * 1000


def main() -> int:
    """Measure what the parent process named."""
    parser = argparse.ArgumentParser()
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("address")
    parser.add_argument("as_of_s", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("rounds", type=int)
    given = parser.parse_args()
    found = _measure(given.peer, given.address, given.as_of_s, given.rounds)
    fields = {name: getattr(found, name) for name in Measured.__slots__}
    given.out.write_text(json.dumps(fields, ensure_ascii=False), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
