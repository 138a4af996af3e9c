"""What was loaded, and what could not be read."""

from __future__ import annotations

import pandas as pd

from db.frames import LOAD_RUNS, REJECT_REASONS
from db.operations.runs import load_run_rows, reject_rows
from db.snapshot import Reader


def load_runs(reader: Reader, limit: int = 50) -> pd.DataFrame:
    """Return the newest runs, newest first. Columns LOAD_RUNS."""
    return LOAD_RUNS.frame(load_run_rows(reader, limit))


def reject_reasons(reader: Reader) -> pd.DataFrame:
    """Return how many rows of each source were rejected, by reason, with the first one. Columns REJECT_REASONS."""
    return REJECT_REASONS.frame(reject_rows(reader))
