"""Nouns of each analyser: against marked ones, and the civic terms that come out whole."""

from __future__ import annotations

import functools
import tomllib
from contextlib import closing
from pathlib import Path

from nlp.tokenizers import TOKENIZERS, Tokenizer, load_tokenizer
from tests.benchmarks.quality import Lines, absent, again
from tests.benchmarks.quality.gold import GSD, NOUNS, Sentence, score, sentences

CIVIC_SENTENCES = Path(__file__).resolve().parents[2] / "nlp" / "civic_sentences.toml"


def nouns_section() -> Lines:
    """Precision, recall and F1 of the nouns of each analyser, with and without the civic dictionary."""
    lines = ["## Nouns against a treebank", ""]
    if not GSD.is_file():
        return [*lines, *absent("the treebank UD_Korean-GSD (dev)")]
    marked = sentences()
    rows = [
        _noun_row(name, marked, with_dictionary)
        for name, row in TOKENIZERS.items()
        if row.is_installed()
        for with_dictionary in ((True, False) if row.takes_dictionary else (False,))
    ]
    return [
        *lines,
        f"UD_Korean-GSD (dev), {len(marked):,} sentences, {sum(len(each.nouns) for each in marked):,} nouns (NNG, NNP). A noun is right "
        "where an analyser sees one from the same to the same character. Bound nouns, pronouns, numerals, roots and foreign words are "
        "not judged. The treebank's tags were made by a program, so that a difference of a point says little.",
        "",
        "The treebank cuts compounds, and the civic dictionary is there to keep some whole (자전거도로, 지역아동센터): F1 falls by them. In the "
        "last column touching nouns are one, so that the cut does not matter.",
        "",
        "| analyser | civic dictionary | precision | recall | F1 | F1, two syllables or more | F1, touching nouns as one |",
        "|---|---|---|---|---|---|---|",
        *rows,
        "",
        again("nouns"),
    ]


def civic_terms_section() -> Lines:
    """How many civic terms of the project's own sentences come out as one noun."""
    rows = []
    for name, row in TOKENIZERS.items():
        if not row.is_installed():
            continue
        counts = {}
        for with_dictionary in (True, False) if row.takes_dictionary else (False,):
            with closing(load_tokenizer(name, user_dictionary=with_dictionary)) as tokenizer:
                counts[with_dictionary] = str(len(whole_terms(tokenizer)))
        rows.append(f"| {name} | {counts.get(True, 'takes none')} | {counts[False]} |")
    given = civic_sentences()
    return [
        "## Civic terms that come out whole",
        "",
        f"{len(given)} sentences written for this test (`tests/nlp/civic_sentences.toml`), {sum(len(terms) for _, terms in given)} "
        "occurrences of terms of the civic dictionary. Whole: one noun, from the first to the last character.",
        "",
        "| analyser | with the dictionary | without |",
        "|---|---|---|",
        *rows,
        "",
        again("civic_terms"),
    ]


@functools.cache
def civic_sentences() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return (text, civic terms in it in order) of each sentence of tests/nlp/civic_sentences.toml."""
    rows = tomllib.loads(CIVIC_SENTENCES.read_text(encoding="utf-8"))["sentences"]
    return tuple((row["text"], tuple(row["terms"])) for row in rows)


def whole_terms(tokenizer: Tokenizer) -> list[tuple[str, int]]:
    """Return (term, start) of each civic term that is one noun of its sentence."""
    found = []
    for text, terms in civic_sentences():
        nouns = {(token.form, token.start) for token in tokenizer.tokens(text) if token.tag in NOUNS}
        end = 0
        for term in terms:
            start = text.index(term, end)
            end = start + len(term)
            if (term, start) in nouns:
                found.append((term, start))
    return found


def _noun_row(name: str, marked: list[Sentence], with_dictionary: bool) -> str:
    with closing(load_tokenizer(name, user_dictionary=with_dictionary)) as tokenizer:
        found = [tokenizer.tokens(sentence.text) for sentence in marked]
    given = "yes" if with_dictionary else "no" if TOKENIZERS[name].takes_dictionary else "takes none"
    every, longer = score(marked, found), score(marked, found, min_length=2)
    joined = score(marked, found, is_joined=True)
    numbers = (every.precision, every.recall, every.f1, longer.f1, joined.f1)
    return f"| {name} | {given} | {' | '.join(f'{100 * number:.1f}' for number in numbers)} |"
