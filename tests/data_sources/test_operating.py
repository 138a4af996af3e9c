"""The command line as an operator runs it: a real process, a real network on loopback, a real store."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from data_sources.registry import SEOUL_TOML, load_registry
from data_sources.status import status_lines, status_of
from db import queries, rollups
from db.engine import open_engine
from db.schema import accounts, coverage_spans, load_runs, posts
from db.transactions import writing
from db.writes.sources import ReadSpan, add_spans
from tests.data_sources.numbers_network import BEGIN, CITIZEN, HANDLE, PHONE, TOKEN, gone, honest, moment, row
from tests.loopback import LoopbackServer

ROOT = Path(__file__).resolve().parents[2]
ENDS_WITHIN_S = 5.0


@pytest.fixture
def server() -> Iterator[LoopbackServer]:
    with LoopbackServer() as running:
        yield running


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'minwon.db'}"
    monkeypatch.setenv("MINWON_DB_URL", url)
    return url


def _start(server: LoopbackServer, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.data_sources.watching_numbers", server.url, *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env=dict(os.environ), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def _run(server: LoopbackServer, *arguments: str) -> tuple[int, str, str]:
    process = _start(server, *arguments)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def _wait_for(server: LoopbackServer, requests: int) -> None:
    ends = time.monotonic() + 90
    while len(server.seen) < requests:
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_a_watch_that_is_told_to_stop_ends_soon_with_whole_pages_and_the_next_fetch_goes_on(
    server: LoopbackServer, url: str
) -> None:
    slow = honest(9, delay_s=8.0)
    server.respond("/posts", lambda request: (slow if request.query["after"] == "4" else honest(9))(request))
    process = _start(server, "watch", "--every", "60")
    _wait_for(server, 3)  # two pages are stored, the third is on its way
    told = time.monotonic()
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    assert time.monotonic() - told < ENDS_WITHIN_S
    assert (process.returncode, err) == (0, "")
    engine = open_engine(url)
    with engine.connect() as connection:
        assert sorted(connection.scalars(select(posts.c.platform_post_id))) == ["n1", "n2", "n3", "n4"]
        assert connection.scalar(select(load_runs.c.status)) == "interrupted"
    assert [str(difference) for difference in rollups.check(engine)] == []
    server._queues.clear()
    server.respond("/posts", honest(9))
    code, out, err = _run(server, "fetch", "numbers", "--every", "60")
    assert (code, out) == (0, "read=5 inserted=5 updated=0 unchanged=0 rejected=0\n"), err
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(posts)) == 9
        spans = connection.execute(select(coverage_spans.c.start_at, coverage_spans.c.end_at)).all()
    assert [tuple(span) for span in spans] == [(BEGIN, moment(9))]
    (health,) = queries.source_health(engine, BEGIN)
    assert (health.source, health.status, health.is_stale) == ("numbers:test", "ok", False)


def test_no_token_handle_or_phone_is_in_any_output_or_byte(server: LoopbackServer, url: str, tmp_path: Path) -> None:
    server.respond("/posts", honest(6)).respond("/gone", gone({"what": "post", "id": "n5", "reason": "deleted"}))
    said = [
        "".join(_run(server, *arguments)[1:])
        for arguments in (
            ("fetch", "numbers"), ("status",), ("status", "--json"), ("comply",), ("forget", "blog", f"@{CITIZEN}1"),
        )
    ]  # fmt: skip
    assert said[-1] == "found=2 removed=2\n"
    held = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert any("가로등".encode() in content for content in held.values())
    for secret in (TOKEN, CITIZEN, PHONE, PHONE.replace("-", "")):
        assert [output for output in said if secret in output] == []
        assert [name for name, content in held.items() if secret.encode() in content] == []


def _registry(tmp_path: Path, status: str) -> Path:
    path = tmp_path / "city.toml"
    path.write_text(
        f"""
