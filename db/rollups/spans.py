"""Periods as sums of few rows: days, weeks from Monday, and blocks of 13 weeks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

DAY, WEEK, BLOCK = 1, 7, 91
SPANS = (DAY, WEEK, BLOCK)
# Where nothing is counted over 13 weeks at once, because the weeks of all years are few enough.
SHORT_SPANS = (DAY, WEEK)

_EPOCH = dt.date(1970, 1, 1).toordinal()  # numpy's first day


class Stretch(NamedTuple):
    """Rows of one span: those that start on ``first``, on ``last``, or between."""

    span: int
    first: dt.date
    last: dt.date


def start_of(day: dt.date, span: int) -> dt.date:
    """Return the first day of the span that ``day`` lies in; the ordinal 1 was a Monday."""
    ordinal = day.toordinal()
    return dt.date.fromordinal(ordinal - (ordinal - 1) % span)


def cover(start: dt.date, end: dt.date, spans: Sequence[int] = SPANS) -> list[Stretch]:
    """Return stretches of ``spans``, which nest, that together are exactly the days ``start`` to ``end``."""
    return _cover(start.toordinal(), end.toordinal() + 1, sorted(spans))


def starts_of(stretch: Stretch) -> list[dt.date]:
    """Return the first day of every row of a stretch."""
    ordinals = range(stretch.first.toordinal(), stretch.last.toordinal() + 1, stretch.span)
    return [dt.date.fromordinal(ordinal) for ordinal in ordinals]


def dates(ordinals: npt.NDArray[np.int64]) -> npt.NDArray[np.datetime64]:
    """Return days given by their ordinals as numpy's days."""
    return (ordinals - _EPOCH).astype("datetime64[D]")


def _cover(low: int, high: int, spans: Sequence[int]) -> list[Stretch]:
    """Cover the ordinals from ``low`` to below ``high``: the widest spans in the middle, narrower ones at the ends."""
    if low >= high:
        return []
    span = spans[-1]
    inner_low = low + (1 - low) % span
    inner_high = high - (high - 1) % span
    if inner_low >= inner_high:
        return _cover(low, high, spans[:-1])
    middle = Stretch(span, dt.date.fromordinal(inner_low), dt.date.fromordinal(inner_high - span))
    return [*_cover(low, inner_low, spans[:-1]), middle, *_cover(inner_high, high, spans[:-1])]
