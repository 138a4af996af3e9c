"""``python -m data_sources demo``: invented posts."""

from __future__ import annotations

import argparse
import datetime as dt
import sys

from data_sources.commands.loading import add_workers, run_load
from data_sources.connectors.demo import DemoConnector
from db.migrate import open_store
from db.operations.extent import has_posts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("--posts", type=int, default=20_000, help="how many, answers included (default %(default)s)")
    parser.add_argument("--seed", type=int, default=7, help="the same seed gives the same posts (default %(default)s)")
    parser.add_argument("--days", type=int, default=180, help="over how many days (default %(default)s)")
    parser.add_argument("--until", type=dt.date.fromisoformat, help="the day after the last one, KST (default today)")
    parser.add_argument("--if-empty", action="store_true", help="do nothing where the store holds posts already")
    add_workers(parser)


def run(options: argparse.Namespace) -> int:
    """Load them."""
    engine = open_store(readonly=False)
    if options.if_empty and (has_posts(engine, synthetic=False) or has_posts(engine, synthetic=True)):
        print("the store holds posts already: no demo data loaded", file=sys.stderr)
        return 0
    connector = DemoConnector(posts=options.posts, seed=options.seed, days=options.days, until=options.until)
    return run_load(connector, engine, "demo", workers=options.workers)
