"""Where the morphemes of an analyser that does not say it stand in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nlp.records import Token

_WORD = re.compile(r"\S+")


def placed(morphemes: Iterable[tuple[str, str]], text: str, start: int, end: int) -> list[Token]:
    """Return the morphemes of one word, ``text[start:end]``, with their first characters.

    A contracted morpheme (했 = 하 + 었) does not stand in the text: it gets the place where the word goes on, and
    what follows is looked for behind it.

    Parameters
    ----------
    morphemes : iterable of (form, Sejong tag), in order
    """
    tokens: list[Token] = []
    contracted = False
    for form, tag in morphemes:
        # Behind a contracted one the next form stands further on; else it stands here, or is contracted itself.
        found = text.find(form, start, end) if contracted else start if text.startswith(form, start, end) else -1
        contracted = found < 0
        if contracted:
            tokens.append(Token(form, tag, min(start, end - 1)))
            continue
        tokens.append(Token(form, tag, found))
        start = found + len(form)
    return tokens


def placed_near(morphemes: Iterable[tuple[str, str, int]], text: str) -> list[Token]:
    """Return the morphemes with their first characters, which the analyser says and now and then gets wrong.

    Parameters
    ----------
    morphemes : iterable of (form, Sejong tag, where the analyser says it stands), in order
    """
    tokens: list[Token] = []
    end = 0
    for form, tag, said in morphemes:
        start = said if said >= end and text.startswith(form, said) else -1
        if start < 0 and said < end:
            # It says a place that lies behind us: in a long word it counts from the word's beginning.
            start = text.find(form, end, end + 2 * len(form))
        if start < 0:  # contracted
            start = min(max(said, tokens[-1].start if tokens else 0), len(text) - 1)
        else:
            end = start + len(form)
        tokens.append(Token(form, tag, start))
    return tokens


def one_blank_between_words(text: str) -> tuple[str, list[int]]:
    """Return the words of ``text`` with one blank between them, and where each character came from."""
    words = list(_WORD.finditer(text))
    origins = [index for word in words for index in range(word.start(), word.end() + 1)]
    return " ".join(word[0] for word in words), origins
