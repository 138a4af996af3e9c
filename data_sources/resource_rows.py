"""What the analysis knows by name, as rows of the store: term groups, districts, rules of the filter."""

from __future__ import annotations

from typing import Any

from nlp import filtering
from nlp.answers import ANSWER_RULES, AnswerRule
from nlp.dictionary import HOT_GROUPS, districts, term_groups


def term_group_rows() -> list[dict[str, Any]]:
    """Return the term groups as rows of the store, the standing hot issues marked."""
    return [
        {"name": name, "term": term, "is_hot": name in HOT_GROUPS, "position": position}
        for position, (name, members) in enumerate(term_groups().items())
        for term in dict.fromkeys((name, *members))
    ]


def district_rows() -> list[dict[str, Any]]:
    """Return the districts texts may name as rows of the store."""
    return [{"code": code, "name_ko": name_ko, "name_en": name_en} for code, name_ko, name_en in districts()]


def filter_rule_rows() -> list[dict[str, Any]]:
    """Return the rules of the filter as rows of the store, in the order in which they are asked, and those of the city's replies after them."""
    rules_version = filtering.rules_version()
    rules: list[tuple[filtering.Rule | AnswerRule, str]] = [(rule, rule.post_class) for rule in filtering.RULES]
    rules += [(rule, "other") for rule in ANSWER_RULES]
    return [
        {"rule": rule.id, "position": position, "version": rule.version, "post_class": post_class,
         "reason": rule.reason, "confidence": rule.confidence, "example": rule.example,
         "counter_example": rule.counter_example, "rules_version": rules_version}
        for position, (rule, post_class) in enumerate(rules)
    ]  # fmt: skip
