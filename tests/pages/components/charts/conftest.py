"""Frames of the charts, small enough to count by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
import pytest

from db import frames
from db.frames import FrameSchema

HOSTILE = '<a href="https://evil.example">민원</a>\n&lt;'
NAN = math.nan


def table(schema: FrameSchema, rows: Sequence[tuple[object, ...]]) -> pd.DataFrame:
    """Return ``rows`` of any types as a frame of ``schema``."""
    return schema.frame(list(rows))


@pytest.fixture
def department_volume() -> pd.DataFrame:
    return table(
        frames.DEPARTMENT_VOLUME,
        [
            ("unassigned", "", "", 50, 0, 40, 0, 0, 0, 0.0, 0.0, 0.09),
            ("water", "상수도사업본부", "Waterworks", 30, 15, 30, 15, 10, 5, 0.5, 0.33, 0.67),
            ("road", "도로관리과", "Roads", 40, 8, 20, 8, 22, 10, 0.4, 0.22, 0.61),
            ("park", "공원녹지과", "Parks", 10, 4, 10, 4, 6, 0, 0.4, 0.17, 0.69),
            ("zoo", "서울대공원", "Zoo", 5, 0, 0, 0, 5, 0, NAN, NAN, NAN),
        ],
    )


@pytest.fixture
def platform_totals_frame() -> pd.DataFrame:
    return table(
        frames.PLATFORM_TOTALS,
        [
            ("facebook", "페이스북", "Facebook", 20, 0.1, 0.07, 0.15, 5, 1),
            ("x", "트위터(X)", "Twitter (X)", 180, 0.9, 0.85, 0.93, 30, 12),
        ],
    )


@pytest.fixture
def platform_weeks_frame() -> pd.DataFrame:
    return table(
        frames.PLATFORM_WEEKS,
        [
            ("2026-03-02", "x", 9, 0.9, 0.6, 0.98, False),
            ("2026-03-02", "facebook", 1, 0.1, 0.02, 0.4, False),
            ("2026-03-09", "x", 8, 1.0, 0.68, 1.0, True),
            ("2026-03-16", "x", 0, NAN, NAN, NAN, True),
            ("2026-03-23", "x", 6, 0.75, 0.41, 0.93, True),
            ("2026-03-23", "facebook", 2, 0.25, 0.07, 0.59, True),
        ],
    )


@pytest.fixture
def trend() -> pd.DataFrame:
    return table(
        frames.TERM_TREND,
        [
            ("2026-03-02", "아리수", 1, 10, 0.1, 0.02, 0.4, False),
            ("2026-03-09", "아리수", 2, 10, 0.2, 0.06, 0.51, True),
            ("2026-03-16", "아리수", 0, 0, NAN, NAN, NAN, True),
            ("2026-03-23", "아리수", 3, 10, 0.3, 0.11, 0.6, True),
        ],
    )
