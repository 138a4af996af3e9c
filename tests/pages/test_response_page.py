"""The page of response times: any reply beside an answer, and what is not counted as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages.components.text import LANGUAGES, text
from tests.builders import ListConnector, a_question, an_answer, kst
from tests.pages.conftest import Open, filled


@pytest.fixture
def store(tmp_path: Path) -> str:
    asked = kst("2026-03-02 09:00")
    posts = [a_question(f"q{number}", f"가로등이 꺼졌어요 {number}번 길", created_at=asked) for number in range(4)]
    said = [
        an_answer("a0", "q0", "120으로 문의해 주세요.", created_at=kst("2026-03-02 10:00")),
        an_answer("a1", "q0", "오늘 고쳤습니다.", created_at=kst("2026-03-02 19:00")),
        an_answer("a2", "q1", "본 메시지는 자동 응답입니다.", created_at=kst("2026-03-02 10:00")),
        an_answer("a3", "q2", "내일 새것으로 바꿉니다.", created_at=kst("2026-03-02 09:00")),
    ]
    return filled(
        tmp_path / "response.db", ListConnector([*posts, *said, a_question("late", created_at=kst("2026-03-20 09:00"))])
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_any_reply_stands_beside_an_answer_and_the_kinds_are_counted(open_app: Open, store: str, lang: str) -> None:
    app = open_app(store, "response", period="all", lang=lang)
    assert not app.exception
    assert not app.error
    shown = {each.label: each.value for each in app.metric}
    names = {"ko": ("첫 반응까지 걸린 시간(중앙값)", "답변 없이 반응만 받은 비율", "10초 안의 답변"),
             "en": ("Median time to any reply", "Replied to, but not answered", "Answers within 10 seconds")}[lang]  # fmt: skip
    median, only, fast = (shown[name] for name in names)
    assert median == text("unit.hours", lang, n="1.0")
    assert only == "20.0%"  # one of five
    assert fast == "1"
    headers = [each.value for each in app.header]
    assert {text(f"response.{part}.title", lang) for part in ("replies", "reply_kinds", "answer_rules")} <= set(headers)
    kinds = next(each.value for each in app.dataframe if text("column.first_replies", lang) in each.value.columns)
    counted = kinds[kinds[text("column.first_replies", lang)] > 0]
    assert counted[text("column.answer_rule", lang)].tolist() == [
        text("answer_rule.auto_reply.says_so", lang),
        text("answer_rule.hand_off.line", lang),
    ]
    assert counted[text("column.only_replies", lang)].tolist() == [1, 0]
