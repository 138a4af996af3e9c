"""The roll-ups that are counts: one row of COUNTS each.

Every post falls into at most one cell of each roll-up. A cell is what the counts depend on; how many posts are in it
times what one post counts is what the roll-up holds.
"""

from __future__ import annotations

from db import schema
from db.records import NO_ANSWER, TEMPLATE
from db.rollups.counted import Cell, CountRollup
from db.rollups.daily import DailyRollup
from db.rollups.facts import PostFact
from db.rollups.spanned import SpannedRollup
from db.rollups.spans import SPANS

NONE = 0  # a department or account that is not there: a key knows no NULL


def _post(fact: PostFact) -> Cell | None:
    if not fact.is_inbound:
        return None
    return (
        fact.is_synthetic, fact.day, fact.platform_id, fact.post_class, fact.reason,
        fact.receiving_account_id or NONE, fact.department_id or NONE,
    )  # fmt: skip


def _class(fact: PostFact) -> Cell | None:
    if not fact.is_inbound:
        return None
    return (fact.is_synthetic, fact.day, fact.platform_id, fact.post_class)


def _city_post(fact: PostFact) -> Cell | None:
    if fact.is_inbound:
        return None
    return (fact.is_synthetic, fact.day, fact.platform_id, fact.account_id or NONE)


def _reply(fact: PostFact) -> Cell | None:
    if fact.is_inbound or fact.in_reply_to is None:
        return None
    kind = TEMPLATE if fact.is_template and fact.reason not in NO_ANSWER else fact.reason
    return (fact.is_synthetic, fact.day, fact.platform_id, fact.account_id or NONE, kind)


def _question(fact: PostFact) -> Cell | None:
    if fact.question_id is None:
        return None
    return (
        fact.is_synthetic, fact.day, fact.platform_id, fact.department_id or NONE,
        bool(fact.answers_collected), fact.is_timed, fact.is_answered, fact.is_waiting, fact.department_source,
    )  # fmt: skip


def _question_counts(cell: Cell) -> tuple[int, ...]:
    answerable, timed, answered, waiting, source = cell[4:]
    by_source = (source == "reply", source == "rule", source == "receiving_account")
    return tuple(map(int, (True, answerable, timed, answered, waiting, *by_source)))


def _closed_question(fact: PostFact) -> Cell | None:
    closed_day = fact.closed_day if fact.question_id is not None else None
    if closed_day is None:
        return None
    return (fact.is_synthetic, closed_day.toordinal(), fact.day, fact.platform_id, fact.department_id or NONE)


def _one(cell: Cell) -> tuple[int, ...]:
    return (1,)


COUNTS: tuple[CountRollup, ...] = (
    SpannedRollup(schema.post_counts, ("posts",), _post, _one, SPANS),
    DailyRollup(schema.class_counts, ("posts",), _class, _one),
    DailyRollup(schema.city_post_counts, ("posts",), _city_post, _one),
    DailyRollup(schema.reply_counts, ("posts",), _reply, _one),
    DailyRollup(
        schema.question_counts,
        ("questions", "answerable", "timed", "answered", "waiting", "by_reply", "by_rule", "by_receiving_account"),
        _question,
        _question_counts,
    ),
    SpannedRollup(schema.closed_questions, ("questions",), _closed_question, _one),
)

# The measures of each table in their order, which packed days hold them in.
MEASURES = {rollup.table.name: rollup.measures for rollup in COUNTS}
