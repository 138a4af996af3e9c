"""Texts that speak of self-harm."""

from __future__ import annotations

import pytest

from nlp.risk import speaks_of_self_harm


@pytest.mark.parametrize(
    "text",
    [
        "너무 힘들어 죽고 싶어요",
        "죽고싶다",
        "자살 예방 상담은 어디서 하나요",
        "자해하는 친구",
        "I want to die",
        "SUICIDE hotline?",
    ],
)
def test_risk(text):
    assert speaks_of_self_harm(text)


@pytest.mark.parametrize(
    "text", ["따릉이가 고장났어요", "자살골이었네요", "더워 죽겠어요", "투자 자해당 없음", "the bus died"]
)
def test_no_risk(text):
    assert not speaks_of_self_harm(text)
