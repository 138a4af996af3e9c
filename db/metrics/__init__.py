"""The KPIs and the one call that computes them: pages, exports and ``python -m db metric`` use it.

Definitions: DESIGN.md section 3; docs/metrics.md is generated from METRICS.
"""

from __future__ import annotations

from db.metrics.metric import Metric, Revision, Sample, UnknownMetric
from db.metrics.rows import METRICS
from db.queries.extent import data_extent
from db.records import MetricValue, PostFilter
from db.snapshot import Reader

__all__ = ["METRICS", "Metric", "Revision", "Sample", "UnknownMetric", "metric"]


def metric(reader: Reader, name: str, where: PostFilter, version: int | None = None) -> MetricValue:
    """Compute one KPI over the posts of ``where``, by a version of its definition; without one by today's.

    Raises
    ------
    UnknownMetric
        No row of METRICS is called ``name``, or it has no such version; the message lists what there is.
    """
    row = METRICS.get(name)
    if row is None:
        raise UnknownMetric(f"no metric {name!r}; known: {', '.join(METRICS)}")
    chosen = row.version if version is None else version
    sample = row.expression(chosen)(reader, where)
    as_of = data_extent(reader, where.synthetic).as_of
    return MetricValue(
        metric=row.id,
        version=chosen,
        value=sample.value,
        low=sample.low,
        high=sample.high,
        n=sample.n,
        unit=row.unit,
        start=where.start,
        end=where.end,
        as_of=as_of,
    )
