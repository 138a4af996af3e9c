"""Who must answer, who was asked, and which accounts there are."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Engine, case, func, select

from db.conditions import asked_questions, citizen_posts
from db.frames import ACCOUNTS, DEPARTMENT_VOLUME, RECEIVING_VOLUME
from db.intervals import wilson
from db.records import UNASSIGNED, PostFilter
from db.schema import accounts as accounts_table
from db.schema import departments, posts, questions


def department_volume(engine: Engine, where: PostFilter) -> pd.DataFrame:
    """Count questions by responsible department, most first, unassigned last. Columns DEPARTMENT_VOLUME.

    ``answered_share`` leaves out questions from sources that carry no answers; it is what had been
    answered by the data cut-off, however long that took.
    """

    def count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.sum(case((condition, 1), else_=0))

    source = questions.c.department_source
    statement = (
        select(
            func.coalesce(departments.c.code, UNASSIGNED).label("department"),
            func.coalesce(departments.c.name_ko, "미지정").label("name_ko"),
            func.coalesce(departments.c.name_en, "Unassigned").label("name_en"),
            func.count().label("questions"),
            count_if(questions.c.first_answer_post_id.is_not(None) & questions.c.answers_collected).label("answered"),
            count_if(questions.c.answers_collected).label("answerable"),
            count_if(source == "reply").label("by_reply"),
            count_if(source == "rule").label("by_rule"),
            count_if(source == "receiving_account").label("by_receiving_account"),
        )
        .select_from(questions)
        .outerjoin(departments, departments.c.id == questions.c.department_id)
        .where(*asked_questions(where))
        .group_by(departments.c.code, departments.c.name_ko, departments.c.name_en)
    )
    with engine.connect() as connection:
        frame = pd.DataFrame([row._asdict() for row in connection.execute(statement)])
    if frame.empty:
        return DEPARTMENT_VOLUME.frame()
    answerable = frame["answerable"].astype(float).to_numpy()
    answered = frame["answered"].astype(float).to_numpy()
    frame["answered_share"] = np.divide(answered, answerable, out=np.full(len(frame), np.nan), where=answerable > 0)
    frame["low"], frame["high"] = wilson(answered, answerable)
    frame["last"] = frame["department"] == UNASSIGNED
    frame = frame.sort_values(["last", "questions", "department"], ascending=[True, False, True], ignore_index=True)
    return DEPARTMENT_VOLUME.cast(frame)


def receiving_volume(engine: Engine, where: PostFilter) -> pd.DataFrame:
    """Count citizens' posts by the account they were written to, most first. Columns RECEIVING_VOLUME."""
    posted = func.count().label("posts")
    counted = (
        select(posts.c.platform_id, posts.c.receiving_account_id, posted)
        .where(*citizen_posts(where))
        .group_by(posts.c.platform_id, posts.c.receiving_account_id)
        .subquery()
    )
    statement = select(
        counted.c.platform_id,
        func.coalesce(accounts_table.c.handle, "").label("handle"),
        func.coalesce(accounts_table.c.name_ko, "").label("name_ko"),
        func.coalesce(accounts_table.c.name_en, "").label("name_en"),
        counted.c.posts,
    ).outerjoin(accounts_table, accounts_table.c.id == counted.c.receiving_account_id)
    with engine.connect() as connection:
        rows = connection.execute(
            statement.order_by(counted.c.posts.desc(), counted.c.platform_id, accounts_table.c.handle)
        ).all()
    total = sum(row.posts for row in rows)
    return RECEIVING_VOLUME.frame([(*row, row.posts / total) for row in rows])


def accounts(engine: Engine, synthetic: bool) -> pd.DataFrame:
    """Return every account of this kind with its status and what passed through it. Columns ACCOUNTS."""
    received = (
        select(posts.c.receiving_account_id.label("id"), func.count().label("received"))
        .where(
            posts.c.receiving_account_id.is_not(None),
            posts.c.is_inbound.is_(True),
            posts.c.is_synthetic.is_(synthetic),
        )
        .group_by(posts.c.receiving_account_id)
        .subquery()
    )
    written = (
        select(
            posts.c.account_id.label("id"),
            func.count().label("answers"),
            func.max(posts.c.created_at).label("last_post"),
        )
        .where(posts.c.account_id.is_not(None), posts.c.is_synthetic.is_(synthetic))
        .group_by(posts.c.account_id)
        .subquery()
    )
    table = accounts_table
    statement = (
        select(
            table.c.platform_id,
            table.c.handle,
            table.c.name_ko,
            table.c.name_en,
            departments.c.name_ko.label("department_ko"),
            departments.c.name_en.label("department_en"),
            table.c.status,
            table.c.connected_from,
            table.c.missing_ko,
            table.c.missing_en,
            func.coalesce(received.c.received, 0),
            func.coalesce(written.c.answers, 0),
            written.c.last_post,
        )
        .join(departments, departments.c.id == table.c.department_id)
        .outerjoin(received, received.c.id == table.c.id)
        .outerjoin(written, written.c.id == table.c.id)
        .where(table.c.is_synthetic.is_(synthetic))
        .order_by(table.c.status, table.c.platform_id, table.c.handle)
    )
    with engine.connect() as connection:
        return ACCOUNTS.frame([tuple(row) for row in connection.execute(statement)])
