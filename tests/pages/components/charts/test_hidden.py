from __future__ import annotations

from db import frames
from pages.components import charts
from tests.pages.components.charts.conftest import table

HIDDEN = [
    ("2026-03-02", "ad", "ad.loan", 3, 10, 7, False),
    ("2026-03-02", "spam", "spam.adult", 1, 10, 7, False),
    ("2026-03-09", "ad", "ad.link", 2, 20, 7, True),
]


def test_classes_are_stacked_in_one_order_and_cut_weeks_are_hatched() -> None:
    figure = charts.hidden_classes(table(frames.HIDDEN_REASONS, HIDDEN), "en")
    whole, cut, spam, *_ = figure.data
    assert (whole.x, whole.y, cut.y) == (("2026-03-02", "2026-03-09"), (None, 2), (3, None))
    assert whole.hovertext == (
        "ad: 3 (30.0% [10.8–60.3%] of 10 posts collected)",
        "ad: 2 (10.0% [2.8–30.1%] of 20 posts collected)",
    )
    assert (spam.name, figure.data[-1].name) == ("spam", "partial week")
    assert figure.layout.barmode == "stack"


def test_reasons_beyond_six_are_one() -> None:
    rows = [("2026-03-02", "spam", f"spam.kind_{number}", 9 - number, 60, 1, True) for number in range(8)]
    figure = charts.hidden_reasons(table(frames.HIDDEN_REASONS, rows), "ko")
    assert [trace.name for trace in figure.data] == [*(f"spam.kind_{number}" for number in range(6)), "그 밖의 이유"]
    assert [trace.y[0] for trace in figure.data] == [9, 8, 7, 6, 5, 4, 5]
    assert len({trace.marker.color for trace in figure.data}) == 7
