"""The stored and the analysed form of a text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.normalize import analysed_form, has_url, hashtags, stored_form


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        (unicodedata.normalize("NFD", "아리수"), "아리수"),
        ("따\u200b릉\ufeff이", "따릉이"),
        ("물\0이 새요", "물 이 새요"),
        ("첫 줄\r\n둘째 줄", "첫 줄\n둘째 줄"),
        ("  ㅋㅋㅋㅋ!!!! #누수 @seoul ", "ㅋㅋㅋㅋ!!!! #누수 @seoul"),
        ("👨\u200d👩\u200d👧 가족", "👨\u200d👩\u200d👧 가족"),
        ("따\u200d릉이", "따릉이"),
        ("대\u3164출", "대출"),
        ("반쪽 \ud83d", "반쪽 \ufffd"),
    ],
)
def test_stored_form_keeps_the_words_and_drops_what_is_not_seen(raw, stored):
    assert stored_form(raw) == stored


@pytest.mark.parametrize(
    ("stored", "analysed"),
    [
        ("@seoul_120 따릉이 고장 https://t.co/a1b2", "따릉이 고장"),
        ("https://example.com/a에서 봤어요", "에서 봤어요"),
        ("#누수 신고 #지하철#파업 #서울_지하철", "누수 신고 지하철 파업 서울 지하철"),
        ("ㅋㅋㅋㅋㅋ 진짜!!!! ㅠㅠㅠ 와아아아아", "ㅋㅋ 진짜!! ㅠㅠ 와아아"),
        ("10000원 www 2222번", "10000원 www 2222번"),
        ("여기로 [전화번호] 또는 [이메일]", "여기로 또는"),
        ("줄\n바꿈\t 탭", "줄 바꿈 탭"),
        ("출구 #3 앞", "출구 #3 앞"),
    ],
)
def test_analysed_form_is_what_tokenizers_read(stored, analysed):
    assert analysed_form(stored) == analysed


def test_hashtags_come_without_sign_and_underscore():
    assert hashtags("#누수 #서울_지하철 #3 https://a.kr/#top") == ["누수", "서울지하철"]
    assert hashtags("태그 없음") == []


def test_has_url():
    assert has_url("보세요 https://example.com")
    assert not has_url("보세요 example")


@given(st.text(st.characters()))
def test_stored_form_is_stable_and_can_be_encoded(text):
    stored = stored_form(text)
    assert stored_form(stored) == stored
    assert "\0" not in stored
    stored.encode("utf-8")
