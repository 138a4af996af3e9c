"""What was found to surge, and the posts it can be traced to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
from sqlalchemy import ColumnElement, select

from db.frames import INCIDENT_WORDS, INCIDENTS, SEARCH_RESULTS
from db.records import PostFilter
from db.schema import incident_posts, incident_words, posts, terms
from db.schema import incidents as incidents_table
from db.search.details import results_of
from db.snapshot import Reader

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
