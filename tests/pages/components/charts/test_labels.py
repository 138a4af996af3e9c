from __future__ import annotations

import re
from pathlib import Path

import pytest

from db.records import AGE_BANDS, DEPARTMENT_SOURCES, POST_CLASSES
from pages.components.charts.labels import LABELS, UnknownLabel, label

PACKAGE = Path(__file__).parents[4] / "pages" / "components" / "charts"


def test_both_languages_have_the_same_labels() -> None:
    assert LABELS["ko"].keys() == LABELS["en"].keys()


@pytest.mark.parametrize("key", LABELS["ko"])
def test_both_languages_fill_in_the_same_values(key: str) -> None:
    fields = {lang: set(re.findall(r"\{(\w+)\}", LABELS[lang][key])) for lang in ("ko", "en")}
    if key in ("date.day", "date.day_year"):
        fields["en"] = {"month" if field == "month_name" else field for field in fields["en"]}
    assert fields["ko"] == fields["en"]


def test_an_unknown_key_or_language_raises() -> None:
    with pytest.raises(UnknownLabel, match=r"axis\.nothing"):
        label("ko", "axis.nothing")
    with pytest.raises(UnknownLabel, match="known: ko, en"):
        label("fr", "axis.day")


def test_every_code_of_the_records_has_a_label() -> None:
    wanted = {f"class.{name}" for name in POST_CLASSES}
    wanted |= {f"department.{'by_' + name if name != 'unassigned' else name}" for name in DEPARTMENT_SOURCES}
    wanted |= {f"age.{position}" for position in range(1, len(AGE_BANDS) + 1)}
    assert wanted <= LABELS["ko"].keys()


def test_every_label_is_used() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in [*PACKAGE.glob("*.py"), PACKAGE.parent / "cloud.py"])
    families = (
        "class.",
        "age.",
        "department.by_",
        "volume.",
        "axis.day",
        "axis.week",
        "wait.",
        "reply.",
    )  # keys put together
    unused = [key for key in LABELS["ko"] if f'"{key}"' not in code and f"'{key}'" not in code]
    assert [key for key in unused if not key.startswith(families)] == []
