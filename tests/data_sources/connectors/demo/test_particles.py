"""Particles follow the last sound of the word."""

from __future__ import annotations

import pytest

from data_sources.connectors.demo.particles import with_particle


@pytest.mark.parametrize(
    ("word", "particle", "expected"),
    [
        ("강남역", "이", "강남역이"),
        ("버스", "이", "버스가"),
        ("아리수", "은", "아리수는"),
        ("보증금", "은", "보증금은"),
        ("쓰레기", "을", "쓰레기를"),
        ("신호등", "을", "신호등을"),
        ("교통정책과", "으로", "교통정책과로"),
        ("보건소", "으로", "보건소로"),
        ("시민건강국", "으로", "시민건강국으로"),
        ("디지털", "으로", "디지털로"),  # ㄹ takes 로, not 으로
        ("할머니", "과", "할머니와"),
        ("저희 딸", "과", "저희 딸과"),
        ("합정동", "이에요", "합정동이에요"),
        ("테헤란로", "이에요", "테헤란로예요"),
        ("3만원", "이나", "3만원이나"),
        ("1억", "이나", "1억이나"),
        ("D-104", "으로", "D-104로"),
        ("120", "이", "120이"),  # read 백이십
        ("CCTV", "이", "CCTV가"),
        ("2호선(성수)", "은", "2호선(성수)는"),
        ("", "이", "가"),
    ],
)
def test_particle_follows_the_last_sound(word: str, particle: str, expected: str) -> None:
    assert with_particle(word, particle) == expected


def test_an_unknown_particle_is_refused() -> None:
    with pytest.raises(KeyError):
        with_particle("버스", "도")
