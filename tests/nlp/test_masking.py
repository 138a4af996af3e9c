"""Personal data: found, and nothing else taken for it. All numbers here are made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.masking import MASKS, mask_and_count, mask_text

PHONE, EMAIL, RESIDENT, CARD = "[전화번호]", "[이메일]", "[주민등록번호]", "[카드번호]"


@pytest.mark.parametrize("mask", MASKS, ids=[f"{index}-{mask.kind}" for index, mask in enumerate(MASKS)])
def test_every_row_finds_its_example_and_spares_its_counter_example(mask):
    matches = [match[0] for match in mask.pattern.finditer(mask.example) if mask.accepts(match[0])]
    assert len(matches) == 1
    assert mask_text(mask.example) == mask.example.replace(matches[0], mask.label)
    assert mask_and_count(mask.counter_example) == (mask.counter_example, {})


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


@given(
    st.one_of(st.text(), st.text(_ALPHABET, max_size=80), st.from_regex(r"(01[016][-. ]?\d{3,4}[-. ]?\d{4}[-,]?){1,4}"))
)
def test_masking_twice_changes_nothing(text):
    masked = mask_text(text)
    assert mask_and_count(masked) == (masked, {})


@given(st.text(_ALPHABET, min_size=2000, max_size=3000))
def test_masking_ends_on_long_hostile_text(text):
    assert isinstance(mask_text(text), str)
