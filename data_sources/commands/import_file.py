"""``python -m data_sources import-file``: the posts of a file."""

from __future__ import annotations

import argparse

from data_sources.commands.loading import add_workers, run_load
from data_sources.connectors.files import FIELDS, GENERIC, PRESETS, FileConnector, parse_mapping
from db.migrate import open_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _preset_help()
    parser.add_argument("path", help="the file")
    parser.add_argument("--preset", choices=(*PRESETS, GENERIC), default=GENERIC, help="what kind of file it is")
    parser.add_argument("--map", action="append", default=[], metavar="FIELD=COLUMN", help="with --preset generic")
    parser.add_argument("--date-format", help="as in strptime, such as %%Y.%%m.%%d; without it common ones are tried")
    parser.add_argument("--timezone", help="zone of times that name none (default the preset's, Asia/Seoul)")
    parser.add_argument("--platform", help="platform id of every post, such as blog")
    parser.add_argument("--encoding", choices=("utf-8", "cp949"), help="found out where it is not given")
    parser.add_argument("--dry-run", action="store_true", help="report what would happen and store nothing")
    parser.add_argument("--restart", action="store_true", help="read from the first row, though a run was cut off")
    add_workers(parser)


def _preset_help() -> str:
    lines = ["presets:"]
    lines += [f"  {name:<18} {preset.en}" for name, preset in PRESETS.items()]
    lines += [f"  {GENERIC:<18} any table; say with --map which column is what"]
    lines += ["", f"fields of --map: {', '.join(FIELDS)}"]
    return "\n".join(lines)


def run(options: argparse.Namespace) -> int:
    """Load them."""
    connector = FileConnector(
        options.path,
        options.preset,
        parse_mapping(options.map),
        date_format=options.date_format,
        timezone=options.timezone,
        platform=options.platform,
        encoding=options.encoding,
    )
    store = open_store(readonly=False)
    return run_load(
        connector, store, "import-file", workers=options.workers, dry_run=options.dry_run, restart=options.restart
    )
