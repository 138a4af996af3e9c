"""Texts that say of themselves that they are copies. Equal texts are found by the store, not here."""

from __future__ import annotations

from nlp.filter_rules.rule import Rule, pattern

COPIES: tuple[Rule, ...] = (
    Rule(
        "duplicate.copy", 1, "duplicate", "duplicate.copy", 0.75,
        words=("펌]", "펌)", "퍼온 글", "퍼온글", "퍼옴", "복붙", "복사해서", "복사하여", "복사 붙여"),
        needs=pattern(
            r"^\s?[\[(]\s?펌\s?[\])]|[\[(]\s?펌\s?[\])]$|^.{0,6}퍼온\s?글(?:입니다|이에요|임)|퍼옴\)?$|(?:이|위|아래)\s?글을?\s.{0,12}(?:복붙|복사해서|복사하여|복사\s?붙여).{0,20}(?:올려|퍼뜨|퍼트|보내|공유|돌려)"
        ),
        example="[펌] 전국의 시민 여러분께 알립니다",
        counter_example="주민센터에서 복사해서 낸 서류를 다시 내라고 합니다",
    ),
)  # fmt: skip
