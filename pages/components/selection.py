"""What a URL asks for, read strictly: known codes and real dates, nothing else."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.records import POST_CLASSES, PostFilter

PRESETS: dict[str, int | None] = {"7": 7, "30": 30, "90": 90, "365": 365, "all": None}
CUSTOM = "custom"
PERIODS = (*PRESETS, CUSTOM)
DEFAULT_PERIOD = "90"
SHORT_DEFAULT_PERIOD = "30"
EARLIEST = dt.date(2005, 1, 1)  # before it there was no network to read
MAX_TERMS = 5  # more lines in one chart cannot be told apart
MAX_TERM_LENGTH = 40
MAX_QUERY_LENGTH = 200

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Selection:
    """The filter a URL describes, the period's name in it, and the parameters that made no sense."""

    where: PostFilter
    period: str
    ignored: tuple[str, ...] = ()


def latest_day(last_day: dt.date, today: dt.date) -> dt.date:
    """Return the last day one may ask for: today, or the last day of data where that is later."""
    return max(last_day, today)


def default_period(first_day: dt.date, last_day: dt.date) -> str:
    """Return the period shown unasked: 90 days, 30 where the data would leave nothing before them to compare with."""
    days = PRESETS[DEFAULT_PERIOD]
    return DEFAULT_PERIOD if days and (last_day - first_day).days + 1 >= 2 * days else SHORT_DEFAULT_PERIOD


def preset_start(period: str, first_day: dt.date, last_day: dt.date) -> dt.date:
    """Return the first day of a preset that ends at the last day of data."""
    days = PRESETS[period]
    return first_day if days is None else last_day - dt.timedelta(days=days - 1)


def parse(
    params: Mapping[str, Sequence[str]],
    *,
    first_day: dt.date,
    last_day: dt.date,
    today: dt.date,
    departments: Sequence[str],
    platforms: Sequence[str],
    origins: Sequence[str],
    synthetic: bool,
) -> Selection:
    """Return the selection of ``params``; whatever is not a known code or a date in range is left out and named.

    Parameters
    ----------
    params : mapping of str to sequence of str
        The URL's parameters. Dates are KST, ``YYYY-MM-DD``, both inclusive; one of them alone is
        completed by the edge of the data.
    first_day, last_day : date
        The edges of the data; presets end at ``last_day``, so that an old archive shows its data.
    """
    ignored: list[str] = []

    def codes(name: str, known: Sequence[str]) -> tuple[str, ...]:
        asked = [code for value in params.get(name, ()) for code in _split(value, known)]
        if any(code not in known for code in asked):
            ignored.append(name)
        return tuple(code for code in known if code in asked)

    def day(name: str) -> dt.date | None:
        values = params.get(name, ())
        if not values:
            return None
        value = _parse_day(values[-1])
        if value is None or not EARLIEST <= value <= latest_day(last_day, today):
            ignored.append(name)
            return None
        return value

    start, end = day("start"), day("end")
    if start is not None and end is not None and start > end:
        ignored += ["start", "end"]
        start = end = None
    if start is not None or end is not None:
        period = CUSTOM
        start = start or min(first_day, end or last_day)
        end = end or max(last_day, start)
    else:
        unasked = default_period(first_day, last_day)
        period = (list(params.get("period", ())) or [unasked])[-1]
        if period not in PRESETS:
            ignored.append("period")
            period = unasked
        start, end = preset_start(period, first_day, last_day), last_day
    if any(value not in origins for value in params.get("data", ())):
        ignored.append("data")
    where = PostFilter(
        start=start,
        end=end,
        departments=codes("department", departments),
        platforms=codes("platform", platforms),
        classes=codes("class", POST_CLASSES),
        synthetic=synthetic,
    )
    return Selection(where, period, tuple(dict.fromkeys(ignored)))


def parse_terms(values: Sequence[str]) -> tuple[str, ...]:
    """Return at most MAX_TERMS different terms: trimmed, printable, not longer than MAX_TERM_LENGTH."""
    cleaned = (re.sub(r"\s+", " ", value).strip() for value in values)
    usable = [term for term in cleaned if term and len(term) <= MAX_TERM_LENGTH and term.isprintable()]
    return tuple(dict.fromkeys(usable))[:MAX_TERMS]


def parse_query(values: Sequence[str]) -> str:
    """Return a search text of the URL: one line, printable, at most MAX_QUERY_LENGTH characters."""
    line = re.sub(r"\s+", " ", values[-1] if values else "").strip()[:MAX_QUERY_LENGTH]
    return "".join(character for character in line if character.isprintable())


def _split(value: str, known: Sequence[str]) -> list[str]:
    """A value is one code; hand-written ``a,b`` is taken as two where the whole is none."""
    return [value] if value in known else [part.strip() for part in value.split(",")]


def _parse_day(value: str) -> dt.date | None:
    if not _DAY.fullmatch(value):
        return None
    try:
        return dt.date.fromisoformat(value)
    except ValueError:
        return None
