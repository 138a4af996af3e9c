"""What the mix of its questions lets expect of a department: indirect standardisation over the issues they speak of.

A stratum is the first of a question's term groups in their order, or none. The share of a stratum is that of all departments
together; what is to be expected of a department is the mean of the shares of its questions' strata.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, select

from db.conditions import asked_questions
from db.packing import IDS
from db.queries.asked import MAX_FILTERED_QUESTIONS, first_day_read
from db.queries.histograms import SECONDS_PER_HOUR
from db.queries.periods import QUESTION
from db.records import PostFilter, ResponseTarget
from db.rollups.counts import NONE
from db.rollups.histograms import WALL
from db.schema import posts, questions, term_groups, terms
from db.snapshot import Reader
from db.timeline import timeline_range

OUTCOMES = ("department_id", "stratum", "is_in_time")


def newest_outcomes(reader: Reader, due: PostFilter, target: ResponseTarget) -> tuple[pd.DataFrame, int | None]:
    """Return what became of the newest questions of ``due``, and of how many, where there are older ones.

    All questions of ``due`` had had the time of ``target``. Left out, as in the roll-ups, are those without a known time,
    and those removed unanswered before theirs was over. Columns OUTCOMES; a stratum is the place of a term group, from 1 on,
    0 where there is none.
    """
    if due.classes and QUESTION not in due.classes:
        return pd.DataFrame({name: np.empty(0, dtype=np.int64) for name in OUTCOMES}), None
    with reader.connect() as connection:
        first_day, is_cut = first_day_read(connection, due)
        rows = connection.execute(_newest(replace(due, start=first_day))).all()
        places = _places_of_groups(connection)
    limit_s = target.hours * SECONDS_PER_HOUR
    kept, in_time = [], []
    for row in rows:
        is_answered = row.first_answer_post_id is not None
        seconds = row.closed_working_seconds
        if target.clock == WALL:
            seconds = row.first_answer_seconds if is_answered else _until(row.created_at, row.removed_at)
        has_ended_in_time = seconds is not None and seconds <= limit_s
        if is_answered or not has_ended_in_time:
            kept.append(row)
            in_time.append(is_answered and has_ended_in_time)
    outcomes = pd.DataFrame(
        {
            "department_id": np.array([row.department_id or NONE for row in kept], dtype=np.int64),
            "stratum": _strata([row.term_ids or b"" for row in kept], places),
            "is_in_time": np.array(in_time, dtype=bool),
        }
    )
    return outcomes, len(outcomes) if is_cut else None


def expected_by_mix(outcomes: pd.DataFrame) -> dict[int, float]:
    """Return by department the share that the strata of its questions let expect; questions of nobody's take no part."""
    assigned = outcomes[outcomes["department_id"] != NONE]
    of_stratum = assigned.groupby("stratum")["is_in_time"].mean()
    expected = assigned["stratum"].map(of_stratum).groupby(assigned["department_id"]).mean()
    return dict(zip(expected.index.tolist(), expected.tolist(), strict=True))


def _until(created_at: dt.datetime, removed_at: dt.datetime | None) -> int | None:
    return None if removed_at is None else int((removed_at - created_at).total_seconds())


def _newest(where: PostFilter) -> Select[Any]:
    asked = questions.c
    statement = (
        select(
            asked.department_id,
            asked.first_answer_post_id,
            asked.first_answer_seconds,
            asked.closed_working_seconds,
            posts.c.created_at,
            posts.c.removed_at,
            posts.c.term_ids,
        )
        .join(posts, posts.c.id == asked.post_id)
        .where(
            asked.answers_collected.is_(True),
            asked.is_day_only.is_(False),
            asked.first_answer_post_id.is_(None) | asked.first_answer_seconds.is_not(None),
        )
        .limit(MAX_FILTERED_QUESTIONS)
    )
    if where.platforms:
        return statement.where(*asked_questions(where)).order_by(asked.asked_day.desc(), asked.post_id.desc())
    # Of all platforms the posts of these days are one range, and their questions are looked up.
    low, high = timeline_range(where.synthetic, where.start, where.end)
    return statement.where(posts.c.timeline_id.between(low, high)).order_by(posts.c.timeline_id.desc())


def _places_of_groups(connection: Connection) -> dict[int, int]:
    """Return the place of each term group by its id, from 1 on."""
    rows = connection.execute(
        select(terms.c.id, term_groups.c.position)
        .join(term_groups, term_groups.c.name == terms.c.term)
        .where(terms.c.is_group.is_(True))
        .order_by(term_groups.c.position, terms.c.id)
    )
    return {id_: place for place, id_ in enumerate(dict.fromkeys(id_ for id_, _ in rows), start=1)}


def _strata(packed: list[bytes], places: dict[int, int]) -> np.ndarray:
    """Return the first group of each post in the order of the groups; 0 of one without a group."""
    rows = np.repeat(np.arange(len(packed)), [len(ids) // IDS.itemsize for ids in packed])
    ids = np.frombuffer(b"".join(packed), dtype=IDS)
    first = np.full(len(packed), len(places) + 1, dtype=np.int64)
    for id_, place in places.items():
        np.minimum.at(first, rows[ids == id_], place)
    return np.where(first > len(places), 0, first)
