"""A store moved to another engine and back is the same store; a move that was cut off goes on."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, text

from data_sources.connectors.demo import DemoConnector
from data_sources.loader import load
from db import copying, rollups
from db.__main__ import main
from db.engine import open_engine
from db.metrics import METRICS, metric
from db.records import PostFilter
from db.schema import posts
from db.snapshot import Snapshot
from db.writes.changes import remove_posts
from db.writes.reviews import judge_review
from tests.builders import ListConnector, a_question, an_answer, kst
from tests.snapshot import snapshot

ROOT = Path(__file__).resolve().parents[2]
NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
_numbers = count(1)


@pytest.fixture
def new_url(postgresql_server: str) -> Iterator[str]:
    """The address of a PostgreSQL database with nothing in it."""
    admin = open_engine(postgresql_server.replace("template_minwon", "postgres", 1))
    name = f"copy_{os.getpid()}_{next(_numbers)}"
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield postgresql_server.replace("template_minwon", name, 1)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def source(tmp_path: Path) -> str:
    """A store with everything there is to copy: invented posts, late parents, photos, rejects, tombstones."""
    url = f"sqlite:///{tmp_path / 'source.db'}"
    engine = open_engine(url)
    load(DemoConnector(posts=300, days=60, until=dt.date(2026, 11, 1)), engine)
    # The answers are read before their questions: references to rows that come later.
    late = [an_answer(f"a{n}", to=f"q{n}", created_at=kst("2026-10-02 11:00")) for n in range(20)]
    late += [a_question("doubt", "박정희랑 전두환은 다 같은 사람들", created_at=kst("2026-10-01 09:00"))]
    late += [a_question(f"q{n}", created_at=kst("2026-10-01 09:00")) for n in range(20)]
    load(ListConnector(late, page_size=7), engine)
    with engine.begin() as connection:
        ids = list(connection.scalars(select(posts.c.id).where(posts.c.platform_post_id.in_(["q1", "q2"]))))
        remove_posts(connection, ids[:1], NOW)
        doubted = connection.scalars(select(posts.c.id).where(posts.c.platform_post_id == "doubt")).one()
        judge_review(connection, doubted, True, "a slogan", NOW)
    engine.dispose()
    return url


def numbers(url: str) -> list[Any]:
    engine = open_engine(url, readonly=True)
    periods = [
        PostFilter(start=dt.date(2026, 9, 1), end=dt.date(2026, 10, 31), synthetic=synthetic)
        for synthetic in (False, True)
    ]
    found = [metric(engine, name, where) for name in METRICS for where in periods]
    engine.dispose()
    return found


def ids_of(url: str) -> dict[tuple[str, str], int]:
    engine = open_engine(url, readonly=True)
    with engine.connect() as connection:
        rows = connection.execute(select(posts.c.platform_id, posts.c.platform_post_id, posts.c.id)).all()
    engine.dispose()
    return {(platform, own): id_ for platform, own, id_ in rows}


def content(url: str) -> dict[str, Any]:
    engine = open_engine(url, readonly=True)
    found = snapshot(engine)
    engine.dispose()
    return found


def test_there_and_back_again(
    source: str,
    new_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(copying, "BATCH", 50)
    back = f"sqlite:///{tmp_path / 'back.db'}"
    for from_url, to_url in ((source, new_url), (new_url, back)):
        monkeypatch.setenv("MINWON_DB_URL", from_url)
        assert main(["copy", "--to", to_url]) == 0
        copied, checked, wrong = capsys.readouterr().out.splitlines()[-1].split()
        assert int(copied.removeprefix("copied=")) > 1000
        assert int(checked.removeprefix("checked=")) > 1000
        assert wrong == "wrong=0"
        assert numbers(to_url) == numbers(source)
        assert content(to_url) == content(source)
        assert ids_of(to_url) == ids_of(source)
    # New rows get ids after the copied ones.
    engine = open_engine(new_url)
    load(ListConnector([a_question("after", platform="new")], source="list:after"), engine)
    assert [str(each) for each in rollups.check(engine)] == []
    engine.dispose()


def test_a_copy_that_was_killed_goes_on(source: str, new_url: str, tmp_path: Path) -> None:
    program = (
        "import os, signal, sys\n"
        "from db import copying\n"
        "copying.BATCH = 20\n"
        "from db.__main__ import main\n"
        "insert, calls = copying.insert_rows, []\n"
        "def killing(*args):\n"
        "    insert(*args)\n"
        "    calls.append(1)\n"
        "    if len(calls) == int(sys.argv[2]):\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "copying.insert_rows = killing\n"
        "sys.exit(main(['copy', '--to', sys.argv[1]]))\n"
    )

    def copy(url: str, kill_at: int) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", program, url, str(kill_at)],
            cwd=ROOT,
            env={**os.environ, "MINWON_DB_URL": source},
            capture_output=True,
            text=True,
            check=False,
        )

    for url in (new_url, f"sqlite:///{tmp_path / 'other.db'}"):
        assert copy(url, 9).returncode == -signal.SIGKILL
        assert copy(url, 25).returncode == -signal.SIGKILL
        done = copy(url, -1)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.splitlines()[-1].endswith(" wrong=0")
        assert content(url) == content(source)
        assert numbers(url) == numbers(source)


def test_a_target_that_holds_something_else_is_refused(
    source: str, engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    load(ListConnector([a_question()]), engine)
    monkeypatch.setenv("MINWON_DB_URL", source)
    assert main(["copy", "--to", engine.url.render_as_string(hide_password=False)]) == 1
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "db: the store named by --to holds data already; name an empty one\n")
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(posts)) == 1


def test_a_source_that_changed_meanwhile_is_refused(source: str, engine: Engine) -> None:
    reader = open_engine(source, readonly=True)
    with Snapshot(reader) as before, pytest.raises(ZeroDivisionError):
        copying.copy_rows(before, engine, lambda done, total: 1 // 0)
    load(ListConnector([a_question("new")], source="list:new"), open_engine(source))
    with Snapshot(reader) as after, pytest.raises(copying.TargetInUse, match="has changed since"):
        copying.copy_rows(after, engine)


@pytest.mark.parametrize(
    "url", ["nowhere", "mysql://somewhere/x", "sqlite:///file:/no/such/folder/x.db?mode=ro&uri=true"]
)
def test_a_wrong_target_is_one_line_that_names_the_option(
    source: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    monkeypatch.setenv("MINWON_DB_URL", source)
    assert main(["copy", "--to", url]) == 1
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    assert "--to" in captured.err
    assert "MINWON_DB_URL" not in captured.err
