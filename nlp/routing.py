"""Which department must answer: by the civic terms of a text, whoever it was addressed to."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import NamedTuple

from nlp.dictionary import read_resource


class Route(NamedTuple):
    """A row of ROUTES: ``term`` speaks for ``department`` with ``weight`` (3 own service, 2 matter, 1 general)."""

    id: str
    department: str
    term: str
    weight: int


def _routes() -> tuple[Route, ...]:
    return tuple(
        Route(f"{department}.{term}", department, term, int(weight))
        for department, by_weight in read_resource("routes.toml").items()
        for weight, terms in by_weight.items()
        for term in terms
    )


ROUTES: tuple[Route, ...] = _routes()
DEPARTMENTS: tuple[str, ...] = tuple(dict.fromkeys(route.department for route in ROUTES))


def route(terms: Sequence[str]) -> tuple[str, str] | None:
    """Return (department code, rule id) for the terms of a text in order of appearance, or None.

    The department with the greatest sum of weights must answer. On a tie the most specific single term
    decides, then the one that comes first. The rule id names the department's strongest term.
    """
    by_term = _routes_by_term()
    found = [by_term[term] for term in terms if term in by_term]
    if not found:
        return None
    if len(found) == 1:
        return found[0].department, found[0].id
    scores: dict[str, int] = {}
    strongest: dict[str, Route] = {}
    for row in found:
        scores[row.department] = scores.get(row.department, 0) + row.weight
        if row.department not in strongest or row.weight > strongest[row.department].weight:
            strongest[row.department] = row
    # max keeps the first of equals, and dictionaries keep the order of appearance.
    best = max(strongest.values(), key=lambda row: (scores[row.department], row.weight))
    return best.department, best.id


@functools.cache
def _routes_by_term() -> dict[str, Route]:
    return {row.term: row for row in ROUTES}
