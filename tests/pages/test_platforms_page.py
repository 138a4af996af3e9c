"""The platforms page over accounts that are read live: last fetch, gaps, and what was not read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest

from data_sources.records import AccountReference
from db.engine import open_engine
from db.records import KST
from db.transactions import writing
from db.writes.sources import ReadSpan, add_spans
from pages.components.text import text
from tests.builders import ListConnector, a_question
from tests.pages.conftest import Open, filled

TO = AccountReference(handle="roads", department="도로관리과")
LANGUAGES = ("ko", "en")


def _tables(app) -> list[pd.DataFrame]:  # type: ignore[no-untyped-def]
    return [each.value for each in app.dataframe]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_not_read_is_said(open_app: Open, tmp_path: Path, lang: str) -> None:
    first = dt.datetime.now(KST).replace(hour=0, minute=0, second=0, microsecond=0) - dt.timedelta(days=10)
    hours = [first + dt.timedelta(hours=number) for number in range(121)]
    posts = [a_question(f"q{number}", created_at=hours[number], addressed_to=TO) for number in range(9, 120, 24)]
    url = filled(tmp_path / "live.db", ListConnector(posts))
    spans = [ReadSpan("blog", "roads", hours[start], hours[end]) for start, end in ((0, 48), (54, 120))]
    with writing(open_engine(url)) as connection:
        add_spans(connection, "x:mentions", spans)
    app = open_app(url, "platforms", period="all", lang=lang)
    assert not app.exception
    assert not app.error
    connected, gaps = _tables(app)[-2:]
    header = {
        name: text(f"column.{name}", lang) for name in ("last_fetch", "gap_hours", "gap_from", "gap_to", "source")
    }
    assert connected[header["last_fetch"]].tolist() == [f"{hours[120]:%Y-%m-%d %H:%M:%S}"]
    assert connected[header["gap_hours"]].tolist() == [6.0]
    assert gaps[[header["gap_from"], header["gap_to"]]].to_numpy().tolist() == [
        [f"{hours[end]:%Y-%m-%d %H:%M:%S}" for end in (48, 54)]
    ]
    assert gaps[header["source"]].tolist() == ["x:mentions"]
    assert text("platforms.gaps.never", lang) not in [caption.value for caption in app.caption]


def test_where_nothing_is_read_live_that_is_said_instead(open_app: Open, demo_url: str) -> None:
    app = open_app(demo_url, "platforms", period="all")
    assert text("platforms.gaps.never", "ko") in [caption.value for caption in app.caption]
    assert text("platforms.gaps.title", "ko") not in [header.value for header in app.header]
