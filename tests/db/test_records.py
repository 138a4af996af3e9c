from __future__ import annotations

import datetime as dt
from dataclasses import FrozenInstanceError, replace

import pytest

from db.records import Counts, PostFilter

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))


def test_counts_add_up_and_print_one_line() -> None:
    counts = Counts(read=3, inserted=2, rejected=1)
    counts.add(Counts(read=4, updated=1, unchanged=3))
    assert str(counts) == "read=7 inserted=2 updated=1 unchanged=3 rejected=1"


def test_a_filter_is_a_key_and_cannot_change() -> None:
    assert hash(MARCH) == hash(replace(MARCH))
    assert replace(MARCH, synthetic=True) != MARCH
    with pytest.raises(FrozenInstanceError):
        MARCH.synthetic = True  # type: ignore[misc]
