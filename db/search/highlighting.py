"""Where the words of a query stand in a text."""

from __future__ import annotations

import re

from db.dialects.base import SearchPart, SearchQuery

_LATIN_OR_DIGIT = "[A-Za-z0-9]"


def highlights(text: str, query: SearchQuery) -> list[tuple[int, int]]:
    """Return the stretches (start, end) of ``text`` that the wanted parts of ``query`` point at.

    Ascending, without overlaps. Hangul words are found inside others, because particles stick to them; Latin words
    and numbers at their borders only. What was found by a morpheme or another spelling may stand nowhere.
    """
    found = [
        match.span() for part in query.wanted for match in re.finditer(_pattern(part), text, re.IGNORECASE) if match[0]
    ]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _pattern(part: SearchPart) -> str:
    first, last = part.words[0], part.words[-1]
    words = r"[\W_]+".join(re.escape(word) for word in part.words)
    before = f"(?<!{_LATIN_OR_DIGIT})" if re.match(_LATIN_OR_DIGIT, first) else ""
    after = f"(?!{_LATIN_OR_DIGIT})" if not part.is_prefix and re.search(f"{_LATIN_OR_DIGIT}$", last) else ""
    return f"{before}{words}{after}"
