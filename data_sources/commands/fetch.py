"""``python -m data_sources fetch``: one network, once."""

from __future__ import annotations

import argparse
import sys

from data_sources.commands import positive
from data_sources.connectors.networks import NETWORKS_HELP, connector_row
from data_sources.fetching import fetch, outcome_line
from data_sources.progress import TerminalProgress
from data_sources.registry import load_registry
from db.migrate import open_store
from db.records import Counts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.epilog = NETWORKS_HELP
    parser.add_argument("name", metavar="NAME", help="the network")
    parser.add_argument(
        "--every",
        type=positive,
        metavar="SECONDS",
        help="how often a timer runs this; /health then says when it is late",
    )


def run(options: argparse.Namespace) -> int:
    """Read it."""
    registry = load_registry()
    connectors = connector_row(options.name).build(registry)
    engine = open_store(readonly=False)
    counts, is_well = Counts(), True
    for connector in connectors:
        with TerminalProgress(connector.source) as progress:
            outcome = fetch(connector, engine, registry=registry, progress=progress, every_s=options.every)
        print(outcome_line(outcome), file=sys.stderr)
        counts.add(outcome.counts)
        is_well = is_well and outcome.state.status == "ok"
    print(counts)
    return 0 if is_well else 1
