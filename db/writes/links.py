"""Questions and their answers, whichever comes first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select, update

from db.bulk import insert_rows, upsert_rows
from db.calendar import read_clocks
from db.schema import accounts, posts, questions
from db.working_clock import WorkingClock
from db.writes.calendar import closed_at_known


class Routing(NamedTuple):
    """What is said of a question: by the routing rules, and by the classifier where these say nothing."""

    department_id: int | None
    rule: str | None
    classifier_department_id: int | None = None
    classifier_confidence: float | None = None


class _Asked(NamedTuple):
    """What decides whether a post is a question and who must answer it; ``known`` is its id where it was a question before."""

    id: int
    platform_id: str
    created_at: dt.datetime
    created_day: dt.date
    is_day_only: bool
    is_synthetic: bool
    is_inbound: bool
    post_class: str
    answers_collected: bool
    is_risk: bool
    receiving_account_id: int | None
    removed_at: dt.datetime | None = None
    known: int | None = None
    rule_department_id: int | None = None
    rule: str | None = None
    classifier_department_id: int | None = None
    classifier_confidence: float | None = None


_OF_POST = itemgetter(*_Asked._fields[: _Asked._fields.index("removed_at")])


class _Answer(NamedTuple):
    created_at: dt.datetime
    platform_post_id: str
    id: int
    is_day_only: bool
    department_id: int
    role: str
    is_template: bool


def linked_children(connection: Connection, new_ids: Mapping[tuple[str, str], int]) -> set[int]:
    """Tie posts that wait for one of the new posts to it; return the new posts that gained a reply.

    A reply may be read years before what it replies to.
    """
    found: list[dict[str, int]] = []
    grouped: dict[str, list[str]] = {}
    for platform, platform_post_id in new_ids:
        grouped.setdefault(platform, []).append(platform_post_id)
    for platform, keys in grouped.items():
        rows = connection.execute(
            select(posts.c.id, posts.c.in_reply_to).where(
                posts.c.platform_id == platform,
                posts.c.in_reply_to.in_(bindparam("keys", expanding=True)),
                posts.c.in_reply_to_post_id.is_(None),
            ),
            {"keys": keys},
        ).all()
        found += [{"child": id_, "parent": new_ids[platform, parent]} for id_, parent in rows]
    if found:
        connection.execute(
            update(posts).where(posts.c.id == bindparam("child")).values(in_reply_to_post_id=bindparam("parent")),
            found,
        )
    return {row["parent"] for row in found}


def refresh_questions(
    connection: Connection,
    post_ids: Iterable[int],
    routing: Mapping[int, Routing],
    new: Collection[dict[str, Any]] = (),
    replied_to: Collection[int] = (),
) -> list[dict[str, Any]]:
    """Decide anew, for each post, whether it is a question, who must answer, and when it first was answered.

    Everything is taken from the rows, never from what was there before, so the order of arrival
    leaves no trace.

    Parameters
    ----------
    post_ids : posts that were there before
    routing : what the rules and the classifier say of posts annotated just now; for others it is kept
    new : rows of posts that were not there before; they are not read again
    replied_to : those of the new posts that have a reply

    Returns
    -------
    the rows of posts that were no questions before
    """
    ids = sorted(post_ids)
    asked = [_Asked(*_OF_POST(row)) for row in new if row["is_inbound"]]
    if ids:
        asked += map(_Asked._make, connection.execute(_OF_IDS, {"ids": ids}).all())
    if not asked:
        return []
    receivers = _receivers(connection, {row.receiving_account_id for row in asked} - {None})
    answers = _first_answers(connection, sorted({*ids, *replied_to}))
    gone = [row.known for row in asked if row.known and not _is_question(row)]
    if gone:
        connection.execute(delete(questions).where(questions.c.post_id.in_(gone)))
    clocks = read_clocks(connection)
    rows = [
        _question(row, receivers, answers.get(row.id, {}), routing.get(row.id) or _known_routing(row), clocks)
        for row in asked
        if _is_question(row)
    ]
    fresh = {row.id for row in asked if row.known is None}
    new_rows = [row for row in rows if row["post_id"] in fresh]
    old_rows = [row for row in rows if row["post_id"] not in fresh]
    insert_rows(connection, questions, new_rows)
    changeable = [column.name for column in questions.c if column.name != "post_id"]
    upsert_rows(connection, questions, old_rows, ["post_id"], changeable)
    return new_rows


_OF_IDS = (
    select(
        *(posts.c[name] for name in _Asked._fields[: _Asked._fields.index("known")]),
        questions.c.post_id,
        *(questions.c[name] for name in _Asked._fields[_Asked._fields.index("known") + 1 :]),
    )
    .outerjoin(questions, questions.c.post_id == posts.c.id)
    .where(posts.c.id.in_(bindparam("ids", expanding=True)))
)


def _receivers(connection: Connection, account_ids: Collection[int | None]) -> dict[int, tuple[int, str]]:
    """Return department and role of these accounts."""
    rows = connection.execute(
        select(accounts.c.id, accounts.c.department_id, accounts.c.role).where(
            accounts.c.id.in_(bindparam("ids", expanding=True))
        ),
        {"ids": sorted(id_ for id_ in account_ids if id_ is not None)},
    ).all()
    return {id_: (department_id, role) for id_, department_id, role in rows}


def _known_routing(row: _Asked) -> Routing:
    return Routing(row.rule_department_id, row.rule, row.classifier_department_id, row.classifier_confidence)


def _is_question(row: _Asked) -> bool:
    return bool(row.is_inbound and row.post_class == "question")


def _first_answers(connection: Connection, ids: list[int]) -> dict[int, dict[str, _Answer]]:
    """Return for each post its first reply of any kind, its first answer, and the first one by a department's own account."""
    rows = connection.execute(
        select(
            posts.c.in_reply_to_post_id,
            posts.c.created_at,
            posts.c.platform_post_id,
            posts.c.id,
            posts.c.is_day_only,
            accounts.c.department_id,
            accounts.c.role,
            posts.c.is_template,
        )
        .join(accounts, accounts.c.id == posts.c.account_id)
        .where(posts.c.in_reply_to_post_id.in_(bindparam("ids", expanding=True)), posts.c.is_inbound.is_(False)),
        {"ids": ids},
    ).all()
    found: dict[int, dict[str, _Answer]] = {}
    for question_id, *rest in rows:
        answer = _Answer(*rest)
        by_kind = found.setdefault(question_id, {})
        # What hands off, is automatic or from a template is a reply and no answer.
        for kind in ("reply",) if answer.is_template else ("reply", "any", answer.role):
            if kind not in by_kind or answer < by_kind[kind]:
                by_kind[kind] = answer
    return found


