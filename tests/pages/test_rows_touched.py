"""The pages read roll-ups: PostgreSQL itself says how many rows each of their queries touches."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from data_sources.connectors.demo import DemoConnector
from data_sources.loader import load
from db.engine import open_engine
from db.queries import asked, copies, platforms
from pages.components.audit import VIEWS
from pages.components.navigation import PAGES, PageRow
from tests.conftest import new_database
from tests.pages.conftest import Open

SMALL, LARGE = 1_500, 6_000  # posts of the same days
# A page that lists posts reads as many as it lists, with what hangs on each; one that draws figures reads next to none.
LISTED_ROWS = 400
LISTING_PAGES = {"search", "issues"}
SOUGHT_ROWS = 800  # what lies between the newest eleven of a reason, or twice between the newest twenty copies
FIGURE_ROWS = 120  # the newest moment of each kind, the newest post of each account
ROWS_TABLES = {
    "posts", "questions", "post_terms", "classifications", "attachments", "search_texts", "post_search", "rejects",
    "staged_annotations",
}  # fmt: skip


@pytest.fixture(scope="module")
def stores(postgresql_server: str) -> dict[int, str]:
    """Two stores over the same 60 days, one with four times the posts."""
    urls = {}
    for size in (SMALL, LARGE):
        engine = new_database(postgresql_server, template="template_minwon")
        load(DemoConnector(posts=size, days=60, until=dt.date(2026, 11, 1)), engine)
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))
        urls[size] = engine.url.render_as_string(hide_password=False)
        engine.dispose()
    return urls


@contextmanager
def _touched() -> Iterator[Counter[str]]:
    """Count the rows of each table that every SELECT until the end of the block reads."""
    rows: Counter[str] = Counter()

    @event.listens_for(Engine, "before_cursor_execute")
    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        if not statement.lstrip("( \n").upper().startswith(("SELECT", "WITH")):
            return
        with cursor.connection.cursor() as own:
            # Over tables this small the planner would read a whole table where a large one is looked up.
            for method in ("seqscan", "hashjoin", "mergejoin"):
                own.execute(f"SET LOCAL enable_{method} = off")
            own.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
            plan = own.fetchone()[0]
        for table, count in _scanned((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]):
            rows[table] += count

    try:
        yield rows
    finally:
        event.remove(Engine, "before_cursor_execute", explain)


def _scanned(node: dict[str, Any]) -> Iterator[tuple[str, int]]:
    if "Relation Name" in node:
        read = node["Actual Rows"] + sum(value for key, value in node.items() if key.startswith("Rows Removed by"))
        yield node["Relation Name"], int(read * node["Actual Loops"])
    for child in node.get("Plans", ()):
        yield from _scanned(child)


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row.id)
def test_a_page_touches_rows_only_of_the_posts_it_lists(open_app: Open, stores: dict[int, str], row: PageRow) -> None:
    most = LISTED_ROWS if row.id in LISTING_PAGES else FIGURE_ROWS
    touched = {}
    for size, url in stores.items():
        with _touched() as rows:
            app = open_app(url, row.id, period="all")
        assert not app.exception
        assert not app.error
        touched[size] = {table: rows[table] for table in rows.keys() & ROWS_TABLES}
        assert sum(touched[size].values()) <= most, touched
        assert rows["class_counts"] > 0
    if row.id not in LISTING_PAGES:  # a small store may have fewer posts to list
        assert sum(touched[LARGE].values()) <= sum(touched[SMALL].values()) + 20, touched


@pytest.mark.parametrize(
    ("page_id", "most", "params"),
    [
        ("departments", FIGURE_ROWS, {"view": "compared"}),
        # The oldest twenty of the backlog are looked up on their days, among all questions of a department on a day.
        ("response", SOUGHT_ROWS, {"view": "backlog"}),
    ],
    ids=["departments compared", "backlog"],
)
def test_a_view_touches_no_rows_but_those_it_lists(
    open_app: Open, stores: dict[int, str], page_id: str, most: int, params: dict[str, str]
) -> None:
    for url in stores.values():
        with _touched() as rows:
            app = open_app(url, page_id, period="all", **params)
        assert not app.exception
        assert not app.error
        assert sum(rows[table] for table in rows.keys() & ROWS_TABLES) <= most, rows


def test_the_mix_of_issues_reads_no_more_than_its_newest_questions(
    open_app: Open, stores: dict[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "MAX_FILTERED_QUESTIONS", 100)
    for url in stores.values():
        with _touched() as rows:
            app = open_app(url, "departments", period="all", view="compared", mix="1")
        assert not app.exception
        assert rows["questions"] <= 200
        # The posts of these days, and what is read of any page.
        assert rows["posts"] <= 200 + FIGURE_ROWS, rows


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_of_the_filter_page_touches_rows_only_of_what_it_lists(
    open_app: Open, stores: dict[int, str], monkeypatch: pytest.MonkeyPatch, view: str
) -> None:
    monkeypatch.setattr(copies, "MAX_COPIES", 20)  # of which the newest are read, from the newest post on
    most = {"posts": SOUGHT_ROWS, "review": LISTED_ROWS, "copies": SOUGHT_ROWS}.get(view, FIGURE_ROWS)
    for url in stores.values():
        with _touched() as rows:
            app = open_app(url, "filter", period="all", view=view)
        assert not app.exception
        assert not app.error
        assert sum(rows[table] for table in rows.keys() & ROWS_TABLES) <= most, rows


def test_authors_by_platform_are_read_where_they_are_asked_for_and_no_further_than_the_sample(
    open_app: Open, stores: dict[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platforms, "MAX_SAMPLED", 50)
    for url in stores.values():
        with _touched() as rows:
            app = open_app(url, "platforms", period="all", authors="shown", accounts="same")
        assert not app.exception
        assert not app.error
        assert rows["posts"] <= FIGURE_ROWS + 4 * 50, rows  # counted twice, and the city's posts lie between


def test_the_hook_counts_what_a_scan_reads(stores: dict[int, str]) -> None:
    engine = open_engine(stores[SMALL])
    with _touched() as rows, engine.connect() as connection:
        connection.execute(text("SELECT count(*) FROM posts WHERE post_class = 'ad'"))
    engine.dispose()
    assert rows["posts"] == SMALL
