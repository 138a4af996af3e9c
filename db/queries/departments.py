"""Who must answer, who was asked, and which accounts there are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import func, select

from db.frames import ACCOUNTS, DEPARTMENT_VOLUME, RECEIVING_VOLUME
from db.intervals import wilson
from db.operations.accounts import account_rows
from db.queries.counts import question_sums
from db.queries.names import NOBODY, department_names
from db.queries.periods import detailed_posts
from db.records import UNASSIGNED, PostFilter
from db.schema import accounts as accounts_table
from db.snapshot import Reader

_MEASURES = ("questions", "answered", "answerable", "by_reply", "by_rule", "by_receiving_account")


def department_volume(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Count questions by responsible department, most first, unassigned last. Columns DEPARTMENT_VOLUME.

    ``answered_share`` leaves out questions from sources that carry no answers; it is what had been
    answered by the data cut-off, however long that took.
    """
    with reader.connect() as connection:
        asked = question_sums(connection, where, ("department_id",), _MEASURES)
        names = department_names(connection)
    rows: list[tuple[Any, ...]] = [(*names.get(id_, NOBODY), *counts) for (id_,), counts in asked.items()]
    if not rows:
        return DEPARTMENT_VOLUME.frame()
    rows.sort(key=lambda row: (row[0] == UNASSIGNED, -row[3], row[0]))
    columns = dict(zip(("department", "name_ko", "name_en", *_MEASURES), zip(*rows, strict=True), strict=True))
    answered, answerable = (np.array(columns[name], dtype=float) for name in ("answered", "answerable"))
    share = np.divide(answered, answerable, out=np.full(len(rows), np.nan), where=answerable > 0)
    low, high = wilson(answered, answerable)
    return DEPARTMENT_VOLUME.of({**columns, "answered_share": share, "low": low, "high": high})


def receiving_volume(reader: Reader, where: PostFilter) -> pd.DataFrame:
    """Count citizens' posts by the account they were written to, most first. Columns RECEIVING_VOLUME."""
    posted = detailed_posts(where)
    counted = (
        select(posted.c.platform_id, posted.c.receiving_account_id, func.sum(posted.c.posts).label("posts"))
        .group_by(posted.c.platform_id, posted.c.receiving_account_id)
        .subquery()
    )
    statement = select(
        counted.c.platform_id,
        func.coalesce(accounts_table.c.handle, "").label("handle"),
        func.coalesce(accounts_table.c.name_ko, "").label("name_ko"),
        func.coalesce(accounts_table.c.name_en, "").label("name_en"),
        counted.c.posts,
    ).outerjoin_from(counted, accounts_table, accounts_table.c.id == counted.c.receiving_account_id)
    with reader.connect() as connection:
        rows = connection.execute(
            statement.order_by(counted.c.posts.desc(), counted.c.platform_id, accounts_table.c.handle)
        ).all()
    total = sum(int(row.posts) for row in rows)
    low, high = wilson([int(row.posts) for row in rows], [total] * len(rows))
    bounds = zip(rows, low.tolist(), high.tolist(), strict=True)
    return RECEIVING_VOLUME.frame([(*row, int(row.posts) / total, low_of, high_of) for row, low_of, high_of in bounds])


def accounts(reader: Reader, synthetic: bool) -> pd.DataFrame:
    """Return every account of this kind with its status and what passed through it. Columns ACCOUNTS."""
    return ACCOUNTS.frame(account_rows(reader, synthetic))
