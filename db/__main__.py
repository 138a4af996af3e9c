"""The command line of the store: ``python -m db upgrade | stats | metric NAME``."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError, OperationalError

from db.dialects.base import UnknownEngine
from db.engine import open_engine
from db.metrics import METRICS, UnknownMetric, metric
from db.migrate import current_revision, head_revision, open_store, upgrade
from db.queries import has_posts
from db.records import MetricValue, PostFilter
from db.schema import metadata


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code: 0 done, 1 a fault was found, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (UnknownEngine, UnknownMetric) as error:
        print(f"db: {error}", file=sys.stderr)
        return 2
    except DatabaseError as error:
        # The other kinds speak of statements, and those are ours.
        if type(error) not in (DatabaseError, OperationalError):
            raise
        reason = str(error.orig).strip().splitlines()[0]
        print(f"db: the store cannot be used: {reason}; check MINWON_DB_URL", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m db", description="Look after the store (MINWON_DB_URL, default sqlite:///var/minwon.db)."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    commands.add_parser("upgrade", help="bring the store to the current schema").set_defaults(run=_upgrade)
    commands.add_parser("stats", help="rows of every table").set_defaults(run=_stats)
    value = commands.add_parser(
        "metric",
        help="print one KPI, as on the pages",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="metrics:\n" + "\n".join(f"  {row.id:<28} {row.name_en}" for row in METRICS.values()),
    )
    value.add_argument("name", metavar="NAME")
    value.add_argument("--from", dest="start", type=dt.date.fromisoformat, required=True, help="first day, KST")
    value.add_argument("--to", dest="end", type=dt.date.fromisoformat, required=True, help="last day, KST")
    value.add_argument("--department", action="append", default=[], help="code; may be repeated")
    value.add_argument("--platform", action="append", default=[], help="id; may be repeated")
    value.add_argument("--data", choices=("real", "synthetic"), help="default: real where there is any")
    value.add_argument("--json", action="store_true", help="one JSON object instead of a line for people")
    value.set_defaults(run=_metric)
    return parser


def _upgrade(options: argparse.Namespace) -> int:
    engine = open_engine()
    before = current_revision(engine)
    upgrade(engine)
    print(f"schema {before or 'empty'} -> {head_revision()}")
    return 0


def _stats(options: argparse.Namespace) -> int:
    engine = open_store()
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            print(f"{table.name}={connection.scalar(select(func.count()).select_from(table))}")
    return 0


def _metric(options: argparse.Namespace) -> int:
    if options.end < options.start:
        print("db: --to is before --from", file=sys.stderr)
        return 2
    engine = open_store()
    synthetic = options.data == "synthetic" if options.data else not has_posts(engine, synthetic=False)
    where = PostFilter(
        start=options.start,
        end=options.end,
        departments=tuple(options.department),
        platforms=tuple(options.platform),
        synthetic=synthetic,
    )
    value = metric(engine, options.name, where)
    print(json.dumps(_as_json(value), ensure_ascii=False) if options.json else _as_line(value))
    return 0


def _as_json(value: MetricValue) -> dict[str, object]:
    return {
        "metric": value.metric,
        "version": value.version,
        "value": value.value,
        "low": value.low,
        "high": value.high,
        "n": value.n,
        "unit": value.unit,
        "from": value.start.isoformat(),
        "to": value.end.isoformat(),
        "as_of": value.as_of.isoformat() if value.as_of else None,
    }


def _as_line(value: MetricValue) -> str:
    shown = "not reached" if value.value is None else f"{value.value:.6g}"
    ends = ["?" if end is None else f"{end:.6g}" for end in (value.low, value.high)]
    interval = "" if value.low is None and value.high is None else f" [{ends[0]}, {ends[1]}]"
    unit = "" if value.value is None else f" {value.unit}"
    return f"{value.metric} v{value.version}: {shown}{interval}{unit}, n={value.n}"


if __name__ == "__main__":
    sys.exit(main())
