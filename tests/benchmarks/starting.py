"""How long ``python -m data_sources status`` takes, from its start as a process to its end."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.stores import say

COMMAND = ("-m", "data_sources", "status")
ROOT = Path(__file__).resolve().parents[2]
# X is set up, as at the city: its client is loaded. A token nobody sends: `status` asks no network.
SETTINGS = {"MINWON_X_BEARER_TOKEN": "unused"}


def status_s(address: str, rounds: int) -> tuple[float, int]:
    """Return the median seconds of the command on a store, after one round that is left out, and how many accounts it tells of."""
    say("status, as a command")
    environment = {**os.environ, **SETTINGS, "MINWON_DB_URL": address}
    # Where Python may, it compiles a program once and not at every start; the round that is left out does it.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    taken: list[float] = []
    accounts = 0
    for _ in range(rounds + 1):
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, *COMMAND], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        )
        taken.append(time.perf_counter() - start)
        accounts = sum(line.startswith("account ") for line in done.stdout.splitlines())
    return statistics.median(taken[1:]), accounts
