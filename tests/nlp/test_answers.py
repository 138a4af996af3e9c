"""Kinds of the city's replies, on a labelled set of invented ones: what is called no answer must be none."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.annotate import annotate
from nlp.answers import ANSWER_RULES, AUTOMATIC, HAND_OFF, KINDS, SUBSTANTIVE, judge

# Written for this test; a third is of each kind, and every answer has something in it that a careless rule falls for.
LABELLED: dict[str, tuple[str, ...]] = {
    SUBSTANTIVE: (
        "가로등은 내일 오전에 교체합니다. 자세한 사항은 120 다산콜로 문의해 주세요.",
        "확인하여 조치하겠습니다.",
        "안녕하세요, 도로관리과입니다. 현장을 확인하고 오늘 보수했습니다. 감사합니다.",
        "120번 버스는 공사 때문에 이번 주까지 우회합니다.",
        "접수하신 내용을 확인해 보니 수도관이 새고 있어 어제 막았습니다.",
        "담당 부서에서 신호 주기를 10초 늘렸습니다.",
        "구청과 함께 단속 카메라를 설치하겠습니다. 더 궁금하신 점은 생활환경과로 문의해 주세요.",
        "도서관은 다음 달부터 22시까지 문을 엽니다.",
        "구청 주차단속반에 전달했습니다. 오늘 중으로 집중 단속하겠습니다.",
        "자동문이 고장 나서 오전에 고쳤습니다.",
        "재난지원금은 주민센터에서 신청하실 수 있고, 기간은 6월 30일까지입니다.",
        "말씀하신 나무는 가지치기를 마쳤습니다. 의견 주셔서 감사합니다.",
        "죄송합니다. 수거 차량이 고장 나 늦었습니다. 오늘 밤까지 치우겠습니다.",
        "그 구간은 시속 30킬로미터 제한이 맞습니다.",
        "네, 반려견도 목줄을 하면 들어갈 수 있습니다.",
        "지하철 요금은 2시간 안에 갈아타면 다시 내지 않습니다.",
        "한강공원 주차장은 평일 무료가 아닙니다. 30분에 1,000원입니다.",
        "소음은 어제 측정한 결과 기준을 넘지 않았습니다. 계속 살피겠습니다.",
        "이관된 시설물이라 저희가 고쳤습니다.",
        "미세먼지 경보가 풀려 야외 수업을 다시 엽니다.",
        "해당 도로는 3월 2일부터 포장 공사를 합니다. 공사 중에는 한 차로만 다닐 수 있습니다.",
        "전달해 주신 사진을 보니 맨홀 뚜껑이 깨졌습니다. 바로 갈겠습니다.",
        "문의하신 환급금은 7일 이내에 들어갑니다. 계좌를 확인해 주세요.",
    ),
    HAND_OFF: (
        "120 다산콜로 문의해 주시기 바랍니다.",
        "안녕하세요. 문의하신 내용은 국번 없이 120 다산콜센터로 문의해 주시기 바랍니다. 감사합니다.",
        "말씀하신 사항은 120으로 문의하시면 자세히 안내받으실 수 있습니다.",
        "안녕하세요, 담당 부서에 전달하겠습니다. 감사합니다!",
        "해당 사항은 강남구청 소관이오니 강남구청 교통행정과(02-000-0000)로 문의해 주시기 바랍니다.",
        "해당 구청으로 문의해 주세요.",
        "관할 경찰서로 신고해 주시기 바랍니다.",
        "저희 소관이 아닙니다. 국민신문고로 접수해 주시기 바랍니다.",
        "담당 부서로 이관하였습니다.",
        "@citizen 소관 부서에 전달드리겠습니다.",
        "교통정책과로 이관되었습니다. 감사합니다.",
        "응답소에 접수해 주시면 감사하겠습니다.",
        "한전에 연락해 주시기 바랍니다.",
        "관련 부서에 말씀 전하겠습니다.",
        "120 다산콜을 이용해 주세요.",
        "안전신문고 앱으로 신고해 주세요!",
        "해당 기관에 전달하겠습니다. 좋은 하루 보내세요.",
        "교육청으로 문의하시기 바랍니다.",
    ),
    AUTOMATIC: (
        "본 메시지는 자동으로 발송되었습니다.",
        "자동 응답입니다. 곧 확인하겠습니다.",
        "안녕하세요. 문의가 정상적으로 접수되었습니다. 순차적으로 답변드리겠습니다.",
        "소중한 의견 접수되었습니다. 담당 부서에 전달하였습니다.",
        "민원이 접수되었습니다.",
        "글이 등록되었습니다. 감사합니다.",
        "지금은 업무시간 외입니다.",
        "상담 시간은 평일 9시부터 18시까지입니다.",
        "운영시간은 09:00~18:00입니다. 문의가 접수되었습니다.",
        "This is an automatic reply.",
        "접수 번호 0000-0000 접수 완료",
        "순차적으로 답변드릴 예정입니다.",
        "문의하신 내용이 접수되었습니다. 영업일 기준 3일 이내 답변드리겠습니다.",
        "의견이 잘 전달되었습니다.",
        "제보 내용이 등록되었습니다.",
        "업무 시간 이후에 확인하겠습니다.",
        "[자동 안내] 메시지를 받았습니다.",
    ),
}
ALL = [(kind, text) for kind, texts in LABELLED.items() for text in texts]


@pytest.mark.parametrize("text", LABELLED[SUBSTANTIVE])
def test_no_answer_is_called_anything_else(text: str) -> None:
    assert judge(text).reason == SUBSTANTIVE


def test_what_is_no_answer_is_mostly_found() -> None:
    found = {kind: Counter(judge(text).reason for text in texts) for kind, texts in LABELLED.items()}
    for kind in (HAND_OFF, AUTOMATIC):
        others = [text for text in LABELLED[kind] if judge(text).reason != kind]
        assert found[kind][kind] / len(LABELLED[kind]) >= 0.85, others


@pytest.mark.parametrize("rule", ANSWER_RULES, ids=lambda rule: rule.id)
def test_a_rule_applies_to_its_example_and_leaves_its_counter_example_alone(rule) -> None:  # type: ignore[no-untyped-def]
    assert (judge(rule.example).reason, judge(rule.example).rule) == (rule.reason, rule.id)
    assert judge(rule.counter_example).reason == SUBSTANTIVE
    assert rule.name_ko
    assert rule.name_en


def test_only_what_the_city_wrote_is_judged() -> None:
    text = "120 다산콜로 문의해 주시기 바랍니다."
    assert annotate(text, direction="out").verdict.reason == HAND_OFF
    assert annotate(text, direction="in").verdict.reason not in KINDS


@given(st.text(max_size=300))
def test_any_text_has_a_kind(text: str) -> None:
    verdict = judge(text)
    assert verdict.reason in KINDS
    assert verdict.post_class == "other"
