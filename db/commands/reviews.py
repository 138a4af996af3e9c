"""``python -m db reviews`` and ``review``: what is suspected of being no question, and what a person says to it."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from typing import Any

from db.commands import add_data, is_synthetic, positive
from db.migrate import open_store
from db.queries import review_counts, reviews
from db.records import KST, OPEN, REVIEW_STATUSES, PostFilter
from db.search.language import EARLIEST, LATEST
from db.transactions import writing
from db.writes.changes import find_posts
from db.writes.reviews import UnknownReview, judge_review

SHOWN_CHARACTERS = 100  # of a text, so that a line stays one on most terminals


def add_to(commands: Any) -> None:
    """Add the two commands."""
    listed = commands.add_parser(
        "reviews", help="posts a rule suspects without being sure; they are visible until hidden"
    )
    listed.add_argument("--status", choices=REVIEW_STATUSES, default=OPEN, help="default: those nobody has looked at")
    listed.add_argument("--limit", type=positive, default=50, help="the newest so many; default 50")
    add_data(listed)
    listed.set_defaults(run=_list)
    judged = commands.add_parser("review", help="decide on a post under review; the decision beats the rules")
    judged.add_argument("platform", metavar="PLATFORM", help="platform id, such as blog")
    judged.add_argument("id", metavar="ID", help="the post's id on its platform")
    decision = judged.add_mutually_exclusive_group(required=True)
    decision.add_argument("--hide", action="store_true", help="it is what it is suspected of")
    decision.add_argument("--keep", action="store_true", help="it stays where it is")
    judged.add_argument("--note", metavar="TEXT", help="why")
    judged.set_defaults(run=_judge)


def _list(options: argparse.Namespace) -> int:
    engine = open_store()
    where = PostFilter(EARLIEST, LATEST, synthetic=is_synthetic(engine, options.data))
    for row in reviews(engine, where, options.status, options.limit).to_dict("records"):
        text = " ".join((row["text"] or row["url"] or "").split())
        if len(text) > SHOWN_CHARACTERS:
            text = text[: SHOWN_CHARACTERS - 1] + "…"
        day = row["created_at"].tz_convert(KST).date().isoformat()
        print(row["platform"], row["platform_post_id"], day, row["suspected_class"], row["rule"], text, sep="\t")
    counts = review_counts(engine, where).groupby("review_status")["posts"].sum()
    print(" ".join(f"{status}={counts.get(status, 0)}" for status in REVIEW_STATUSES))
    return 0


def _judge(options: argparse.Namespace) -> int:
    with writing(open_store(readonly=False)) as connection:
        found = find_posts(connection, options.platform, [options.id])
        if not found:
            print(f"db: no such post on {options.platform}: {options.id}", file=sys.stderr)
            return 1
        try:
            post_class = judge_review(
                connection, found[options.id], options.hide, options.note, dt.datetime.now(dt.UTC)
            )
        except UnknownReview as error:
            print(f"db: {options.platform} {options.id}: {error}", file=sys.stderr)
            return 1
    print(f"review={'hidden' if options.hide else 'kept'} class={post_class}")
    return 0
