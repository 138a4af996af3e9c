"""The tables the store hands out: column names, dtypes and units, one schema each.

Charts and pages rely on these names. ``FrameSchema.check`` holds a frame against its schema.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
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
        return pd.DataFrame(
            {name: _typed(columns[name], column.dtype) for name, column in self.columns.items()}, copy=False
        )

    def cast(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return ``frame`` with this schema's columns in order and its dtypes, its rows numbered anew.

        Raises
        ------
        FrameMismatch
            A column is missing.
        """
        return self.of({name: frame[name] for name in frame.columns})


def _typed(values: Any, dtype: str) -> Any:
    """Return ``values`` as an array of ``dtype``; what is missing among texts is None, which pandas would make a NaN."""
    if dtype == "object":
        texts = np.empty(len(values), dtype=object)
        texts[:] = values
        texts[pd.isna(texts)] = None
        return pd.Index(
            texts, dtype=object, copy=False
        )  # an array of texts alone would become pandas' own type of text
    if dtype == DAY.dtype and not hasattr(values, "dtype"):
        return np.array(values, dtype="datetime64[D]").astype(dtype)
    if dtype == TIME.dtype:
        return pd.to_datetime(list(values), utc=True).as_unit("ns")
    return np.asarray(values, dtype=dtype)


DAY = Column("datetime64[ns]", "midnight, Korea Standard Time")
TIME = Column("datetime64[ns, UTC]", "moment, UTC")
COUNT = Column("int64", "number")
SHARE = Column("float64", "fraction of 1")
LABEL = Column("object", "text")
FLAG = Column("bool", "yes or no")
HOURS = Column("float64", "hours, wall clock")
