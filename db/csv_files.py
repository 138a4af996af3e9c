"""Tables as CSV files that Excel opens in Korean and that run no formula."""

from __future__ import annotations

import pandas as pd

# A cell that begins with one of these is run as a formula by spreadsheet programs.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutralised(value: object) -> object:
    """Return text that a spreadsheet would run with an apostrophe before it; anything else unchanged."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


def csv_bytes(frame: pd.DataFrame) -> bytes:
    """Return ``frame`` as UTF-8 CSV with BOM, text neutralised, numbers untouched.

    Excel reads a UTF-8 file without BOM as CP949 and shows Korean as rubbish.
    """
    safe = frame.copy()
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name].dtype) and not pd.api.types.is_bool_dtype(safe[name].dtype):
            safe[name] = safe[name].map(neutralised).astype(object)
    safe.columns = pd.Index([neutralised(str(name)) for name in safe.columns])
    return safe.to_csv(index=False).encode("utf-8-sig")
