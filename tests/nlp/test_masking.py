"""Personal data: found, and nothing else taken for it. All numbers here and in masking_cases.toml are made up."""

from __future__ import annotations

import re
import time
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.masking import LABELS, MASKS, mask_and_count, mask_text
from nlp.normalize import analysed_form

CASES = tomllib.loads((Path(__file__).parent / "masking_cases.toml").read_text(encoding="utf-8"))
PERSONAL = [(kind, text) for kind, texts in CASES["personal"].items() for text in texts]
LOOK_ALIKES = CASES["look_alikes"]["texts"]
PHONE, EMAIL, RESIDENT, CARD = (LABELS[kind] for kind in ("phone", "email", "resident", "card"))


def test_the_labelled_set_is_large_enough_and_covers_every_kind():
    assert len(PERSONAL) >= 120
    assert len(LOOK_ALIKES) >= 120
    assert {kind for kind, _ in PERSONAL} == set(LABELS) == {mask.kind for mask in MASKS}


@pytest.mark.parametrize(("kind", "marked"), PERSONAL, ids=[f"{kind}-{text}" for kind, text in PERSONAL])
def test_what_is_marked_is_masked_and_the_rest_stays(kind, marked):
    masked, counts = mask_and_count(re.sub("[{}]", "", marked))
    assert masked == re.sub(r"\{[^}]*\}", LABELS[kind], marked)
    assert counts == {kind: 1}


def test_fewer_than_one_in_a_hundred_look_alikes_is_masked():
    wrong = [text for text in LOOK_ALIKES if mask_and_count(text) != (text, {})]
    assert len(wrong) < 0.01 * len(LOOK_ALIKES), wrong


@pytest.mark.parametrize("mask", MASKS, ids=[f"{index}-{mask.kind}" for index, mask in enumerate(MASKS)])
def test_every_row_finds_its_example_and_spares_its_counter_example(mask):
    (start, end), *others = [mask.span(match) for match in mask.pattern.finditer(mask.example) if mask.accepts(match)]
    assert others == []
    assert mask_text(mask.example) == mask.example[:start] + mask.label + mask.example[end:]
    assert mask_and_count(mask.counter_example) == (mask.counter_example, {})


def test_the_analysis_sees_no_label():
    assert analysed_form(" ".join(LABELS.values()) + " 누수") == "누수"


def test_what_is_counted_holds_no_data():
    text = "담당자: 홍길동 010-1234-5678, 12가3456, 세종대로 110"
    masked, counts = mask_and_count(text)
    assert masked == "담당자: [이름] [전화번호], [차량번호], 세종대로 [번지]"
    assert counts == {"name": 1, "phone": 1, "plate": 1, "address": 1}


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("연락처 010-1234-5678 입니다", f"연락처 {PHONE} 입니다"),
        ("01012345678로", f"{PHONE}로"),
        ("010.1234.5678 / 010 1234 5678", f"{PHONE} / {PHONE}"),
        ("010 - 1234 - 5678", PHONE),
        ("(010)1234-5678", PHONE),
        ("o1o-1234-5678", PHONE),
        ("０１０－１２３４－５６７８", PHONE),
        ("011-234-5678", PHONE),
        ("+82-10-1234-5678", PHONE),
        ("+82 2 2345 6789", PHONE),
        ("031-234-5678, 070-1234-5678, 050-71234-5678", f"{PHONE}, {PHONE}, 050-71234-5678"),
        ("0507-1234-5678", PHONE),
        ("(02)2345-6789", PHONE),
        ("kim.gildong+a@example.co.kr이에요", f"{EMAIL}이에요"),
        ("gildong골뱅이naver.com", EMAIL),
        ("gildong (at) example.com", EMAIL),
        ("900101-1234567", RESIDENT),
        ("900101 - 5234567", RESIDENT),
        ("９００１０１-１******", RESIDENT),
        ("0501013234567", RESIDENT),
        ("4111 1111 1111 1111", CARD),
        ("3782-822463-10005", CARD),
        ("010-1234-5678-900101-1234567-010-8765-4321", f"{PHONE}-{RESIDENT}-{PHONE}"),
        ("010-1234-5678-010-8765-4321", f"{PHONE}-{PHONE}"),
    ],
)
def test_personal_data_is_masked(text, masked):
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "6411번 버스",
        "2024-03-01 12:30:45",
        "20240301",
        "120",
        "02 다산콜",
        "02-120으로 전화",
        "3,500,000원",
        "주문번호 20240301-0012345",
        "1588-1234",
        "1577 1234",
        "운송장 6892-1234-5678",
        "https://x.com/seoul/status/1709251200000123456",
        "위도 37.5665350 경도 126.9779692",
        "2017.10.11. 18:00~19:30",
        "hello @mr.smith and @seoul",
        "을지로 골뱅이 맛집",
        "서울로7017 2000-2010년 100-200-300",
        "계좌 말고 1234567890123456",
        "1709251200000",
    ],
)
def test_look_alikes_stay(text):
    assert mask_and_count(text) == (text, {})


def test_counts_by_kind():
    text = "010-1234-5678, 02-2345-6789, a@example.com"
    assert mask_and_count(text) == (f"{PHONE}, {PHONE}, {EMAIL}", {"phone": 2, "email": 1})


_ALPHABET = st.sampled_from("0123456789-. ()+*@0１abo골뱅이공일\n가[]전화번호")
_PIECES = st.sampled_from([
    *LABELS.values(), *(mask.example for mask in MASKS), *(mask.counter_example for mask in MASKS),
    "담당자: ", "계좌 ", "카드 ", "종로", "길", "동", "서울", "김민수", "-", " ", ".", "1", "12", "010", "가", "a", "@",
])  # fmt: skip


@given(
    st.one_of(
        st.text(),
        st.text(_ALPHABET, max_size=80),
        st.lists(_PIECES, max_size=8).map("".join),
        st.from_regex(r"(01[016][-. ]?\d{3,4}[-. ]?\d{4}[-,]?){1,4}"),
    )
)
def test_masking_twice_changes_nothing(text):
    masked = mask_text(text)
    assert mask_and_count(masked) == (masked, {})


# Each is the beginning of something, again and again: what makes a careless pattern try every length of everything.
HOSTILE = (
    "0", "9", "1-", "0101", "82", "1234-", "4111-1111-", "900101-1", "010-1234-5678-", "010-1234-5678-900101-1234567-", "1가", "12가", "12가3456",
    "a", "a.", "a@", "a" * 64 + "@", "공일", "ㅇ1ㅇ", "공일공 ", "동 1-", "종로 1", "길1", "담당자: 김", "담당자 ", "계좌 ", "국민은행 1", "여권 M1234567", "서울 1가 ", "가구 나로 ",
)  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_grows_with_the_length_and_not_faster(unit):
    def seconds(length: int) -> float:
        text = (unit * (length // len(unit) + 1))[:length]
        taken = []
        for _ in range(3):
            started = time.process_time()
            mask_and_count(text)
            taken.append(time.process_time() - started)
        return min(taken)

    # Four times the text: 4 where time is linear, 16 where it is quadratic. What is too short to be measured passes.
    assert seconds(100_000) < 9 * max(seconds(25_000), 0.001)
