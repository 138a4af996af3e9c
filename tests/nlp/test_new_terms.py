"""New terms: invented names in invented sentences."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.new_terms import CONTEXT_LENGTH, g2, new_terms

NAMES = ["새빛톡", "해치콜", "달빛정류소", "누리봄터", "둥실이", "빗물곳간", "온새미카드", "마중버스표"]
SENTENCES = [
    "어제부터 {}에서 오류가 나요",
    "{}은 언제 열리나요",
    "우리 동네에도 {} 만들어 주세요",
    "{}까지 가는 길이 어두워요",
    "{}이라는 안내를 받았는데 연락이 없어요",
    "직원에게 {}로 바꾸라고 들었어요",
    "요즘 {}도 고장이 잦네요",
    "{}만 믿고 기다렸어요",
]
ORDINARY = [sentence.format(noun) for sentence in SENTENCES for noun in ("가게", "창구", "나무", "안내판")]


def _recent(names: list[str], texts_each: int = 8) -> list[str]:
    return [sentence.format(name) for name in names for sentence in itertools.islice(SENTENCES, texts_each)]


def test_invented_names_are_found_and_nothing_else():
    found = new_terms([*ORDINARY, *_recent(NAMES)], ORDINARY)
    assert {term.term for term in found} == set(NAMES)
    assert {(term.documents, term.baseline_documents) for term in found} == {(8, 0)}


@pytest.mark.parametrize(("texts", "is_found"), [(4, False), (5, True)])
def test_five_texts_are_enough_and_four_are_not(texts, is_found):
    found = [term.term for term in new_terms([*ORDINARY, *_recent(["해치콜"], texts)], ORDINARY)]
    assert found == (["해치콜"] if is_found else [])


@pytest.mark.parametrize(("before", "is_found"), [(1, True), (2, False)])
def test_one_text_of_the_time_before_makes_no_word_old_and_two_do(before, is_found):
    baseline = [*ORDINARY, *_recent(["해치콜"], before)]
    found = new_terms([*ORDINARY, *_recent(["해치콜"])], baseline)
    assert [(term.term, term.baseline_documents) for term in found] == ([("해치콜", 1)] if is_found else [])


def test_a_text_counts_once_however_often_it_says_the_word():
    assert new_terms([*ORDINARY, "해치콜 해치콜을 해치콜은 해치콜도 해치콜만"], ORDINARY) == []


def test_terms_of_the_dictionary_are_no_news():
    assert new_terms([*ORDINARY, *_recent(["따릉이", "강남구청역", "민원"])], ORDINARY) == []


def test_the_most_telling_word_comes_first():
    found = new_terms([*ORDINARY, *_recent(["해치콜"]), *_recent(["새빛톡"], 6)], ORDINARY)
    assert [term.term for term in found] == ["해치콜", "새빛톡"]
    assert found[0].g2 > found[1].g2 > 0


def test_an_example_is_masked_and_short():
    texts = [f"제 번호 010-1234-567{number} 해치콜 @gildong 님이 받았어요" for number in range(6)]
    (term,) = [each for each in new_terms([*ORDINARY, *texts], ORDINARY) if each.term == "해치콜"]
    assert len(term.contexts) == 5
    for context in term.contexts:
        assert "해치콜" in context
        assert "1234" not in context
        assert "gildong" not in context
        assert len(context) <= len("해치콜") + 2 * CONTEXT_LENGTH


def test_g2_by_hand():
    # 10 of 100 now, none of 100 before: 2 (10 ln 2 + 90 ln(90/95) + 100 ln(100/95)).
    assert g2(10, 100, 0, 100) == pytest.approx(
        2 * (10 * math.log(2) + 90 * math.log(90 / 95) + 100 * math.log(100 / 95))
    )
    assert g2(5, 100, 5, 100) == 0
    assert g2(1, 100, 5, 100) == 0
    assert g2(0, 0, 0, 0) == 0


@given(st.lists(st.text(max_size=30), max_size=8), st.lists(st.text(max_size=30), max_size=8))
def test_no_text_raises(recent, baseline):
    for term in new_terms(recent, baseline, min_documents=1):
        assert term.documents >= 1
        assert term.g2 >= 0
        assert all(term.term in context for context in term.contexts)
