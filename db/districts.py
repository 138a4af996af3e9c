"""Districts (자치구) that texts name, as terms of a post: ids of their own, below those of all words and groups.

A post whose text names a district holds the district's id and NAMES_A_DISTRICT, which counts it once however many it
names. The ids are made of the districts' codes, so that they are the same in every store.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

# Words count up from 1 and groups down from -1; neither reaches a thousand million, and a code has five digits.
NAMES_A_DISTRICT = -1_000_000_000


def district_term(code: str) -> int:
    """Return the id that stands for a district among the terms of a post.

    Raises
    ------
    ValueError
        ``code`` is not the five digits a district's 법정동코드 begins with.
    """
    if len(code) != 5 or not code.isascii() or not code.isdigit():
        raise ValueError(f"no district code {code!r}: it has five digits, such as 11680")
    return NAMES_A_DISTRICT - int(code)


def district_terms(codes: Iterable[str]) -> list[int]:
    """Return the ids a post holds that names these districts; none where it names none."""
    ids = [district_term(code) for code in codes]
    return [NAMES_A_DISTRICT, *ids] if ids else []


def districts_of(term_ids: Sequence[int]) -> list[str]:
    """Return the codes of the districts among the terms of a post."""
    return [f"{NAMES_A_DISTRICT - id_:05d}" for id_ in term_ids if id_ < NAMES_A_DISTRICT]
