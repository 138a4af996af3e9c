"""Texts of persons in danger. They belong in a restricted queue, never in a list or a cloud."""

from __future__ import annotations

from nlp.dictionary import read_resource
from nlp.literals import any_of


def _spaced_and_joined(phrases: list[str]) -> list[str]:
    return [form for phrase in phrases for form in (phrase, phrase.replace(" ", ""))]


_TERMS = read_resource("risk_terms.toml")
_KINDS = {kind: any_of(_spaced_and_joined(phrases)) for kind, phrases in _TERMS["kinds"].items()}
_ANY_KIND = any_of(_spaced_and_joined([phrase for phrases in _TERMS["kinds"].values() for phrase in phrases]))
_NOT_RISK = any_of(_spaced_and_joined(_TERMS["not_risk"]))


def risk_of(text: str) -> str | None:
    """Return the kind of danger a text speaks of, the gravest first, or None; in doubt it speaks of one.

    Returns
    -------
    ``self_harm``, ``crisis`` (of mental health), ``child_abuse`` or ``domestic_violence``; None for every other text,
    also one about the services that help (opening hours of 정신건강복지센터) or about policy against such violence
    """
    text = text.lower()
    if not _ANY_KIND.search(text):
        return None
    text = _NOT_RISK.sub(" ", text)
    return next((kind for kind, phrases in _KINDS.items() if phrases.search(text)), None)


# Whoever surges with one of these may be a person in need: it is counted, and no post of it is shown.
_SENSITIVE = any_of(_TERMS["sensitive"])


def is_sensitive(term: str) -> bool:
    """Return whether a word names a matter of which posts are counted only: mental health, violence at home, self-harm."""
    return _SENSITIVE.search(term.lower()) is not None
