"""Which words a page compares unasked, and which it offers to choose from."""

from __future__ import annotations

from db.records import PostFilter
from pages.components import cached, readings

DEFAULT_TERMS = 3  # lines drawn unasked: enough to compare, few enough to read


def default_terms(where: PostFilter, load_id: int) -> tuple[str, ...]:
    """Return the terms to compare unasked: the hot groups that occur, else the most frequent terms."""
    hot = readings.hot_groups(cached.term_groups(load_id))
    present = readings.present_terms(cached.term_trend(where, load_id, hot), hot) if hot else ()
    return present[:DEFAULT_TERMS] or readings.first_terms(cached.top_terms(where, load_id), DEFAULT_TERMS)


def offered_terms(where: PostFilter, load_id: int) -> tuple[str, ...]:
    """Return the terms one may choose without typing: the groups, then the period's frequent and distinctive terms."""
    return readings.all_terms(
        cached.term_groups(load_id)["name"],
        cached.top_terms(where, load_id)["term"],
        cached.distinctive_terms(where, load_id)["term"],
    )
