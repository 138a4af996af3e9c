from __future__ import annotations

import pandas as pd
import pytest

from db import frames
from pages.components import charts
from tests.pages.components.charts.conftest import NAN, table


def test_department_bars_stack_sources_and_put_unassigned_last(department_volume: pd.DataFrame) -> None:
    fig = charts.department_bars(department_volume, "ko")
    codes = ("road", "water", "park", "zoo", "unassigned")
    by_source = {trace.name: trace for trace in fig.data if trace.name}
    assert by_source["답변한 부서로 확인"].x == (8, 15, 4, 0, 0)
    assert by_source["글의 낱말로 추정"].x == (22, 10, 6, 5, 0)
    assert by_source["받는 계정으로 추정"].x == (10, 5, 0, 0, 0)
    assert by_source["미지정"].x == (0, 0, 0, 0, 50)
    assert {trace.customdata for trace in fig.data} == {codes}
    assert fig.layout.yaxis.ticktext == ("도로관리과", "상수도사업본부", "공원녹지과", "서울대공원", "미지정")
    assert (
        by_source["답변한 부서로 확인"].hovertext[0]
        == "도로관리과<br>질문 40건<br>답변한 부서로 확인: 8건 (20.0% [10.5–34.8%])"
    )


def test_department_bars_show_the_rest_of_a_department_as_the_classifiers(department_volume: pd.DataFrame) -> None:
    by_source = {trace.name for trace in charts.department_bars(department_volume, "ko").data}
    assert "분류기로 추정" not in by_source  # nothing is left of any department
    more = department_volume.assign(questions=department_volume["questions"] + 3)
    by_source = {trace.name: trace for trace in charts.department_bars(more, "ko").data if trace.name}
    assert by_source["분류기로 추정"].x == (3, 3, 3, 3, 0)
    assert by_source["미지정"].x == (0, 0, 0, 0, 53)


def test_department_bars_keep_a_long_name_whole_on_hover() -> None:
    name = "감사위원회 시민감사옴부즈만위원회"
    rows = table(frames.DEPARTMENT_VOLUME, [("audit", name, "", 1, 0, 1, 1, 0, 0, 0.0, 0.0, 0.8)])
    fig = charts.department_bars(rows, "en")
    assert fig.layout.yaxis.ticktext == ("감사위원회<br>시민감사옴부즈만위…",)
    assert fig.data[0].hovertext[0].startswith(f"{name}<br>")


def test_two_departments_of_one_name_stay_two_rows(department_volume: pd.DataFrame) -> None:
    fig = charts.department_bars(department_volume.assign(name_ko="과", name_en="division"), "ko")
    assert fig.layout.yaxis.categoryarray == ("road", "water", "park", "zoo", "unassigned")


def test_answered_share_is_sorted_by_name_and_greys_few_cases(department_volume: pd.DataFrame) -> None:
    fig = charts.answered_share_intervals(department_volume, "ko")
    enough, few, nothing, overall = fig.data
    assert fig.layout.yaxis.categoryarray == ("park", "road", "water", "zoo")
    assert (enough.y, enough.x) == (("road", "water"), (40.0, 50.0))
    assert (few.y, few.x, few.marker.symbol) == (("park",), (40.0,), "circle-open")
    assert enough.error_x.array == pytest.approx((21.0, 17.0))
    assert (nothing.y, nothing.text) == (("zoo",), (" 답변 여부를 알 수 없음",))
    assert overall.name == "전체 27.0%"  # 27 of 100, the unassigned ones among them
    assert enough.hovertext[0] == "도로관리과<br>질문 20건 중 8건 답변, 40.0%<br>95% 구간 22.0–61.0%<br>n = 20"


def test_few_answers_grey_a_department_with_many_questions() -> None:
    rows = [
        ("a", "가", "A", 90, 4, 90, 4, 86, 0, 0.04, 0.02, 0.1),
        ("b", "나", "B", 20, 5, 20, 5, 15, 0, 0.25, 0.1, 0.5),
    ]
    enough, few, *_ = charts.answered_share_intervals(table(frames.DEPARTMENT_VOLUME, rows), "en").data
    assert (enough.y, few.y) == (("b",), ("a",))


def test_receiving_bars_fold_small_accounts_and_put_nameless_last() -> None:
    rows = [("x", "", "", "", 100, 0.25, 0.21, 0.3), ("x", "mayor", "서울시장", "Mayor", 200, 0.5, 0.45, 0.55)]
    rows += [("x", f"a{i}", f"계정{i}", "", 22 - i, (22 - i) / 400, 0.0, 0.1) for i in range(21)]
    fig = charts.receiving_bars(table(frames.RECEIVING_VOLUME, rows), "ko")
    bars = fig.data[0]
    assert len(bars.y) == 22
    assert bars.x[:2] == (200, 22)
    assert bars.x[-2:] == (2 + 3, 100)
    assert fig.layout.yaxis.ticktext[-2:] == ("그 밖의 계정 2개", "받는 계정 없음")
    assert bars.hovertext[0] == "서울시장<br>@mayor · x<br>200건, 전체 글의 50.0% [45.1–54.9%]<br>n = 400"
    assert bars.hovertext[-1] == "받는 계정 없음<br>100건, 전체 글의 25.0% [21.0–29.5%]<br>n = 400"


def test_receiving_bars_leave_an_unknown_share_unknown() -> None:
    fig = charts.receiving_bars(table(frames.RECEIVING_VOLUME, [("x", "m", "시장", "", 0, NAN, NAN, NAN)]), "en")
    assert fig.data[1].text == (" 0 (–)",)


def test_unanswered_ages_stack_bands_and_fold_departments() -> None:
    rows = [("1-3", f"d{i:02}", f"부서{i}", "", 100 - i) for i in range(18)]
    rows += [(">30", "d00", "부서0", "", 7), ("<=1", "unassigned", "", "", 500)]
    fig = charts.unanswered_ages(table(frames.UNANSWERED_AGES, rows), "ko")
    by_band = {trace.name: trace for trace in fig.data if trace.name}
    assert list(by_band) == ["1일 이하", "1–3일", "3–7일", "7–30일", "30일 초과"]
    assert by_band["1–3일"].x == (*range(100, 85, -1), 85 + 84 + 83, 0)
    assert by_band["30일 초과"].x == (7, *([0] * 16))
    assert by_band["1일 이하"].x == (*([0] * 16), 500)
    assert fig.layout.yaxis.ticktext[-2:] == ("그 밖의 부서 3곳", "미지정")
    assert by_band["30일 초과"].hovertext[0] == "부서0<br>30일 초과: 7건 (6.5% [3.2–12.9%])<br>미답변 n = 107"
