"""Are the published numbers right? Each KPI is computed a second way, from the rows, and sums are reconciled.

It reads every post of a period, so it is a command and never a page; the page shows what it found last.
"""

from __future__ import annotations

from dataclasses import dataclass

from db.metrics import METRICS, metric
from db.records import PostFilter
from db.selfcheck.routes import EXACT, ROUTES, Found, Route, finite
from db.selfcheck.rows import Progress, read_rows
from db.selfcheck.sums import SUMS
from db.snapshot import Snapshot

__all__ = ["METRIC", "ROUTES", "SUM", "SUMS", "Item", "check"]

METRIC, SUM = ITEM_KINDS = ("metric", "sum")
_NONE = Found(None, -1)  # of a KPI nobody wrote a second way for: it never agrees


@dataclass(frozen=True, slots=True)
class Item:
    """A number found by two ways, and whether they agree."""

    name: str
    kind: str
    published: float | None
    recomputed: float | None
    published_n: int
    recomputed_n: int
    is_green: bool

    def __str__(self) -> str:
        return f"{self.name}: published {self.published} (n={self.published_n}), the rows say {self.recomputed} (n={self.recomputed_n})"


def check(snapshot: Snapshot, where: PostFilter, progress: Progress | None = None) -> list[Item]:
    """Return every KPI and every sum of the period, in the order of METRICS and SUMS; both ways see one state of the store."""
    with snapshot.connect() as connection:
        rows = read_rows(connection, where, progress)
    items = []
    for name in METRICS:
        published = metric(snapshot, name, where)
        route = ROUTES.get(name, Route(lambda rows: _NONE, EXACT))
        found = route.compute(rows)
        is_green = route.agrees(published.value, found, published.n)
        items.append(Item(name, METRIC, finite(published.value), finite(found.value), published.n, found.n, is_green))
    for name, (parts, whole) in SUMS.items():
        summed, counted = parts(snapshot, where), whole(rows)
        items.append(Item(name, SUM, float(summed), float(counted), summed, counted, summed == counted))
    return items
