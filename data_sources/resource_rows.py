"""What the analysis knows by name, as rows of the store: term groups, districts, rules of the filter."""

from __future__ import annotations

from typing import Any

from nlp import filtering
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
    """Return the filter's rules as rows of the store, in the order in which they are asked."""
    rules_version = filtering.rules_version()
    return [
        {"rule": rule.id, "position": position, "version": rule.version, "post_class": rule.post_class,
         "reason": rule.reason, "confidence": rule.confidence, "example": rule.example,
         "counter_example": rule.counter_example, "rules_version": rules_version}
        for position, rule in enumerate(filtering.RULES)
    ]  # fmt: skip
