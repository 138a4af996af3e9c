"""``python -m db freeze`` and ``frozen``: a figure with an id for good, and whether it is still what the store says."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path
from typing import Any

from db.commands import add_data, is_synthetic
from db.figures import (
    FIGURES,
    AlteredBundle,
    FigureQuery,
    Frozen,
    bundle,
    changes,
    citation,
    freeze,
    open_bundle,
    verdict,
)
from db.migrate import open_store
from db.queries import frozen_figures
from db.records import POST_CLASSES, PostFilter
from db.snapshot import Reader, Snapshot
from db.transactions import writing
from db.writes import keep_figure


def add_to(commands: Any) -> None:
    """Add the two commands."""
    frozen = commands.add_parser(
        "freeze",
        help="keep a figure for citing: an id made of what it says, and a file with CSV, JSON, SVG and citation",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="figures:\n" + "\n".join(f"  {row.name:<34} {row.title_en}" for row in FIGURES.values()),
    )
    frozen.add_argument("figure", metavar="FIGURE")
    frozen.add_argument("--from", dest="start", type=dt.date.fromisoformat, required=True, help="first day, KST")
    frozen.add_argument("--to", dest="end", type=dt.date.fromisoformat, required=True, help="last day, KST")
    frozen.add_argument("--department", action="append", default=[], help="code; may be repeated")
    frozen.add_argument("--platform", action="append", default=[], help="id; may be repeated")
    frozen.add_argument("--class", dest="post_class", action="append", default=[], choices=POST_CLASSES)
    frozen.add_argument("--term", action="append", default=[], help="a word, of term_trend; may be repeated")
    add_data(frozen)
    frozen.add_argument("--out", type=Path, metavar="FILE.zip", help="write the figure as one file too")
    frozen.set_defaults(run=_freeze)
    asked = commands.add_parser(
        "frozen", help="say whether a frozen figure is still the same, else what changed; exit code 1 where it changed"
    )
    asked.add_argument("which", metavar="ID|FILE.zip", nargs="?", help="without it all that are kept are listed")
    asked.set_defaults(run=_frozen)


def _freeze(options: argparse.Namespace) -> int:
    if options.end < options.start:
        print("db: --to is before --from", file=sys.stderr)
        return 2
    engine = open_store(readonly=False)
    where = PostFilter(
        start=options.start,
        end=options.end,
        departments=tuple(options.department),
        platforms=tuple(options.platform),
        classes=tuple(options.post_class),
        synthetic=is_synthetic(engine, options.data),
    )
    with Snapshot(engine) as snapshot:
        frozen = freeze(snapshot, options.figure, FigureQuery(where, tuple(options.term)))
    if options.out is not None:
        try:
            options.out.write_bytes(bundle(frozen))
        except OSError as error:
            print(f"db: {options.out} cannot be written: {error.strerror}", file=sys.stderr)
            return 1
    with writing(engine) as connection:
        is_new = keep_figure(connection, frozen.id, frozen.figure, frozen.as_json(), dt.datetime.now(dt.UTC))
    print("\n".join(citation(frozen)))
    print(f"frozen={frozen.id} rows={len(frozen.rows)} {'new' if is_new else 'kept before'}")
    return 0


def _frozen(options: argparse.Namespace) -> int:
    engine = open_store()
    with Snapshot(engine) as snapshot:
        if options.which is None:
            return _list(snapshot)
        path = Path(options.which)
        try:
            frozen = open_bundle(path) if path.suffix == ".zip" or path.exists() else _kept(snapshot, options.which)
        except (AlteredBundle, OSError) as error:
            told = error.strerror if isinstance(error, OSError) else error
            print(f"db: {options.which}: {told}", file=sys.stderr)
            return 1
        if frozen is None:
            print(
                f"db: no figure {options.which} is kept here; python -m db frozen lists those that are", file=sys.stderr
            )
            return 1
        found = changes(snapshot, frozen)
    print(verdict(found))
    return 1 if found else 0


def _kept(reader: Reader, figure_id: str) -> Frozen | None:
    records = frozen_figures(reader, figure_id)["record"]
    return Frozen.from_json(records.iloc[0])[0] if len(records) == 1 else None


def _list(reader: Reader) -> int:
    kept = frozen_figures(reader)
    for row in kept.to_dict("records"):
        print(row["figure_id"], row["frozen_at"].date().isoformat(), row["figure"], sep="\t")
    print(f"frozen={len(kept)}")
    return 0
