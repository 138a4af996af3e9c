"""``python -m data_sources forget``: an author asks for it."""

from __future__ import annotations

import argparse
import sys

from data_sources.compliance import forget
from db.migrate import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("platform", metavar="PLATFORM", help="platform id, such as x")
    parser.add_argument("author", metavar="HANDLE_OR_ID", help="what the network calls its authors in what it sends")
    parser.add_argument("--dry-run", action="store_true", help="count and remove nothing")


def run(options: argparse.Namespace) -> int:
    """Remove the author's posts."""
    found, removed = forget(open_store(readonly=False), options.platform, options.author, dry_run=options.dry_run)
    if not found:
        print(
            f"data_sources: no post of this author on {options.platform}; networks that send ids know no handle",
            file=sys.stderr,
        )
    print(f"found={found} removed={removed}")
    return 0 if found else 1
