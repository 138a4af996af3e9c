"""``python -m db incidents`` and ``incident``: what surges, and what people found out about it."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Iterator
from typing import Any

from db.commands import add_data, is_synthetic
from db.migrate import open_store
from db.queries import IncidentPosts, incident, incident_terms, incidents, posts_of_incident
from db.records import INCIDENT_STATUSES, PostFilter
from db.search.language import EARLIEST, LATEST
from db.snapshot import Snapshot
from db.transactions import writing
from db.writes.incidents import UnknownIncident, judge_incident

LISTED = 20  # posts of an incident in lines for people


def add_to(commands: Any) -> None:
    """Add the two commands."""
    listed = commands.add_parser("incidents", help="the newest incidents: what surged, and what people made of it")
    listed.add_argument("--status", choices=INCIDENT_STATUSES, help="default: all")
    add_data(listed)
    listed.set_defaults(run=_list)
    one = commands.add_parser(
        "incident", help="trace an incident to its posts, expectation and rules; with --status say what became of it"
    )
    one.add_argument("number", metavar="NUMBER", type=int, help="its number, from `python -m db incidents`")
    one.add_argument("--status", choices=INCIDENT_STATUSES, help="what became of it; the pages show it")
    one.add_argument(
        "--note", metavar="TEXT", help="with --status: what was found out; without it an earlier note stays"
    )
    one.add_argument("--json", action="store_true", help="the whole trace as JSON, every post listed")
    one.set_defaults(run=_one)


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


def _one(options: argparse.Namespace) -> int:
    if options.status is not None:
        return _judge(options)
    if options.note is not None:
        print("db: --note goes with --status", file=sys.stderr)
        return 2
    engine = open_store()
    with Snapshot(engine) as snapshot:
        found = incident(snapshot, options.number).to_dict("records")
        if not found:
            print(f"db: no incident {options.number}; python -m db incidents lists them", file=sys.stderr)
            return 1
        words = incident_terms(snapshot, options.number).to_dict("records")
        posts = posts_of_incident(snapshot, options.number)
    if options.json:
        print(json.dumps(_as_json(found[0], words, posts), ensure_ascii=False, indent=1))
        return 0
    for line in _trace(found[0], words, posts):
        print(line)
    return 0


def _trace(row: dict[Any, Any], words: list[dict[Any, Any]], posts: IncidentPosts) -> Iterator[str]:
    """Yield an incident in lines: what was counted, against what, by which rules, and of which posts."""
    yield f"incident {row['incident']}: {row['incident_kind']}, {row['incident_status']}: {row['title'] or 'more of everything'}"
    yield f"surging {_days(row['first_day'], row['last_day'])}, known at the end of {row['found_day'].date()}"
    yield f"most surprising {_days(row['peak_first_day'], row['peak_last_day'])}: {row['observed']} of {row['questions']} questions"
    band = f"95 % band {row['expected_low']:.1f} to {row['expected_high']:.1f}"
    yield f"expected {row['expected']:.1f} ({band}); chance of as many with nothing going on {row['p_value']:.2g}"
    if row["authors"]:
        yield f"authors {row['authors']}"
    yield f"detection {row['detection_version']}; tokenizer, dictionary and rules {row['rules_version']}"
    if row["note"]:
        yield f"note {row['note']}"
    for word in words:
        yield f"word\t{word['term']}\t{word['observed']} of {word['expected']:.1f} expected\tp={word['p_value']:.2g}"
    what = "questions of that window" if posts.word is None else f"questions of that window with {posts.word}"
    yield f"{what}, as stored now: {posts.posts}, counted only: {posts.restricted}"
    for platform, post_id, moment in posts.listed[:LISTED]:
        yield f"post\t{platform}\t{post_id}\t{moment.isoformat()}"
    if len(posts.listed) > LISTED:
        yield f"{len(posts.listed) - LISTED} more; --json lists all"


def _as_json(row: dict[Any, Any], words: list[dict[Any, Any]], posts: IncidentPosts) -> dict[str, Any]:
    return {
        **{
            str(name): value.date().isoformat() if isinstance(value, dt.datetime) else value
            for name, value in row.items()
        },
        "words": words,
        "posts_now": posts.posts,
        "restricted": posts.restricted,
        "posts": [
            {"platform": platform, "platform_post_id": post_id, "created_at": moment.isoformat()}
            for platform, post_id, moment in posts.listed
        ],
    }


def _days(first: Any, last: Any) -> str:
    return f"{first.date()}..{last.date()}"


def _judge(options: argparse.Namespace) -> int:
    try:
        with writing(open_store(readonly=False)) as connection:
            judge_incident(connection, options.number, options.status, options.note, dt.datetime.now(dt.UTC))
    except UnknownIncident as error:
        print(f"db: {error}", file=sys.stderr)
        return 1
    print(f"incident={options.number} status={options.status}")
    return 0
