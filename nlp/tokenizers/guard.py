"""What every text goes through before an analyser sees it, and how its tokens find back into the text."""

from __future__ import annotations

import math
import re
import time
import unicodedata
from collections.abc import Iterator
from typing import Protocol

from nlp.records import Token

# Analysers slow down or fail on very long input; a post of any network is shorter than this.
MAX_PIECE_LENGTH = 2_000
# NUL ends the text inside an analyser, half a surrogate pair cannot be handed over at all, and no other control
# character says anything. Tab and line feed stay: they part words.
_UNREADABLE = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
# Komoran and Kkma raise on what Java writes as two characters, such as most emoji.
_OUTSIDE_BMP = re.compile("[\U00010000-\U0010ffff]")
# Format characters, fillers and variation selectors: seen by nobody, and a word with one in it is unknown.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)


class Analyser(Protocol):
    """A morphological analyser as its authors made it: it reads clean and short texts."""

    def tokens(self, text: str) -> list[Token]:
        """Return the morphemes of ``text`` with Sejong tags, in order; none for a blank text."""
        ...


class Tokenizer(Analyser, Protocol):
    """A morphological analyser that knows the civic dictionary, and says which version it is."""

    version: str


class AnalyserFailed(RuntimeError):
    """The analyser could not read one text; the next one it can."""


class GuardedTokenizer:
    """A tokenizer that may be given any text whatever: cleaned, cut into pieces, and no text raises.

    ``failures`` counts the texts the analyser behind it could not read; they have no tokens.

    Parameters
    ----------
    version : str
        Goes into every annotation.
    is_bmp_only : bool
        Characters above U+FFFF become blanks.
    max_piece_length : int
        Longer texts are read in pieces of as many characters.
    time_limit_s : float
        A text that takes longer is given up after the piece it is at.
    """

    def __init__(
        self,
        analyser: Analyser,
        version: str,
        *,
        is_bmp_only: bool = False,
        max_piece_length: int = MAX_PIECE_LENGTH,
        time_limit_s: float = math.inf,
    ) -> None:
        self.analyser = analyser
        self.version = version
        self.failures = 0
        self._is_bmp_only = is_bmp_only
        self._max_piece_length = max_piece_length
        self._time_limit_s = time_limit_s

    def tokens(self, text: str) -> list[Token]:
        """Return the morphemes of ``text``; a start is the first character in ``text``, however it was cleaned."""
        readable, origins = readable_text(text, is_bmp_only=self._is_bmp_only)
        tokens: list[Token] = []
        began = time.monotonic()
        try:
            for offset, piece in pieces(readable, self._max_piece_length):
                if offset and time.monotonic() - began > self._time_limit_s:
                    raise AnalyserFailed("took too long")
                found = self.analyser.tokens(piece)
                tokens += [Token(form, tag, offset + start) for form, tag, start in found] if offset else found
        except AnalyserFailed:
            self.failures += 1
            return []
        if origins is None:
            return tokens
        return [Token(form, tag, origins[start]) for form, tag, start in tokens]

    def close(self) -> None:
        """End the analyser's process, where it has one of its own; by itself that ends with ours."""
        close = getattr(self.analyser, "close", None)
        if close is not None:
            close()


def readable_text(text: str, *, is_bmp_only: bool = False) -> tuple[str, list[int] | None]:
    """Return ``text`` in NFC without control, unpaired and invisible characters, and where its characters came from.

    Parameters
    ----------
    version : str
        Goes into every annotation.
    is_bmp_only : bool
        Characters above U+FFFF become a blank too.

    Returns
    -------
    (text, origins)
        ``origins[i]`` is the place in the given text of character ``i``; None where nothing moved.
    """
    if _UNREADABLE.search(text):
        text = _UNREADABLE.sub(" ", text)
    if is_bmp_only:
        text = _OUTSIDE_BMP.sub(" ", text)
    if _INVISIBLE.search(text) is None and unicodedata.is_normalized("NFC", text):
        return text, None
    return _composed(text)


def pieces(text: str, max_length: int = MAX_PIECE_LENGTH) -> Iterator[tuple[int, str]]:
    """Cut ``text`` into (offset, piece) of at most ``max_length``, after a blank where there is one.

    Blank texts yield nothing.
    """
    if len(text) <= max_length:
        if text and not text.isspace():
            yield 0, text
        return
    start = 0
    while start < len(text):
        end = start + max_length
        if end < len(text):
            blank = text.rfind(" ", start + 1, end)
            end = blank + 1 if blank > 0 else end
        piece = text[start:end]
        if not piece.isspace():
            yield start, piece
        start = end


def _composed(text: str) -> tuple[str, list[int]]:
    """Compose cluster by cluster, so that each new character is known to stand where its cluster began."""
    clusters: list[tuple[int, list[str]]] = []
    for index, character in enumerate(text):
        if _INVISIBLE.match(character):
            continue
        if clusters and _joins_the_one_before(character):
            clusters[-1][1].append(character)
        else:
            clusters.append((index, [character]))
    composed: list[str] = []
    origins: list[int] = []
    for start, cluster in clusters:
        whole = unicodedata.normalize("NFC", "".join(cluster))
        composed.append(whole)
        origins += [start] * len(whole)
    return "".join(composed), origins


def _joins_the_one_before(character: str) -> bool:
    # Vowels and final consonants of decomposed Hangul have combining class 0 and compose all the same.
    return unicodedata.combining(character) != 0 or "\u1161" <= character <= "\u11c2"
