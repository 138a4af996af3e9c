"""The definitions of the KPIs as a table."""

from __future__ import annotations

import pandas as pd

from pages.components import cached

_FIELDS = ("id", "name_ko", "name_en", "definition_ko", "definition_en", "why_ko", "why_en", "unit", "direction")


def metric_definitions() -> pd.DataFrame:
    """Return every row of METRICS: id, name, definition, reason, unit, better direction, version, valid from."""
    rows = [
        {field: getattr(row, field) for field in _FIELDS}
        | {"version": row.version, "valid_from": row.valid_from.isoformat()}
        for row in cached.METRICS.values()
    ]
    return pd.DataFrame(rows).rename(columns={"id": "metric"})
