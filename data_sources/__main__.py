"""The command line of the sources: ``python -m data_sources demo | import-file | fetch | watch | reannotate | status``."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Sequence

from sqlalchemy import Engine

from data_sources.base import Connector, SourceError
from data_sources.commands import removals, thumbnails
from data_sources.connectors.demo import DemoConnector
from data_sources.connectors.files import FIELDS, GENERIC, PRESETS, FileConnector, parse_mapping
from data_sources.connectors.networks import CONNECTORS, connector_row, set_up
from data_sources.fetching import Outcome, fetch, outcome_line
from data_sources.loader import load
from data_sources.progress import ChangeProgress, TerminalProgress
from data_sources.reannotation import BATCH_SIZE, reannotate
from data_sources.registry import load_registry
from data_sources.status import status_lines, status_of
from data_sources.watching import watch
from db.errors import StoreError, translated
from db.migrate import open_store
from db.queries import has_posts
from db.records import Counts
from nlp.model import ModelError
from nlp.tokenizers import TokenizerNotInstalled, UnknownTokenizer

INTERRUPTED = 130  # what a shell expects after ^C


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code: 0 done, 1 a fault was found, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    try:
        with translated():
            return int(options.run(options))
    except SourceError as error:
        print(f"data_sources: {error}", file=sys.stderr)
        return error.exit_code
    except (UnknownTokenizer, TokenizerNotInstalled, ModelError) as error:
        print(f"data_sources: {error}", file=sys.stderr)
        return 2
    except StoreError as error:
        print(f"data_sources: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("data_sources: stopped; whole pages are stored, the same command goes on from there", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m data_sources",
        description="Fill the store (MINWON_DB_URL, default sqlite:///var/minwon.db).",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="load invented posts, plainly labelled as synthetic")
    demo.add_argument("--posts", type=int, default=20_000, help="how many, answers included (default %(default)s)")
    demo.add_argument("--seed", type=int, default=7, help="the same seed gives the same posts (default %(default)s)")
    demo.add_argument("--days", type=int, default=90, help="over how many days (default %(default)s)")
    demo.add_argument("--until", type=dt.date.fromisoformat, help="the day after the last one, KST (default today)")
    demo.add_argument("--if-empty", action="store_true", help="do nothing where the store holds posts already")
    demo.set_defaults(run=_demo)

    files = commands.add_parser(
        "import-file",
        help="load a CSV, TSV, JSON Lines or XLSX file, or gz of one",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_preset_help(),
    )
    files.add_argument("path", help="the file")
    files.add_argument("--preset", choices=(*PRESETS, GENERIC), default=GENERIC, help="what kind of file it is")
    files.add_argument("--map", action="append", default=[], metavar="FIELD=COLUMN", help="with --preset generic")
    files.add_argument("--date-format", help="as in strptime, such as %%Y.%%m.%%d; without it common ones are tried")
    files.add_argument("--timezone", help="zone of times that name none (default the preset's, Asia/Seoul)")
    files.add_argument("--platform", help="platform id of every post, such as blog")
    files.add_argument("--encoding", choices=("utf-8", "cp949"), help="found out where it is not given")
    files.add_argument("--dry-run", action="store_true", help="report what would happen and store nothing")
    files.add_argument("--restart", action="store_true", help="read from the first row, though a run was cut off")
    files.set_defaults(run=_import_file)

    again = commands.add_parser(
        "reannotate", help="read all stored texts again after the tokenizer, the dictionary or a rule changed"
    )
    again.add_argument("--workers", type=_positive, help="processes that read (default one for each core)")
    again.add_argument("--batch", type=_positive, default=BATCH_SIZE, help="posts at once (default %(default)s)")
    again.add_argument("--dask", metavar="tcp://HOST:PORT", help="let the workers of this Dask cluster read instead")
    again.add_argument("--restart", action="store_true", help="read all posts, whatever was read before")
    again.add_argument("--dry-run", action="store_true", help="say how many posts would change and store nothing")
    again.set_defaults(run=_reannotate)

    networks = f"networks: {', '.join(row.id for row in CONNECTORS)}"
    once = commands.add_parser("fetch", help="read a network from where it stood", epilog=networks)
    once.add_argument("name", metavar="NAME", help="the network")
    once.add_argument(
        "--every",
        type=_positive,
        metavar="SECONDS",
        help="how often a timer runs this; /health then says when it is late",
    )
    once.set_defaults(run=_fetch)

    ever = commands.add_parser("watch", help="read all networks that are set up, again and again", epilog=networks)
    ever.add_argument("names", nargs="*", metavar="NAME", help="only these networks")
    ever.add_argument("--every", type=_positive, default=300, metavar="SECONDS", help="default %(default)s")
    ever.set_defaults(run=_watch)

    removals.add_to(commands)
    thumbnails.add_to(commands)

    status = commands.add_parser("status", help="networks, sources, accounts, runs and rejected rows")
    status.add_argument("--json", action="store_true", help="one JSON object instead of lines for people")
    status.set_defaults(run=_status)
    return parser


def _preset_help() -> str:
    lines = ["presets:"]
    lines += [f"  {name:<18} {preset.en}" for name, preset in PRESETS.items()]
    lines += [f"  {GENERIC:<18} any table; say with --map which column is what"]
    lines += ["", f"fields of --map: {', '.join(FIELDS)}"]
    return "\n".join(lines)


def _demo(options: argparse.Namespace) -> int:
    engine = open_store(readonly=False)
    if options.if_empty and (has_posts(engine, synthetic=False) or has_posts(engine, synthetic=True)):
        print("the store holds posts already: no demo data loaded", file=sys.stderr)
        return 0
    connector = DemoConnector(posts=options.posts, seed=options.seed, days=options.days, until=options.until)
    return _load(connector, engine, "demo")


def _import_file(options: argparse.Namespace) -> int:
    connector = FileConnector(
        options.path,
        options.preset,
        parse_mapping(options.map),
        date_format=options.date_format,
        timezone=options.timezone,
        platform=options.platform,
        encoding=options.encoding,
    )
    return _load(connector, open_store(readonly=False), "import-file", dry_run=options.dry_run, restart=options.restart)


def _load(connector: Connector, engine: Engine, label: str, *, dry_run: bool = False, restart: bool = False) -> int:
    with TerminalProgress(label) as progress:
        counts = load(connector, engine, dry_run=dry_run, restart=restart, progress=progress)
    if counts.rejected:
        print(f"{label}: {counts.rejected} rows rejected; reasons: python -m data_sources status", file=sys.stderr)
    if dry_run:
        print(f"{label}: dry run, nothing was stored", file=sys.stderr)
    print(counts)
    nothing_read = counts.read == counts.rejected
    if nothing_read:
        print(f"{label}: nothing could be read", file=sys.stderr)
    return 1 if nothing_read else 0


def _reannotate(options: argparse.Namespace) -> int:
    engine = open_store(readonly=False)
    with ChangeProgress("reannotate") as progress:
        outcome = reannotate(
            engine,
            workers=options.workers,
            batch_size=options.batch,
            dask=options.dask,
            restart=options.restart,
            dry_run=options.dry_run,
            progress=progress,
        )
    if options.dry_run:
        print("reannotate: dry run, nothing was stored", file=sys.stderr)
    elif not outcome.is_switched:
        print("reannotate: every text was read with the current versions; nothing to do", file=sys.stderr)
    print(outcome)
    return 0


def _positive(argument: str) -> int:
    number = int(argument)
    if number < 1:
        raise argparse.ArgumentTypeError("it must be at least 1")
    return number


def _fetch(options: argparse.Namespace) -> int:
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


def _watch(options: argparse.Namespace) -> int:
    registry = load_registry()
    rows = [connector_row(name) for name in options.names] if options.names else set_up(CONNECTORS, registry)
    connectors = [connector for row in rows for connector in row.build(registry)]
    watch(connectors, open_store(readonly=False), options.every, _say, registry=registry)
    return 0


def _say(outcome: Outcome) -> None:
    print(outcome_line(outcome), flush=True)


def _status(options: argparse.Namespace) -> int:
    status = status_of(open_store(), load_registry(), CONNECTORS)
    if options.json:
        print(json.dumps(status, ensure_ascii=False))
        return 0
    for line in status_lines(status):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
