"""What a figure is: a query of the store, the schema of its answer, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from db.frames import FrameSchema
from db.records import PostFilter
from db.snapshot import Reader

# How a figure is drawn: a line for each measure or name, a bar for each name, a point with its interval.
LINES, BARS, NUMBER = KINDS = ("lines", "bars", "number")


class UnknownFigure(ValueError):
    """No row of FIGURES has that name, or it is asked for in a way it does not know."""


@dataclass(frozen=True, slots=True)
class FigureQuery:
    """What a figure is asked for: posts of a filter, and words where the figure is about words."""

    where: PostFilter
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: its kind, which columns are where, and the unit in both languages.

    ``measures`` are the columns that are drawn, with the name of each in both languages. ``names`` are the columns that name a bar or
    a line; ``drawn_if`` is a column that is false where a value would mislead and a gap is drawn. Where a zero is unsaid, a line without
    a row at some place is 0 there.
    """

    kind: str
    measures: Mapping[str, tuple[str, str]]
    unit: tuple[str, str]
    along: str = ""
    along_unit: tuple[str, str] = ("", "")
    names: tuple[str, ...] = ()
    interval: tuple[str, str] | None = None
    drawn_if: str | None = None
    is_logarithmic: bool = False
    is_zero_unsaid: bool = False
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of FIGURES.

    ``version`` is that of its definition. A figure ``of_stock`` speaks of all that was open at the end of the period, whenever
    it began. ``needs_terms`` says that it is asked for words.
    """

    name: str
    title_ko: str
    title_en: str
    schema: FrameSchema
    read: Callable[[Reader, FigureQuery], pd.DataFrame]
    drawing: Drawing
    version: int = 1
    of_stock: bool = False
    needs_terms: bool = False