def _question(
    row: _Asked,
    receivers: Mapping[int, tuple[int, str]],
    answers: Mapping[str, _Answer],
    routing: Routing,
    clocks: Mapping[int | None, WorkingClock],
) -> dict[str, Any]:
    first, reply = answers.get("any"), answers.get("reply")
    own = answers.get("department")
    # The mayor's account receives most posts and the city's account forwards: neither says who is responsible.
    if own is not None:
        department_id, source = own.department_id, "reply"
    elif routing.department_id is not None:
        department_id, source = routing.department_id, "rule"
    elif routing.classifier_department_id is not None:
        department_id, source = routing.classifier_department_id, "classifier"
    elif row.receiving_account_id is not None and receivers[row.receiving_account_id][1] == "department":
        department_id, source = receivers[row.receiving_account_id][0], "receiving_account"
    elif first is not None:
        department_id, source = first.department_id, "reply"
    else:
        department_id, source = None, "unassigned"
    seconds = _seconds(row, first)
    closed_at = closed_at_known(
        first.created_at if first else None,
        is_timed=seconds is not None if first else not row.is_day_only,
        removed_at=row.removed_at,
    )
    return {
        "post_id": row.id,
        "platform_id": row.platform_id,
        "asked_at": row.created_at,
        "asked_day": row.created_day,
        "is_synthetic": row.is_synthetic,
        "is_day_only": row.is_day_only,
        "answers_collected": row.answers_collected,
        "is_risk": row.is_risk,
        "department_id": department_id,
        "department_source": source,
        "rule_department_id": routing.department_id,
        "rule": routing.rule,
        "classifier_department_id": routing.classifier_department_id,
        "classifier_confidence": routing.classifier_confidence,
        "first_answer_post_id": first.id if first else None,
        "first_answer_at": first.created_at if first else None,
        "first_answer_seconds": seconds,
        "first_reply_at": reply.created_at if reply else None,
        "first_reply_seconds": _seconds(row, reply),
        "closed_working_seconds": clocks[department_id].between(row.created_at, closed_at) if closed_at else None,
    }


def _seconds(row: _Asked, answer: _Answer | None) -> int | None:
    """Return how long a question waited for a reply; None where there is none or either time is known to the day only."""
    if answer is None or answer.is_day_only or row.is_day_only:
        return None
    return int((answer.created_at - row.created_at).total_seconds())
