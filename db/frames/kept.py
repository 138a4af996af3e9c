"""What the store keeps of numbers: one KPI as a row, figures that were frozen, the last self-check."""

from __future__ import annotations

from db.frames.columns import COUNT, DAY, FLAG, LABEL, TIME, Column, FrameSchema

METRIC_VALUES = FrameSchema(
    "metric_values",
    {
        "metric": Column("object", "id of the KPI; docs/metrics.md defines it"),
        "value": Column("float64", "in its unit; fractions are of 1; empty where it was not reached"),
        "low": Column("float64", "95 % lower bound; empty where it has none"),
        "high": Column("float64", "upper bound"),
        "n": Column("int64", "observations behind it"),
        "unit": LABEL,
    },
)
METRIC_WEEKS = FrameSchema(
    "metric_weeks",
    {
        "week": DAY,
        "value": Column("float64", "in the KPI's unit; NaN where it was not reached"),
        "value_low": Column("float64", "95 % lower bound; NaN where it has none"),
        "value_high": Column("float64", "upper bound"),
        "n": Column("int64", "observations behind it"),
        "version": Column("int64", "of the definition"),
        "whole": Column("bool", "the period and the data hold all seven days"),
    },
)
FROZEN_FIGURES = FrameSchema(
    "frozen_figures",
    {
        "figure_id": Column("object", "SHA-256 over data, query, definition version and code version, hexadecimal"),
        "figure": Column("object", "name in FIGURES"),
        "frozen_at": TIME,
        "record": Column("object", "figure.json of the bundle"),
    },
)
SELF_CHECK = FrameSchema(
    "self_check",
    {
        "name": Column("object", "metric of METRICS, or a sum that must come out"),
        "check_kind": Column("object", "metric or sum"),
        "published": Column("float64", "as on the pages, from the roll-ups; NaN where it was not reached"),
        "recomputed": Column("float64", "by the second way, from the rows"),
        "difference": Column("float64", "recomputed less published; NaN where one of them is missing"),
        "published_n": COUNT,
        "recomputed_n": COUNT,
        "is_green": FLAG,
        "first_day": DAY,
        "last_day": DAY,
        "checked_at": TIME,
        "load_id": Column("int64", "number of the store's state right after the check"),
        "code_version": LABEL,
    },
)
