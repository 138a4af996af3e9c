"""What was found to surge, and the posts it can be traced to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import ColumnElement, Connection, select

from db.frames import INCIDENT_WORDS, INCIDENTS, SEARCH_RESULTS
from db.queries.said import posts_with_terms
from db.records import PostFilter
from db.schema import incident_posts, incident_words, posts, questions, terms
from db.schema import incidents as incidents_table
from db.search.details import results_of
from db.snapshot import Reader

IDS_AT_ONCE = 1_000
MAX_INCIDENTS = 200  # the newest ones of a period; a year has a few dozen


def incidents(reader: Reader, where: PostFilter, words: Sequence[str] = ()) -> pd.DataFrame:
    """Return the incidents that lie in the period at least in part, the latest first. Columns INCIDENTS.

    They are of all departments and platforms: words are compared over the whole city. With ``words`` only those are
    returned that one of these words or term groups belongs to.
    """
    table = incidents_table.c
    conditions = [
        table.is_synthetic == where.synthetic,
        table.last_day >= where.start,
        table.first_day <= where.end,
    ]
    if words:
        concerned = (
            select(incident_words.c.incident_id)
            .join(terms, terms.c.id == incident_words.c.term_id)
            .where(terms.c.term.in_(words))
        )
        conditions.append(table.id.in_(concerned))
    return _frame(reader, conditions)


def incident(reader: Reader, incident_id: int) -> pd.DataFrame:
    """Return one incident, or nothing where there is none with this number. Columns INCIDENTS."""
    return _frame(reader, [incidents_table.c.id == incident_id])


def incident_terms(reader: Reader, incident_id: int) -> pd.DataFrame:
    """Return the words of an incident, the most surprising first. Columns INCIDENT_WORDS."""
    statement = (
        select(terms.c.term, incident_words.c.observed, incident_words.c.expected, incident_words.c.p_value)
        .join(terms, terms.c.id == incident_words.c.term_id)
        .where(incident_words.c.incident_id == incident_id)
        .order_by(incident_words.c.position)
    )
    with reader.connect() as connection:
        return INCIDENT_WORDS.frame([tuple(row) for row in connection.execute(statement)])


def incident_examples(reader: Reader, incident_id: int) -> pd.DataFrame:
    """Return the posts that hold most of an incident's words; none of a sensitive one. Columns SEARCH_RESULTS."""
    statement = (
        select(incident_posts.c.post_id)
        .join(posts, posts.c.id == incident_posts.c.post_id)
        # What has become a risk post or was removed since is not shown.
        .where(incident_posts.c.incident_id == incident_id, posts.c.is_risk.is_(False), posts.c.removed_at.is_(None))
        .order_by(incident_posts.c.position)
    )
    with reader.connect() as connection:
        ids = list(connection.scalars(statement))
        return results_of(connection, ids) if ids else SEARCH_RESULTS.frame()


@dataclass(frozen=True, slots=True)
class IncidentPosts:
    """The questions that hold the strongest word of an incident in its most surprising window, as the store has them now.

    ``listed`` are (platform, id there, moment), by time; ``restricted`` is how many are counted only. ``word`` is None for an incident of
    volume, to which every question of the window belongs.
    """

    word: str | None
    listed: tuple[tuple[str, str, dt.datetime], ...]
    restricted: int

    @property
    def posts(self) -> int:
        """Return how many there are in all."""
        return len(self.listed) + self.restricted


def posts_of_incident(reader: Reader, incident_id: int) -> IncidentPosts:
    """Trace an incident to its posts; of a sensitive one, and of posts at risk, only the number is told.

    The number is that of today: a post that was removed since, or that is no question any more, is missing from it.

    Raises
    ------
    LookupError
        There is no incident with this number.
    """
    table = incidents_table.c
    with reader.connect() as connection:
        found = connection.execute(select(incidents_table).where(table.id == incident_id)).one_or_none()
        if found is None:
            raise LookupError(f"no incident {incident_id}")
        lead = connection.execute(
            select(terms.c.id, terms.c.term)
            .join(incident_words, incident_words.c.term_id == terms.c.id)
            .where(incident_words.c.incident_id == incident_id)
            .order_by(incident_words.c.position)
            .limit(1)
        ).first()
        if lead is None:
            of_window = select(questions.c.post_id).where(
                questions.c.is_synthetic == found.is_synthetic,
                questions.c.asked_day.between(found.peak_first_day, found.peak_last_day),
            )
            ids = list(connection.scalars(of_window))
        else:
            days = (found.peak_first_day, found.peak_last_day)
            ids = list(posts_with_terms(connection, found.is_synthetic, [lead.id], *days)[lead.id])
        listed = [] if found.is_sensitive else _listed(connection, ids)
    return IncidentPosts(None if lead is None else lead.term, tuple(listed), len(ids) - len(listed))


def _listed(connection: Connection, ids: Sequence[int]) -> list[tuple[str, str, dt.datetime]]:
    rows: list[tuple[str, str, dt.datetime]] = []
    for start in range(0, len(ids), IDS_AT_ONCE):
        statement = select(posts.c.platform_id, posts.c.platform_post_id, posts.c.created_at).where(
            posts.c.id.in_(ids[start : start + IDS_AT_ONCE]), posts.c.is_risk.is_(False)
        )
        rows += [(platform, post_id, moment) for platform, post_id, moment in connection.execute(statement)]
    return sorted(rows, key=lambda row: (row[2], row[0], row[1]))


def _frame(reader: Reader, conditions: Iterable[ColumnElement[bool]]) -> pd.DataFrame:
    table = incidents_table.c
    statement = (
        select(
            table.id, table.kind, table.title, table.status, table.first_day, table.last_day, table.found_day,
            table.peak_first_day, table.peak_last_day, table.observed, table.expected, table.low, table.high,
            table.questions, table.authors, table.p_value, table.is_sensitive, table.note, table.detection_version,
            table.rules_version,
        )
        .where(*conditions)
        .order_by(table.last_day.desc(), table.p_value, table.id)
        .limit(MAX_INCIDENTS)
    )  # fmt: skip
    with reader.connect() as connection:
        return INCIDENTS.frame([tuple(row) for row in connection.execute(statement)])
