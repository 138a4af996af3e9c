"""``python -m db incident``: every incident can be traced to its posts, its expectation and its rules."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import update

from data_sources.loader import load
from db.__main__ import main
from db.engine import open_engine
from db.queries import incident
from db.schema import incidents
from db.transactions import writing
from nlp import trends, versions
from tests.builders import ListConnector, a_question, kst
from tests.conftest import new_file


@pytest.fixture(scope="module")
def surging(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store in which a word surges: 90 quiet days of two questions each, then forty on one burst main."""
    engine = new_file(tmp_path_factory.mktemp("surging") / "store.db")
    quiet = [
        a_question(f"q{day}-{each}", f"{name} 언제 고쳐지나요?", author=f"a{day}-{each}",
                   created_at=kst("2026-01-01 09:00") + dt.timedelta(days=day))
        for day in range(90) for each, name in enumerate(("가로등", "보도블록"))
    ]  # fmt: skip
    burst = [
        a_question(f"b{each}", f"수도관 파열로 물이 샙니다. 언제 고쳐지나요? {each}번째 집", author=f"b{each}",
                   created_at=kst("2026-04-01 09:00") + dt.timedelta(minutes=each))
        for each in range(40)
    ]  # fmt: skip
    load(ListConnector([*quiet, *burst]), engine)
    return engine.url.render_as_string()


def test_an_incident_is_traced_to_its_posts_its_expectation_and_its_rules(
    surging: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MINWON_DB_URL", surging)
    engine = open_engine(surging)
    row = incident(engine, 1).iloc[0]
    assert main(["incident", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["observed"], found["expected"]) == (int(row["observed"]), row["expected"])
    assert found["detection_version"] == trends.DETECTION_VERSION
    read_by = versions.versions()
    assert found["rules_version"].split("; ") == [read_by.tokenizer, read_by.dictionary, read_by.rules]
    assert found["words"][0]["observed"] == found["observed"] == found["posts_now"] == len(found["posts"]) == 40
    assert {post["platform_post_id"] for post in found["posts"]} == {f"b{each}" for each in range(40)}
    assert main(["incident", "1"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert f"questions of that window with {found['words'][0]['term']}, as stored now: 40, counted only: 0" in lines
    assert sum(line.startswith("post\t") for line in lines) == 20
    assert lines[-1] == "20 more; --json lists all"
    assert main(["incident", "1", "--note", "a main"]) == 2
    assert capsys.readouterr().err == "db: --note goes with --status\n"


def test_posts_of_a_sensitive_incident_are_counted_only(
    surging: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "store.db"
    shutil.copy(surging.removeprefix("sqlite:///"), copy)
    monkeypatch.setenv("MINWON_DB_URL", f"sqlite:///{copy}")
    with writing(open_engine()) as connection:
        connection.execute(update(incidents).values(is_sensitive=True))
    assert main(["incident", "1", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["posts_now"], found["restricted"], found["posts"]) == (40, 40, [])
