"""The command line of the store: ``python -m db COMMAND``, each a row of the parser or a module of :mod:`db.commands`."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine, func, select

from db import copying, rollups
from db.commands import add_data, frozen, incidents, is_synthetic, reviews, selfcheck
from db.dialects import dialect_of
from db.engine import open_engine
from db.errors import StoreError, translated
from db.figures import UnknownFigure
from db.metrics import METRICS, UnknownMetric, metric
from db.metrics.document import markdown
from db.migrate import current_revision, head_revision, open_store, upgrade
from db.progress import StepProgress
from db.records import MetricValue, PostFilter
from db.schema import metadata
from db.snapshot import Snapshot
from db.transactions import writing
from db.writes.changes import find_posts, remove_posts

INTERRUPTED = 130  # what a shell expects after ^C


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code: 0 done, 1 a fault was found, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        with translated():
            return int(options.run(options))
    except (UnknownMetric, UnknownFigure) as error:
        print(f"db: {error}", file=sys.stderr)
        return 2
    except StoreError as error:
        print(f"db: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("db: stopped; nothing is damaged, the same command may be run again", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m db", description="Look after the store (MINWON_DB_URL, default sqlite:///var/minwon.db)."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    commands.add_parser("upgrade", help="bring the store to the current schema").set_defaults(run=_upgrade)
    commands.add_parser(
        "check", help="compare every roll-up and the search index with the rows; exit code 1 where one is wrong"
    ).set_defaults(run=_check)
    commands.add_parser("rebuild", help="make the roll-ups and the search index anew, in place").set_defaults(
        run=_rebuild
    )
    commands.add_parser("stats", help="rows of every table").set_defaults(run=_stats)
    removed = commands.add_parser("remove", help="remove posts: text, author and words go, the counts stay")
    removed.add_argument("platform", metavar="PLATFORM", help="platform id, such as blog")
    removed.add_argument("ids", metavar="ID", nargs="+", help="the post's id on its platform")
    removed.set_defaults(run=_remove)
    reviews.add_to(commands)
    incidents.add_to(commands)
    frozen.add_to(commands)
    selfcheck.add_to(commands)
    copied = commands.add_parser("copy", help="copy the store to another engine; goes on where it was cut off")
    copied.add_argument(
        "--to", required=True, metavar="URL", help="an empty store, such as postgresql://user@host/name"
    )
    copied.set_defaults(run=_copy)
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
    add_data(value)
    value.add_argument(
        "--version", type=int, metavar="N", help="an earlier version of its definition (default today's)"
    )
    value.add_argument("--json", action="store_true", help="one JSON object instead of a line for people")
    value.set_defaults(run=_metric)
    defined = commands.add_parser("definitions", help="print the definition of every KPI, in both languages")
    defined.add_argument("--write", type=Path, metavar="FILE", help="the Markdown file to write instead")
    defined.set_defaults(run=_definitions)
    return parser


def _definitions(options: argparse.Namespace) -> int:
    if options.write is None:
        print(markdown(), end="")
        return 0
    try:
        options.write.write_text(markdown(), encoding="utf-8")
    except OSError as error:
        print(f"db: {options.write} cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    return 0


def _upgrade(options: argparse.Namespace) -> int:
    engine = open_engine()
    before = current_revision(engine)
    upgrade(engine)
    print(f"schema {before or 'empty'} -> {head_revision()}")
    return 0


def _check(options: argparse.Namespace) -> int:
    open_store().dispose()
    # The search index of SQLite is checked by a statement that counts as a change, though it makes none.
    checked, wrong = _print_check(open_engine())
    print(f"checked={checked} wrong={wrong}")
    return 1 if wrong else 0


def _print_check(engine: Engine) -> tuple[int, int]:
    with StepProgress("check") as progress:
        verification = rollups.check(engine, progress)
        for difference in verification:
            print(difference)
    return verification.checked, verification.wrong


def _rebuild(options: argparse.Namespace) -> int:
    with StepProgress("rebuild") as progress:
        print(f"rebuilt={rollups.rebuild(open_store(readonly=False), progress)}")
    return 0


def _remove(options: argparse.Namespace) -> int:
    engine = open_store(readonly=False)
    with writing(engine) as connection:
        found = find_posts(connection, options.platform, options.ids)
        removed = remove_posts(connection, sorted(found.values()), dt.datetime.now(dt.UTC))
    if removed:
        dialect_of(engine).erase_deleted(engine)
    unknown = sorted(set(options.ids) - found.keys())
    if unknown:
        print(f"db: no such post on {options.platform}: {', '.join(unknown)}", file=sys.stderr)
    print(f"removed={removed} unchanged={len(found) - removed} unknown={len(unknown)}")
    return 1 if unknown else 0


def _copy(options: argparse.Namespace) -> int:
    source = open_store(patient=True)
    with translated("--to"):
        target = open_engine(options.to)
        current_revision(target)
    with Snapshot(source) as snapshot:
        with StepProgress("copy") as progress:
            copied = copying.copy_rows(snapshot, target, progress)
        with StepProgress("rebuild") as progress:
            lost = list(copying.finish(snapshot, target, progress))
    for line in lost:
        print(line)
    checked, wrong = _print_check(open_engine(options.to))
    print(f"copied={copied} checked={checked} wrong={wrong + len(lost)}")
    return 1 if wrong or lost else 0


def _stats(options: argparse.Namespace) -> int:
    engine = open_store(patient=True)
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            print(f"{table.name}={connection.scalar(select(func.count()).select_from(table))}")
    return 0


def _metric(options: argparse.Namespace) -> int:
    if options.end < options.start:
        print("db: --to is before --from", file=sys.stderr)
        return 2
    engine = open_store()
    where = PostFilter(
        start=options.start,
        end=options.end,
        departments=tuple(options.department),
        platforms=tuple(options.platform),
        synthetic=is_synthetic(engine, options.data),
    )
    value = metric(engine, options.name, where, options.version)
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
