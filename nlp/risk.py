"""Texts that speak of self-harm. They belong in a restricted queue, never in a list or a cloud."""

from __future__ import annotations

from nlp.dictionary import read_resource
from nlp.literals import any_of


def _spaced_and_joined(phrases: list[str]) -> list[str]:
    return [form for phrase in phrases for form in (phrase, phrase.replace(" ", ""))]


_TERMS = read_resource("risk_terms.toml")
_RISK = any_of(_spaced_and_joined(_TERMS["risk"]))
_NOT_RISK = any_of(_spaced_and_joined(_TERMS["not_risk"]))


def speaks_of_self_harm(text: str) -> bool:
    """Return whether the text holds a word or phrase of self-harm; in doubt it does."""
    text = text.lower()
    return _RISK.search(text) is not None and _RISK.search(_NOT_RISK.sub(" ", text)) is not None


# Whoever surges with one of these may be a person in need: it is counted, and no post of it is shown.
_SENSITIVE = any_of(_TERMS["sensitive"])


def is_sensitive(term: str) -> bool:
    """Return whether a word names a matter of which posts are counted only: mental health, violence at home, self-harm."""
    return _SENSITIVE.search(term.lower()) is not None
