from __future__ import annotations

import datetime as dt
import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update

from data_sources.loader import load
from db.__main__ import main
from db.engine import open_engine
from db.migrate import head_revision
from db.queries import incident
from db.records import NewIncident
from db.schema import class_counts, metadata, posts, term_counts
from db.transactions import writing
from db.writes.incidents import record_incident
from tests.builders import ListConnector, a_question, an_answer

PERIOD = ["--from", "2026-03-01", "--to", "2026-03-31"]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a store that does not exist yet, in the environment."""
    url = f"sqlite:///{tmp_path / 'minwon.db'}"
    monkeypatch.setenv("MINWON_DB_URL", url)
    return url


@pytest.fixture
def filled(url: str) -> str:
    load(
        ListConnector([a_question("q1"), an_answer(), a_question("q2", "가로등", platform="me2day")]), open_engine(url)
    )
    return url


def test_upgrade_says_from_where_to_where(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["upgrade"]) == 0
    assert capsys.readouterr().out == f"schema empty -> {head_revision()}\n"
    assert main(["upgrade"]) == 0
    assert capsys.readouterr().out == f"schema {head_revision()} -> {head_revision()}\n"


def test_stats_count_the_rows_of_every_table(filled: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats"]) == 0
    counts = dict(line.split("=") for line in capsys.readouterr().out.splitlines())
    assert sorted(counts) == sorted(metadata.tables)
    assert (counts["posts"], counts["questions"], counts["load_runs"], counts["rejects"]) == ("3", "2", "1", "0")


def test_a_metric_as_json_has_exactly_the_promised_keys(filled: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metric", "answered_share", *PERIOD, "--json"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    value = json.loads(printed)
    assert list(value) == ["metric", "version", "value", "low", "high", "n", "unit", "from", "to", "as_of"]
    assert value["low"] == pytest.approx(0.0945312)
    assert value["high"] == pytest.approx(0.9054688)
    assert {key: value[key] for key in value if key not in ("low", "high")} == {
        "metric": "answered_share",
        "version": 1,
        "value": 0.5,
        "n": 2,
        "unit": "fraction",
        "from": "2026-03-01",
        "to": "2026-03-31",
        "as_of": "2026-03-02T02:00:00+00:00",
    }


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], {"value": 2.0, "n": 2}),
        (["--platform", "me2day"], {"value": 1.0, "n": 1}),
        (["--platform", "me2day", "--platform", "blog"], {"value": 2.0, "n": 2}),
        (["--department", "subway"], {"value": 1.0, "n": 1}),
        (["--department", "subway", "--platform", "me2day"], {"value": 0.0, "n": 0}),
        (["--data", "synthetic"], {"value": 0.0, "n": 0, "as_of": None}),
    ],
)
def test_a_metric_takes_the_filters_of_the_pages(
    filled: str, capsys: pytest.CaptureFixture[str], arguments: list[str], expected: dict[str, object]
) -> None:
    assert main(["metric", "questions", *PERIOD, "--json", *arguments]) == 0
    value = json.loads(capsys.readouterr().out)
    assert {key: value[key] for key in expected} == expected


def test_without_real_posts_the_invented_ones_are_meant(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    load(ListConnector([a_question()], origin="synthetic"), open_engine(url))
    assert main(["metric", "questions", *PERIOD, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n"] == 1


def test_a_metric_for_people_is_one_line(filled: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["metric", "answered_share", *PERIOD]) == 0
    assert main(["metric", "questions", *PERIOD]) == 0
    assert main(["metric", "p90_response_hours", *PERIOD, "--platform", "me2day"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "answered_share v1: 0.5 [0.0945312, 0.905469] fraction, n=2",
        "questions v1: 2 questions, n=2",
        "p90_response_hours v2: not reached, n=1",
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["polish"],
        ["metric"],
        ["metric", "questions"],
        ["metric", "questions", "--from", "2026-03-01"],
        ["metric", "questions", "--from", "March", "--to", "2026-03-31"],
        ["metric", "questions", *PERIOD, "--data", "imagined"],
        ["upgrade", "--faster"],
        ["copy"],
        ["remove", "blog"],
        ["review", "blog", "q1"],
        ["review", "blog", "q1", "--hide", "--keep"],
        ["reviews", "--limit", "0"],
        ["incident"],
        ["incident", "1", "--status", "forgotten"],
        ["incident", "one", "--status", "closed"],
    ],
)
def test_wrong_usage_ends_with_two(url: str, arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["metric", "speed", *PERIOD], "db: no metric 'speed'; known: collected_posts"),
        (["metric", "questions", "--from", "2026-03-31", "--to", "2026-03-01"], "db: --to is before --from"),
    ],
)
def test_what_cannot_be_meant_is_said_in_one_line(
    filled: str, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(said)
    assert captured.err.count("\n") == 1


def _unusable(kind: str, folder: Path) -> str:
    file = folder / "file"
    file.write_text("This is no database, however long one looks at it. " * 100, encoding="utf-8")
    return {
        "a folder": f"sqlite:///{folder}",
        "below a file": f"sqlite:///{file}/minwon.db",
        "no database": f"sqlite:///{file}",
        "no server": "postgresql://minwon:secret@127.0.0.1:1/minwon",
    }[kind]


@pytest.mark.parametrize("kind", ["a folder", "below a file", "no database", "no server"])
def test_a_store_that_cannot_be_used_is_one_line_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    monkeypatch.setenv("MINWON_DB_URL", _unusable(kind, tmp_path))
    assert main(["stats"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("db: the store cannot be ")
    assert captured.err.count("\n") == 1
    assert "secret" not in captured.err


def test_an_unknown_engine_is_said_with_the_setting_that_names_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MINWON_DB_URL", "mysql://minwon:secret@somewhere/minwon")
    assert main(["stats"]) == 1
    assert capsys.readouterr().err == "db: no engine 'mysql'; known: sqlite, postgresql; check MINWON_DB_URL\n"


def test_a_check_of_a_true_store_says_how_much_was_compared(filled: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    checked, wrong = re.fullmatch(r"checked=(\d+) wrong=(\d+)", line).groups()  # type: ignore[union-attr]
    assert (int(checked) > 10, wrong) == (True, "0")


def test_a_check_prints_each_difference_and_rebuild_mends_it(filled: str, capsys: pytest.CaptureFixture[str]) -> None:
    with open_engine(filled).begin() as connection:
        connection.execute(update(class_counts).values(posts=7))
        connection.execute(delete(term_counts).where(term_counts.c.span == 7))
    assert main(["check"]) == 1
    *differences, last = capsys.readouterr().out.splitlines()
    assert last.endswith(f" wrong={len(differences)}")
    assert {line.split()[0] for line in differences} == {"class_counts", "term_counts"}
    assert main(["rebuild"]) == 0
    assert capsys.readouterr().out == "rebuilt=3\n"
    assert main(["check"]) == 0


def test_removed_posts_are_counted_and_those_not_known_are_named(
    filled: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["remove", "blog", "q1", "q9"]) == 1
    captured = capsys.readouterr()
    assert captured.out == "removed=1 unchanged=0 unknown=1\n"
    assert captured.err == "db: no such post on blog: q9\n"
    assert main(["remove", "blog", "q1"]) == 0
    assert capsys.readouterr().out == "removed=0 unchanged=1 unknown=0\n"
    with open_engine(filled).connect() as connection:
        assert connection.scalar(select(posts.c.text).where(posts.c.platform_post_id == "q1")) is None
    assert main(["check"]) == 0


def test_the_module_runs_as_a_program(filled: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "db", "metric", "collected_posts", *PERIOD, "--json"],
        cwd=ROOT,
        env={**os.environ, "MINWON_DB_URL": filled},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["value"] == 2.0


def test_reading_commands_do_not_write(filled: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = filled.removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        before = connection.execute("PRAGMA data_version").fetchone()
        assert main(["stats"]) == main(["metric", "questions", *PERIOD]) == 0
        assert connection.execute("PRAGMA data_version").fetchone() == before
    connection.close()


def test_a_period_of_one_day_is_one(filled: str, capsys: pytest.CaptureFixture[str]) -> None:
    day = dt.date(2026, 3, 2).isoformat()
    assert main(["metric", "collected_posts", "--from", day, "--to", day, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["value"] == 2.0


DOUBTFUL = "박정희랑 전두환은\n다 같은 사람들"


def test_reviews_are_listed_and_judged(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    load(
        ListConnector([a_question("q1"), a_question("q2", DOUBTFUL), a_question("q3", DOUBTFUL * 6)]), open_engine(url)
    )
    assert main(["reviews"]) == 0
    long, line, last = capsys.readouterr().out.splitlines()
    assert line.split("\t") == [
        "blog", "q2", "2026-03-02", "political", "political.name", "박정희랑 전두환은 다 같은 사람들"
    ]  # fmt: skip
    assert (len(long.split("\t")[-1]), long[-1]) == (100, "…")
    assert last == "open=2 hidden=0 kept=0"
    assert main(["review", "blog", "q2", "--hide", "--note", "slogan"]) == 0
    assert main(["review", "blog", "q3", "--keep"]) == 0
    assert main(["reviews", "--status", "hidden", "--limit", "1"]) == 0
    hid, kept, line, last = capsys.readouterr().out.splitlines()
    assert (hid, kept, last) == (
        "review=hidden class=political", "review=kept class=question", "open=0 hidden=1 kept=1"
    )  # fmt: skip
    assert line.split("\t")[1] == "q2"
    assert main(["metric", "questions", *PERIOD, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n"] == 2
    assert main(["check"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["review", "blog", "q9", "--hide"], "db: no such post on blog: q9\n"),
        (
            ["review", "blog", "q1", "--keep"],
            "db: blog q1: the post is not under review; python -m db reviews lists those that are\n",
        ),
        (["incident", "7"], "db: no incident 7; python -m db incidents lists them\n"),
        (["incident", "7", "--status", "closed"], "db: no incident 7; python -m db incidents lists them\n"),
    ],
)
def test_what_is_not_there_cannot_be_judged(
    filled: str, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(arguments) == 1
    assert capsys.readouterr() == ("", said)


def test_incidents_are_listed_and_judged(filled: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = NewIncident(
        False,
        "volume",
        "",
        dt.date(2026, 3, 2),
        dt.date(2026, 3, 3),
        40,
        12.25,
        6.0,
        19.0,
        40,
        0,
        1e-9,
        False,
        "d1",
        "r1",
    )
    with writing(open_engine(filled)) as connection:
        record_incident(connection, found, dt.datetime(2026, 3, 4, tzinfo=dt.UTC))
    line = "1\tnew\tvolume\t2026-03-02..2026-03-03\t40 of 12.2 expected\t"
    assert main(["incidents"]) == 0
    assert capsys.readouterr().out.splitlines() == [line, "new=1 acknowledged=0 explained=0 closed=0"]
    assert main(["incident", "1", "--status", "explained", "--note", "a flood"]) == 0
    assert main(["incidents", "--status", "new"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "incident=1 status=explained", "new=0 acknowledged=0 explained=1 closed=0"
    ]  # fmt: skip
    assert incident(open_engine(filled), 1)["note"].tolist() == ["a flood"]
