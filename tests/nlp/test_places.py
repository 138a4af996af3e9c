"""Places: what a text names, what it leaves open, and what is not ours."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from nlp import annotate as door
from nlp import keywords
from nlp.dictionary import districts, place_names, read_resource
from nlp.places import districts_named, places_of
from nlp.records import Place, Token
from nlp.tokenizers import Tokenizer

DISTRICTS = read_resource("places.toml")["districts"]
SAMPLE = [
    "상계동",
    "역삼동",
    "화곡1동",
    "면목본동",
    "여의도동",
    "북가좌동",
    "압구정동",
    "을지로3가",
    "망원2동",
    "창5동",
]
SAMPLE += [
    "강남구청역",
    "동대문역사문화공원역",
    "신도림역",
    "까치산역",
    "구로디지털단지역",
    "이수역",
    "새절역",
    "종로5가역",
]


def _places(text: str, tokenizer: Tokenizer) -> tuple[Place, ...]:
    tokens = tokenizer.tokens(text)
    return places_of(text, tokens, keywords.terms_of(text, tokens, language="ko"))


def _found(text: str, tokenizer: Tokenizer) -> list[tuple[str | None, str]]:
    return [(place.district_code, place.evidence) for place in _places(text, tokenizer)]


def test_there_are_25_districts_and_every_code_is_one_of_them():
    data = read_resource("places.toml")
    assert len(DISTRICTS) == len(set(DISTRICTS.values())) == 25
    assert all(len(code) == 5 and code.startswith("11") for code in DISTRICTS)
    for section in ("neighbourhoods", "numbered", "stations", "landmarks", "short"):
        assert set(data[section]) <= set(DISTRICTS)
    assert set(data["neighbourhoods"]) == set(data["stations"]) == set(DISTRICTS)
    forms = {name.form for name in place_names()}
    ambiguous = data["ambiguous"]
    for named in (ambiguous["strict"], ambiguous["harmful"], ambiguous["unless"], ambiguous["elsewhere"]):
        assert set(named) <= forms


def test_a_form_names_one_kind_of_thing():
    forms = [name.form for name in place_names()]
    assert len(forms) == len(set(forms))
    assert [name.form for name in place_names() if len(name.form) < 2] == []
    # What ends in 역 by chance (지역) would be a station to the scan.
    assert all(name.form.endswith("역") for name in place_names() if name.kind == "station")


def test_every_analyser_finds_all_districts_whole(taught_tokenizer):
    for code, district in DISTRICTS.items():
        text = f"서울 {district}에서 밤마다 소음이 들려요"
        tokens = taught_tokenizer.tokens(text)
        assert district in [token.form for token in tokens]
        assert district in keywords.terms_of(text, tokens, language="ko")
        assert _places(text, taught_tokenizer) == (Place(code, None, "district", district, 0.95),)


@pytest.mark.parametrize("name", SAMPLE)
def test_every_analyser_finds_neighbourhoods_and_stations_whole(taught_tokenizer, name):
    text = f"오늘 {name} 앞에서 넘어졌어요"
    terms = keywords.terms_of(text, taught_tokenizer.tokens(text), language="ko")
    # Okt cuts at every digit, whatever its dictionary holds; the place is found all the same.
    cuts_digits = taught_tokenizer.version.startswith("okt") and not name.isalpha()
    assert (name in terms) is not cuts_digits
    assert [place.evidence for place in _places(text, taught_tokenizer)] == [name]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("강남구에서는 왜 안 하나요", [("11680", "강남구")]),
        ("강남구청에 전화했어요", [("11680", "강남구")]),
        ("강남구청역 3번 출구", [("11680", "강남구청역")]),
        ("강남구민입니다", [("11680", "강남구")]),
        ("서울강남구역삼동 골목길", [("11680", "강남구"), ("11680", "역삼동")]),
        ("서울시 마포구(망원동) 가로등", [("11440", "마포구"), ("11440", "망원동")]),
        ("화곡제1동 주민센터", [("11500", "화곡제1동")]),
        ("면목3·8동 공영주차장", [("11260", "면목3·8동")]),
        ("신길역세권 공사", [("11560", "신길역")]),
        ("홍대에서 버스를 놓쳤어요", [("11440", "홍대")]),
        ("노원 주민인데요", [("11350", "노원")]),
        ("서초로 이사 왔어요", [("11650", "서초")]),
        ("종로구청앞 횡단보도", [("11110", "종로구")]),
        ("동묘역 승강기", [("11110", "동묘역")]),
    ],
)
def test_particles_and_suffixes_do_not_hide_a_place(tokenizer, text, expected):
    assert _found(text, tokenizer) == expected


@pytest.mark.parametrize(
    "text",
    [
        "홍길동 씨가 민원을 냈어요",
        "골목동네 주차",
        "한번동안 기다렸어요",
        "환경운동 캠페인",
        "방학동안 돌봄교실",
        "대학동아리 지원",
        "성동구치소 터",
        "강남구간 정체",
        "평창동계올림픽",
        "공장지역 매연",
        "모유수유 공간",
        "중구난방 행정",
        "마포대교 자전거도로",
        "신림 101동 앞",
        "동작이 느린 승강기",
        "능동적인 행정",
        "도봉로 송천 우체국",
        "서초대로 73길",
        "서초로 12 앞",
        "관악로30길 보도",
        "",
    ],
)
def test_other_words_are_no_places(tokenizer, text):
    assert _places(text, tokenizer) == ()


@pytest.mark.parametrize(
    ("text", "form", "candidates"),
    [
        ("중구 가로등이 꺼졌어요", "중구", ("11140",)),
        ("신사동 골목이 어두워요", "신사동", ("11380", "11620", "11680")),
        ("서울 신사동 골목", "신사동", ("11380", "11620", "11680")),
        ("동대문에서 왔어요", "동대문", ("11230", "11110", "11140")),
        ("사당역 환승", "사당역", ("11590", "11620", "11650")),
        ("강남역 11번 출구", "강남역", ("11650", "11680")),
        ("부산 사는데 강서구 이야기", "강서구", ("11500",)),
        ("대전에서 서울로 왔는데 중구", "중구", ("11140",)),
    ],
)
def test_an_ambiguous_name_is_left_open(tokenizer, text, form, candidates):
    (place,) = _places(text, tokenizer)
    assert (place.district_code, place.evidence, place.candidates) == (None, form, candidates)
    assert place.confidence < 0.5


@pytest.mark.parametrize(
    ("text", "form", "district_code"),
    [
        ("은평구 신사동 골목", "신사동", "11380"),
        ("강남구 신사동 골목", "신사동", "11680"),
        ("압구정동에서 신사동까지", "신사동", "11680"),
        ("서초동 쪽 강남역 출구", "강남역", "11650"),
        ("관악구 사당역 앞", "사당역", "11620"),
        ("전농동 가는 길 동대문", "동대문", "11230"),
        ("중구 신당동 골목", "중구", "11140"),
        ("중구에서 종로구까지", "중구", "11140"),
        ("서울 중구 가로등", "중구", "11140"),
        ("강서 화곡동 주차", "강서", "11500"),
    ],
)
def test_another_place_of_the_text_decides(tokenizer, text, form, district_code):
    assert {place.evidence: place.district_code for place in _places(text, tokenizer)}[form] == district_code


@pytest.mark.parametrize(
    "text",
    [
        "인천 중구 신흥동 도로",
        "인천광역시 중구청",
        "대구 중구 동성로",
        "부산 강서구 공사",
        "부산시 강서구에서",
        "광주 송정역 승강장",
        "성남시 수정구 위례동",
        "대전 국립현충원 참배",
        "분당구 정자동",
        "울산 강동 바닷가",
    ],
)
def test_places_of_other_cities_are_not_ours(tokenizer, text):
    assert [place for place in _places(text, tokenizer) if place.district_code] == []


def test_the_same_name_in_two_cities(tokenizer):
    assert _found("부산 강서구에서 서울 강서구로 이사", tokenizer) == [("11500", "강서구")]


def test_a_place_stands_once_and_in_order(tokenizer):
    assert _found("마포구 공덕동, 마포구 공덕동, 용산구", tokenizer) == [
        ("11440", "마포구"),
        ("11440", "공덕동"),
        ("11170", "용산구"),
    ]


def test_an_annotation_holds_the_places_of_a_citizens_text_only():
    text = "종로구 혜화동 보도블럭"
    assert door.annotate(text).places == (
        Place("11110", None, "district", "종로구", 0.95),
        Place("11110", "혜화동", "neighbourhood", "혜화동", 0.9),
    )
    assert door.annotate(text, direction="out").places == ()


def test_districts_named_are_those_that_are_told_each_once():
    places = door.annotate("종로구 혜화동에서 신사동 거쳐 잠실동까지 보도블럭").places
    assert [place.district_code for place in places] == ["11110", "11110", None, "11710"]
    assert districts_named(places) == ("11110", "11710")
    assert districts_named(()) == ()


def test_every_district_has_an_english_name():
    named = {code: (korean, english) for code, korean, english in districts()}
    assert {code: korean for code, (korean, _) in named.items()} == DISTRICTS
    assert named["11680"] == ("강남구", "Gangnam-gu")
    assert all(re.fullmatch("[A-Z][a-z]+-gu", english) for _, english in named.values())
    assert len({english for _, english in named.values()}) == 25


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(st.characters()),
        st.lists(
            st.sampled_from(
                [*DISTRICTS.values(), "서울", "부산 ", "신사동", "강남역", "번2동", "에서", " ", "역", "\ud83d"]
            )
        ).map("".join),
    ),
    st.lists(st.integers(0, 50)),
)
@example("서울서울시강남구역삼동서울", [])
@example("중구" * 1000, [1])
def test_no_text_raises_and_evidence_stands_in_it(text, starts):
    for place in places_of(text, [Token("가", "NNG", start) for start in starts], [text]):
        assert place.evidence in text
        assert place.district_code is None or place.district_code in DISTRICTS
        assert (place.district_code is None) == bool(place.candidates)
        assert 0 < place.confidence < 1
