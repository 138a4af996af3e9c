"""What the commands that load have in common: progress, what was rejected, the counts last."""

from __future__ import annotations

import argparse
import os
import sys

from sqlalchemy import Engine

from data_sources.base import Connector
from data_sources.loader import load
from data_sources.progress import TerminalProgress


def add_workers(parser: argparse.ArgumentParser) -> None:
    """Add the option ``--workers``."""
    parser.add_argument(
        "--workers", type=_processes, default=max((os.cpu_count() or 1) - 1, 0), metavar="N",
        help="processes that read the next posts and analyse their texts while others are stored; 0: none (default all cores but one: %(default)s)",
    )  # fmt: skip


def _processes(argument: str) -> int:
    number = int(argument)
    if number < 0:
        raise argparse.ArgumentTypeError("it must be 0 or more")
    return number


def run_load(
    connector: Connector, engine: Engine, label: str, *, workers: int, dry_run: bool = False, restart: bool = False
) -> int:
    """Load all that a connector yields; return the exit code, 1 where nothing could be read."""
    with TerminalProgress(label) as progress:
        counts = load(connector, engine, dry_run=dry_run, restart=restart, workers=workers, progress=progress)
    if counts.rejected:
        print(f"{label}: {counts.rejected} rows rejected; reasons: python -m data_sources status", file=sys.stderr)
    if dry_run:
        print(f"{label}: dry run, nothing was stored", file=sys.stderr)
    print(counts)
    nothing_read = counts.read == counts.rejected
    if nothing_read:
        print(f"{label}: nothing could be read", file=sys.stderr)
    return 1 if nothing_read else 0