departments = [{{ code = "roads", name_ko = "도로관리과", name_en = "Roads", kind = "division" }}]
platforms = [{{ id = "blog", name_ko = "블로그", name_en = "Blogs", display = "text", export = "text" }}]
accounts = [
  {{ platform = "blog", handle = "{HANDLE}", name_ko = "도로", name_en = "Roads", department = "roads", role = "department", {status} }},
]
""",
        encoding="utf-8",
    )
    return path


def test_connecting_a_pending_account_is_one_edit_and_one_command(
    server: LoopbackServer, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.respond("/posts", honest(3))
    lacks = 'status = "pending", missing_ko = "권한 없음", missing_en = "its owner has not allowed it"'
    monkeypatch.setenv("MINWON_REGISTRY", str(_registry(tmp_path, lacks)))
    assert _run(server, "fetch", "numbers")[0] == 0
    (line,) = [line for line in _run(server, "status")[1].splitlines() if line.startswith("account ")]
    assert line.startswith(f"account blog/{HANDLE} pending: its owner has not allowed it")
    monkeypatch.setenv("MINWON_REGISTRY", str(_registry(tmp_path, 'status = "connected", connected_from = 2026-03-01')))
    assert _run(server, "fetch", "numbers")[0] == 0
    (account,) = json.loads(_run(server, "status", "--json")[1])["accounts"]
    assert (account["status"], account["why_not"], account["gap_hours"]) == ("connected", None, 0.0)
    assert account["last_fetch"] == moment(3).astimezone(dt.UTC).isoformat()
    assert [source["status"] for source in account["sources"]] == ["ok"]
    with open_engine(url).connect() as connection:
        assert connection.execute(select(accounts.c.status, accounts.c.missing_en)).all() == [("connected", None)]


def test_status_says_what_is_missing_what_is_left_and_where_the_gaps_are(
    store,
    server: LoopbackServer,
    tmp_path: Path,  # type: ignore[no-untyped-def]
) -> None:
    from data_sources.fetching import fetch

    server.respond("/posts", honest(3))
    registry = load_registry(_registry(tmp_path, 'status = "connected", connected_from = 2026-03-01'))
    set_up = row(server.url, budget_reads=10, budget_dollars=1.0)
    fetch(set_up.build(registry)[0], store.engine, registry=registry)
    with writing(store.engine) as connection:
        add_spans(connection, "numbers:test", [ReadSpan("blog", HANDLE, moment(63), moment(90))])
    lines = list(status_lines(status_of(store.engine, registry, [set_up])))
    (source,) = [line for line in lines if line.startswith("source ")]
    assert "numbers:test: ok; last success" in source
    assert source.endswith(": 3 reads, left 7 reads, 0.98 dollars")
    (account,) = [line for line in lines if line.startswith("account ")]
    assert account == f"account blog/{HANDLE} connected; last fetch 2026-03-02 01:30 UTC; gap 1.0 hours in 91 days"
    (network,) = [line for line in lines if line.startswith("network ")]
    assert network == "network numbers: set up"
    lines = list(status_lines(status_of(store.engine, registry, [row(None)])))
    assert "network numbers: not set up: MINWON_NUMBERS_TOKEN is missing: the network's token" in lines
    assert any(line.startswith(f"account blog/{HANDLE} connected: numbers: MINWON_NUMBERS_TOKEN") for line in lines)
    (gap,) = queries.account_gaps(store.engine, False, BEGIN).to_dict("records")
    assert (gap["handle"], gap["gap_from"], gap["gap_to"], gap["gap_hours"]) == (HANDLE, moment(3), moment(63), 1.0)
    (known,) = queries.accounts(store.engine, False).to_dict("records")
    assert (known["last_fetch"], known["gap_hours"]) == (moment(90), 1.0)


def test_the_registry_of_the_demo_is_told_whole(store) -> None:  # type: ignore[no-untyped-def]
    told = status_of(store.engine, load_registry(SEOUL_TOML), [])["accounts"]
    assert len(told) == 80
    assert sum(account["status"] == "pending" and bool(account["why_not"]) for account in told) == 36
