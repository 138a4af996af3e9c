"""Waiting times against lifelines, and against laws that are known."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from lifelines import KaplanMeierFitter
from lifelines.utils import median_survival_times, qth_survival_times
from sqlalchemy import select

from data_sources.connectors.files import FileConnector
from data_sources.loader import load
from db.engine import open_engine
from db.intervals import AnsweredShare
from db.metrics import metric
from db.queries.extent import data_extent
from db.queries.response import answer_times
from db.records import PostFilter
from db.schema import questions
from tests.proofs import waiting

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "15_twcs_threads.csv"
PERIOD = PostFilter(dt.date(2008, 1, 1), dt.date(2017, 12, 31))


def _lifelines(
    hours: np.ndarray, is_answered: np.ndarray
) -> tuple[KaplanMeierFitter, dict[float, tuple[float, float, float]]]:
    """Return lifelines' curve and, for each share, its time with both ends of its interval."""
    curve = KaplanMeierFitter().fit(hours, is_answered)
    found = {}
    for share in (0.5, 0.9):
        ends = qth_survival_times(1 - share, curve.confidence_interval_).to_numpy()[0]
        value = median_survival_times(curve) if share == 0.5 else curve.percentile(1 - share)
        found[share] = (value, float(min(ends)), float(max(ends)))
    return curve, found


def _close(found: float | None, expected: float) -> bool:
    return found is None if np.isinf(expected) else found == pytest.approx(expected, rel=0.01, abs=1 / 3600)


def test_median_p90_and_band_of_real_threads_equal_lifelines_on_the_raw_rows(tmp_path: Path) -> None:
    if not DATA.exists():
        pytest.skip(f"the real data is not here: {DATA}")
    engine = open_engine(f"sqlite:///{tmp_path / 'real.db'}")
    load(FileConnector(DATA, "twcs"), engine)
    as_of = data_extent(engine, False).as_of
    assert as_of is not None
    with engine.connect() as connection:
        rows = connection.execute(select(questions.c.asked_at, questions.c.first_answer_at)).all()
    is_answered = np.array([row.first_answer_at is not None for row in rows])
    hours = np.array([((row.first_answer_at or as_of) - row.asked_at).total_seconds() / 3600 for row in rows])
    curve, expected = _lifelines(hours, is_answered)
    for share, name in ((0.5, "median_response_hours"), (0.9, "p90_response_hours")):
        found = metric(engine, name, PERIOD)
        assert found.n == len(rows)
        for value, wanted in zip((found.value, found.low, found.high), expected[share], strict=True):
            assert _close(value, wanted), (name, value, wanted)
    at = [1, 3, 6, 12, 24, 48, 72, 168]
    shares, lows, highs = AnsweredShare(answer_times(engine, PERIOD)).within(at)
    band = curve.confidence_interval_survival_function_
    for place, hour in enumerate(at):
        if np.isnan(shares[place]):
            continue
        assert shares[place] == pytest.approx(1 - float(curve.predict(hour)), abs=1e-9)
        last = band[band.index <= hour].iloc[-1]
        assert sorted([lows[place], highs[place]]) == pytest.approx(sorted(1 - last.to_numpy()), abs=0.01)
    engine.dispose()


def test_the_file_that_is_read_is_the_one_meant() -> None:
    if not DATA.exists():
        pytest.skip(f"the real data is not here: {DATA}")
    with DATA.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 1954


@pytest.mark.parametrize("size", waiting.SIZES)
def test_intervals_hold_the_truth_as_often_as_they_say(size: int) -> None:
    found = waiting.measure(size, waiting.REPETITIONS, seed=1)
    for held in (found.median_held, found.p60_held, found.share_held):
        assert 0.93 <= held <= 0.97
    assert found.usual < 0.6 * waiting.true_quantile(0.5)
    assert found.median == pytest.approx(waiting.true_quantile(0.5), rel=0.15)


def test_the_truth_of_the_table_is_that_of_the_simulation() -> None:
    random = np.random.default_rng(3)
    hours = random.lognormal(np.log(waiting.MEDIAN_HOURS), waiting.SIGMA, 400_000)
    hours[random.random(len(hours)) < waiting.NEVER] = np.inf
    assert np.quantile(hours, 0.5, method="lower") == pytest.approx(waiting.true_quantile(0.5), rel=0.01)
    assert np.mean(hours <= waiting.TARGET_HOURS) == pytest.approx(waiting.true_share(), abs=0.003)
