"""How long ``python -m data_sources status`` takes, from its start as a process to its end."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from data_sources.registry import SEOUL_TOML
from data_sources.registry.registry import INVENTED_PREFIX
from tests.benchmarks.stores import say

COMMAND = ("-m", "data_sources", "status")
ROOT = Path(__file__).resolve().parents[2]
# X is set up, as at the city. A token nobody sends: `status` asks no network.
SETTINGS = {"MINWON_X_BEARER_TOKEN": "unused"}


def status_s(address: str, rounds: int) -> tuple[float, int]:
    """Return the median seconds of the command on a store, after one round that is left out, and how many accounts it tells of."""
    say("status, as a command")
    with tempfile.TemporaryDirectory() as folder:
        return _measured(
            {**SETTINGS, "MINWON_DB_URL": address, "MINWON_REGISTRY": str(_registry(Path(folder)))}, rounds
        )


def _registry(folder: Path) -> Path:
    """Write the registry as a city has it: its invented accounts would be read by no network."""
    path = folder / "city.toml"
    real = SEOUL_TOML.read_text(encoding="utf-8").replace(f'handle = "{INVENTED_PREFIX}', 'handle = "city_')
    path.write_text(real, encoding="utf-8")
    return path


def _measured(settings: dict[str, str], rounds: int) -> tuple[float, int]:
    environment = {**os.environ, **settings}
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
        if "network x: set up" not in done.stdout.splitlines():
            raise RuntimeError("X is not set up: the command is spared what the city's costs")
        accounts = sum(line.startswith("account ") for line in done.stdout.splitlines())
    return statistics.median(taken[1:]), accounts
