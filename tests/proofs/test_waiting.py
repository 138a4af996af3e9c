"""Waiting times against the survival functions of others, and against laws that are known."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from sqlalchemy import select
from statsmodels.duration.survfunc import SurvfuncRight

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
AT_HOURS = (1, 3, 6, 12, 24, 48, 72, 168)
QUANTILES = {"median_response_hours": 0.5, "p90_response_hours": 0.9}


class Reference(NamedTuple):
    """What somebody else makes of the raw times: quantiles with their intervals, and shares with their band."""

    quantiles: dict[float, tuple[float, float, float]]
    shares: list[tuple[float, float, float]]


def _by_statsmodels(hours: np.ndarray, is_answered: np.ndarray) -> Reference:
    curve = SurvfuncRight(hours, is_answered.astype(int))
    quantiles = {
        share: (float(curve.quantile(share)), *map(float, curve.quantile_ci(share, method="cloglog")))
        for share in QUANTILES.values()
    }
    shares = []
    for hour in AT_HOURS:
        step = np.searchsorted(curve.surv_times, hour, side="right") - 1
        waiting_share, error = float(curve.surv_prob[step]), float(curve.surv_prob_se[step])
        shares.append((1 - waiting_share, waiting_share, error))
    return Reference(quantiles, [(share, *_log_log(still, error)) for share, still, error in shares])


def _log_log(still: float, error: float) -> tuple[float, float]:
    """Return the 95 % band of the share answered from the share that waits and its standard error (Greenwood)."""
    reach = 1.959963984540054 * error / (still * abs(np.log(still)))
    return float(1 - still ** np.exp(-reach)), float(1 - still ** np.exp(reach))


def _by_lifelines(hours: np.ndarray, is_answered: np.ndarray) -> Reference:
    lifelines: Any = pytest.importorskip(
        "lifelines", reason="lifelines needs an older pandas: an environment of its own"
    )
    from lifelines.utils import qth_survival_times

    curve = lifelines.KaplanMeierFitter().fit(hours, is_answered)
    quantiles = {}
    for share in QUANTILES.values():
        ends = qth_survival_times(1 - share, curve.confidence_interval_).to_numpy()[0]
        quantiles[share] = (float(curve.percentile(1 - share)), float(min(ends)), float(max(ends)))
    band = curve.confidence_interval_survival_function_
    shares = []
    for hour in AT_HOURS:
        low, high = sorted(1 - band[band.index <= hour].iloc[-1].to_numpy())
        shares.append((1 - float(curve.predict(hour)), float(low), float(high)))
    return Reference(quantiles, shares)


@pytest.mark.parametrize("reference", [_by_statsmodels, _by_lifelines], ids=["statsmodels", "lifelines"])
def test_median_p90_and_band_of_real_threads_equal_those_of_others_on_the_raw_rows(
    tmp_path: Path, reference: Any
) -> None:
    if not DATA.exists():
        pytest.skip(f"the real data is not here: {DATA}")
    engine = open_engine(f"sqlite:///{tmp_path / 'real.db'}")
    counts = load(FileConnector(DATA, "twcs"), engine)
    assert counts.read == 1954
    as_of = data_extent(engine, False).as_of
    assert as_of is not None
    with engine.connect() as connection:
        rows = connection.execute(select(questions.c.asked_at, questions.c.first_answer_at)).all()
    is_answered = np.array([row.first_answer_at is not None for row in rows])
    hours = np.array([((row.first_answer_at or as_of) - row.asked_at).total_seconds() / 3600 for row in rows])
    expected = reference(hours, is_answered)
    for name, share in QUANTILES.items():
        found = metric(engine, name, PERIOD)
        assert found.n == len(rows)
        for value, wanted in zip((found.value, found.low, found.high), expected.quantiles[share], strict=True):
            assert _close(value, wanted), (name, value, wanted)
    ours = zip(*AnsweredShare(answer_times(engine, PERIOD)).within(AT_HOURS), strict=True)
    for (share, low, high), (wanted, wanted_low, wanted_high) in zip(ours, expected.shares, strict=True):
        if not np.isnan(share):
            assert share == pytest.approx(wanted, abs=1e-9)
            assert (low, high) == pytest.approx((wanted_low, wanted_high), abs=0.01)
    engine.dispose()


def _close(found: float | None, expected: float) -> bool:
    if found is None:
        return bool(np.isinf(expected) or np.isnan(expected))
    return found == pytest.approx(expected, rel=0.01, abs=1 / 3600)


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
