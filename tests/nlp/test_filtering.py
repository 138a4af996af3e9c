"""RULES: each row does what its example says, and a citizen's question stays one."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from nlp.filtering import DEFAULT, NO_WORDS, RULES, RULES_VERSION, classify, is_hit

DATA = Path(__file__).parents[3] / "shared" / "data"
CLASSES = {"question", "opinion", "praise", "ad", "spam", "political", "duplicate", "repost", "other"}


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_every_rule_hits_its_example_and_spares_its_counter_example(rule):
    assert is_hit(rule, rule.example)
    assert classify(rule.example).rule == rule.id
    assert not is_hit(rule, rule.counter_example)
    assert classify(rule.counter_example, about_city=rule.spares_city_matters).post_class == "question"


def test_the_table_is_well_formed():
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert RULES_VERSION
    for rule in RULES:
        assert rule.post_class in CLASSES
        assert rule.reason.startswith(f"{rule.post_class}.")
        assert 0 < rule.confidence <= 1
        assert rule.version >= 1
        assert all(word and word == word.lower() for word in rule.words)


@pytest.mark.parametrize(
    "text",
    [
        "따릉이 반납이 안 돼요",
        "소상공인 대출 이자를 지원해 주세요",
        "지하철 광고가 너무 많아요",
        "학교 앞 카지노 광고 전단지 단속해 주세요",
        "신호등이 고장났어요. 감사합니다",
        "빨리 고쳐주시면 감사하겠습니다",
        "시장님 버스 좀 늘려 주세요",
    ],
)
def test_questions_stay_questions(text):
    assert classify(text) == DEFAULT


def test_an_angry_word_about_a_service_is_not_politics():
    text = "민주당 시장은 재개발을 이렇게 망치다니 물러나라"
    assert classify(text).post_class == "political"
    assert classify(text, about_city=True) == DEFAULT


@pytest.mark.parametrize(
    "text",
    [
        "항상 고생하시는 분들께 감사드립니다. 가로등이 나갔어요",
        "담당자님 감사합니다. 벤치 다리가 부러졌습니다",
        "기사님은 친절하게 안내해 주셨는데 버스가 30분째 안 와요",
        "직원이 불친절하게 대답했어요",
    ],
)
def test_thanks_around_a_fault_are_no_praise(text):
    assert classify(text) == DEFAULT


def test_thanks_for_a_fault_repaired_are_praise():
    assert classify("가로등 고장 신고했더니 하루 만에 고쳐졌네요. 고맙습니다").post_class == "praise"


@pytest.mark.parametrize(
    "text",
    [
        "성실하게 일하여야 할 사람들이 하나같이 무능",
        "곡선거리라 시야를 망치는 구간입니다",
        "분야당 예산이 똑같은 이유",
        "시의회 앞 집회 확성기 소음, 싸움까지 납니다",
    ],
)
def test_a_word_that_only_contains_a_political_one_is_not_politics(text):
    assert classify(text) == DEFAULT


def test_an_attack_on_politicians_that_names_a_service_stays_a_question():
    text = "여당이든 야당이든 그 나물에 그 밥"
    assert classify(text).rule == "political.attack"
    assert classify(text, about_city=True) == DEFAULT


def test_agreement_is_an_opinion_and_objection_is_not():
    assert classify("환승 제도 개편에 동의합니다! #환승").post_class == "opinion"
    assert classify("환승 제도 개편에 반대합니다") == DEFAULT
    assert classify("찬성합니다만 시간이 촉박해요") == DEFAULT


def test_text_without_letters_has_nothing_to_answer():
    assert classify("123 !!! 😀") == NO_WORDS


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data folder ../shared/data is absent")
def test_rates_on_real_texts():
    with (DATA / "01_seoul_suggestions_2017_2021.csv").open(encoding="utf-8-sig", newline="") as lines:
        suggestions = [classify(row["TITLE"]).post_class for row in csv.DictReader(lines)]
    with (DATA / "10_ko_spam_ham.csv").open(encoding="utf-8-sig", newline="") as lines:
        spam = [classify(row["text"]).post_class for row in csv.DictReader(lines) if row["label"] == "spam"]
    # Measured: 3 of 10,736 suggestions, each about a party or a resignation, 1 thanks; 71 % of the spam.
    assert sum(found in ("ad", "spam") for found in suggestions) == 0
    assert sum(found in ("ad", "spam", "political") for found in suggestions) < 0.0005 * len(suggestions)
    assert sum(found == "praise" for found in suggestions) < 0.003 * len(suggestions)
    assert sum(found in ("ad", "spam") for found in spam) > 0.65 * len(spam)
