from __future__ import annotations

from db import frames
from pages.components import charts
from tests.pages.components.charts.conftest import table

ROWS = [
    ("11680", "강남구", "Gangnam-gu", 7, 0.7, 0.397, 0.892, 7, 10, 21),
    ("11110", "종로구", "Jongno-gu", 0, 0.0, 0.0, 0.278, 0, 10, 21),
]


def test_district_bars_keep_the_order_and_say_count_and_share() -> None:
    bars, ends = charts.district_bars(table(frames.DISTRICT_VOLUME, ROWS), "ko").data
    assert (bars.y, bars.x, bars.customdata) == (("11680", "11110"), (7, 0), ("11680", "11110"))
    assert ends.text == (" 7 (70.0%)", " 0 (0.0%)")
    assert bars.hovertext[0] == (
        "강남구<br>질문 7건, 70.0%<br>95% 구간 39.7–89.2%<br>n = 10 (자치구를 말한 질문)<br>쓴 사람 7명 이상"
    )


def test_district_bars_name_districts_in_the_readers_language() -> None:
    figures = [charts.district_bars(table(frames.DISTRICT_VOLUME, ROWS), lang) for lang in ("ko", "en")]
    assert [figure.layout.yaxis.ticktext for figure in figures] == [("강남구", "종로구"), ("Gangnam-gu", "Jongno-gu")]
