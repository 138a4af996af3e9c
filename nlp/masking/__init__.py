"""Personal data leaves a text here, before it is stored, analysed or shown."""

from __future__ import annotations

import functools
import heapq
import re
import unicodedata
from collections.abc import Iterator

from nlp.masking.addresses import ADDRESSES
from nlp.masking.handles import mask_handles
from nlp.masking.masks import LABELS, Family, Mask
from nlp.masking.names import NAMES
from nlp.masking.numbers import NUMBERS
from nlp.masking.phones import EMAILS, PHONES, SPOKEN_PHONES
from nlp.masking.plates import PLATES

__all__ = ["FAMILIES", "LABELS", "MASKS", "Family", "Mask", "mask_and_count", "mask_handles", "mask_text"]

# Where two rows match from the same character on, the first decides.
FAMILIES: tuple[Family, ...] = (NUMBERS, PHONES, SPOKEN_PHONES, PLATES, EMAILS, ADDRESSES, NAMES)
MASKS: tuple[Mask, ...] = tuple(mask for family in FAMILIES for mask in family.masks)
_WITHOUT_DIGITS = tuple(family for family in FAMILIES if not family.needs_digit)

_NON_ASCII_SIGN = re.compile("[^\x00-\x7f가-힣ㄱ-ㅣ]")
_DIGIT = re.compile("[0-9]")
# A mask may free what it touched (a phone glued to an address that is one no more). Nothing has needed a third pass.
_PASSES = 4


def mask_text(text: str) -> str:
    """Return ``text`` with personal data replaced by visible labels such as ``[전화번호]``."""
    return mask_and_count(text)[0]


def mask_and_count(text: str) -> tuple[str, dict[str, int]]:
    """Mask personal data and count it.

    Returns
    -------
    (masked text, number of masked passages by kind: the keys of LABELS; empty if none)

    Notes
    -----
    Masking a masked text changes nothing. Time is linear in the length of the text, whatever it holds. Names are
    found only after a word that announces one, house numbers only after a road or quarter.
    """
    counts: dict[str, int] = {}
    for _ in range(_PASSES):
        folded = _folded(text)
        if not (masks := _suspected(folded)):
            break
        pieces, end = [], 0
        for mask, start, stop in _found(folded, masks):
            counts[mask.kind] = counts.get(mask.kind, 0) + 1
            pieces += [text[end:start], mask.label]
            end = stop
        if not pieces:
            break
        text = "".join(pieces) + text[end:]
    return text, counts


def _suspected(folded: str) -> list[Mask]:
    """Return the rows that can match at all. Nearly every text has none and ends here."""
    families = FAMILIES if _DIGIT.search(folded) else _WITHOUT_DIGITS
    return [mask for family in families if family.hint.search(folded) for mask in family.masks]


def _found(text: str, masks: list[Mask]) -> Iterator[tuple[Mask, int, int]]:
    """Yield what is masked from left to right, without overlaps: row, start, end.

    Every row searches forward only, from its own last match on; the next match of all rows comes first.
    """
    waiting: list[tuple[int, int, re.Match[str]]] = []

    def wait(order: int, position: int) -> None:
        if match := masks[order].pattern.search(text, position):
            heapq.heappush(waiting, (match.start(), order, match))

    for order in range(len(masks)):
        wait(order, 0)
    end = 0
    while waiting:
        start, order, match = heapq.heappop(waiting)
        mask = masks[order]
        if start < end:
            wait(order, end)
        elif mask.not_after.search(text[max(end, start - 2) : start]) or not mask.accepts(match):
            wait(order, start + 1)
        else:
            first, end = mask.span(match)
            yield mask, first, end
            wait(order, end)


def _folded(text: str) -> str:
    """Return ``text`` with full-width and other styled digits, letters and signs as ASCII, offsets unchanged."""
    if not _NON_ASCII_SIGN.search(text):
        return text
    return _NON_ASCII_SIGN.sub(lambda match: _fold(match[0]), text)


@functools.lru_cache(maxsize=20_000)
def _fold(character: str) -> str:
    if unicodedata.category(character) == "Pd":
        return "-"
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    ascii_form = unicodedata.normalize("NFKC", character)
    return ascii_form if len(ascii_form) == 1 and ascii_form < "\x80" else character
