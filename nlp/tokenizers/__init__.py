"""The morphological analysers one can choose, and what they share. One file and one row each."""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from nlp.records import Token

# Analysers slow down or fail on very long input; a post of any network is shorter than this.
MAX_PIECE_LENGTH = 2_000
_UNREADABLE = re.compile("[\0\ud800-\udfff]")


class Tokenizer(Protocol):
    """A morphological analyser that knows the civic dictionary."""

    version: str

    def tokens(self, text: str) -> list[Token]:
        """Return the morphemes of ``text`` with Sejong tags, in order; none for a blank text."""
        ...


@dataclass(frozen=True, slots=True)
class TokenizerRow:
    """A row of TOKENIZERS: where the backend is, what it needs, and under which licence."""

    module: str
    factory: str
    requires: tuple[str, ...]
    packages: tuple[str, ...]
    description: str
    licence: str
    dictionary_format: str

    def is_installed(self) -> bool:
        """Return whether all modules the backend imports can be found."""
        return all(importlib.util.find_spec(module) is not None for module in self.requires)


TOKENIZERS: dict[str, TokenizerRow] = {
    "mecab": TokenizerRow(
        module="nlp.tokenizers.mecab",
        factory="MecabTokenizer",
        requires=("konlpy", "mecab", "_mecab", "mecab_ko_dic"),
        packages=("konlpy", "python-mecab-ko", "python-mecab-ko-dic"),
        description="konlpy's Mecab over python-mecab-ko: fastest, no Java; the default",
        licence="konlpy GPL-3.0-or-later, python-mecab-ko BSD-3-Clause, mecab-ko-dic Apache-2.0",
        dictionary_format="mecab-ko-dic CSV, compiled to .dic",
    ),
    "kiwi": TokenizerRow(
        module="nlp.tokenizers.kiwi",
        factory="KiwiTokenizer",
        requires=("kiwipiepy",),
        packages=("kiwipiepy",),
        description="Kiwi: best quality and spacing tolerance, about seven times slower",
        licence="Apache-2.0",
        dictionary_format="words added at run time",
    ),
}


class UnknownTokenizer(ValueError):
    """No row of TOKENIZERS has this name."""


class TokenizerNotInstalled(RuntimeError):
    """A package the chosen tokenizer needs is missing."""


def default_tokenizer() -> str:
    """Return ``mecab`` where its packages are installed, else ``kiwi``."""
    return "mecab" if TOKENIZERS["mecab"].is_installed() else "kiwi"


def load_tokenizer(name: str) -> Tokenizer:
    """Build the tokenizer ``name``; this takes from 0.2 (mecab) to 2 seconds (kiwi).

    Raises
    ------
    UnknownTokenizer
        ``name`` is no row of TOKENIZERS.
    TokenizerNotInstalled
        Its packages are missing; the message says what to install.
    """
    row = TOKENIZERS.get(name)
    if row is None:
        raise UnknownTokenizer(f"no tokenizer {name!r}; known: {', '.join(TOKENIZERS)}")
    if not row.is_installed():
        raise TokenizerNotInstalled(
            f"the tokenizer {name!r} needs packages that are missing; run: pip install {' '.join(row.packages)}"
        )
    tokenizer: Tokenizer = getattr(importlib.import_module(row.module), row.factory)()
    return tokenizer


def pieces(text: str) -> Iterator[tuple[int, str]]:
    """Cut ``text`` into (offset, piece) of at most MAX_PIECE_LENGTH, after a blank where there is one.

    Blank texts yield nothing. NUL would end the text inside an analyser, and half a surrogate pair cannot be
    handed over at all: both become a blank, so that offsets stay.
    """
    if _UNREADABLE.search(text):
        text = _UNREADABLE.sub(" ", text)
    if len(text) <= MAX_PIECE_LENGTH:
        if text and not text.isspace():
            yield 0, text
        return
    start = 0
    while start < len(text):
        end = start + MAX_PIECE_LENGTH
        if end < len(text):
            blank = text.rfind(" ", start + 1, end)
            end = blank + 1 if blank > 0 else end
        piece = text[start:end]
        if not piece.isspace():
            yield start, piece
        start = end
