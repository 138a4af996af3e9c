"""``python -m tests.data_sources.watching_numbers URL ARGUMENT...``: the real command line, with one network in CONNECTORS."""

from __future__ import annotations

import os
import sys

from data_sources import __main__ as command_line
from data_sources.commands import comply, fetch, status, watch
from tests.data_sources.numbers_network import row


def main() -> int:
    """Run the command line over the network at the address."""
    os.environ["MINWON_NUMBERS_URL"] = sys.argv[1]  # a network without any setting is not read
    rows = (row(sys.argv[1]),)
    for command in (comply, status, watch):
        command.CONNECTORS = rows
    for command in (fetch, watch):
        command.connector_row = lambda name: rows[0]
    return command_line.main(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
