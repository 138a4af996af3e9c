"""Tables as people read them: words for codes, KST for UTC, percent on screen, fractions in files."""

from __future__ import annotations

from typing import Any

import pandas as pd

from db.frames import ACCOUNTS, CLASSES, PLATFORM_TOTALS, POSTS_BY_DAY, SEARCH_RESULTS
from pages.components.posts import exportable
from pages.components.tables import readable

CLASSES_FRAME = CLASSES.frame([("question", 3, 0.75, 0.3, 0.95), ("ad", 1, 0.25, 0.05, 0.7)])


def test_shares_are_percent_on_screen_and_fractions_in_a_file() -> None:
    assert readable(CLASSES_FRAME, "en").to_dict("list") == {
        "Class": ["Question", "Advertisement"],
        "Posts": [3, 1],
        "Share": [75.0, 25.0],
        "95% low": [30.0, 5.0],
        "95% high": [95.0, 70.0],
    }
    assert readable(CLASSES_FRAME, "en", for_file=True)["Share (0–1)"].tolist() == [0.75, 0.25]


def test_the_store_frame_is_not_changed() -> None:
    readable(CLASSES_FRAME, "ko")
    assert CLASSES_FRAME["share"].tolist() == [0.75, 0.25]


def test_days_are_iso_dates() -> None:
    frame = POSTS_BY_DAY.frame([(pd.Timestamp("2026-03-01"), 1, 1, 0, 0, True)])
    assert readable(frame, "ko")["날짜"].tolist() == ["2026-03-01"]


def a_result(**fields: Any) -> pd.DataFrame:
    row = dict.fromkeys(SEARCH_RESULTS.columns) | {
        "post_id": 1,
        "platform": "x",
        "created_at": pd.Timestamp("2026-03-01 15:30", tz="UTC"),
        "created_precision": "second",
        "post_class": "question",
        "reason": "default.question",
        "wait_hours": 2.5,
    }
    return SEARCH_RESULTS.frame([row | fields])


def test_times_are_korea_standard_time_and_a_day_only_post_shows_no_time() -> None:
    assert readable(exportable(a_result()), "en")["Posted (KST)"].tolist() == ["2026-03-02 00:30:00"]
    assert readable(exportable(a_result(created_precision="day")), "en")["Posted (KST)"].tolist() == ["2026-03-02"]


def test_a_missing_time_stays_missing() -> None:
    row = dict.fromkeys(ACCOUNTS.columns) | {"received": 0, "answers": 0, "status": "connected"}
    assert readable(ACCOUNTS.frame([row]), "en")["Last post (KST)"].isna().tolist() == [True]


def test_an_export_holds_a_text_only_where_the_platform_allows_it() -> None:
    results = a_result(text="shown on screen", export_text=None)
    exported = readable(exportable(results), "en", for_file=True)
    assert exported["Text"].tolist() == [None]
    assert "shown on screen" not in exported.to_csv()


def test_names_are_in_the_language_and_platform_ids_in_words() -> None:
    row = dict.fromkeys(ACCOUNTS.columns) | {
        "platform": "x",
        "handle": "demo",
        "name_ko": "서울시",
        "name_en": "",
        "department_ko": "교통과",
        "department_en": "Transport",
        "status": "pending",
        "received": 0,
        "answers": 0,
    }
    shown = readable(ACCOUNTS.frame([row]), "en", platforms={"x": "Twitter (X)"})
    assert shown[["Platform", "Name", "Department", "Status"]].iloc[0].tolist() == [
        "Twitter (X)", "서울시", "Transport", "pending"
    ]  # fmt: skip


def test_a_platform_table_names_the_platform_once() -> None:
    row = dict.fromkeys(PLATFORM_TOTALS.columns, 0) | {"platform": "x", "name_ko": "트위터", "name_en": "Twitter"}
    assert "Platform" not in readable(PLATFORM_TOTALS.frame([row]), "en").columns
    assert "Platform" in readable(PLATFORM_TOTALS.frame([row]), "en", for_file=True).columns
