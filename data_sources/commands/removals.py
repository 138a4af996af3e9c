"""``python -m data_sources comply``, ``forget`` and ``retain``: what must leave the store, each with one line of counts."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from typing import Any

from data_sources.compliance import POSTS_PER_NIGHT, comply, forget, retain
from data_sources.connectors.networks import CONNECTORS, set_up
from data_sources.registry import load_registry
from db.migrate import open_store
from db.records import POST_CLASSES


def add_to(commands: Any) -> None:
    """Add the three commands."""
    nightly = commands.add_parser(
        "comply", help="ask the networks for stored posts, the one checked longest ago first, and remove what is gone"
    )
    nightly.add_argument(
        "--limit", type=_positive, default=POSTS_PER_NIGHT, help="posts of a platform at most (default %(default)s)"
    )
    nightly.set_defaults(run=_comply)

    author = commands.add_parser("forget", help="remove all posts of an author who asks for it")
    author.add_argument("platform", metavar="PLATFORM", help="platform id, such as x")
    author.add_argument("author", metavar="HANDLE_OR_ID", help="what the network calls its authors in what it sends")
    author.add_argument("--dry-run", action="store_true", help="count and remove nothing")
    author.set_defaults(run=_forget)

    old = commands.add_parser("retain", help="remove real citizens' posts that are older than they may be kept")
    old.add_argument("--older-than", type=_positive, required=True, metavar="DAYS")
    old.add_argument(
        "--class", dest="classes", nargs="+", choices=POST_CLASSES, default=[], metavar="CLASS", help="only these"
    )
    old.add_argument("--dry-run", action="store_true", help="count and remove nothing")
    old.set_defaults(run=_retain)


def _positive(argument: str) -> int:
    number = int(argument)
    if number < 1:
        raise argparse.ArgumentTypeError("it must be at least 1")
    return number


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _comply(options: argparse.Namespace) -> int:
    registry = load_registry()
    connectors = [connector for row in set_up(CONNECTORS, registry) for connector in row.build(registry)]
    outcome = comply(connectors, open_store(readonly=False), _say, most=options.limit)
    print(outcome)
    return 1 if outcome.failed else 0


def _forget(options: argparse.Namespace) -> int:
    found, removed = forget(open_store(readonly=False), options.platform, options.author, dry_run=options.dry_run)
    if not found:
        _say(f"data_sources: no post of this author on {options.platform}; networks that send ids know no handle")
    print(f"found={found} removed={removed}")
    return 0 if found else 1


def _retain(options: argparse.Namespace) -> int:
    older_than = dt.timedelta(days=options.older_than)
    found, removed = retain(open_store(readonly=False), older_than, options.classes, dry_run=options.dry_run)
    print(f"found={found} removed={removed}")
    return 0
