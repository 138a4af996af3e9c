"""What kind of text is this? Rules tell advertisements, spam, politics and thanks from questions to the city.

Nothing is deleted by a rule: it gives a class and a reason, which the pages count and staff may change.
When in doubt a citizen's text stays a question: a lost question costs more than a shown advertisement.
"""

from __future__ import annotations

import re

from nlp.filter_rules import RULES, RULES_VERSION, Rule
from nlp.literals import any_of
from nlp.records import Verdict

__all__ = ["DEFAULT", "FROM_THE_CITY", "RULES", "RULES_VERSION", "Rule", "classify", "is_hit"]

DEFAULT = Verdict("question", "default.question", "default", 0.5)
FROM_THE_CITY = Verdict("other", "default.answer", "default", 1.0)
NO_WORDS = Verdict("other", "default.no_words", "default", 0.9)

_VERDICTS = {rule.id: Verdict(rule.post_class, rule.reason, rule.id, rule.confidence) for rule in RULES}
# Two passes over the text tell for most texts that no rule can apply. Single signs go apart: a character class
# among the words hides from the engine which characters a word begins with, and makes the search twice as slow.
_WORDS = {word for rule in RULES for word in rule.words}
_ANY_WORD = any_of(word for word in _WORDS if len(word) > 1)
_ANY_SIGN = any_of(word for word in _WORDS if len(word) == 1)
_RULES_WITH_WORDS = [(rule, any_of(rule.words)) for rule in RULES]
_LETTER = re.compile(r"[^\W\d_]")
_CONTACT = re.compile(
    r"https?:|www\.|\[전화번호\]|\b[a-z0-9*-]{2,}\.(?:com|net|co\.kr|kr|me|ly|shop|site|xyz|top)\b|카톡|카카오톡|텔레|오픈채팅|텔레그램|링크",
)


def classify(text: str, *, about_city: bool = False) -> Verdict:
    """Return the verdict on a citizen's text by the first row of RULES that applies.

    Parameters
    ----------
    text : str
        The masked, stored form: addresses and mask labels are evidence.
    about_city : bool
        Whether the text names a matter of the city (a department could be found). Rules on politics then
        do not apply: an angry word about the mayor's buses is a complaint about buses.
    """
    line = " ".join(text.lower().split())
    if _ANY_WORD.search(line) or _ANY_SIGN.search(line):
        for rule, words in _RULES_WITH_WORDS:
            if words.search(line) and _applies(rule, line, about_city):
                return _VERDICTS[rule.id]
    return DEFAULT if _LETTER.search(text) else NO_WORDS


def is_hit(rule: Rule, text: str, *, about_city: bool = False) -> bool:
    """Return whether ``rule`` applies to ``text``, whatever the rules before it say."""
    line = " ".join(text.lower().split())
    return any(word in line for word in rule.words) and _applies(rule, line, about_city)


def _applies(rule: Rule, line: str, about_city: bool) -> bool:
    if rule.spares_city_matters and about_city:
        return False
    if rule.max_length and len(line) > rule.max_length:
        return False
    if rule.needs_contact and not _CONTACT.search(line):
        return False
    if rule.unless is not None and rule.unless.search(line):
        return False
    if rule.needs is None:
        return True
    # Distinct words, since one word said three times is no more evidence than said once.
    return len({match[0] for match in rule.needs.finditer(line)}) >= rule.min_words
