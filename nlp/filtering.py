"""What kind of text is this? Rules tell advertisements, spam, politics and thanks from questions to the city.

Nothing is deleted by a rule: it gives a class and a reason, which the pages count and staff may change.
When in doubt a citizen's text stays a question: a lost question costs more than a shown advertisement. The doubt
itself is kept (``Verdict.review``), so that staff can look at what is suspected.
"""

from __future__ import annotations

import dataclasses
import itertools
import re

from nlp.filter_rules import REVIEW_BELOW, RULES, Rule
from nlp.literals import any_of
from nlp.model import current_model
from nlp.records import Verdict
from nlp.versions import RULES_VERSION, rules_version

__all__ = [
    "DEFAULT",
    "HIDDEN",
    "NO_WORDS",
    "RULES",
    "RULES_VERSION",
    "Rule",
    "classify",
    "is_hit",
    "rules_version",
]

DEFAULT = Verdict("question", "default.question", "default", 0.5)
NO_WORDS = Verdict("other", "default.no_words", "default", 0.9)
HIDDEN = frozenset(("ad", "spam", "political", "duplicate"))  # not shown among the questions

_VERDICTS = {rule.id: Verdict(rule.post_class, rule.reason, rule.id, rule.confidence) for rule in RULES}
# A few passes over the text tell for most texts that no rule can apply: one for each kind of first character, since the
# engine tries every word of a pattern wherever any of them may begin, and a full stop stands in nearly every text. A
# single sign would become a character class, which hides from the engine how the other words begin.
_WORDS = {word for rule in RULES for word in rule.words}
_ANY_SIGN = any_of(word for word in _WORDS if len(word) == 1)
_ANY_ADDRESS = any_of(word for word in _WORDS if word[0] == "." and len(word) > 1)
_ANY_LATIN = any_of(word for word in _WORDS if word[0].isascii() and word[0] != "." and len(word) > 1)
_ANY_HANGUL = any_of(word for word in _WORDS if not word[0].isascii() and len(word) > 1)
# One more pass for each class spares its rules: most texts that hold a word hold one of thanks.
_GROUPS = [
    (
        any_of(word for rule in rules for word in rule.words if len(word) > 1),
        any(len(word) == 1 for rule in rules for word in rule.words),
        [(rule, any_of(rule.words)) for rule in rules],
    )
    for _, group in itertools.groupby(RULES, key=lambda rule: rule.post_class)
    for rules in [list(group)]
]
_LETTER = re.compile(r"[^\W\d_]")
_CONTACT = re.compile(
    r"https?:|www\.|\[전화번호\]|\b[a-z0-9*-]{2,60}\.(?:com|net|co\.kr|kr|me|ly|shop|site|xyz|top)\b|카톡|카카오톡|텔레|오픈채팅|텔레그램|링크",
)


def classify(text: str, *, about_city: bool = False) -> Verdict:
    """Return the verdict on a citizen's text by the first row of RULES that applies.

    A row that would hide the text without being sure (its confidence is below REVIEW_BELOW) leaves the class to the
    rows after it and names its own as ``review``. Where none of them applies, ``rule`` still names the row in doubt.

    Parameters
    ----------
    text : str
        The masked, stored form: addresses and mask labels are evidence.
    about_city : bool
        Whether the text names a matter of the city (a department could be found). Rules on politics then
        do not apply: an angry word about the mayor's buses is a complaint about buses.

    Raises
    ------
    ModelError
        The setting MINWON_FILTER_MODEL is wrong.
    """
    line = _on_one_line(text)
    suspect: Rule | None = None
    has_sign = _ANY_SIGN.search(line) is not None
    if has_sign or _ANY_HANGUL.search(line) or _ANY_LATIN.search(line) or _ANY_ADDRESS.search(line):
        for any_word, has_signs, rules in _GROUPS:
            if not ((has_sign and has_signs) or any_word.search(line)):
                continue
            for rule, words in rules:
                if words.search(line) and _applies(rule, line, about_city):
                    if _is_sure(rule):
                        return _reviewed(_VERDICTS[rule.id], suspect)
                    suspect = suspect or rule
    if not _LETTER.search(text):
        return NO_WORDS
    return _reviewed(DEFAULT, suspect) if suspect else _second_opinion(text)


def is_hit(rule: Rule, text: str, *, about_city: bool = False) -> bool:
    """Return whether ``rule`` applies to ``text``, whatever the rules before it say."""
    line = _on_one_line(text)
    return any(word in line for word in rule.words) and _applies(rule, line, about_city)


def _second_opinion(text: str) -> Verdict:
    """Return DEFAULT, with a review where a model is in use and suspects a class that hides."""
    if (model := current_model()) and (suspect := model.suspects(text)) in HIDDEN:
        by = f"model.{model.version}"
        return dataclasses.replace(DEFAULT, rule=by, review=suspect, review_rule=by)
    return DEFAULT


def _on_one_line(text: str) -> str:
    line = text.lower()
    # Blanks other than the plain one are not printable; most texts have no others and need no splitting.
    return line if line.isprintable() and "  " not in line else " ".join(line.split())


def _is_sure(rule: Rule) -> bool:
    return rule.confidence >= REVIEW_BELOW or rule.post_class not in HIDDEN


def _reviewed(verdict: Verdict, suspect: Rule | None) -> Verdict:
    if suspect is None or verdict.post_class in HIDDEN:
        return verdict
    rule = suspect.id if verdict is DEFAULT else verdict.rule
    return dataclasses.replace(verdict, rule=rule, review=suspect.post_class, review_rule=suspect.id)


def _applies(rule: Rule, line: str, about_city: bool) -> bool:
    if rule.spares_city_matters and about_city:
        return False
    if rule.max_length and len(line) > rule.max_length:
        return False
    if rule.needs_contact and not _CONTACT.search(line):
        return False
    # What must be there is looked for first: it mostly is not, and what must not be there is the longer list.
    return _has_enough(rule, line) and (rule.unless is None or not rule.unless.search(line))


def _has_enough(rule: Rule, line: str) -> bool:
    if rule.needs is None:
        return True
    if rule.min_words == 1:
        return rule.needs.search(line) is not None
    # Distinct words, since one word said three times is no more evidence than said once.
    return len({match[0] for match in rule.needs.finditer(line)}) >= rule.min_words
