"""The resources hold together."""

from __future__ import annotations

from nlp import dictionary
from nlp.keywords import terms_of

# Of two syllables: places.toml says where they lie, civic_terms.toml that the analysers must know them all the same.
SHORT_PLACES = {"명동", "홍대", "종묘"}


def test_the_dictionary_is_large_enough_and_has_no_form_twice():
    forms = [entry.form for entry in dictionary.entries()]
    assert len(forms) >= 600
    assert len(forms) == len(set(forms))


def test_all_25_districts_and_9_lines_are_terms():
    entries = dictionary.entries()
    assert sum(entry.kind == "district" for entry in entries) == 25
    assert {f"{number}호선" for number in range(1, 10)} <= {entry.form for entry in entries if entry.kind == "line"}


def test_no_term_stands_in_two_kinds_and_a_place_not_in_two_files():
    kinds = dictionary.read_resource("civic_terms.toml")["kinds"]
    terms = [term for kind in kinds.values() for term in kind["terms"]]
    assert len(terms) == len(set(terms))
    # An agency (보라매병원) may be both.
    assert set(kinds["place"]["terms"]) & {place.form for place in dictionary.place_names()} == SHORT_PLACES


def test_no_form_holds_a_blank_or_comma_or_is_a_stop_word():
    # A blank never reaches a token, and a comma would break mecab's CSV.
    for entry in dictionary.entries():
        assert not set(entry.form) & set(" ,\t")
        assert entry.form not in dictionary.stop_words()
        assert len(entry.form) >= 2


def test_tags_are_those_of_nouns():
    assert {entry.tag for entry in dictionary.entries()} == {"NNG", "NNP"}


def test_aliases_stand_for_their_term():
    canonical = dictionary.canonical_forms()
    assert canonical["보도블럭"] == "보도블록"
    assert canonical["보도블록"] == "보도블록"
    assert all(canonical[term] == term for term in canonical.values())


def test_groups_hold_canonical_terms_only():
    canonical, groups = dictionary.canonical_forms(), dictionary.term_groups()
    assert {"아리수", "지하철", "정신보건"} <= set(groups)
    assert {"아리수", "수돗물", "상수도"} <= set(groups["아리수"])
    for members in groups.values():
        assert len(members) == len(set(members))
        assert all(canonical.get(term) == term for term in members)


def test_boilerplate_is_stopped_and_matters_are_not():
    stop = dictionary.stop_words()
    assert {"민원", "서울시", "문의", "관련", "안녕"} <= stop
    assert not stop & {"지하철", "버스", "자살"}


def test_version_changes_with_the_terms(monkeypatch):
    before = dictionary.dictionary_version()
    more = (*dictionary.entries(), dictionary.Entry("새말", "NNG", "general", "새말"))
    monkeypatch.setattr(dictionary, "entries", lambda: more)
    assert len(before) == 12
    assert dictionary.dictionary_version.__wrapped__() != before


def test_every_form_alone_is_its_term(tokenizer):
    # Where an analyser still cuts (버스 + 정류장), the touching nouns are joined again.
    wrong = [
        entry.form
        for entry in dictionary.entries()
        if terms_of(entry.form, tokenizer.tokens(entry.form), language="ko") != (entry.term,)
    ]
    assert wrong == []


def test_places_leave_other_words_whole(tokenizer):
    for text, word in [
        ("방학동안 급식", "급식"),
        ("공장지역 매연", "매연"),
        ("삼척 천연동굴 발견", "발견"),
        ("서울 대학동아리", "대학"),
    ]:
        found = [token.form for token in tokenizer.tokens(text)]
        assert word in found
        assert not set(found) & {"방학동", "장지역", "천연동", "대학동"}
