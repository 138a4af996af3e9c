"""What the store keeps of numbers: figures that were frozen, and the last self-check."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import select

from db.frames import FROZEN_FIGURES, SELF_CHECK
from db.schema import frozen_figures as frozen_figures_table
from db.schema import self_checks
from db.snapshot import Reader

FEWEST_DIGITS = 12  # of an id that is cut short: two figures share them once in 10^14
_HEXADECIMAL = frozenset("0123456789abcdef")


def frozen_figures(reader: Reader, figure_id: str = "") -> pd.DataFrame:
    """Return the frozen figures that are kept, newest first. Columns FROZEN_FIGURES.

    Parameters
    ----------
    figure_id : an id, or at least FEWEST_DIGITS of its first digits; without it all are returned
    """
    table = frozen_figures_table.c
    statement = select(table.id, table.figure, table.frozen_at, table.record).order_by(table.frozen_at.desc(), table.id)
    if figure_id:
        if len(figure_id) < FEWEST_DIGITS or not _HEXADECIMAL.issuperset(figure_id):
            return FROZEN_FIGURES.frame()
        statement = statement.where(table.id.between(figure_id, figure_id + "g"))  # what begins with it
    with reader.connect() as connection:
        return FROZEN_FIGURES.frame([tuple(row) for row in connection.execute(statement)])


def self_check(reader: Reader, synthetic: bool) -> pd.DataFrame:
    """Return the last self-check of real or of invented posts; nothing where there was none. Columns SELF_CHECK."""
    row = self_checks.c
    statement = (
        select(
            row.name, row.kind, row.published, row.recomputed, row.recomputed - row.published, row.published_n,
            row.recomputed_n, row.is_green, row.first_day, row.last_day, row.checked_at, row.load_id, row.code_version,
        )
        .where(row.is_synthetic.is_(synthetic))
        .order_by(row.position)
    )  # fmt: skip
    with reader.connect() as connection:
        return SELF_CHECK.frame([tuple(found) for found in connection.execute(statement)])
