"""``python -m db incidents`` and ``incident``: what surges, and what people found out about it."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from typing import Any

from db.commands import add_data, is_synthetic
from db.migrate import open_store
from db.queries import incidents
from db.records import INCIDENT_STATUSES, PostFilter
from db.search.language import EARLIEST, LATEST
from db.transactions import writing
from db.writes.incidents import UnknownIncident, judge_incident


def add_to(commands: Any) -> None:
    """Add the two commands."""
    listed = commands.add_parser("incidents", help="the newest incidents: what surged, and what people made of it")
    listed.add_argument("--status", choices=INCIDENT_STATUSES, help="default: all")
    add_data(listed)
    listed.set_defaults(run=_list)
    judged = commands.add_parser("incident", help="say what became of an incident; the pages show it")
    judged.add_argument("number", metavar="NUMBER", type=int, help="its number, from `python -m db incidents`")
    judged.add_argument("--status", choices=INCIDENT_STATUSES, required=True)
    judged.add_argument("--note", metavar="TEXT", help="what was found out; without it an earlier note stays")
    judged.set_defaults(run=_judge)


def _list(options: argparse.Namespace) -> int:
    engine = open_store()
    found = incidents(engine, PostFilter(EARLIEST, LATEST, synthetic=is_synthetic(engine, options.data)))
    for row in found.to_dict("records"):
        if options.status in (None, row["incident_status"]):
            days = f"{row['first_day'].date()}..{row['last_day'].date()}"
            counts = f"{row['observed']} of {row['expected']:.1f} expected"
            print(row["incident"], row["incident_status"], row["incident_kind"], days, counts, row["title"], sep="\t")
    counted = found["incident_status"].value_counts()
    print(" ".join(f"{status}={counted.get(status, 0)}" for status in INCIDENT_STATUSES))
    return 0


def _judge(options: argparse.Namespace) -> int:
    try:
        with writing(open_store(readonly=False)) as connection:
            judge_incident(connection, options.number, options.status, options.note, dt.datetime.now(dt.UTC))
    except UnknownIncident as error:
        print(f"db: {error}", file=sys.stderr)
        return 1
    print(f"incident={options.number} status={options.status}")
    return 0
