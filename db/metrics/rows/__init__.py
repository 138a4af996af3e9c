"""The KPIs: one row each. A changed definition is a new version, and the one before it moves to ``earlier``."""

from __future__ import annotations

from db.metrics.metric import Metric
from db.metrics.rows import parts, replies, volume, waiting, working

METRICS: dict[str, Metric] = {
    row.id: row for row in (*volume.ROWS, *parts.ROWS, *waiting.ROWS, *working.ROWS, *replies.ROWS)
}
