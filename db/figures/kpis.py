"""The figures of KPIs: one of each as a number, and those of BY_WEEK week by week."""

from __future__ import annotations

import pandas as pd

from db.figures.figure import LINES, NUMBER, Drawing, Figure
from db.figures.words import UNITS
from db.frames import METRIC_VALUES, METRIC_WEEKS
from db.metrics import METRICS, Metric, metric
from db.metrics.weeks import BY_WEEK, metric_weeks
from db.records import PostFilter
from db.snapshot import Reader

_STOCK = ("unanswered_over_7_days",)


def _values(name: str, reader: Reader, where: PostFilter) -> pd.DataFrame:
    found = metric(reader, name, where)
    return METRIC_VALUES.frame([(found.metric, found.value, found.low, found.high, found.n, found.unit)])


def _of_metric(row: Metric) -> Figure:
    unit = UNITS.get(row.unit, (row.unit, row.unit))
    return Figure(
        row.id,
        row.name_ko,
        row.name_en,
        METRIC_VALUES,
        lambda reader, asked: _values(row.id, reader, asked.where),
        Drawing(NUMBER, {"value": unit}, unit, names=("metric",), interval=("low", "high")),
        version=row.version,
        of_stock=row.id in _STOCK,
    )


def _by_week(row: Metric) -> Figure:
    unit = UNITS.get(row.unit, (row.unit, row.unit))
    return Figure(
        f"by_week_{row.id}",
        f"{row.name_ko}, 주마다",
        f"{row.name_en}, by week",
        METRIC_WEEKS,
        lambda reader, asked: metric_weeks(reader, row.id, asked.where),
        Drawing(
            LINES,
            {"value": (row.name_ko, row.name_en)},
            unit,
            along="week",
            along_unit=("주 (월요일부터, 한국)", "week from Monday (KST)"),
            interval=("value_low", "value_high"),
            drawn_if="whole",
        ),
        version=row.version,
        of_stock=row.id in _STOCK,
    )


OF_KPIS = (*map(_of_metric, METRICS.values()), *(_by_week(METRICS[name]) for name in BY_WEEK))
