"""Tables as CSV files: how they are called. What is in them is :mod:`db.csv_files`, as in a frozen figure."""

from __future__ import annotations

import datetime as dt

from db.csv_files import csv_bytes as csv_bytes


def file_name(what: str, start: dt.date | None = None, end: dt.date | None = None, ending: str = "csv") -> str:
    """Return ``minwon_<what>_<start>_<end>.csv``; without a period the dates are left out."""
    dates = [day.isoformat() for day in (start, end) if day is not None]
    return "_".join(["minwon", what, *dates]) + f".{ending}"
