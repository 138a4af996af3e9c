"""Terms of a text, by hand."""

from __future__ import annotations

import pytest

from nlp.keywords import english_tokens, language_of, search_text, term_groups, terms_of
from nlp.normalize import analysed_form, hashtags
from nlp.records import Token


def noun(form, start, tag="NNG"):
    return Token(form, tag, start)


def terms(text, tokens, **more):
    return terms_of(text, tokens, language="ko", **more)


def test_nouns_by_tag_of_two_syllables_each_once():
    tokens = [
        noun("물", 0),
        noun("수도", 2),
        noun("것", 5, "NNB"),
        noun("우산", 7),
        noun("수도", 10),
        noun("나", 13, "NP"),
    ]
    assert terms("물 수도 것 우산 수도 나", tokens) == ("수도", "우산")


def test_touching_nouns_are_one_term_with_its_civic_parts():
    assert terms("지하철파업", [noun("지하철", 0), noun("파업", 3)]) == ("지하철파업", "지하철")


def test_boilerplate_at_the_edges_of_a_compound_falls_away():
    tokens = [noun("서울시", 0), noun("우산", 3), noun("대여", 5), noun("요청", 7)]
    assert terms("서울시우산대여요청", tokens) == ("우산대여",)


def test_a_phrase_without_blanks_is_taken_apart():
    tokens = [noun("골목", 0), noun("우산", 2), noun("대여", 4), noun("상자", 6)]
    assert terms("골목우산대여상자", tokens) == ("골목", "우산", "대여", "상자")


def test_a_civic_term_with_a_blank_is_joined():
    assert terms("다산 콜센터", [noun("다산", 0), noun("콜", 3), noun("센터", 4)]) == ("다산콜센터",)
    assert terms("불법 주정차", [noun("불법", 0), noun("주정차", 3)]) == ("불법주정차",)


def test_variants_become_the_canonical_term():
    assert terms("보도블럭 엘베 cctv", [noun("보도블럭", 0), noun("엘베", 5), Token("cctv", "SL", 8)]) == (
        "보도블록",
        "엘리베이터",
        "CCTV",
    )


def test_acronyms_need_capitals_and_join_no_noun():
    assert terms("GTX역사 abc", [Token("GTX", "SL", 0), noun("역사", 3), Token("abc", "SL", 6)]) == ("GTX", "역사")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("6411번 타고", ("6411번",)),
        ("3번 출구", ()),
        ("3번 버스", ("3번",)),
        ("9호선 2 호선", ("9호선", "2호선")),
        ("12호선", ()),
        ("100번째", ()),
        ("N26번 버스, 9호선", ("9호선",)),
    ],
)
def test_lines_and_bus_numbers(text, expected):
    assert terms(text, []) == expected


def test_hashtags_are_terms_in_their_place():
    stored = "우산 #누수탐지 신고"
    text = analysed_form(stored)
    tokens = [noun("우산", 0), noun("누수", 3), noun("탐지", 5), noun("신고", 8)]
    assert terms(text, tokens, hashtags=hashtags(stored)) == ("우산", "누수탐지", "누수")


def test_english_terms_are_lower_case_words_without_boilerplate():
    text = "The Bus didn't stop, it's Seoul's worst bus"
    assert terms_of(text, english_tokens(text), language="en") == ("bus", "stop", "seoul", "worst")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("따릉이가 고장났어요", "ko"),
        ("GTX CCTV LED 설치해 주세요", "ko"),
        ("My bus is late", "en"),
        ("My bus is late 😀😀", "en"),
        ("ㅋㅋㅋ", "ko"),
        ("12345 !!!", "und"),
        ("", "und"),
        ("電車が遅い", "und"),
        ("Où est l'été à Séoul", "und"),
        ("Метро опаздывает", "und"),
    ],
)
def test_language_by_share_of_letters(text, language):
    assert language_of(text) == language


def test_search_text_holds_words_morphemes_and_terms_once():
    tokens = [noun("보도블럭", 0), Token("이", "JKS", 4), Token("깨졌", "VV+EP", 6), Token("어요", "EF", 8)]
    assert search_text("보도블럭이 깨졌어요", tokens, ("보도블록",)) == "보도블럭이 깨졌어요 보도블럭 깨졌 보도블록"


def test_touching_nouns_can_be_found_whole_under_any_particle():
    tokens = [noun("수도", 0), noun("요금", 2), Token("이", "JKS", 4), Token("2", "SN", 6), noun("호선", 7, "NNBC")]
    tokens += [Token("에서", "JKB", 9), noun("시민", 12), Token("들", "XSN", 14), Token("도", "JX", 15)]
    found = search_text("수도요금이 2호선에서 시민들도", tokens, ()).split()
    assert found[:3] == ["수도요금이", "2호선에서", "시민들도"]
    assert set(found[3:]) == {"수도", "요금", "수도요금", "2", "호선", "2호선", "시민", "시민들"}


def test_search_text_holds_no_signs():
    assert search_text("버스·지하철… don't (A_b) ①", [], ()) == "버스 지하철 don t A b ①"


def test_term_groups_are_offered_here():
    assert "수돗물" in term_groups()["아리수"]
