"""Posts that repeat another one."""

from __future__ import annotations

from nlp.filter_rules.rule import Rule, pattern

REPOSTS: tuple[Rule, ...] = (
    Rule(
        "repost.rt", 1, "repost", "repost.rt", 1.0,
        words=("rt @", "rt@", "rt ＠"),
        needs=pattern(r"^\s*rt\s*[@＠]"),
        example="RT @seoul_citizen: 따릉이 반납이 안 돼요",
        counter_example="ART @ 서울 전시 언제까지 하나요",
    ),
)  # fmt: skip
