"""Morphemes without a place get one."""

from __future__ import annotations

from nlp.records import Token
from nlp.tokenizers.placing import one_blank_between_words, placed, placed_near
from nlp.tokenizers.sejong import sign_tag


def test_a_contracted_morpheme_stands_where_the_word_goes_on():
    text = "봤다 했고"
    assert placed([("보", "VV"), ("았", "EP"), ("다", "EF")], text, 0, 2) == [
        Token("보", "VV", 0),
        Token("았", "EP", 0),
        Token("다", "EF", 1),
    ]
    assert placed([("하", "VV"), ("었", "EP"), ("고", "EC")], text, 3, 5)[-1] == Token("고", "EC", 4)


def test_a_morpheme_is_not_looked_for_beyond_its_word():
    assert placed([("다", "EF")], "봤고 다", 0, 2) == [Token("다", "EF", 0)]


def test_a_wrong_place_is_mended_and_a_right_one_kept():
    said = [("지하철", "NNG", 0), ("고장", "NNG", 0), ("나", "VV", 5), ("았", "EP", 5)]
    assert [token.start for token in placed_near(said, "지하철고장났")] == [0, 3, 5, 5]


def test_one_blank_between_words():
    assert one_blank_between_words("  가나\n\n 다 ") == ("가나 다", [2, 3, 4, 7, 8])


def test_signs_are_told_apart():
    forms = [".", "!!", "...", "…", ",", "/", "(", "」", '"', "~", "-", "%", "★", "漢", "a", "ㅋ", "7"]
    tags = ["SF", "SF", "SE", "SE", "SP", "SP", "SS", "SS", "SS", "SO", "SO", "SW", "SW", "SH", "SL", "SW", "SN"]
    assert [sign_tag(form) for form in forms] == tags
