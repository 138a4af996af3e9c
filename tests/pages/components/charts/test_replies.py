from __future__ import annotations

import pytest

from db import frames
from pages.components import charts
from tests.pages.components.charts.conftest import table

KINDS = [
    ("answer.substantive", 80, 0.8, 0.71, 0.87),
    ("answer.template", 0, 0.0, 0.0, 0.04),
    ("answer.hand_off", 15, 0.15, 0.09, 0.23),
    ("answer.automatic", 5, 0.05, 0.02, 0.11),
]
CURVE = [(0.5, 0.1, 0.05, 0.15, 90), (24.0, 0.5, 0.4, 0.6, 50), (240.0, 0.7, 0.6, 0.8, 20)]


def test_kinds_are_bars_with_intervals_and_what_is_no_answer_is_hatched() -> None:
    bars, ends = charts.reply_kinds(table(frames.REPLY_KINDS, KINDS), "ko").data
    assert bars.y == ("답변", "되풀이한 답글", "다른 곳으로 넘김", "자동 답글")
    assert bars.x == pytest.approx((80.0, 0.0, 15.0, 5.0))
    assert [bool(shape) for shape in bars.marker.pattern.shape] == [False, True, True, True]
    assert bars.hovertext[2] == "다른 곳으로 넘김 15건, 15.0%<br>95% 구간 9.0–23.0%<br>답글 n = 100"
    assert len(ends.text) == 4


def test_an_answer_and_any_reply_are_two_lines() -> None:
    answers = table(frames.RESPONSE_CURVE, CURVE)
    replies = table(frames.RESPONSE_CURVE, [(hours, share + 0.1, low, high, n) for hours, share, low, high, n in CURVE])
    first, second = charts.reply_curves(answers, replies, "en").data
    assert (first.name, second.name) == ("Answer", "Any reply")
    assert (first.line.dash, second.line.dash) == (None, "dash")
    assert second.y[-1] == pytest.approx(80.0)
    assert first.hovertext[1] == "Answer: 50.0% within 24 h<br>95% interval 40.0–60.0%"
    assert not charts.reply_curves(answers.iloc[:0], replies.iloc[:0], "en").data[0].x
