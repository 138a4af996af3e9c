"""The one door for whoever loads texts: text in, :class:`nlp.records.Annotation` out.

The order is fixed: stored form (NFC, no control characters), masking, analysed form, morphemes, terms,
department by rule, verdict, department by the classifier where no rule named one. Nothing unmasked leaves this module.
"""

from __future__ import annotations

from collections.abc import Sequence

from nlp import answers, copies, filtering, keywords, normalize, routing
from nlp.classifier import Model, configured_model
from nlp.masking import mask_and_count, mask_text
from nlp.places import places_of
from nlp.records import Annotation, Token, Versions
from nlp.risk import risk_of
from nlp.tokenizers import Tokenizer
from nlp.versions import tokenizer, versions

__all__ = ["annotate", "annotate_many", "mask", "search_terms", "tokenizer", "versions"]

_DIRECTIONS = ("in", "out")


def annotate(text: str, *, direction: str = "in") -> Annotation:
    """Return what is stored about one text; see :func:`annotate_many`."""
    return annotate_many([text], direction=direction)[0]


def annotate_many(texts: Sequence[str], *, direction: str | Sequence[str] = "in") -> list[Annotation]:
    """Analyse texts with the tokenizer MINWON_TOKENIZER names.

    Parameters
    ----------
    texts : sequence of str
        Any text whatever, without markup (connectors remove HTML).
    direction : str or one str per text
        ``in`` for a citizen's text; ``out`` for one the city wrote, which is no question, so that no
        department must answer it and its class is ``other``.

    Returns
    -------
    list of Annotation, one per text, in order

    Raises
    ------
    UnknownTokenizer, TokenizerNotInstalled
        The setting MINWON_TOKENIZER is wrong. No text raises.
    ModelError, ModelUnreadable
        The setting MINWON_FILTER_MODEL or MINWON_ROUTING_MODEL is wrong.
    ValueError
        ``direction`` is neither ``in`` nor ``out``, or their number is not that of the texts.
    """
    directions = [direction] * len(texts) if isinstance(direction, str) else list(direction)
    if wrong := set(directions).difference(_DIRECTIONS):
        raise ValueError(f"no direction {wrong.pop()!r}; known: {', '.join(_DIRECTIONS)}")
    made_by = versions()
    learned = configured_model()
    model = learned[0] if learned else None
    masked = [mask_and_count(normalize.stored_form(text)) for text in texts]
    analysed = [normalize.analysed_form(stored) for stored, _ in masked]
    languages = [keywords.language_of(text) for text in analysed]
    backend = tokenizer()
    tokens = [
        # Nothing counts the words of the city's own texts; they are found as they are written.
        [] if way == "out" else _tokens(text, language, backend)
        for text, language, way in zip(analysed, languages, directions, strict=True)
    ]
    signatures = copies.signatures([stored for stored, _ in masked])
    found = iter(copies.bands_of([signature for signature in signatures if signature]))
    bands = [next(found) if signature else () for signature in signatures]
    read = zip(masked, analysed, languages, tokens, directions, strict=True)
    marks = zip(signatures, bands, strict=True)
    return [_annotation(*parts, *mark, made_by, model) for parts, mark in zip(read, marks, strict=True)]


def mask(text: str) -> str:
    """Return the only form of a raw text that may be stored: NFC, without control characters, masked."""
    return mask_text(normalize.stored_form(text))


def search_terms(query: str) -> tuple[str, ...]:
    """Return the terms of a search query as they stand in the store: 보도블럭 -> 보도블록; empty if none."""
    analysed = normalize.analysed_form(normalize.stored_form(query))
    language = keywords.language_of(analysed)
    return keywords.terms_of(analysed, _tokens(analysed, language, tokenizer()), language=language)


def _tokens(analysed: str, language: str, backend: Tokenizer) -> list[Token]:
    if language == "en":  # needs no analyser
        return keywords.english_tokens(analysed)
    return backend.tokens(analysed)


def _annotation(
    masked: tuple[str, dict[str, int]],
    analysed: str,
    language: str,
    tokens: list[Token],
    direction: str,
    signature: bytes | None,
    bands: tuple[int, ...],
    made_by: Versions,
    model: Model | None,
) -> Annotation:
    stored, counts = masked
    terms = (
        ()
        if direction == "out"
        else keywords.terms_of(analysed, tokens, language=language, hashtags=normalize.hashtags(stored))
    )
    found = None
    if direction == "in":
        found = routing.route(terms)
        verdict = filtering.classify(stored, about_city=found is not None) if analysed else filtering.NO_WORDS
    else:
        verdict = answers.judge(stored)
    department, rule = found or (None, None)
    guess = None
    if model is not None and found is None and verdict.post_class == "question":
        guess = model.guess(analysed, terms)
    return Annotation(
        text=stored,
        language=language,
        tokens=tuple(tokens),
        terms=terms,
        search_text=keywords.search_text(analysed, tokens, terms),
        verdict=verdict,
        department=department,
        department_rule=rule,
        guessed_department=guess.department if guess else None,
        guess_confidence=guess.confidence if guess else None,
        risk=risk_of(analysed) is not None,
        signature=signature,
        bands=bands,
        masked=counts,
        versions=made_by,
        places=places_of(analysed, tokens, terms) if direction == "in" else (),
    )
