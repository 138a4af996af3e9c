"""``python -m data_sources retain``: what is older than it may be kept leaves the store."""

from __future__ import annotations

import argparse
import datetime as dt

from data_sources.commands import positive
from data_sources.compliance import retain
from db.migrate import open_store
from db.records import POST_CLASSES


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("--older-than", type=positive, required=True, metavar="DAYS")
    parser.add_argument(
        "--class", dest="classes", nargs="+", choices=POST_CLASSES, default=[], metavar="CLASS", help="only these"
    )
    parser.add_argument("--dry-run", action="store_true", help="count and remove nothing")


def run(options: argparse.Namespace) -> int:
    """Remove it."""
    older_than = dt.timedelta(days=options.older_than)
    found, removed = retain(open_store(readonly=False), older_than, options.classes, dry_run=options.dry_run)
    print(f"found={found} removed={removed}")
    return 0
