from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from db.frames import COUNT, DAY, LABEL, SHARE, TIME, FrameMismatch, FrameSchema

SCHEMA = FrameSchema("sample", {"day": DAY, "at": TIME, "label": LABEL, "posts": COUNT, "share": SHARE})


def test_rows_take_the_types_of_the_schema() -> None:
    moment = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    frame = SCHEMA.frame([(dt.date(2026, 3, 1), moment, "가", 1, None), (dt.date(2026, 3, 2), None, "나", 2, 0.5)])
    assert [str(dtype) for dtype in frame.dtypes] == [column.dtype for column in SCHEMA.columns.values()]
    assert frame["day"].tolist() == [pd.Timestamp("2026-03-01"), pd.Timestamp("2026-03-02")]
    assert frame.loc[0, "at"] == pd.Timestamp(moment)
    assert frame["share"].isna().tolist() == [True, False]


def test_columns_come_in_the_order_of_the_schema_and_no_others() -> None:
    frame = pd.DataFrame({"posts": [1], "more": [2], "label": ["가"]})
    schema = FrameSchema("short", {"label": LABEL, "posts": COUNT})
    assert schema.cast(frame).columns.tolist() == ["label", "posts"]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(FrameMismatch, match="sample: no column at, share"):
        SCHEMA.cast(pd.DataFrame({"day": [], "label": [], "posts": []}))
