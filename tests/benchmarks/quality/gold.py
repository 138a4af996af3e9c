"""Nouns that people marked, and how those of an analyser compare: UD_Korean-GSD, Sejong tags."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nlp.records import Token
from tests.benchmarks.quality import DATA

GSD = DATA / "19_tokenizer" / "ko_gsd-ud-dev.conllu"
NOUNS = frozenset(["NNG", "NNP"])
# What is a matter of the guideline whether it is a noun: a noun an analyser sees within it is neither right nor wrong.
IGNORED = frozenset(["NNB", "NP", "NR", "XR", "SL", "SN", "SH", "NA", "XPN", "XSN"])

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text and where its nouns stand; ``ignored`` are the spans that are not judged."""

    text: str
    nouns: frozenset[Span]
    ignored: tuple[Span, ...]


@dataclass(slots=True)
class Score:
    """Counts of spans: found and right, found and wrong, missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of the nouns found that are right."""
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        """Share of the marked nouns that were found."""
        return self.right / max(self.right + self.missed, 1)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.right / max(2 * self.right + self.wrong + self.missed, 1)


def sentences(path: Path = GSD) -> list[Sentence]:
    """Return the sentences of a CoNLL-U file whose lemmas are morphemes joined by ``+``, as XPOS are tags."""
    blocks = path.read_text(encoding="utf-8").strip().split("\n\n")
    return [_sentence(block.splitlines()) for block in blocks]


def score(
    sentences: Iterable[Sentence],
    found: Iterable[Iterable[Token]],
    *,
    min_length: int = 1,
    is_joined: bool = False,
    unjudged: Collection[str] = (),
) -> Score:
    """Compare the nouns of an analyser's tokens with the marked ones.

    Parameters
    ----------
    min_length : int
        Shorter nouns, in syllables, are not judged.
    is_joined : bool
        Touching nouns are one, so that it does not matter whether 자전거도로 is one noun or two.
    unjudged : collection of str
        Where marked nouns make up one of these (자전거 and 도로), no noun is judged.
    """
    total = Score()
    for sentence, tokens in zip(sentences, found, strict=True):
        spans = {(token.start, token.start + len(token.form)) for token in tokens if token.tag in NOUNS}
        made_up = list(_made_up(sentence, unjudged))
        spans = {span for span in spans if not _is_within(span, [*sentence.ignored, *made_up])}
        marked: set[Span] = {span for span in sentence.nouns if not _is_within(span, made_up)}
        if is_joined:
            spans, marked = _joined(spans), _joined(marked)
        spans = {span for span in spans if span[1] - span[0] >= min_length}
        marked = {span for span in marked if span[1] - span[0] >= min_length}
        total.right += len(spans & marked)
        total.wrong += len(spans - marked)
        total.missed += len(marked - spans)
    return total


def _made_up(sentence: Sentence, terms: Collection[str]) -> Iterator[Span]:
    """Yield the spans of touching marked nouns, two or more, that are one of ``terms`` together."""
    ends = dict(sorted(sentence.nouns))
    for start in ends if terms else ():
        end = ends[start]
        while end in ends:
            end = ends[end]
            if sentence.text[start:end] in terms:
                yield start, end


def _joined(spans: Iterable[Span]) -> set[Span]:
    """Return the spans with those that touch made one: blanks part words, so these are within one word."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return set(joined)


def _sentence(lines: list[str]) -> Sentence:
    text = next(line.removeprefix("# text = ") for line in lines if line.startswith("# text = "))
    nouns: set[Span] = set()
    ignored: list[Span] = []
    end = 0
    for line in lines:
        if line.startswith("#"):
            continue
        _, form, lemma, _, tags, *_ = line.split("\t")
        start = text.index(form, end)
        end = start + len(form)
        morphemes = list(_morphemes(form, lemma, tags))
        if not morphemes:
            ignored.append((start, end))
        for first, last, tag in morphemes:
            if tag in NOUNS:
                nouns.add((start + first, start + last))
            elif tag in IGNORED:
                ignored.append((start + first, start + last))
    return Sentence(text, frozenset(nouns), tuple(ignored))


def _morphemes(form: str, lemma: str, tags: str) -> Iterator[tuple[int, int, str]]:
    """Yield (first, last, tag) of the morphemes that stand in the word; none where lemma and tags do not fit."""
    parts, names = lemma.split("+"), tags.split("+")
    if len(parts) != len(names):
        return
    end = 0
    for part, name in zip(parts, names, strict=True):
        start = form.find(part, end)
        if start >= 0:
            end = start + len(part)
            yield start, end, name


def _is_within(span: Span, ignored: Iterable[Span]) -> bool:
    return any(first <= span[0] and span[1] <= last for first, last in ignored)
