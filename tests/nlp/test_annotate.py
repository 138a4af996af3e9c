"""The door: what the loader gets."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from nlp import annotate as door
from nlp import dictionary
from nlp import versions as reading
from nlp.annotate import annotate, annotate_many, mask, search_terms, versions
from nlp.records import Annotation
from nlp.tokenizers import TOKENIZERS, UnknownTokenizer


@pytest.fixture(params=[name for name, row in TOKENIZERS.items() if not row.needs_java])
def chosen(request, monkeypatch):
    if not TOKENIZERS[request.param].is_installed():
        pytest.skip(f"{request.param} needs {', '.join(TOKENIZERS[request.param].packages)}")
    monkeypatch.setenv("MINWON_TOKENIZER", request.param)
    return request.param


def test_a_question_with_everything(chosen):
    found = annotate("@seoul 지하철 2호선 보도블럭이 깨졌어요!!!! 010-1234-5678 #누수 https://t.co/a")
    assert found.text == "@seoul 지하철 2호선 보도블럭이 깨졌어요!!!! [전화번호] #누수 https://t.co/a"
    assert found.language == "ko"
    assert found.terms == ("지하철", "2호선", "보도블록", "누수")
    assert (found.department, found.department_rule) == ("subway", "subway.지하철")
    assert (found.verdict.post_class, found.verdict.reason) == ("question", "default.question")
    assert found.masked == {"phone": 1}
    assert not found.risk
    assert found.versions == versions()
    assert found.versions.tokenizer.startswith(chosen)
    assert "보도블록" in found.search_text.split()
    assert "1234" not in found.search_text


def test_required_terms_come_out_whole(chosen):
    found = annotate("아리수 따릉이 다산콜센터 지하철 2호선")
    assert found.terms == ("아리수", "따릉이", "다산콜센터", "지하철", "2호선")
    assert [token.form for token in found.tokens] == ["아리수", "따릉이", "다산콜센터", "지하철", "2호선"]


def test_english_goes_through_without_an_analyser():
    found = annotate("@120 Thank you, the night BUS is wonderful")
    assert found.language == "en"
    assert found.terms == ("night", "bus", "wonderful")
    assert found.verdict.post_class == "praise"


def test_the_citys_own_text_is_no_question():
    found = annotate("따릉이 점검을 마쳤습니다. 감사합니다", direction="out")
    assert found.verdict.reason == "answer.substantive"
    assert found.department is None
    assert found.terms == ()
    assert "따릉이" in found.search_text.split()


def test_directions_may_differ_by_text():
    classes = [one.verdict.post_class for one in annotate_many(["따릉이 고장", "고쳤습니다"], direction=["in", "out"])]
    assert classes == ["question", "other"]
    with pytest.raises(ValueError, match="no direction 'sideways'; known: in, out"):
        annotate_many(["가"], direction="sideways")
    with pytest.raises(ValueError, match="argument"):
        annotate_many(["가", "나"], direction=["in"])


def test_a_repost_and_a_text_without_words():
    assert annotate("RT @citizen: 따릉이 고장").verdict.post_class == "repost"
    assert annotate("https://t.co/a1").verdict.reason == "default.no_words"
    assert annotate("").tokens == ()


def test_risk_is_flagged():
    assert annotate("죽고 싶다는 생각만 들어요").risk


def test_mask_is_the_text_that_may_be_stored():
    raw = "물\0이 새요 a@example.com"
    assert mask(raw) == annotate(raw).text == "물 이 새요 [이메일]"


def test_search_terms_are_canonical():
    assert search_terms("보도블럭이") == ("보도블록",)
    assert search_terms("다산 콜센터") == ("다산콜센터",)
    assert search_terms("") == ()


def test_unknown_tokenizer_is_an_error(monkeypatch):
    monkeypatch.setenv("MINWON_TOKENIZER", "none")
    with pytest.raises(UnknownTokenizer, match="known: mecab, kiwi"):
        annotate("가")


def test_the_tokenizer_is_built_once():
    assert door.tokenizer() is door.tokenizer()


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(st.characters()), st.text("가ㅋ각ᄀ #@RT:/.,0123-\0\u200b\ud83d😀a\n [", max_size=60)))
@example("가" * 9000)
@example("ㄱ\u1161 \u1112\u1161\u11ab " * 2000)
@example("\ud83d\ude00\0\u2028\x85 카지노.com http://")
def test_annotate_never_raises_and_tokens_stand_in_order(text):
    found = annotate(text)
    assert isinstance(found, Annotation)
    found.text.encode("utf-8")
    found.search_text.encode("utf-8")
    starts = [token.start for token in found.tokens]
    assert starts == sorted(starts)
    analysed = door.normalize.analysed_form(found.text)
    assert all(analysed[start : start + len(form)] == form for form, _tag, start in found.tokens)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text("가나 ㅋ따릉이😀!\n0a\ud83d\0", max_size=80))
def test_no_text_raises_with_any_tokenizer(tokenizer, text):
    length = len(text)
    assert all(0 <= token.start < length for token in tokenizer.tokens(text))


@pytest.mark.parametrize(
    ("resource", "kind"),
    [
        ("civic_terms.toml", "dictionary"),
        ("places.toml", "dictionary"),
        ("stop_words.toml", "dictionary"),
        ("term_groups.toml", "dictionary"),
        ("roads.toml", "dictionary"),
        ("names.toml", "dictionary"),
        ("routes.toml", "rules"),
        ("risk_terms.toml", "rules"),
    ],
)
def test_versions_change_with_every_resource(monkeypatch, resource, kind):
    before = versions()
    real = dictionary.read_resource
    monkeypatch.setattr(
        dictionary, "read_resource", lambda name: {**real(name), **({"x": 1} if name == resource else {})}
    )
    monkeypatch.setattr(reading, "resources_version", dictionary.resources_version.__wrapped__)
    after = reading._versions.__wrapped__(before.tokenizer, reading.rules_version(), None)
    assert [name for name in ("tokenizer", "dictionary", "rules") if getattr(after, name) != getattr(before, name)] == [
        kind
    ]
