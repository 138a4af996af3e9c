"""The second way to every KPI: the same numbers from the rows, red where a roll-up is wrong."""

from __future__ import annotations

import ast
import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, Table, delete, select, update

from data_sources.connectors.demo import DemoConnector
from data_sources.loader import load
from db import schema
from db.__main__ import main
from db.metrics import METRICS
from db.queries import load_id, self_check
from db.records import KST, PostFilter
from db.selfcheck import ROUTES, SUMS, Item, check
from db.selfcheck import rows as reading
from db.selfcheck.working_time import working_seconds
from db.snapshot import Snapshot
from db.transactions import writing
from db.working_clock import OFFICE_HOURS, OfficeHours, WorkingClock
from db.writes import find_posts, remove_posts
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store

ROOT = Path(__file__).resolve().parents[2]
LOAN = "무담보 당일 대출 상담 카톡 문의 바로가기 http://loan.example/abc"
MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
INVENTED = PostFilter(dt.date(2026, 8, 1), dt.date(2026, 10, 20), synthetic=True)
ROLLUPS = (
    schema.class_counts, schema.post_counts, schema.question_counts, schema.response_histograms, schema.closed_questions,
)  # fmt: skip
NOW = dt.datetime(2026, 3, 20, tzinfo=dt.UTC)


def _checked(engine: Engine, where: PostFilter) -> dict[str, Item]:
    with Snapshot(engine) as snapshot:
        return {item.name: item for item in check(snapshot, where)}


def _red(engine: Engine, where: PostFilter) -> list[str]:
    return [item.name for item in _checked(engine, where).values() if not item.is_green]


@pytest.mark.parametrize("name", METRICS)
def test_every_metric_has_a_second_way(name: str) -> None:
    assert name in ROUTES


def test_no_second_way_is_left_that_no_metric_has() -> None:
    assert ROUTES.keys() == METRICS.keys()


def test_the_second_way_knows_no_roll_up_and_none_of_the_statistics_of_the_first() -> None:
    for name in ("rows", "routes", "working_time"):
        tree = ast.parse((ROOT / "db" / "selfcheck" / f"{name}.py").read_text(encoding="utf-8"))
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        ours = {module for module in imported if module and module.startswith("db.")}
        assert ours <= {
            "db.packing", "db.records", "db.schema", "db.selfcheck.rows", "db.selfcheck.working_time", "db.timeline",
            "db.working_clock",
        }, name  # fmt: skip
        named = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert named & {table.name for table in ROLLUPS} == set()
        assert named & {"WorkingClock", "working_days", "unpack_histogram"} == set()


def test_both_ways_agree_on_invented_posts(store: Store) -> None:
    load(DemoConnector(posts=1500, days=120, until=dt.date(2026, 11, 1)), store.engine)
    names = _ids_on_x(store.engine)
    with writing(store.engine) as connection:
        some = list(find_posts(connection, "x", names).values())
        remove_posts(connection, some[::7], dt.datetime(2026, 10, 25, tzinfo=dt.UTC))
    found = _checked(store.engine, INVENTED)
    assert [str(item) for item in found.values() if not item.is_green] == []
    assert list(found) == [*METRICS, *SUMS]
    assert found["removed_unanswered"].recomputed_n > 0
    assert found["direct_reply_median_hours"].recomputed_n > 100


