"""Looking at candidates one by one, until there are enough or it has taken too long."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, null, select

from db.dialects import dialect_of
from db.dialects.base import SearchQuery
from db.packing import unpack_ids
from db.schema import posts, questions
from db.search.candidates import candidates
from db.search.wanted import NOBODY, Wanted

MAX_SECONDS = 3.0  # a reader who waits longer has left; what was found until then is shown
_AT_ONCE = 1024


class Fact(NamedTuple):
    """What a filter asks of a post. ``department`` is None for what is no question, NOBODY where none is responsible.

    ``answered`` is None where the source carries no answers.
    """

    timeline_id: int
    post_id: int
    platform: str
    post_class: str
    reason: str
    department: int | None
    answered: bool | None


@dataclass(slots=True)
class Examination:
    """What was found, how many candidates were looked at, and whether there was no time for the others.

    ``examined_to`` is the timeline id down to which everything was looked at.
    """

    found: list[Fact] = field(default_factory=list)
    examined: int = 0
    is_cut: bool = False
    examined_to: int = 0


def examine(
    connection: Connection,
    wanted: Wanted,
    *,
    enough: int,
    most: int,
    before: int | None = None,
    first: int | None = None,
) -> Examination:
    """Return the newest posts of ``wanted``, at least ``enough`` where there are so many.

    Parameters
    ----------
    most : number of candidates after which it stops, whatever was found
    before : timeline id; only older posts are looked at
    """
    examination = Examination()
    ends_at = time.monotonic() + MAX_SECONDS
    for batch in candidates(connection, wanted, before, first):
        examination.examined += len(batch.timeline_ids)
        examination.examined_to = batch.low
        for start in range(0, len(batch.timeline_ids), _AT_ONCE):
            facts = _facts(connection, wanted, batch.timeline_ids[start : start + _AT_ONCE])
            examination.found += [fact for fact in facts if _is_wanted(fact, wanted)]
        if len(examination.found) >= enough:
            break
        if examination.examined >= most or time.monotonic() > ends_at:
            examination.is_cut = True
            break
    return examination


def _facts(connection: Connection, wanted: Wanted, timeline_ids: Sequence[int]) -> list[Fact]:
    """Return those of the posts that may be listed at all and say what is wanted, in the same order."""
    if not timeline_ids:
        return []
    # Candidates of one term or of districts alone came from the index of what is said.
    by_terms = wanted.is_by_terms and (bool(wanted.text.wanted) or wanted.is_by_several_terms)
    rows = connection.execute(
        select(
            posts.c.timeline_id,
            posts.c.id,
            posts.c.platform_id,
            posts.c.post_class,
            posts.c.reason,
            questions.c.post_id.label("question_id"),
            questions.c.department_id,
            questions.c.answers_collected,
            questions.c.first_answer_post_id,
            (posts.c.term_ids if by_terms else null()).label("term_ids"),
        )
        .outerjoin(questions, questions.c.post_id == posts.c.id)
        .where(
            posts.c.timeline_id.in_(bindparam("timeline_ids", expanding=True)),
            posts.c.is_inbound.is_(True),
            posts.c.is_risk.is_(False),
            posts.c.removed_at.is_(None),
        )
        .order_by(posts.c.timeline_id.desc()),
        {"timeline_ids": list(timeline_ids)},
    )
    unwanted: set[int] = set()
    if not wanted.text.wanted:  # no index knows what is not there
        index = dialect_of(connection).search
        for part in wanted.text.excluded:
            unwanted.update(
                index.newest(connection, SearchQuery((part,)), timeline_ids[-1], timeline_ids[0], limit=None)
            )
    return [
        Fact._make((*own, *_responsible(question_id, department_id, collected, answer)))
        for *own, question_id, department_id, collected, answer, term_ids in rows
        if own[0] not in unwanted and (not by_terms or _says(frozenset(unpack_ids(term_ids)), wanted))
    ]


def _says(term_ids: frozenset[int], wanted: Wanted) -> bool:
    return (
        (wanted.term_id is None or wanted.term_id in term_ids)
        and (wanted.districts is None or not wanted.districts.isdisjoint(term_ids))
        and wanted.excluded_districts.isdisjoint(term_ids)
    )


def _responsible(
    question_id: int | None, department_id: int | None, is_collected: bool | None, answer_id: int | None
) -> tuple[int | None, bool | None]:
    if question_id is None:
        return None, None
    return department_id or NOBODY, answer_id is not None if is_collected else None


def _is_wanted(fact: Fact, wanted: Wanted) -> bool:
    return (
        (wanted.platforms is None or fact.platform in wanted.platforms)
        and (wanted.classes is None or fact.post_class in wanted.classes)
        and (wanted.reasons is None or fact.reason in wanted.reasons)
        and fact.reason not in wanted.excluded_reasons
        and (wanted.departments is None or fact.department in wanted.departments)
        and fact.department not in wanted.excluded_departments
        and (wanted.answered is None or fact.answered in wanted.answered)
        and fact.answered not in wanted.excluded_answered
    )
