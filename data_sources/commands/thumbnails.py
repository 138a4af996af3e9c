"""``python -m data_sources thumbnails``: small copies of citizens' photos, where hosts are allowed."""

from __future__ import annotations

import argparse
import sys

from data_sources.base import UsageError
from data_sources.connectors.media import PictureClient
from data_sources.thumbnails import allowed_hosts, fetch_thumbnails
from db.migrate import open_store

PHOTOS_PER_NIGHT = 500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.add_argument("--limit", type=int, default=PHOTOS_PER_NIGHT, help="photos at most (default %(default)s)")


def run(options: argparse.Namespace) -> int:
    """Fetch them."""
    hosts = allowed_hosts()
    if not hosts:
        raise UsageError("no host is allowed: name some in MINWON_THUMBNAIL_HOSTS, such as pbs.twimg.com")
    print(fetch_thumbnails(open_store(readonly=False), PictureClient(hosts), options.limit, _say))
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr)
