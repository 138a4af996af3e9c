"""Text that is safe in a figure, and numbers the way the figures print them."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from db.intervals import wilson

MAX_TEXT = 80  # a hover box of a phone holds about two lines of this
LINE_WIDTH = 20  # ten Hangul syllables at 12 px: a third of a phone's width
NO_VALUE = "–"

_MARKUP = re.compile(r"[<>&]")
# Control and format characters: among them the marks that turn the direction of the text around them.
_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


def plain(text: object, limit: int = MAX_TEXT) -> str:
    """Return ``text`` without markup and line breaks, at most ``limit`` characters, for use in a figure.

    Plotly reads a part of HTML in every text, links included; whatever came from outside passes here.
    """
    if text is None or text is pd.NA or (isinstance(text, float) and math.isnan(text)):
        return ""
    cleaned = " ".join(_INVISIBLE.sub(" ", _MARKUP.sub("", str(text))).split())
    return cleaned if len(cleaned) <= limit else cleaned[: limit - 1] + "…"


def width(text: str) -> int:
    """Return the width of ``text`` in Latin letters; a Hangul syllable is two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def wrapped(text: object, line_width: int = LINE_WIDTH, lines: int = 2) -> str:
    """Return ``plain(text)`` on at most ``lines`` lines joined by <br>, the rest an ellipsis."""
    rows: list[str] = [""]
    for word in plain(text, limit=200).split(" "):
        rest = word
        if rows[-1] and width(rows[-1]) + 1 + width(rest) > line_width:
            rows.append("")
        while width(rest) > line_width:
            cut = _fitting(rest, line_width)
            rows[-1] = rest[:cut]
            rest = rest[cut:]
            rows.append("")
        rows[-1] = f"{rows[-1]} {rest}".strip()
    rows = [row for row in rows if row]
    if len(rows) > lines:
        last = rows[lines - 1]
        rows = [*rows[: lines - 1], last[: _fitting(last, line_width - 1)] + "…"]
    return "<br>".join(rows)


def _fitting(text: str, line_width: int) -> int:
    for end in range(len(text), 0, -1):
        if width(text[:end]) <= line_width:
            return end
    return 1


def number(value: float) -> str:
    """Return a count with thousands separators."""
    return f"{int(value):,}"


def percent(share: float | None, digits: int = 1) -> str:
    """Return a fraction as a percentage, a dash where there is none."""
    if share is None or math.isnan(share):
        return NO_VALUE
    return f"{share * 100:.{digits}f}%"


def interval(low: float, high: float) -> str:
    """Return two fractions as an interval in percent, a dash where there is none."""
    if math.isnan(low) or math.isnan(high):
        return NO_VALUE
    return f"{low * 100:.1f}–{high * 100:.1f}%"


def shares_of(counts: Sequence[float] | pd.Series, totals: Sequence[float] | pd.Series) -> list[str]:
    """Return the share of each total in percent with its Wilson 95 % interval in brackets; a dash of nothing."""
    low, high = wilson(counts, totals)
    rows = zip(counts, totals, low.tolist(), high.tolist(), strict=True)
    return [bracketed(count / total if total else math.nan, *bounds) for count, total, *bounds in rows]


def share_of(count: float, total: float) -> str:
    """Return one of ``shares_of``."""
    return shares_of([count], [total])[0]


def bracketed(share: float, low: float, high: float, digits: int = 1) -> str:
    """Return a fraction in percent with its interval in brackets; a dash where there is none."""
    if math.isnan(share):
        return NO_VALUE
    return f"{percent(share, digits)} [{low * 100:.{digits}f}–{high * 100:.{digits}f}%]"


def total_of(count: float, share: float) -> int | None:
    """Return the number that ``count`` is the fraction ``share`` of, None where that cannot be told."""
    if math.isnan(share) or share <= 0:
        return None
    return round(count / share)


def count_or_dash(value: float | None) -> str:
    """Return ``number(value)``, a dash for None."""
    return NO_VALUE if value is None else number(value)


def percents(shares: Iterable[float]) -> list[float | None]:
    """Return fractions as percentages; NaN becomes None, which a figure draws as a gap."""
    return [None if math.isnan(share) else share * 100 for share in shares]


def keys(column: pd.Series) -> list[str]:
    """Return codes or terms as the keys of rows, whole, but free of markup too."""
    return [plain(key, limit=200) for key in column]


def rows(frame: pd.DataFrame) -> Iterable[Any]:
    """Return the rows of ``frame`` as named tuples."""
    return frame.itertuples(index=False)


def days(column: pd.Series) -> list[str]:
    """Return dates as ISO text, the form of every date axis here."""
    return [moment.strftime("%Y-%m-%d") for moment in column]
