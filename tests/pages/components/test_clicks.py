"""A clicked mark is compared with what is known; it is never trusted."""

from __future__ import annotations

from typing import Any

import pytest

from pages.components.clicks import _code_of, clicked


def event(**point: Any) -> dict[str, Any]:
    return {"selection": {"points": [point] if point else []}}


@pytest.mark.parametrize(
    ("selection", "meaning"),
    [
        (None, None),
        (event(), None),
        (event(customdata="water", y="상수도"), "water"),
        (event(customdata=["water", 3]), "water"),
        (event(customdata={"0": "water"}), "water"),
        (event(y="상수도"), "상수도"),
        (event(label="상수도"), "상수도"),
    ],
)
def test_a_click_means_its_customdata_else_its_label(selection: Any, meaning: str | None) -> None:
    assert clicked(selection) == meaning


def test_only_known_departments_are_taken() -> None:
    names = {"water": "상수도", "b": "<b>과"}
    assert [_code_of(label, names) for label in ("water", "상수도", "b과", "x", None)] == [
        "water",
        "water",
        "b",
        None,
        None,
    ]
