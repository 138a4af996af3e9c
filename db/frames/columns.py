"""The tables the store hands out: column names, dtypes and units, one schema each.

Charts and pages rely on these names. ``FrameSchema.check`` holds a frame against its schema.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its pandas dtype and what it holds, unit included."""

    dtype: str
    meaning: str


class FrameMismatch(ValueError):
    """A frame does not have the columns and dtypes its schema promises."""


@dataclass(frozen=True, slots=True)
class FrameSchema:
    """An ordered set of named, typed columns."""

    name: str
    columns: dict[str, Column]

    def frame(self, rows: Sequence[Any] = ()) -> pd.DataFrame:
        """Return ``rows`` (tuples in the order of the columns, or mappings) as a frame; without rows an empty one."""
        if not rows:
            return self.of(dict.fromkeys(self.columns, ()))
        if isinstance(rows[0], Mapping):
            return self.of({name: [row[name] for row in rows] for name in self.columns})
        return self.of(dict(zip(self.columns, zip(*rows, strict=True), strict=True)))

    def of(self, columns: Mapping[str, Any]) -> pd.DataFrame:
        """Return a frame of these columns, sequences or arrays of one length; others are left out.

        Every column is given its dtype before pandas sees it, which would otherwise look at each value to guess one.

        Raises
        ------
        FrameMismatch
            A column is missing.
        """
        missing = [name for name in self.columns if name not in columns]
        if missing:
            raise FrameMismatch(f"{self.name}: no column {', '.join(missing)}")
        # Here: whoever needs the names alone, such as `status`, does not wait half a second for pandas.
        from db.frames.typed import frame_of

        return frame_of({name: (columns[name], column.dtype) for name, column in self.columns.items()})

    def records(self, rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
        """Return ``rows`` (tuples in the order of the columns) as mappings, their values as the store gave them."""
        return [dict(zip(self.columns, row, strict=True)) for row in rows]

    def cast(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return ``frame`` with this schema's columns in order and its dtypes, its rows numbered anew.

        Raises
        ------
        FrameMismatch
            A column is missing.
        """
        return self.of({name: frame[name] for name in frame.columns})


DAY = Column("datetime64[ns]", "midnight, Korea Standard Time")
TIME = Column("datetime64[ns, UTC]", "moment, UTC")
COUNT = Column("int64", "number")
SHARE = Column("float64", "fraction of 1")
LABEL = Column("object", "text")
FLAG = Column("bool", "yes or no")
HOURS = Column("float64", "hours, wall clock")
