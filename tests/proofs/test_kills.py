from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.proofs.kills import ENGINES

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("engine_name", ENGINES)
def test_a_loader_killed_at_random_instants_leaves_the_store_of_an_undisturbed_load(engine_name: str) -> None:
    """The small size; ``make proofs`` runs 60,000 posts and 50 kills."""
    command = [sys.executable, "-m", "tests.proofs.kills", "--engine", engine_name, "--posts", "3000", "--kills", "8",
               "--page-size", "300", "--longest", "0.4"]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "kills=8 equal=yes" in done.stdout
    assert done.stdout.strip().endswith("wrong=0")
