"""How live sources fare, and what of the accounts was not read."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from sqlalchemy import select

from db.frames import ACCOUNT_GAPS, SOURCE_STATES, SOURCE_USAGE
from db.operations.sources import read_gaps, source_state_rows
from db.schema import accounts, source_usage
from db.snapshot import Reader

SECONDS_PER_HOUR = 3600


def source_states_of_all(reader: Reader) -> pd.DataFrame:
    """Return how every live source fares, by name. Columns SOURCE_STATES."""
    return SOURCE_STATES.frame(source_state_rows(reader))


def source_usage_of_month(reader: Reader, month: str) -> pd.DataFrame:
    """Return what each source has read in a month such as ``2026-11``, and what it cost. Columns SOURCE_USAGE."""
    table = source_usage.c
    statement = select(table.source, table.reads, table.dollars).where(table.month == month).order_by(table.source)
    with reader.connect() as connection:
        return SOURCE_USAGE.frame([tuple(row) for row in connection.execute(statement)])


def account_gaps(reader: Reader, synthetic: bool, since: dt.datetime) -> pd.DataFrame:
    """Return the gaps of all accounts that ended after ``since``, the newest first. Columns ACCOUNT_GAPS."""
    table = accounts.c
    of_kind = table.is_synthetic.is_(synthetic)
    named = select(table.id, table.platform_id, table.handle, table.name_ko, table.name_en).where(of_kind)
    with reader.connect() as connection:
        gaps = read_gaps(connection, of_kind, since, dt.datetime.max.replace(tzinfo=dt.UTC))
        names = {id_: rest for id_, *rest in connection.execute(named)}
    rows = [
        (*names[gap.account_id], gap.source, gap.start_at, gap.end_at, _hours(gap.end_at - gap.start_at))
        for gap in gaps
    ]
    return ACCOUNT_GAPS.frame(sorted(rows, key=lambda row: row[5], reverse=True))


def _hours(span: dt.timedelta) -> float:
    return span.total_seconds() / SECONDS_PER_HOUR
