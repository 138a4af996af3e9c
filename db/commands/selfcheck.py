"""``python -m db selfcheck``: every KPI by a second way, from the rows; exit code 1 where one is red."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from dataclasses import asdict
from typing import Any

from sqlalchemy import Engine

from db.commands import add_data, is_synthetic
from db.migrate import open_store
from db.progress import StepProgress
from db.queries import data_extent, self_check
from db.records import PostFilter
from db.selfcheck import Item, check
from db.snapshot import Snapshot
from db.state import LOAD_ID, raise_load_id, read_state
from db.transactions import writing
from db.version import code_version
from db.writes import keep_self_check

DAYS = 90  # as long as the pages show at first


def add_to(commands: Any) -> None:
    """Add the command."""
    checked = commands.add_parser(
        "selfcheck", help="compute every KPI a second way, from the rows, and keep what came out for the page"
    )
    checked.add_argument(
        "--from", dest="start", type=dt.date.fromisoformat, help=f"first day, KST; default {DAYS} days"
    )
    checked.add_argument("--to", dest="end", type=dt.date.fromisoformat, help="last day, KST; default the data's last")
    checked.add_argument("--if-missing", action="store_true", help="do nothing where a result is kept already")
    add_data(checked)
    checked.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    engine = open_store(readonly=False, patient=True)
    synthetic = is_synthetic(engine, options.data)
    last = data_extent(engine, synthetic).last_day
    if last is None:
        print("db: there are no posts to check", file=sys.stderr)
        return 1
    if options.if_missing and not self_check(engine, synthetic).empty:
        print("a result is kept already: nothing was checked", file=sys.stderr)
        return 0
    end = options.end or last
    start = options.start or end - dt.timedelta(days=DAYS - 1)
    if end < start:
        print("db: --to is before --from", file=sys.stderr)
        return 2
    where = PostFilter(start, end, synthetic=synthetic)
    with StepProgress("selfcheck") as progress, Snapshot(engine) as snapshot:
        items = check(snapshot, where, progress)
    _keep(engine, where, items)
    red = [item for item in items if not item.is_green]
    for item in red:
        print(item)
    print(f"checked={len(items)} red={len(red)} from={start} to={end}")
    return 1 if red else 0


def _keep(engine: Engine, where: PostFilter, items: list[Item]) -> None:
    with writing(engine) as connection:
        raise_load_id(connection)
        seen = {
            "is_synthetic": where.synthetic,
            "first_day": where.start,
            "last_day": where.end,
            "checked_at": dt.datetime.now(dt.UTC),
            "load_id": read_state(connection, LOAD_ID),
            "code_version": code_version(),
        }
        rows = [{**asdict(item), **seen, "position": position} for position, item in enumerate(items)]
        keep_self_check(connection, where.synthetic, rows)
