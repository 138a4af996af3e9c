"""Texts of persons in danger."""

from __future__ import annotations

import pytest

from nlp.dictionary import read_resource
from nlp.risk import risk_of


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("너무 힘들어 죽고 싶어요", "self_harm"),
        ("죽고싶다", "self_harm"),
        ("자살 예방 상담은 어디서 하나요", "self_harm"),
        ("자해하는 친구", "self_harm"),
        ("I want to die", "self_harm"),
        ("SUICIDE hotline?", "self_harm"),
        ("동생이 환청이 들린다며 밤마다 소리를 질러요", "crisis"),
        ("지하철에서 공황발작이 왔는데 도와주는 사람이 없었어요", "crisis"),
        ("우울증이 심해서 더는 못 버티겠어요", "crisis"),
        ("옆집에서 아이를 때리는 소리가 들려요", "child_abuse"),
        ("아동학대 신고합니다", "child_abuse"),
        ("윗집에서 아이 혼자 방치하고 나갑니다", "child_abuse"),
        ("남편이 때려서 집을 나왔는데 갈 곳이 없어요", "domestic_violence"),
        ("가정폭력 피해자는 어디서 보호받나요", "domestic_violence"),
        ("아빠가 엄마를 때려요", "domestic_violence"),
        ("가정폭력이 심해 죽고 싶습니다", "self_harm"),
    ],
)
def test_a_person_in_danger_and_which_danger(text, kind):
    assert risk_of(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "따릉이가 고장났어요",
        "자살골이었네요",
        "더워 죽겠어요",
        "공사 소음에 미칠 것 같아요",
        "투자 자해당 없음",
        "the bus died",
        "정신건강복지센터 운영시간이 어떻게 되나요",
        "정신건강복지센터는 주말에도 여나요",
        "아동학대 예방 교육을 늘려 주세요",
        "가정폭력 상담소가 어디 있는지 안내판이 없어요",
        "우울증 검사 무료로 받을 수 있나요",
    ],
)
def test_no_risk(text):
    assert risk_of(text) is None


def test_no_phrase_stands_under_two_kinds():
    phrases = [phrase for kind in read_resource("risk_terms.toml")["kinds"].values() for phrase in kind]
    assert len(set(phrases)) == len(phrases)
