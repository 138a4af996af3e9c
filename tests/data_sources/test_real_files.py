"""The loader on the real files of ``../shared/data``, where they are. Counts and ids only: no text leaves here."""

from __future__ import annotations

import csv
import datetime as dt
import statistics
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from data_sources.connectors.files import FileConnector
from data_sources.loader import load
from db import queries
from db.engine import open_engine
from db.metrics import metric
from db.records import PostFilter

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"

SUGGESTIONS = "01_seoul_suggestions_2017_2021.csv"
PETITIONS = "08_petitions_platform_2018-12-11_12.csv"
THREADS = "15_twcs_threads.csv"
TRUTH = "15_twcs_truth_first_reply_seconds.csv"

# The name before " - " in the column `person`, and the platform it stands for.
LOGINS = {"naver": "naver", "facebook": "facebook", "twitter": "x", "kakao": "kakao"}


def _real(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"the real data is not here: {path}")
    return path


def _rows(name: str) -> list[dict[str, str]]:
    with _real(name).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An empty store."""
    engine = open_engine(f"sqlite:///{tmp_path / 'real.db'}")
    yield engine
    engine.dispose()


def test_suggestions_load_whole_and_only_once(engine: Engine) -> None:
    path = _real(SUGGESTIONS)
    first = load(FileConnector(path, "seoul-suggestions"), engine)
    assert str(first) == "read=10736 inserted=10736 updated=0 unchanged=0 rejected=0"
    second = load(FileConnector(path, "seoul-suggestions"), engine)
    assert str(second) == "read=10736 inserted=0 updated=0 unchanged=10736 rejected=0"
    period = PostFilter(dt.date(2017, 10, 1), dt.date(2021, 12, 31))
    assert queries.classes(engine, period)["posts"].sum() == 10_736
    # Measured: 미세먼지 is 4th and 따릉이 7th, behind 코로나19, 지하철 and 버스.
    leading = queries.top_terms(engine, period, limit=10)["term"].tolist()
    assert {"따릉이", "미세먼지"} <= set(leading)


def test_direct_replies_equal_the_truth_row_by_row(engine: Engine) -> None:
    truth = {row["inbound_tweet_id"]: float(row["response_seconds"]) for row in _rows(TRUTH)}
    counts = load(FileConnector(_real(THREADS), "twcs"), engine)
    assert (counts.read, counts.inserted, counts.rejected) == (1954, 1954, 0)
    where = PostFilter(dt.date(2008, 1, 1), dt.date(2017, 12, 31))
    replies = queries.direct_replies(engine, where)
    assert len(replies) == len(truth) == 835
    found = dict(zip(replies["platform_post_id"], replies["seconds"], strict=True))
    # Sets of ids, not the dictionaries: a difference is told without a row of the file.
    assert {key for key in truth if found.get(key) != truth[key]} == set()
    value = metric(engine, "direct_reply_median_hours", where)
    assert value.n == 835
    assert value.value == pytest.approx(statistics.median(truth.values()) / 3600, rel=1e-12)
    assert value.low is not None
    assert value.high is not None
    assert value.low <= value.value <= value.high


def test_petitions_keep_the_platform_of_their_login(engine: Engine) -> None:
    rows = _rows(PETITIONS)
    expected = Counter(LOGINS[row["person"].split(" - ")[0].strip().lower()] for row in rows)
    counts = load(FileConnector(_real(PETITIONS), "petitions"), engine)
    assert (counts.read, counts.rejected) == (1468, 0)
    days = [dt.date.fromisoformat(row["start-days"]) for row in rows]
    totals = queries.platform_totals(engine, PostFilter(min(days), max(days)))
    assert dict(zip(totals["platform"], totals["posts"], strict=True)) == dict(expected)
    assert totals["posts"].tolist() == sorted(expected.values(), reverse=True)
    assert totals["share"].sum() == pytest.approx(1)
