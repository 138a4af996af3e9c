"""The guard: what an analyser gets to see, and how its tokens find back."""

from __future__ import annotations

import unicodedata

import pytest

from nlp.records import Token
from nlp.tokenizers.guard import MAX_PIECE_LENGTH, AnalyserFailed, GuardedTokenizer, pieces, readable_text


class Words:
    """An analyser whose morphemes are words; it fails on the word it is told."""

    def __init__(self, bad: str = "\0") -> None:
        self.bad = bad
        self.seen: list[str] = []

    def tokens(self, text):
        self.seen.append(text)
        if self.bad in text:
            raise AnalyserFailed
        return [Token(word, "NNG", text.index(word)) for word in dict.fromkeys(text.split())]


def test_clean_text_is_not_touched():
    assert readable_text("따릉이 고장") == ("따릉이 고장", None)


@pytest.mark.parametrize(
    ("text", "is_bmp_only", "readable"),
    [
        ("가\0나\ud83d다", False, "가 나 다"),
        ("가\t나\n다", False, "가\t나\n다"),
        ("가😀나", False, "가😀나"),
        ("가😀나", True, "가 나"),
    ],
)
def test_what_cannot_be_read_becomes_a_blank_in_its_place(text, is_bmp_only, readable):
    assert readable_text(text, is_bmp_only=is_bmp_only) == (readable, None)


def test_composed_and_removed_characters_are_remembered():
    text = "e\u0301 " + unicodedata.normalize("NFD", "한") + "\u200b글"
    assert readable_text(text) == ("é 한글", [0, 2, 3, 7])


def test_jamo_parted_by_an_invisible_character_compose():
    assert readable_text("\u1112\u200b\u1161") == ("하", [0])


def test_tokens_point_into_the_given_text():
    tokenizer = GuardedTokenizer(Words(), "words")
    assert tokenizer.tokens("\u200b가 \u200b나") == [Token("가", "NNG", 1), Token("나", "NNG", 4)]


def test_the_analyser_sees_pieces_and_nothing_blank():
    words = Words()
    tokens = GuardedTokenizer(words, "words", max_piece_length=5).tokens("가 나 다 라" + " " * 10 + "마")
    assert words.seen == ["가 나 ", "다 라  ", "   마"]
    assert tokens == [Token(form, "NNG", start) for form, start in zip("가나다라마", [0, 2, 4, 6, 17], strict=True)]


def test_a_text_it_fails_on_has_no_tokens_and_is_counted():
    tokenizer = GuardedTokenizer(Words(bad="나"), "words", max_piece_length=3)
    assert tokenizer.tokens("가 가 나") == []
    assert tokenizer.failures == 1
    assert tokenizer.tokens("가") == [Token("가", "NNG", 0)]
    assert tokenizer.failures == 1


def test_a_text_that_takes_too_long_is_given_up():
    words = Words()
    tokenizer = GuardedTokenizer(words, "words", max_piece_length=3, time_limit_s=-1)
    assert tokenizer.tokens("가 나 다") == []
    assert (len(words.seen), tokenizer.failures) == (1, 1)


def test_pieces_are_cut_at_blanks_and_lose_nothing():
    text = "가나다 " * 1500
    cut = list(pieces(text))
    assert "".join(piece for _offset, piece in cut) == text
    assert all(len(piece) <= MAX_PIECE_LENGTH and piece.endswith(" ") for _offset, piece in cut)
    assert [offset for offset, _piece in cut] == [0, 2000, 4000]


def test_a_word_longer_than_a_piece_is_cut_inside():
    assert [len(piece) for _offset, piece in pieces("가" * 4500)] == [2000, 2000, 500]
