"""How live sources fare, and what of which account they have read."""

from __future__ import annotations

from db.frames.columns import COUNT, LABEL, TIME, Column, FrameSchema

SOURCE_STATES = FrameSchema(
    "source_states",
    {
        "source": LABEL,
        "connector": LABEL,
        "source_status": Column("object", "one of SOURCE_STATUSES"),
        "attempted_at": TIME,
        "succeeded_at": TIME,
        "failures": Column("int64", "failed attempts in a row"),
        "retry_at": Column("datetime64[ns, UTC]", "not before, UTC; missing where it may be read at any time"),
        "interval_s": Column("float64", "seconds between two attempts, NaN where unknown"),
        "error": LABEL,
    },
)
SOURCE_USAGE = FrameSchema(
    "source_usage",
    {
        "source": LABEL,
        "reads": COUNT,
        "dollars": Column("float64", "US dollars, by the network's price list"),
    },
)
ACCOUNT_GAPS = FrameSchema(
    "account_gaps",
    {
        "platform": LABEL,
        "handle": LABEL,
        "name_ko": LABEL,
        "name_en": LABEL,
        "source": Column("object", "the source that did not read the account"),
        "gap_from": TIME,
        "gap_to": TIME,
        "gap_hours": Column("float64", "hours that were not read"),
    },
)
