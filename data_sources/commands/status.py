"""``python -m data_sources status``: how the sources fare, within a second."""

from __future__ import annotations

import argparse
import json

from data_sources.connectors.networks import CONNECTORS
from data_sources.registry import load_registry
from data_sources.status import status_lines, status_of
from db.migrate import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("--json", action="store_true", help="one JSON object instead of lines for people")


def run(options: argparse.Namespace) -> int:
    """Print it."""
    status = status_of(open_store(), load_registry(), CONNECTORS)
    if options.json:
        print(json.dumps(status, ensure_ascii=False))
        return 0
    for line in status_lines(status):
        print(line)
    return 0