def _ids_on_x(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        row = schema.posts.c
        return list(connection.scalars(select(row.platform_post_id).where(row.platform_id == "x")))


def test_both_ways_agree_on_posts_counted_by_hand(store: Store) -> None:
    store.add(
        a_question("1 h"),
        an_answer("a1", to="1 h", created_at=kst("2026-03-02 10:00")),
        a_question("3 h"),
        an_answer("a3", to="3 h", created_at=kst("2026-03-02 12:00")),
        a_question("waits"),
        a_question("removed"),
        a_question("day only", created_precision="day"),
        a_question("no answers", answers_collected=False),
        a_question("thanks", "덕분에 감사합니다"),
        a_question("loan", LOAN),
        a_question("last", created_at=kst("2026-03-28 09:00")),
    )
    with writing(store.engine) as connection:
        remove_posts(connection, list(find_posts(connection, "blog", ["removed"]).values()), NOW)
    found = _checked(store.engine, MARCH)
    assert [str(item) for item in found.values() if not item.is_green] == []
    # Of the five whose wait is known, the one asked last was seen for no time: 2 of the 4 others were answered. The second of
    # March was a holiday: by the working clock both answers came at once, when all five were still seen.
    by_hand = {
        "collected_posts": (9.0, 9), "questions": (7.0, 7), "hidden_posts": (1.0, 9), "hidden_posts_share": (1 / 9, 9),
        "unanswered_over_7_days": (2.0, 3), "answered_share": (2 / 6, 6), "answered_within_24h_share": (0.5, 5),
        "answered_within_3_working_hours_share": (0.4, 5), "direct_reply_median_hours": (2.0, 2),
        "answerable_sum": (6.0, 6), "removed_unanswered": (1.0, 1), "timed_sum": (7.0, 7),
    }  # fmt: skip
    for name, (value, n) in by_hand.items():
        assert found[name].recomputed == pytest.approx(value), name
        assert found[name].recomputed_n == n, name


def test_an_empty_period_is_green_and_says_nothing(store: Store) -> None:
    store.add(a_question("q1"))
    assert _red(store.engine, PostFilter(dt.date(2026, 5, 1), dt.date(2026, 5, 2))) == []


@pytest.mark.parametrize(
    ("table", "of", "red"),
    [
        (
            schema.class_counts,
            {"post_class": "ad"},
            {"collected_posts", "hidden_posts", "hidden_posts_share", "classes_sum"},
        ),
        (
            schema.question_counts,
            {"platform_id": "blog"},
            {"questions", "answered_share", "answerable_sum", "departments_sum", "removed_unanswered", "timed_sum"},
        ),
        (
            schema.response_histograms,
            {},
            {"median_response_hours", "answered_within_24h_share", "median_working_hours"},
        ),
        (schema.closed_questions, {}, {"unanswered_over_7_days"}),
    ],
    ids=["class_counts", "question_counts", "response_histograms", "closed_questions"],
)
def test_a_wrong_roll_up_turns_it_red(store: Store, table: Table, of: dict[str, str], red: set[str]) -> None:
    # Asked in January, answered in March: at the end of February it was still open.
    february = PostFilter(dt.date(2026, 1, 1), dt.date(2026, 2, 28))
    store.add(
        *(a_question(f"q{number}", created_at=kst("2026-01-05 09:00")) for number in range(4)),
        *(an_answer(f"a{number}", to=f"q{number}", created_at=kst("2026-03-05 09:00")) for number in range(2)),
        an_answer("a2", to="q2", created_at=kst("2026-01-05 10:00")),
        a_question("loan", LOAN, created_at=kst("2026-01-05 09:00")),
    )
    with writing(store.engine) as connection:
        remove_posts(connection, list(find_posts(connection, "blog", ["q3"]).values()), NOW)
    assert _red(store.engine, february) == []
    with store.engine.begin() as connection:
        connection.execute(delete(table).where(*(table.c[name] == value for name, value in of.items())))
    assert set(_red(store.engine, february)) >= red


def test_a_metric_without_a_second_way_is_red(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add(a_question("q1"))
    monkeypatch.delitem(ROUTES, "questions")
    assert _red(store.engine, MARCH) == ["questions"]


def test_rows_are_read_in_pieces_and_the_pieces_are_all(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "AT_ONCE", 3)
    store.add(*(a_question(f"q{number}") for number in range(10)), an_answer("a", to="q3"))
    told: list[tuple[int, int]] = []
    with Snapshot(store.engine) as snapshot, snapshot.connect() as connection:
        rows = reading.read_rows(connection, MARCH, lambda done, total: told.append((done, total)))
    assert told == [(3, 11), (6, 11), (9, 11), (11, 11)]
    assert (len(rows.posts), len(rows.questions), len(rows.open), len(rows.replies)) == (10, 10, 9, 1)


@pytest.mark.parametrize("written", [None, "08:00-17:00", "10:00-19:00 13:00-14:00"])
def test_working_time_is_that_of_the_working_clock(written: str | None) -> None:
    random = np.random.default_rng(7)
    first = int(dt.datetime(2025, 9, 1, tzinfo=KST).timestamp())
    start = first + random.integers(0, 400 * 86_400, 3000)
    end = start + random.integers(-3600, 60 * 86_400, 3000)
    exceptions = {dt.date(2025, 9, 6): True, dt.date(2025, 9, 10): False, dt.date(2025, 10, 3): True}
    clock = WorkingClock(OFFICE_HOURS if written is None else OfficeHours.parse(written), exceptions)
    expected = np.maximum(clock.at(end) - clock.at(start), 0)
    found = working_seconds(start.astype(float), end.astype(float), written, exceptions)
    assert found.astype(int).tolist() == expected.tolist()


@pytest.fixture
def url(store: Store, monkeypatch: pytest.MonkeyPatch) -> str:
    url = store.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("MINWON_DB_URL", url)
    return url


def test_the_command_keeps_what_it_found(store: Store, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    store.add(a_question("q1"), an_answer("a1"))
    assert self_check(store.engine, False).empty
    assert main(["selfcheck"]) == 0
    count = len(METRICS) + len(SUMS)
    assert capsys.readouterr().out == f"checked={count} red=0 from=2025-12-03 to=2026-03-02\n"
    kept = self_check(store.engine, False)
    assert kept["name"].tolist() == [*METRICS, *SUMS]
    assert set(kept["load_id"]) == {load_id(store.engine)}
    assert self_check(store.engine, True).empty
    with store.engine.begin() as connection:
        connection.execute(update(schema.class_counts).values(post_class="ad"))
    assert main(["selfcheck", "--if-missing"]) == 0
    assert main(["selfcheck", "--from", "2026-03-01", "--to", "2026-03-31"]) == 1
    captured = capsys.readouterr().out.splitlines()
    assert captured == [
        "hidden_posts: published 1.0 (n=1), the rows say 0.0 (n=1)",
        "hidden_posts_share: published 1.0 (n=1), the rows say 0.0 (n=1)",
        f"checked={count} red=2 from=2026-03-01 to=2026-03-31",
    ]
    assert not self_check(store.engine, False)["is_green"].all()


def test_there_is_nothing_to_check_in_an_empty_store(
    store: Store, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["selfcheck"]) == 1
    assert capsys.readouterr().err == "db: there are no posts to check\n"


def test_days_in_the_wrong_order_are_wrong_usage(store: Store, url: str) -> None:
    store.add(a_question("q1"))
    assert main(["selfcheck", "--from", "2026-03-31", "--to", "2026-03-01"]) == 2
