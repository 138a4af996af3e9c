"""What distinguishes konlpy's analysers in Java."""

from __future__ import annotations

import pytest


def _tagged(tokens):
    return " ".join(f"{token.form}/{token.tag}" for token in tokens)


@pytest.mark.xdist_group("tokenizer okt")
def test_okt_joins_numbered_lines_and_knows_the_closed_classes(tokenizer_named):
    tokens = tokenizer_named("okt").tokens("우리 것은 2호선 하나")
    assert _tagged(tokens) == "우리/NP 것/NNB 은/JX 2호선/NNP 하나/NR"
    assert [token.start for token in tokens] == [0, 3, 4, 6, 10]


@pytest.mark.xdist_group("tokenizer komoran")
def test_komoran_says_where_contracted_words_stand(tokenizer_named):
    tokens = tokenizer_named("komoran").tokens("어제  버스를\n탔다")
    assert [(token.form, token.start) for token in tokens] == [
        ("어제", 0), ("버스", 4), ("를", 6), ("타", 8), ("았", 8), ("다", 9)
    ]  # fmt: skip


@pytest.mark.xdist_group("tokenizer hannanum")
def test_hannanum_tells_its_signs_and_digits_apart(tokenizer_named):
    tokens = tokenizer_named("hannanum").tokens("학교에서 3/4 CCTV 둘.")
    assert _tagged(tokens) == "학교/NNG 에서/JKS 3/SN //SP 4/SN CCTV/SL 둘/NR ./SF"


@pytest.mark.xdist_group("tokenizer hannanum")
def test_hannanum_does_not_hang_on_a_blank_line(tokenizer_named):
    tokenizer = tokenizer_named("hannanum")
    assert [token.start for token in tokenizer.tokens("버스\n 지하철\n ")] == [0, 4]
    assert (tokenizer.failures, tokenizer.analyser.restarts) == (0, 0)


@pytest.mark.xdist_group("tokenizer kkma")
def test_kkma_tells_units_and_presumed_nouns(tokenizer_named):
    tokens = tokenizer_named("kkma").tokens("버스 10대를 봤다!!")
    assert [(token.form, token.tag) for token in tokens][:4] == [
        ("버스", "NNG"), ("10", "SN"), ("대", "NNB"), ("를", "JKO")
    ]  # fmt: skip
    assert _tagged(tokens).endswith("!!/SF")
