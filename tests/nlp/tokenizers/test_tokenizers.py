"""The contract every row of TOKENIZERS keeps."""

from __future__ import annotations

import dataclasses
import re

import pytest

from nlp.tokenizers import (
    MAX_PIECE_LENGTH,
    TOKENIZERS,
    TokenizerNotInstalled,
    UnknownTokenizer,
    default_tokenizer,
    load_tokenizer,
    pieces,
)

SEJONG = re.compile(
    "NN[GPB]|NR|NP|V[VAX]|VC[PN]|MM|MAG|MAJ|IC|JK[SCGOBVQ]|JX|JC|E[PFC]|ET[NM]|XPN|XS[NVA]|XR|S[FPSEOWLHN]|NA"
)
MIXED = "어제 「서울숲」에서, 따릉이를 탔는데요… 3,500원(1시간)이었어요!! ㅋㅋ Seoul 漢江 😀 10km~ 봤어"


@pytest.mark.parametrize("name", TOKENIZERS)
def test_every_row_is_filled_in(name):
    row = TOKENIZERS[name]
    assert all(dataclasses.asdict(row).values())
    assert row.module == f"nlp.tokenizers.{name}"


@pytest.mark.parametrize("text", ["", " ", "\n\t \u3000", "\0"])
def test_blank_text_has_no_tokens(tokenizer, text):
    assert tokenizer.tokens(text) == []


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("아리수에서 녹물이 나와요", ["아리수", "녹물"]),
        ("따릉이가 고장났어요", ["따릉이"]),
        ("다산콜센터에 전화했어요", ["다산콜센터"]),
        ("지하철 2호선이 늦어요", ["지하철", "2호선"]),
        ("정신보건센터는 어디인가요", ["정신보건센터"]),
        ("보도블럭이 깨졌어요", ["보도블럭"]),
        ("기후동행카드로 9호선을 타요", ["기후동행카드", "9호선"]),
    ],
)
def test_civic_terms_come_out_whole(tokenizer, text, whole):
    nouns = [token.form for token in tokenizer.tokens(text) if token.tag in ("NNG", "NNP")]
    assert [noun for noun in nouns if noun in whole] == whole


def test_tags_are_sejong_tags(tokenizer):
    tags = {part for token in tokenizer.tokens(MIXED) for part in token.tag.split("+")}
    assert [tag for tag in tags if not SEJONG.fullmatch(tag)] == []


def test_a_token_starts_where_its_form_stands(tokenizer):
    for token in tokenizer.tokens(MIXED):
        if token.tag.startswith(("N", "SL", "SN", "SH", "M")):
            assert MIXED[token.start : token.start + len(token.form)] == token.form


def test_nul_and_unpaired_surrogates_cut_nothing_off(tokenizer):
    tokens = tokenizer.tokens("아리수\0따릉이 \ud83d 지하철")
    assert [(token.form, token.start) for token in tokens if token.tag[0] == "N"] == [
        ("아리수", 0),
        ("따릉이", 4),
        ("지하철", 10),
    ]


def test_long_text_is_read_to_its_end_with_right_offsets(tokenizer):
    text = "지하철 " * 700 + "따릉이"
    tokens = tokenizer.tokens(text)
    assert [token.form for token in tokens] == ["지하철"] * 700 + ["따릉이"]
    assert [token.start for token in tokens] == list(range(0, 2801, 4))


def test_pieces_are_cut_at_blanks_and_lose_nothing():
    text = "가나다 " * 1500
    cut = list(pieces(text))
    assert "".join(piece for _offset, piece in cut) == text
    assert all(len(piece) <= MAX_PIECE_LENGTH and piece.endswith(" ") for _offset, piece in cut)
    assert [offset for offset, _piece in cut] == [0, 2000, 4000]


def test_a_word_longer_than_a_piece_is_cut_inside():
    assert [len(piece) for _offset, piece in pieces("가" * 4500)] == [2000, 2000, 500]


def test_unknown_tokenizer_names_the_known_ones():
    with pytest.raises(UnknownTokenizer, match=re.escape("no tokenizer 'okay'; known: mecab, kiwi")):
        load_tokenizer("okay")


def test_missing_package_says_what_to_install(monkeypatch):
    row = dataclasses.replace(TOKENIZERS["mecab"], requires=("package_that_is_not_there",))
    monkeypatch.setitem(TOKENIZERS, "mecab", row)
    with pytest.raises(TokenizerNotInstalled, match="pip install konlpy python-mecab-ko python-mecab-ko-dic"):
        load_tokenizer("mecab")
    assert default_tokenizer() == "kiwi"
