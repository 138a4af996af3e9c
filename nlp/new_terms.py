"""Words that a recent period has and the time before it has not: what the civic dictionary may be missing."""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlp import dictionary, normalize
from nlp.masking import mask_text

MIN_DOCUMENTS = 5  # fewer may be one person's word, and say whose
MAX_BASELINE_DOCUMENTS = 1  # a typing error of the time before does not make a word old
# Characters before and after a word that are enough to see what it means, and too few to tell who wrote.
CONTEXT_LENGTH = 10
_MAX_CONTEXTS = 5

_WORD = re.compile("[가-힣]+")
_MIN_LENGTH = 2


@dataclass(frozen=True, slots=True)
class NewTerm:
    """A word to put before a person: in how many texts it stands, now and before.

    ``g2`` is the log-likelihood ratio of the two document counts; ``contexts`` are masked, at most CONTEXT_LENGTH
    characters on either side; ``is_unknown`` is Kiwi's opinion, None where nobody asked it.
    """

    term: str
    documents: int
    baseline_documents: int
    g2: float
    contexts: tuple[str, ...]
    is_unknown: bool | None = None


def new_terms(
    recent: Iterable[str],
    baseline: Iterable[str],
    *,
    min_documents: int = MIN_DOCUMENTS,
    max_baseline_documents: int = MAX_BASELINE_DOCUMENTS,
) -> list[NewTerm]:
    """Return the words of ``recent`` that ``baseline`` hardly has, the most telling first.

    Words are cut at blanks and lose their particle, which needs no analyser: an analyser cuts what it does not know.
    Terms and stop words of the dictionary are left out. Texts may be unmasked; what is returned is masked.
    """
    texts = [_readable(text) for text in recent]
    documents: Counter[str] = Counter()
    for text in texts:
        documents.update(_forms_of_text(text))
    known = dictionary.stop_words().union(dictionary.canonical_forms())
    counts = {
        form: count
        for form, count in documents.items()
        if count >= min_documents and known.isdisjoint(_forms_of_word(form))
    }
    before: Counter[str] = Counter()
    baseline_size = 0
    for text in baseline:
        baseline_size += 1
        before.update(form for form in _forms_of_text(_readable(text)) if form in counts)
    found = [
        form for form in counts if before[form] <= max_baseline_documents and not _is_part_of_another(form, counts)
    ]
    contexts = _contexts(texts, found)
    scored = [
        NewTerm(
            form,
            counts[form],
            before[form],
            g2(counts[form], len(texts), before[form], baseline_size),
            tuple(contexts[form]),
        )
        for form in found
    ]
    return sorted(scored, key=lambda each: (-each.g2, each.term))


def g2(documents: int, size: int, baseline_documents: int, baseline_size: int) -> float:
    """Return the log-likelihood ratio of two document counts, 0 where the recent share is not the greater one."""
    if not size or not baseline_size or documents * baseline_size <= baseline_documents * size:
        return 0.0
    share = (documents + baseline_documents) / (size + baseline_size)
    observed = (documents, size - documents, baseline_documents, baseline_size - baseline_documents)
    expected = (size * share, size * (1 - share), baseline_size * share, baseline_size * (1 - share))
    return 2 * sum(o * math.log(o / e) for o, e in zip(observed, expected, strict=True) if o)


def _readable(text: str) -> str:
    """Return the text masked, without addresses and handles: no name of an account becomes a term."""
    return normalize.analysed_form(mask_text(normalize.stored_form(text)))


def _forms_of_text(text: str) -> set[str]:
    forms: set[str] = set()
    for word in set(_WORD.findall(text)):
        forms.update(_forms_of_word(word))
    return forms


@functools.lru_cache(maxsize=200_000)
def _forms_of_word(word: str) -> tuple[str, ...]:
    """Return the word as written and what is left of it without each particle it may end in: 해치콜로는, 해치콜, ..."""
    if len(word) < _MIN_LENGTH:
        return ()
    return (word, *_stems(word))


def _stems(word: str) -> list[str]:
    return [
        word[: -len(particle)]
        for particle in _particles()
        if len(word) >= len(particle) + _MIN_LENGTH and word.endswith(particle)
    ]


def _is_part_of_another(form: str, counts: dict[str, int]) -> bool:
    """Return whether the form is a word with its particle (해치콜에서), or one cut too short (따릉 of 따릉이).

    Whichever stands in more texts is the word. Where they never stand apart, a single syllable belongs to it: 둥실이,
    자하문로; nobody uses a noun five times with the same particle only.
    """
    count = counts[form]
    for particle in _particles():
        is_syllable = len(particle) == 1
        longer = counts.get(form + particle, 0)
        if longer > count or (longer == count and is_syllable):
            return True
        shorter = counts.get(form.removesuffix(particle), 0) if form.endswith(particle) else 0
        if shorter > count or (shorter == count and not is_syllable):
            return True
    return False


@functools.cache
def _particles() -> tuple[str, ...]:
    return tuple(dictionary.read_resource("particles.toml")["particles"])


def _contexts(texts: Sequence[str], forms: Sequence[str]) -> dict[str, list[str]]:
    contexts: dict[str, list[str]] = {form: [] for form in forms}
    for text in texts:
        for match in _WORD.finditer(text):
            for form in _forms_of_word(match[0]):
                if form in contexts and len(contexts[form]) < _MAX_CONTEXTS:
                    start, end = match.start(), match.start() + len(form)
                    contexts[form].append(text[max(0, start - CONTEXT_LENGTH) : end + CONTEXT_LENGTH])
    return contexts
