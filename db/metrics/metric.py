"""What a KPI is: one row of METRICS, its definition, and who answers for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from db.records import PostFilter
from db.snapshot import Reader


class UnknownMetric(ValueError):
    """No row of METRICS has that name, or the KPI never had that version."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A computed value, its 95 % interval and how many observations stand behind it."""

    value: float | None
    low: float | None
    high: float | None
    n: int


Expression = Callable[[Reader, PostFilter], Sample]


@dataclass(frozen=True, slots=True)
class Revision:
    """A definition that was valid before: until when, what the next one changed, and its expression."""

    version: int
    valid_from: dt.date
    valid_until: dt.date
    change_ko: str
    change_en: str
    compute: Expression


@dataclass(frozen=True, slots=True)
class Metric:
    """A KPI: what it is called, why it matters, what is divided by what, and the expression.

    ``direction`` says which way is better: "up", "down" or "none". ``checker`` is the independent route by which the
    self-check recomputes it; ``earlier`` are the definitions before this one, the oldest first. Where it
    ``needs_answers`` it says nothing of sources that carry none.
    """

    id: str
    version: int
    valid_from: dt.date
    name_ko: str
    name_en: str
    why_ko: str
    why_en: str
    definition_ko: str
    definition_en: str
    numerator_ko: str
    numerator_en: str
    denominator_ko: str
    denominator_en: str
    unit: str
    direction: str
    author: str
    checker: str
    reviewed: dt.date
    next_review: dt.date
    compute: Expression
    earlier: tuple[Revision, ...] = ()
    needs_answers: bool = True

    def expression(self, version: int) -> Expression:
        """Return how a version of the definition is computed.

        Raises
        ------
        UnknownMetric
            There never was one; the message says which there are.
        """
        if version == self.version:
            return self.compute
        for revision in self.earlier:
            if revision.version == version:
                return revision.compute
        known = ", ".join(str(each) for each in (*(revision.version for revision in self.earlier), self.version))
        raise UnknownMetric(f"{self.id} has no version {version}; there are: {known}")
