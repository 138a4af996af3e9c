"""Nouns of each analyser: against marked ones, and the civic terms that come out whole."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from nlp.dictionary import canonical_forms
from nlp.tokenizers import TOKENIZERS, Tokenizer, load_tokenizer
from tests.benchmarks.quality import Lines, absent, again, limit
from tests.benchmarks.quality.gold import GSD, NOUNS, Score, Sentence, score, sentences

MIN_WHOLE = 72
CIVIC_SENTENCES = Path(__file__).resolve().parents[2] / "nlp" / "civic_sentences.toml"


def nouns_section() -> Lines:
    """Precision, recall and F1 of the nouns of each analyser, with and without the civic dictionary."""
    lines = ["## Nouns against a treebank", ""]
    if not GSD.is_file():
        return [*lines, *absent("the treebank UD_Korean-GSD (dev)")]
    marked = sentences()
    scores = {
        (name, with_dictionary): _scores(name, marked, with_dictionary)
        for name, row in TOKENIZERS.items()
        if row.is_installed()
        for with_dictionary in ((True, False) if row.takes_dictionary else (False,))
    }
    return [
        *lines,
        f"UD_Korean-GSD (dev), {len(marked):,} sentences, {sum(len(each.nouns) for each in marked):,} nouns (NNG, NNP). A noun is right "
        "where an analyser sees one from the same to the same character. Bound nouns, pronouns, numerals, roots and foreign words are "
        "not judged. The treebank's tags were made by a program, so that a difference of a point says little.",
        "",
        "The treebank cuts compounds, and the civic dictionary is there to keep some whole (자전거도로, 지역아동센터): F1 falls by them. In "
        "the last column but one touching nouns are one, so that the cut does not matter; in the last one no noun is judged where the "
        "treebank's nouns make up a term of the dictionary.",
        "",
        "| analyser | civic dictionary | precision | recall | F1 | F1, two syllables or more | F1, touching nouns as one "
        "| F1, civic terms not judged |",
        "|---|---|---|---|---|---|---|---|",
        *(_noun_row(*key, found) for key, found in scores.items()),
        "",
        *_noun_limits(scores),
        "",
        again("nouns"),
    ]


def civic_terms_section() -> Lines:
    """How many civic terms of the project's own sentences come out as one noun."""
    rows = []
    occurrences = fewest = sum(len(terms) for _, terms in civic_sentences())
    for name, row in TOKENIZERS.items():
        if not row.is_installed():
            continue
        counts = {}
        for with_dictionary in (True, False) if row.takes_dictionary else (False,):
            with closing(load_tokenizer(name, user_dictionary=with_dictionary)) as tokenizer:
                counts[with_dictionary] = len(whole_terms(tokenizer))
        if True in counts:
            fewest = min(fewest, counts[True])
        rows.append(f"| {name} | {counts.get(True, 'takes none')} | {counts[False]} |")
    given = civic_sentences()
    return [
        "## Civic terms that come out whole",
        "",
        f"{len(given)} sentences written for this test (`tests/nlp/civic_sentences.toml`), {occurrences} "
        "occurrences of terms of the civic dictionary. Whole: one noun, from the first to the last character.",
        "",
        "| analyser | with the dictionary | without |",
        "|---|---|---|",
        *rows,
        "",
        limit(
            f"at least {MIN_WHOLE} of {occurrences} whole with every analyser that takes the dictionary",
            fewest >= MIN_WHOLE,
        ),
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


@dataclass(frozen=True, slots=True)
class _Scores:
    every: Score
    longer: Score
    joined: Score
    besides: Score


def _scores(name: str, marked: list[Sentence], with_dictionary: bool) -> _Scores:
    with closing(load_tokenizer(name, user_dictionary=with_dictionary)) as tokenizer:
        found = [tokenizer.tokens(sentence.text) for sentence in marked]
    return _Scores(
        every=score(marked, found),
        longer=score(marked, found, min_length=2),
        joined=score(marked, found, is_joined=True),
        besides=score(marked, found, unjudged=canonical_forms()),
    )


def _noun_row(name: str, with_dictionary: bool, found: _Scores) -> str:
    given = "yes" if with_dictionary else "no" if TOKENIZERS[name].takes_dictionary else "takes none"
    every = found.every
    numbers = (every.precision, every.recall, every.f1, found.longer.f1, found.joined.f1, found.besides.f1)
    return f"| {name} | {given} | {' | '.join(f'{100 * number:.1f}' for number in numbers)} |"


def _noun_limits(scores: Mapping[tuple[str, bool], _Scores]) -> Lines:
    """Return whether the dictionary costs the usual analyser anything but the cut of its own terms."""
    if ("mecab", True) not in scores:
        return []
    given, bare = scores["mecab", True], scores["mecab", False]
    return [
        limit(
            "mecab, F1 with the dictionary not below that without, as the treebank cuts",
            given.every.f1 >= bare.every.f1,
        ),
        limit("the same, touching nouns as one", given.joined.f1 >= bare.joined.f1),
        limit("the same, civic terms not judged", given.besides.f1 >= bare.besides.f1),
    ]
