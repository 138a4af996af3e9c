"""What the city replied: answers, replies from a template, hand-offs, automatic messages. By the day of the reply."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
from sqlalchemy import select

from db.frames import REPLIES_BY_DEPARTMENT, REPLY_KINDS
from db.intervals import wilson
from db.queries.names import NOBODY
from db.queries.periods import of_cities
from db.records import NO_ANSWER, TEMPLATE, PostFilter
from db.records import REPLY_KINDS as KINDS
from db.rollups.reading import sums
from db.schema import accounts, departments, reply_counts
from db.snapshot import Reader

HAND_OFF, AUTOMATIC = NO_ANSWER


def reply_kinds(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Count the city's replies of the period by kind, answers first. Columns REPLY_KINDS.

    Of the accounts of the departments, where the filter names some. What was stored before there were kinds is of the kind
    ``default.answer`` until ``reannotate`` has read it.
    """
    with reader.connect() as connection:
        found = sums(connection, reply_counts, where, ("reason",), ("posts",), of_cities(reply_counts, where))
    counts = {reason: posts for (reason,), (posts,) in found.items() if posts}
    if not counts:
        return REPLY_KINDS.frame()
    order = [kind for kind in (*KINDS, *sorted(counts.keys() - {*KINDS})) if kind in counts or kind in KINDS]
    number = np.array([counts.get(kind, 0) for kind in order], dtype=float)
    low, high = wilson(number, np.full(len(order), number.sum()))
    return REPLY_KINDS.of(
        {"reason": order, "replies": number, "share": number / number.sum(), "low": low, "high": high}
    )


def replies_by_department(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Count the replies of each department's accounts by kind, most first. Columns REPLIES_BY_DEPARTMENT."""
    with reader.connect() as connection:
        found = sums(
            connection, reply_counts, where, ("account_id", "reason"), ("posts",), of_cities(reply_counts, where)
        )
        owners = dict(connection.execute(select(accounts.c.id, accounts.c.department_id)).all())
        names = {
            row.id: (row.code, row.name_ko, row.name_en)
            for row in connection.execute(
                select(departments.c.id, departments.c.code, departments.c.name_ko, departments.c.name_en)
            )
        }
    by_department: dict[int | None, Counter[str]] = {}
    for (account, reason), (posts,) in found.items():
        by_department.setdefault(owners.get(account), Counter())[reason] += posts
    rows = []
    for department, counts in by_department.items():
        total = sum(counts.values())
        parts = [counts[kind] for kind in (TEMPLATE, HAND_OFF, AUTOMATIC)]
        answers = total - sum(parts)
        name = NOBODY if department is None else names.get(department, NOBODY)
        rows.append((*name, total, answers, *parts))
    rows = sorted((row for row in rows if row[3]), key=lambda row: (-row[3], row[0]))
    if not rows:
        return REPLIES_BY_DEPARTMENT.frame()
    columns = dict(zip(_COLUMNS, zip(*rows, strict=True), strict=True))
    answered, all_of = (np.array(columns[name], dtype=float) for name in ("answers_given", "replies"))
    low, high = wilson(answered, all_of)
    return REPLIES_BY_DEPARTMENT.of(
        {**columns, "answer_share": answered / all_of, "answer_low": low, "answer_high": high}
    )


_COLUMNS = ("department", "name_ko", "name_en", "replies", "answers_given", "templates", "hand_offs", "automatic")
