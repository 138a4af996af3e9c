"""Which districts questions speak of: where a matter is, which is not where its author lives.

Like words, districts are counted from ``term_counts`` over all departments and platforms, within some of these in the
newest questions only.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from db.districts import NAMES_A_DISTRICT, district_term
from db.frames import DISTRICT_VOLUME, NEWEST_ONLY
from db.intervals import wilson
from db.queries.asked import newest_questions
from db.queries.counts import question_total
from db.queries.periods import QUESTION, said_in_each
from db.records import PostFilter
from db.rollups.spans import SHORT_SPANS, SPANS
from db.schema import districts
from db.snapshot import Reader


@dataclass(frozen=True, slots=True)
class _Named:
    """Questions and authors by the id of a district, of how many questions; ``read`` as in the words of a period."""

    questions: dict[int, int]
    authors: dict[int, int]
    total: int
    read: int | None


def district_volume(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Count questions by the district their text names, most first. Columns DISTRICT_VOLUME.

    All districts are there, those nobody names with 0; a question counts in each it names. Where a name may mean
    several districts, or a place of another city, none is counted. Questions in the restricted queue are in no
    district, as they are in no list. Empty where no question names a district.
    """
    with reader.connect() as connection:
        names = connection.execute(select(districts)).all()
        ids = [district_term(row.code) for row in names]
        is_narrow = bool(where.departments or where.platforms)
        counted = (_read if is_narrow else _counted)(connection, where, [NAMES_A_DISTRICT, *ids])
    named = counted.questions.get(NAMES_A_DISTRICT, 0)
    if not named or not names:
        return DISTRICT_VOLUME.frame()
    questions = np.array([counted.questions.get(id_, 0) for id_ in ids], dtype=np.int64)
    low, high = wilson(questions, [named] * len(ids))
    frame = pd.DataFrame(
        {
            "district": [row.code for row in names],
            "name_ko": [row.name_ko for row in names],
            "name_en": [row.name_en for row in names],
            "questions": questions,
            "share": questions / named,
            "low": low,
            "high": high,
            "authors": [counted.authors.get(id_, 0) for id_ in ids],
            "named": named,
            "asked": counted.total,
        }
    )
    frame = DISTRICT_VOLUME.cast(frame.sort_values(["questions", "district"], ascending=[False, True]))
    if counted.read is not None:
        frame.attrs[NEWEST_ONLY] = counted.read
    return frame


def _counted(connection: Connection, where: PostFilter, ids: list[int]) -> _Named:
    if where.classes and QUESTION not in where.classes:
        return _Named({}, {}, 0, None)
    asked: Counter[int] = Counter()
    for _, id_, listed in said_in_each(connection, where, ids, "listed", SPANS).tolist():
        asked[id_] += listed
    authors: dict[int, int] = {}
    for _, id_, number in said_in_each(connection, where, ids, "authors", SHORT_SPANS).tolist():
        authors[id_] = max(authors.get(id_, 0), number)
    return _Named(asked, authors, question_total(connection, where), None)


def _read(connection: Connection, where: PostFilter, ids: list[int]) -> _Named:
    if where.classes and QUESTION not in where.classes:
        return _Named({}, {}, 0, None)
    asked = newest_questions(connection, where)
    found, questions, authors = asked.listed_terms(ids)
    return _Named(
        dict(zip(found.tolist(), questions.tolist(), strict=True)),
        dict(zip(found.tolist(), authors.tolist(), strict=True)),
        len(asked),
        len(asked) if asked.is_cut else None,
    )
