from __future__ import annotations

from db.records import POST_CLASSES
from pages.components.charts import style


def test_locale_config_carries_korean_for_korean_alone() -> None:
    config = style.LOCALE_CONFIG("ko")
    assert config["locale"] == "ko"
    assert config["locales"]["ko"]["format"]["shortMonths"][7] == "8월"
    assert "locales" not in style.LOCALE_CONFIG("en")
    assert config["modeBarButtons"] == [["toImage"]]


def test_every_class_has_a_colour_of_its_own() -> None:
    assert list(style.CLASS_COLOURS) == list(POST_CLASSES)
    assert len(set(style.CLASS_COLOURS.values())) == len(POST_CLASSES)


def test_platform_colours_are_fixed_and_of_the_palette() -> None:
    assert style.platform_colour("x") == "#0b5cad"
    assert style.platform_colour("newcomer") == style.platform_colour("newcomer")
    assert style.platform_colour("newcomer") in style.PALETTE


def test_date_axis_names_at_most_four_buckets_and_each_year_once() -> None:
    weeks = ["2025-12-15", "2025-12-22", "2025-12-29", "2026-01-05", "2026-01-12"]
    korean, english = style.date_axis("ko", "주", weeks, ""), style.date_axis("en", "week", weeks, "")
    assert korean["tickvals"] == ["2025-12-15", "2025-12-29", "2026-01-12"]
    assert korean["ticktext"] == ["12월 15일<br>2025년", "12월 29일", "1월 12일<br>2026년"]
    assert english["ticktext"] == ["15 Dec<br>2025", "29 Dec", "12 Jan<br>2026"]


def test_names_fall_back_to_the_other_language_then_to_the_code() -> None:
    assert style.name_in("en", ["물", "길", ""], ["Water", "", None], ["a", "b", "c"]) == ["Water", "길", "c"]
