"""``python -m data_sources watch``: all networks that are set up, again and again."""

from __future__ import annotations

import argparse

from data_sources.commands import positive
from data_sources.connectors.networks import CONNECTORS, NETWORKS_HELP, connector_row, set_up
from data_sources.fetching import Outcome, outcome_line
from data_sources.registry import load_registry
from data_sources.watching import watch
from db.migrate import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.epilog = NETWORKS_HELP
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these networks")
    parser.add_argument("--every", type=positive, default=300, metavar="SECONDS", help="default %(default)s")


def run(options: argparse.Namespace) -> int:
    """Read them until a signal ends it."""
    registry = load_registry()
    rows = [connector_row(name) for name in options.names] if options.names else set_up(CONNECTORS, registry)
    connectors = [connector for row in rows for connector in row.build(registry)]
    watch(connectors, open_store(readonly=False), options.every, _say, registry=registry)
    return 0


def _say(outcome: Outcome) -> None:
    print(outcome_line(outcome), flush=True)
