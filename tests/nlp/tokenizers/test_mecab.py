"""konlpy's Mecab: the same output as konlpy's own, and how contracted words are told."""

from __future__ import annotations

import shlex

import pytest

konlpy_mecab = pytest.importorskip("konlpy.tag._mecab")
mecab_ko_dic = pytest.importorskip("mecab_ko_dic", reason="python-mecab-ko-dic is not installed")

from nlp.records import Token  # noqa: E402
from nlp.tokenizers.mecab import FastMecab, MecabTokenizer  # noqa: E402

TEXTS = [
    "",
    " ",
    "따릉이가 고장났어요 ㅠㅠ",
    "난 어제 3,500원을 냈는데, 왜 안 되나요?!",
    '탭\t과 쉼표, 그리고 A/B "따옴표"',
    "English 文字 😀 #누수 @seoul",
    "난 어제 3,500원을 냈는데, 왜 안 되나요?!",
]


def test_pos_equals_konlpys_own():
    options = shlex.quote(str(mecab_ko_dic.dictionary_path))
    fast, own = FastMecab(options), konlpy_mecab.Mecab(options)
    assert [fast.pos(text) for text in TEXTS] == [own.pos(text) for text in TEXTS]
    assert fast.pos("가 나", flatten=False) == own.pos("가 나", flatten=False)
    assert fast.pos("가 나", join=True) == own.pos("가 나", join=True)
    assert fast.nouns("서울 버스") == own.nouns("서울 버스") == ["서울", "버스"]


def test_contracted_words_keep_form_and_joined_tag():
    assert MecabTokenizer().tokens("난 해") == [Token("난", "NP+JX", 0), Token("해", "VV+EC", 2)]


def test_the_user_dictionary_is_what_keeps_terms_whole():
    without = [token.form for token in MecabTokenizer(user_dictionary=False).tokens("다산콜센터")]
    assert without == ["다산", "콜", "센터"]
    assert [token.form for token in MecabTokenizer().tokens("다산콜센터")] == ["다산콜센터"]
