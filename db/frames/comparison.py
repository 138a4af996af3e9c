"""Departments beside one another."""

from __future__ import annotations

from db.frames.columns import LABEL, SHARE, Column, FrameSchema

_LIMITS = {
    "low_95": Column("float64", "lowest share within the 95 % limits"),
    "high_95": Column("float64", "highest"),
    "low_998": Column("float64", "lowest share within the 99.8 % limits"),
    "high_998": Column("float64", "highest"),
}
DEPARTMENT_FUNNEL = FrameSchema(
    "department_funnel",
    {
        "department": Column("object", "department code; questions nobody is responsible for have no row"),
        "name_ko": LABEL,
        "name_en": LABEL,
        "questions": Column("int64", "questions whose time to be answered in had passed at the cut-off"),
        "in_time": Column("int64", "of these, answered within it"),
        "share": SHARE,
        "low": Column("float64", "Wilson 95 % lower bound of share"),
        "high": Column("float64", "upper bound"),
        "expected_share": Column("float64", "share of all departments, or what the mix of issues lets expect"),
        **_LIMITS,
        "verdict": Column("object", "one of db.funnel.VERDICTS"),
    },
)
FUNNEL_LIMITS = FrameSchema(
    "funnel_limits",
    {"questions": Column("int64", "of a department, ascending"), "expected_share": SHARE, **_LIMITS},
)
