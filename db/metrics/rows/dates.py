"""From when definitions are valid, and who answers for them."""

from __future__ import annotations

import datetime as dt
from typing import Any

FIRST_VERSION = dt.date(2026, 11, 22)
ROLLUP_VERSION = dt.date(2026, 11, 22)  # ages in calendar days, percentiles from histograms
HIDDEN_VERSION = dt.date(2026, 11, 26)
REPLIES_VERSION = dt.date(2026, 11, 26)
PARTS_VERSION = dt.date(2026, 11, 26)
COVERAGE_VERSION = dt.date(2026, 11, 26)
WORKING_CLOCK_VERSION = dt.date(2026, 11, 26)
RESPONSIBLE: dict[str, Any] = {
    "author": "Minwon Window",
    "checker": "db.selfcheck",
    "reviewed": dt.date(2026, 11, 26),
    "next_review": dt.date(2027, 5, 26),
}
