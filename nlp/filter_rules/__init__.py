"""RULES: one row per rule, the first that applies decides. Source: written by hand for this project."""

from __future__ import annotations

from nlp.filter_rules.ads import ADS
from nlp.filter_rules.copies import COPIES
from nlp.filter_rules.opinions import OPINIONS
from nlp.filter_rules.politics import POLITICS
from nlp.filter_rules.praise import PRAISE
from nlp.filter_rules.reposts import REPOSTS
from nlp.filter_rules.rule import REVIEW_BELOW, Rule
from nlp.filter_rules.spam import SPAM

__all__ = ["REVIEW_BELOW", "RULES", "Rule"]

RULES: tuple[Rule, ...] = (*REPOSTS, *COPIES, *SPAM, *ADS, *POLITICS, *PRAISE, *OPINIONS)
