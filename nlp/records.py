"""What the analysis of one text yields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Token(NamedTuple):
    """A morpheme: its form, Sejong tag whatever the backend, and first character in the analysed text."""

    form: str
    tag: str
    start: int


class Place(NamedTuple):
    """A place of Seoul that a text names.

    ``district_code`` is None where the name is not enough to tell: ``candidates`` are then the districts it may lie in,
    just one where the name may also be that of another city (중구). ``source`` is one of district, neighbourhood,
    station, landmark; ``evidence`` the form as written; ``confidence`` in [0, 1] tells stronger names from weaker ones
    and is no measured probability.
    """

    district_code: str | None
    neighbourhood: str | None
    source: str
    evidence: str
    confidence: float
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The class a rule gave to a text.

    ``post_class`` is one of question, opinion, praise, ad, spam, political, duplicate, repost, other;
    ``reason`` a stable code such as ``ad.link``; ``rule`` the row of RULES; ``confidence`` in [0, 1]. ``review`` is
    the class that is suspected where nobody is sure enough to hide the text: it keeps its visible class until
    a person has looked; ``review_rule`` is the row or the model that suspects it.
    """

    post_class: str
    reason: str
    rule: str
    confidence: float
    review: str | None = None
    review_rule: str | None = None

    @property
    def needs_review(self) -> bool:
        """Whether a person should look at the text."""
        return self.review is not None


@dataclass(frozen=True, slots=True)
class Versions:
    """Which analyser, dictionary and rules made an annotation."""

    tokenizer: str
    dictionary: str
    rules: str


class Annotation(NamedTuple):
    """All that is stored about one text.

    ``text`` is masked and normalised (NFC) and is the only form that may be stored or shown; ``masked`` counts what was masked by
    kind. ``terms`` are the distinct nouns and civic terms of a citizen's text, in order of appearance. ``search_text`` holds
    the surface words and the morphemes for the full-text index, separated by blanks. A text the city wrote has neither
    tokens nor terms, and the index holds its words as written. ``department`` is the
    name (a key of the routing table) that must answer by rule terms, or None; of a question for which no rule speaks,
    ``guessed_department`` is what the classifier says where it is sure enough, and ``guess_confidence`` how many such guesses
    are right. ``risk`` marks texts of persons in danger (nlp.risk): they belong in a restricted queue, never in a list or a
    cloud. ``places`` are those a citizen's text names, in order. ``signature`` and ``bands`` find near-identical
    texts (nlp.copies).
    """

    text: str
    language: str
    tokens: tuple[Token, ...]
    terms: tuple[str, ...]
    search_text: str
    verdict: Verdict
    department: str | None
    department_rule: str | None
    guessed_department: str | None
    guess_confidence: float | None
    risk: bool
    signature: bytes | None
    bands: tuple[int, ...]
    masked: dict[str, int]
    versions: Versions
    places: tuple[Place, ...] = ()
