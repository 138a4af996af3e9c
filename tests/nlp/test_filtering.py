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


def test_text_without_letters_has_nothing_to_answer():
    assert classify("123 !!! 😀") == NO_WORDS


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data folder ../shared/data is absent")
def test_rates_on_real_texts():
    with (DATA / "01_seoul_suggestions_2017_2021.csv").open(encoding="utf-8-sig", newline="") as lines:
        suggestions = [classify(row["TITLE"]).post_class for row in csv.DictReader(lines)]
    with (DATA / "10_ko_spam_ham.csv").open(encoding="utf-8-sig", newline="") as lines:
        spam = [classify(row["text"]).post_class for row in csv.DictReader(lines) if row["label"] == "spam"]
    # Measured: 0 of 10,736 suggestions, 71 % of the spam.
    assert sum(found in ("ad", "spam") for found in suggestions) < 0.001 * len(suggestions)
    assert sum(found in ("ad", "spam") for found in spam) > 0.65 * len(spam)
