"""``python -m data_sources comply``: what the networks no longer have leaves the store."""

from __future__ import annotations

import argparse
import sys

from data_sources.commands import positive
from data_sources.compliance import POSTS_PER_NIGHT, comply
from data_sources.connectors.networks import CONNECTORS, set_up
from data_sources.registry import load_registry
from db.migrate import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument(
        "--limit", type=positive, default=POSTS_PER_NIGHT, help="posts of a platform at most (default %(default)s)"
    )


def run(options: argparse.Namespace) -> int:
    """Ask them."""
    registry = load_registry()
    connectors = [connector for row in set_up(CONNECTORS, registry) for connector in row.build(registry)]
    outcome = comply(connectors, open_store(readonly=False), _say, most=options.limit)
    print(outcome)
    return 1 if outcome.failed else 0


def _say(line: str) -> None:
    print(line, file=sys.stderr)
