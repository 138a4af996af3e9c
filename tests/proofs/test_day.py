from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.proofs.kills import ENGINES

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("engine_name", ENGINES)
def test_a_day_on_x_with_faults_and_kills_ends_with_the_posts_x_holds(engine_name: str) -> None:
    """The small size; ``make proofs`` reads 50,000 posts under 20 kills."""
    command = [sys.executable, "-m", "tests.proofs.day", "--engine", engine_name, "--posts", "600", "--kills", "3",
               "--every", "120", "--faults", "0.1", "--longest", "0.8"]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "held=600 stored=600 kills=3 " in done.stdout
    assert done.stdout.strip().endswith("equal=yes wrong=0")
    assert int(re.search(r"faults=(\d+)", done.stdout).group(1)) > 0


def test_the_volume_of_seoul_costs_what_its_posts_cost_and_a_budget_holds() -> None:
    """264 posts a day at half a cent, and 160 look-ups of accounts at one cent, once."""
    command = [sys.executable, "-m", "tests.proofs.cost", "--days", "2", "--every", "180", "--budget", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    per_month = float(re.search(r"dollars_per_month=([\d.]+)", done.stdout).group(1))
    assert 30 * 264 * 0.005 <= per_month - 1.6 < 30 * 264 * 0.005 * 1.15
    budget, spent = re.search(r"budget=([\d.]+) dollars=([\d.]+) status=.*quota", done.stdout).groups()
    assert float(budget) - 0.05 < float(spent) <= float(budget)  # ten posts are the smallest page
