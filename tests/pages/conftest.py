"""Stores for the pages: one with invented posts for the session, small ones of a test's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data_sources.base import Connector
from data_sources.connectors.demo import DemoConnector
from data_sources.loader import load
from tests.conftest import new_file

ROOT = Path(__file__).resolve().parents[2]
APP = str(ROOT / "app.py")
FIRST_RUN_S = 60  # imports of pandas and plotly on a busy machine

Open = Callable[..., AppTest]


def filled(path: Path, *connectors: Connector) -> str:
    """Make a migrated SQLite store with the posts of ``connectors``; return its URL."""
    engine = new_file(path)
    for connector in connectors:
        load(connector, engine)
    engine.dispose()
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def demo_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with 400 invented posts over 200 days that end on 2026-10-31."""
    connector = DemoConnector(posts=400, days=200, until=dt.date(2026, 11, 1))
    return filled(tmp_path_factory.mktemp("demo") / "demo.db", connector)


@pytest.fixture(autouse=True)
def _fresh_caches(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(ROOT)
    st.cache_data.clear()
    st.cache_resource.clear()
    yield
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def open_app(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open a page of the app over a store, as a visitor with that address would."""

    def opened(url: str, page_id: str = "overview", **params: str | list[str]) -> AppTest:
        monkeypatch.setenv("MINWON_DB_URL", url)
        app = AppTest.from_file(APP, default_timeout=FIRST_RUN_S)
        app.run()
        if page_id != "overview":
            app.switch_page(f"pages/{page_id}/page.py")
        for name, value in params.items():
            app.query_params[name] = value
        return app.run()

    return opened
