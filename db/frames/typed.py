"""Columns of a known dtype, made into a frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from db.frames.columns import DAY, TIME


def frame_of(columns: Mapping[str, tuple[Any, str]]) -> pd.DataFrame:
    """Return a frame of ``columns``: by name the values, a sequence or an array, and their dtype."""
    return pd.DataFrame({name: _typed(values, dtype) for name, (values, dtype) in columns.items()}, copy=False)


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
