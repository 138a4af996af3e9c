"""What the commands that load have in common: progress, what was rejected, the counts last."""

from __future__ import annotations

import sys

from sqlalchemy import Engine

from data_sources.base import Connector
from data_sources.loader import load
from data_sources.progress import TerminalProgress


def run_load(connector: Connector, engine: Engine, label: str, *, dry_run: bool = False, restart: bool = False) -> int:
    """Load all that a connector yields; return the exit code, 1 where nothing could be read."""
    with TerminalProgress(label) as progress:
        counts = load(connector, engine, dry_run=dry_run, restart=restart, progress=progress)
    if counts.rejected:
        print(f"{label}: {counts.rejected} rows rejected; reasons: python -m data_sources status", file=sys.stderr)
    if dry_run:
        print(f"{label}: dry run, nothing was stored", file=sys.stderr)
    print(counts)
    nothing_read = counts.read == counts.rejected
    if nothing_read:
        print(f"{label}: nothing could be read", file=sys.stderr)
    return 1 if nothing_read else 0
