"""How much lies in few hands: the index of Herfindahl and Hirschman."""

from __future__ import annotations

from collections.abc import Sequence


def herfindahl_hirschman(counts: Sequence[int]) -> float | None:
    """Return the sum of the squared shares: 1 where all is in one place, 1/n where n places share alike; None of nothing."""
    total = sum(counts)
    return sum((count / total) ** 2 for count in counts) if total else None
