"""``python -m data_sources reannotate``: all stored texts read again."""

from __future__ import annotations

import argparse
import sys

from data_sources.commands import positive
from data_sources.progress import ChangeProgress
from data_sources.reannotation import BATCH_SIZE, reannotate
from db.migrate import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("--workers", type=positive, help="processes that read (default one for each core)")
    parser.add_argument("--batch", type=positive, default=BATCH_SIZE, help="posts at once (default %(default)s)")
    parser.add_argument("--dask", metavar="tcp://HOST:PORT", help="let the workers of this Dask cluster read instead")
    parser.add_argument("--restart", action="store_true", help="read all posts, whatever was read before")
    parser.add_argument("--dry-run", action="store_true", help="say how many posts would change and store nothing")


def run(options: argparse.Namespace) -> int:
    """Read them."""
    engine = open_store(readonly=False)
    with ChangeProgress("reannotate") as progress:
        outcome = reannotate(
            engine,
            workers=options.workers,
            batch_size=options.batch,
            dask=options.dask,
            restart=options.restart,
            dry_run=options.dry_run,
            progress=progress,
        )
    if options.dry_run:
        print("reannotate: dry run, nothing was stored", file=sys.stderr)
    elif not outcome.is_switched:
        print("reannotate: every text was read with the current versions; nothing to do", file=sys.stderr)
    print(outcome)
    return 0
