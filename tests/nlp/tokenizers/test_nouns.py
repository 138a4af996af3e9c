"""How good the nouns are: civic terms of our own sentences, and a treebank where it is."""

from __future__ import annotations

import pytest

from nlp.dictionary import canonical_forms
from nlp.records import Token
from nlp.tokenizers import TOKENIZERS, load_tokenizer
from tests.benchmarks.quality.gold import GSD, Score, Sentence, score, sentences
from tests.benchmarks.quality.nouns import civic_sentences, whole_terms


def test_the_sentences_hold_terms_of_the_dictionary_where_they_say():
    given = civic_sentences()
    assert (len(given), sum(len(terms) for _text, terms in given)) == (62, 74)
    assert {term for _text, terms in given for term in terms} <= canonical_forms().keys()
    assert all(term in text for text, terms in given for term in terms)


def test_civic_terms_come_out_whole(tokenizer):
    assert len(whole_terms(tokenizer)) >= 72


@pytest.mark.skipif(not GSD.is_file(), reason="the treebank is not in the shared data folder ../shared/data")
@pytest.mark.skipif(not TOKENIZERS["mecab"].is_installed(), reason="python-mecab-ko is not installed")
def test_the_dictionary_does_not_worsen_the_nouns_of_other_texts():
    marked = sentences()
    found = {
        given: [tokenizer.tokens(sentence.text) for sentence in marked]
        for given in (True, False)
        for tokenizer in [load_tokenizer("mecab", user_dictionary=given)]
    }
    joined = {given: score(marked, tokens, is_joined=True).f1 for given, tokens in found.items()}
    assert joined[True] >= joined[False] > 0.93
    besides = {given: score(marked, tokens, unjudged=canonical_forms()).f1 for given, tokens in found.items()}
    assert besides[True] >= besides[False] > 0.88
    # Even cut by cut, though the treebank cuts 자전거도로, which the dictionary is there to keep whole.
    assert score(marked, found[True]).f1 >= score(marked, found[False]).f1


def test_a_marked_sentence_is_read_with_places(tmp_path):
    rows = [("시청에서", "시청+에서", "NNG+JKB"), ("8개", "8+개", "SN+NNB"), ("찍었다", "찍+었+다", "VV+EF")]
    lines = [f"{number}\t{form}\t{lemma}\t_\t{tags}\t_" for number, (form, lemma, tags) in enumerate(rows, 1)]
    path = tmp_path / "gold.conllu"
    path.write_text("\n".join(["# text = 시청에서 8개 찍었다", *lines]) + "\n\n", encoding="utf-8")
    # The last word has three morphemes and two tags: nothing in it is judged.
    assert sentences(path) == [Sentence("시청에서 8개 찍었다", frozenset([(0, 2)]), ((5, 6), (6, 7), (8, 11)))]


def test_nouns_are_compared_by_their_places():
    sentence = Sentence("시청 앞 물 8개", frozenset([(0, 2), (3, 4), (5, 6)]), ((7, 9),))
    found = [Token("시청", "NNP", 0), Token("앞", "NNB", 3), Token("물 8", "NNG", 5), Token("개", "NNG", 8)]
    assert score([sentence], [found]) == Score(right=1, wrong=1, missed=2)
    assert score([sentence], [found], min_length=2) == Score(right=1, wrong=1, missed=0)
    found = [Token("시", "NNG", 0), Token("청", "NNG", 1), Token("물", "NNG", 5)]
    assert score([sentence], [found], is_joined=True) == Score(right=2, wrong=0, missed=1)
    assert Score(right=1, wrong=1, missed=2).f1 == pytest.approx(0.4)


def test_nouns_that_make_up_a_term_are_not_judged_whichever_way_they_are_cut():
    # 자전거 | 도로 | 옆 | 도로: the first two touch, the last one stands alone.
    sentence = Sentence("자전거도로 옆 도로", frozenset([(0, 3), (3, 5), (6, 7), (8, 10)]), ())
    cut = [Token("자전거", "NNG", 0), Token("도로", "NNG", 3), Token("도로", "NNG", 8)]
    whole = [Token("자전거도로", "NNG", 0), Token("도로", "NNG", 8)]
    for found in (cut, whole):
        assert score([sentence], [found], unjudged=["자전거도로", "도로"]) == Score(right=1, wrong=0, missed=1)
    assert score([sentence], [whole]) == Score(right=1, wrong=1, missed=3)
    # A noun that reaches out of the term is wrong as before.
    across = [Token("거도로 옆", "NNG", 2)]
    assert score([sentence], [across], unjudged=["자전거도로"]) == Score(right=0, wrong=1, missed=2)
