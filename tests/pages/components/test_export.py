"""What downloads are called."""

from __future__ import annotations

import datetime as dt

from pages.components.export import file_name


def test_file_name_carries_the_period() -> None:
    assert file_name("overview_volume", dt.date(2026, 3, 1), dt.date(2026, 3, 31)) == (
        "minwon_overview_volume_2026-03-01_2026-03-31.csv"
    )
    assert file_name("methods_runs") == "minwon_methods_runs.csv"
