"""Figures that are cited: an id made of what they say, a file that proves it, and what has become of them since."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from sqlalchemy import Engine, event, select, update

from data_sources.connectors.demo import DemoConnector
from data_sources.loader import load
from db import figures, schema
from db.__main__ import main
from db.figures import (
    CHANGES,
    FIGURES,
    AlteredBundle,
    FigureQuery,
    Frozen,
    UnknownFigure,
    bundle,
    changes,
    citation,
    freeze,
    open_bundle,
    verdict,
)
from db.figures.bundles import MEMBERS
from db.figures.sums import Sums, sums_of
from db.figures.words import CLASSES, TARGETS
from db.metrics import METRICS
from db.queries import frozen_figures
from db.records import POST_CLASSES, RESPONSE_TARGETS, PostFilter
from db.transactions import writing
from db.writes import find_posts, keep_figure, remove_posts
from tests.builders import a_question, an_answer, kst
from tests.conftest import Store

ROOT = Path(__file__).resolve().parents[2]
MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
ASKED = FigureQuery(MARCH)
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
INVENTED = FigureQuery(PostFilter(dt.date(2026, 9, 1), dt.date(2026, 10, 31), synthetic=True))
PERIOD = ["--from", "2026-03-01", "--to", "2026-03-31"]


def _fill(store: Store) -> None:
    """Four questions of March, one of them answered; the cut-off is in April."""
    store.add(
        *(a_question(f"q{number}", created_at=kst(f"2026-03-0{number} 09:00")) for number in (1, 2, 3, 4)),
        an_answer("a1", to="q1", created_at=kst("2026-03-01 11:00")),
        a_question("april", created_at=kst("2026-04-02 09:00")),
    )


def _remove(engine: Engine, post_id: str) -> None:
    with writing(engine) as connection:
        remove_posts(connection, list(find_posts(connection, "blog", [post_id]).values()), NOW)


def test_a_figure_of_the_same_store_is_the_same_and_has_the_same_id(store: Store) -> None:
    _fill(store)
    first, second = (freeze(store.engine, "response_curve", ASKED) for _ in range(2))
    assert first.id == second.id
    assert re.fullmatch(r"[0-9a-f]{64}", first.id)
    assert verdict(changes(store.engine, first)) == "same"
    assert first.sums == Sums(collected=4, questions=4, answered=1, removed=0)


def test_one_removal_and_one_late_answer_are_told(store: Store) -> None:
    _fill(store)
    frozen = freeze(store.engine, "response_curve", ASKED)
    _remove(store.engine, "q4")
    store.add(an_answer("a2", to="q2", created_at=kst("2026-03-02 13:00")))
    assert verdict(changes(store.engine, frozen)) == "changed: 1 removed, 1 late answer"


def test_late_arrivals_are_told_and_a_count_a_removal_leaves_alone_stays_the_same(store: Store) -> None:
    _fill(store)
    frozen = freeze(store.engine, "questions", ASKED)
    _remove(store.engine, "q4")
    assert verdict(changes(store.engine, frozen)) == "same"  # a tombstone keeps the counts of the past
    store.add(*(a_question(f"late{number}", created_at=kst("2026-03-09 09:00")) for number in range(2)))
    assert verdict(changes(store.engine, frozen)) == "changed: 1 removed, 2 late arrivals"


def test_a_later_cut_off_is_told_where_nothing_else_explains_the_change(store: Store) -> None:
    store.add(a_question("q1", created_at=kst("2026-03-02 09:00")))
    frozen = freeze(store.engine, "answered_within_24h_share", ASKED)
    store.add(a_question("later", created_at=kst("2026-04-05 09:00")))
    assert verdict(changes(store.engine, frozen)) == (
        "changed: data up to 2026-04-05 09:00 KST instead of 2026-03-02 09:00"
    )


def test_numbers_somebody_made_up_differ_without_a_cause(store: Store) -> None:
    _fill(store)
    frozen = freeze(store.engine, "questions", ASKED)
    [row] = frozen.rows
    forged = replace(frozen, rows=((row[0], 99.0, *row[2:]),))
    assert verdict(changes(store.engine, forged)) == f"changed: {CHANGES['unexplained']}"


def test_a_changed_definition_and_changed_rules_are_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(store)
    frozen = freeze(store.engine, "answered_share", ASKED)
    monkeypatch.setitem(FIGURES, "answered_share", replace(FIGURES["answered_share"], version=2))
    assert verdict(changes(store.engine, frozen)) == "changed: definition 1 -> 2"
    store.add(an_answer("a2", to="q2"), a_question("late"))
    with store.engine.begin() as connection:
        connection.execute(update(schema.filter_rules).values(rules_version="another"))
    assert verdict(changes(store.engine, frozen)) == (
        "changed: 1 late answer, 1 late arrival, definition 1 -> 2, rules changed"
    )


def test_a_post_of_another_department_is_no_late_arrival(store: Store) -> None:
    _fill(store)
    subway = FigureQuery(replace(MARCH, departments=("subway",)))
    frozen = freeze(store.engine, "questions", subway)
    assert frozen.sums.collected == frozen.sums.questions == 4
    store.add(a_question("late", created_at=kst("2026-03-09 09:00")), a_question("lamp", "가로등이 꺼졌어요"))
    _remove(store.engine, "q3")
    _remove(store.engine, "lamp")
    assert verdict(changes(store.engine, frozen)) == "changed: 1 removed, 1 more judged to be questions"


def test_a_stock_is_explained_by_what_happened_before_the_period(store: Store) -> None:
    store.add(a_question("old", created_at=kst("2026-01-02 09:00")), a_question("q1"))
    frozen = freeze(store.engine, "unanswered_over_7_days", ASKED)
    store.add(an_answer("a", to="old", created_at=kst("2026-01-03 09:00")))
    assert verdict(changes(store.engine, frozen)) == "changed: 1 late answer"


def test_removed_posts_are_counted_through_their_index(store: Store) -> None:
    _fill(store)
    _remove(store.engine, "q2")
    _remove(store.engine, "april")
    seen = []
    event.listen(store.engine, "before_cursor_execute", lambda *given: seen.append(given[2:4]))
    assert sums_of(store.engine, MARCH).removed == 1
    [(statement, parameters)] = [each for each in seen if "removed_at" in each[0]]
    with store.engine.connect() as connection:
        if store.engine.dialect.name == "sqlite":
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        else:
            connection.exec_driver_sql("SET enable_seqscan = off")
            plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).all()
    assert "ix_posts_removed_at" in str(plan)


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    from db.engine import open_engine
    from db.migrate import upgrade

    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('figures') / 'demo.db'}")
    upgrade(engine)
    load(DemoConnector(posts=4000, days=200, until=dt.date(2026, 11, 1)), engine)
    return engine


def _query(name: str) -> FigureQuery:
    if name == "department_terms":
        return FigureQuery(replace(INVENTED.where, departments=("subway",)))
    return replace(INVENTED, terms=("지하철", "아리수")) if FIGURES[name].needs_terms else INVENTED


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_becomes_a_file_that_opens_as_the_same(invented: Engine, tmp_path: Path, name: str) -> None:
    frozen = freeze(invented, name, _query(name))
    path = tmp_path / "figure.zip"
    path.write_bytes(bundle(frozen))
    assert bundle(frozen) == path.read_bytes()  # not a byte depends on when it is made
    assert open_bundle(path) == frozen
    with zipfile.ZipFile(path) as archive:
        members = {entry: archive.read(entry) for entry in archive.namelist()}
    assert sorted(members) == sorted(MEMBERS)
    assert ElementTree.fromstring(members["figure.svg"]).tag == "{http://www.w3.org/2000/svg}svg"
    table = members["figure.csv"]
    assert table.startswith(b"\xef\xbb\xbf")
    header, *rows = table.decode("utf-8-sig").splitlines()
    assert header.split(",") == list(FIGURES[name].schema.columns)
    assert len(rows) == len(frozen.rows) > 0
    meanings = members["data_dictionary.csv"].decode("utf-8-sig").splitlines()
    assert meanings[0] == "column,dtype,meaning"
    assert len(meanings) == 1 + len(FIGURES[name].schema.columns)
    korean, english = members["citation.txt"].decode().splitlines()
    assert ("민원창" in korean, "가상 데이터" in korean) == (True, True)
    assert ("Minwon Window" in english, "synthetic data" in english) == (True, True)
    for line in (korean, english):
        assert frozen.id in line
        assert f"/methods?frozen={frozen.id}&figure={name}&start=2026-09-01&end=2026-10-31" in line


def test_hangul_is_drawn_from_the_bundled_font(invented: Engine, recwarn: pytest.WarningsRecorder) -> None:
    from db.figures.drawing import svg

    svg(freeze(invented, "classes", INVENTED))
    assert [str(each.message) for each in recwarn if "missing from font" in str(each.message)] == []


def test_figures_of_all_metrics_are_in_the_one_table() -> None:
    assert FIGURES.keys() >= METRICS.keys()
    assert [name for name, row in FIGURES.items() if row.name != name] == []
    assert all(FIGURES[name].version == row.version for name, row in METRICS.items())
    names = tomllib.loads((ROOT / "pages" / "components" / "strings" / "en.toml").read_text(encoding="utf-8"))["class"]
    assert {code: english.lower() for code, english in names.items()} == {
        code: words[1] for code, words in CLASSES.items()
    }
    assert tuple(CLASSES) == POST_CLASSES
    assert tuple(TARGETS) == tuple(RESPONSE_TARGETS)


def test_an_unknown_figure_lists_those_known_and_words_are_asked_where_they_belong(store: Store) -> None:
    with pytest.raises(UnknownFigure, match="no figure 'speed'; known: posts_by_day, classes, "):
        freeze(store.engine, "speed", ASKED)
    with pytest.raises(UnknownFigure, match="is asked for words"):
        freeze(store.engine, "term_trend", ASKED)
    with pytest.raises(UnknownFigure, match="is not about words"):
        freeze(store.engine, "questions", replace(ASKED, terms=("아리수",)))


def test_each_engine_gives_the_same_id(store: Store) -> None:
    _fill(store)
    assert freeze(store.engine, "answered_share", ASKED).id == _expected_id()


def _expected_id() -> str:
    """Compute the id by hand: what stands in it is the contract."""
    from db.version import code_version

    said = {
        "figure": "answered_share",
        "query": {"start": "2026-03-01", "end": "2026-03-31", "department": [], "platform": [], "class": [], "data": "real", "term": []},
        "definition_version": 1,
        "code_version": code_version(),
        "columns": ["metric", "value", "low", "high", "n", "unit"],
        "rows": [["answered_share", 0.25, 0.0455872608097, 0.699358157418, 4, "fraction"]],
    }  # fmt: skip
    written = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


Alter = Callable[[dict[str, bytes]], None]


def _sum_anew(members: dict[str, bytes]) -> None:
    lines = members["SHA256SUMS"].decode().splitlines()
    names = [name for name in members if name != "SHA256SUMS"]
    sums = [f"{hashlib.sha256(members[name]).hexdigest()}  {name}" for name in names]
    members["SHA256SUMS"] = "\n".join([lines[0], *sums, ""]).encode()


def _number_in_json(members: dict[str, bytes]) -> None:
    members["figure.json"] = members["figure.json"].replace(b'"questions",\n   4.0', b'"questions",\n   9.0')
    _sum_anew(members)


def _number_in_csv(members: dict[str, bytes]) -> None:
    members["figure.csv"] = members["figure.csv"].replace(b"4.0", b"9.0")


def _number_in_csv_and_sums(members: dict[str, bytes]) -> None:
    _number_in_csv(members)
    _sum_anew(members)


def _picture_and_sums(members: dict[str, bytes]) -> None:
    members["figure.svg"] = members["figure.svg"].replace(b"#0072b2", b"#ff0000")
    _sum_anew(members)


def _citation_and_sums(members: dict[str, bytes]) -> None:
    members["citation.txt"] = members["citation.txt"].replace(b"2026-03-01", b"2020-03-01")
    _sum_anew(members)


def _one_more(members: dict[str, bytes]) -> None:
    members["readme.txt"] = b"hello"


@pytest.mark.parametrize(
    ("alter", "said"),
    [
        (_number_in_json, "figure.json: the numbers give the id "),
        (_number_in_csv, "figure.csv: not the file that SHA256SUMS names"),
        (_number_in_csv_and_sums, "figure.csv: not what the numbers in figure.json make"),
        (_picture_and_sums, "figure.svg: not what the numbers in figure.json make"),
        (_citation_and_sums, "citation.txt: not what the numbers in figure.json make"),
        (_one_more, "it holds SHA256SUMS, citation.txt, "),
    ],
)
def test_an_altered_file_is_told_apart(
    store: Store,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    alter: Alter,
    said: str,
) -> None:
    _fill(store)
    path = tmp_path / "figure.zip"
    path.write_bytes(bundle(freeze(store.engine, "questions", ASKED)))
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    before = dict(members)
    alter(members)
    assert members != before
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(AlteredBundle, match=said):
        open_bundle(path)
    monkeypatch.setenv("MINWON_DB_URL", store.engine.url.render_as_string(hide_password=False))
    assert main(["frozen", str(path)]) == 1
    assert f"db: {path}: {said}" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04"])
def test_a_file_that_is_no_bundle_is_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "figure.zip"
    path.write_bytes(content)
    with pytest.raises(AlteredBundle, match="it is no bundle of a figure, or damaged"):
        open_bundle(path)


def test_a_file_made_to_fill_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("db.figures.bundles.MAX_MEMBER_BYTES", 1000)
    path = tmp_path / "figure.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in MEMBERS:
            archive.writestr(name, b"0" * 1001)
    with pytest.raises(AlteredBundle, match="larger than any figure"):
        open_bundle(path)


def test_a_file_of_another_version_of_the_program_is_opened(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(store)
    frozen = replace(freeze(store.engine, "questions", ASKED), code_version="0.0.9")
    path = tmp_path / "figure.zip"
    path.write_bytes(bundle(frozen))
    monkeypatch.setitem(FIGURES, "questions", replace(FIGURES["questions"], title_ko="다른 말", title_en="other words"))
    assert verdict(changes(store.engine, open_bundle(path))) == "same"


@pytest.fixture
def url(store: Store, monkeypatch: pytest.MonkeyPatch) -> str:
    _fill(store)
    url = store.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("MINWON_DB_URL", url)
    return url


def test_the_command_keeps_a_figure_and_says_what_became_of_it(
    store: Store, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cited.zip"
    assert main(["freeze", "answered_share", *PERIOD, "--out", str(file)]) == 0
    *cited, last = capsys.readouterr().out.splitlines()
    frozen = freeze(store.engine, "answered_share", ASKED)
    assert tuple(cited) == citation(frozen)
    assert last == f"frozen={frozen.id} rows=1 new"
    assert main(["freeze", "answered_share", *PERIOD]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"frozen={frozen.id} rows=1 kept before"
    for which in (frozen.id, frozen.id[:12], str(file)):
        assert main(["frozen", which]) == 0
        assert capsys.readouterr().out == "same\n"
    _remove(store.engine, "q4")
    store.add(an_answer("a2", to="q2", created_at=kst("2026-03-02 13:00")))
    for which in (frozen.id, str(file)):
        assert main(["frozen", which]) == 1
        assert capsys.readouterr().out == "changed: 1 removed, 1 late answer\n"
    assert main(["frozen"]) == 0
    listed, count = capsys.readouterr().out.splitlines()
    assert (listed.split("\t")[0], listed.split("\t")[2], count) == (frozen.id, "answered_share", "frozen=1")


@pytest.mark.parametrize("which", ["0" * 64, "0" * 11, "%", "' OR 1=1", "nothing.zip"])
def test_what_is_not_kept_is_one_line(url: str, capsys: pytest.CaptureFixture[str], which: str) -> None:
    assert main(["frozen", which]) == 1
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert captured.err.startswith("db: ")


def test_wrong_usage_of_freeze(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["freeze", "speed", *PERIOD]) == 2
    assert capsys.readouterr().err.startswith("db: no figure 'speed'; known: posts_by_day")
    assert main(["freeze", "questions", "--from", "2026-03-31", "--to", "2026-03-01"]) == 2
    assert main(["freeze", "questions", *PERIOD, "--out", str(tmp_path / "none" / "f.zip")]) == 1


def test_two_figures_with_one_beginning_are_not_taken_for_each_other(store: Store) -> None:
    frozen = freeze(store.engine, "questions", ASKED)
    with writing(store.engine) as connection:
        for end in "ab":
            assert keep_figure(connection, "0" * 63 + end, "questions", frozen.as_json(), NOW)
        assert not keep_figure(connection, "0" * 63 + "a", "questions", "another", NOW)
    assert len(frozen_figures(store.engine, "0" * 12)) == 2
    kept = frozen_figures(store.engine, "0" * 63 + "a")
    assert Frozen.from_json(kept["record"].iloc[0]) == (frozen, frozen.id)


def test_a_record_that_is_none_is_said() -> None:
    for written in ("", "[]", "{}", '{"figure": 1}', "null"):
        with pytest.raises(figures.NoRecord):
            Frozen.from_json(written)


def test_every_value_of_a_record_is_plain(store: Store) -> None:
    _fill(store)
    frozen = freeze(store.engine, "response_histogram", ASKED)
    assert frozen.rows[-1] == (720.0, "inf", 0)
    days = freeze(store.engine, "posts_by_day", ASKED)
    assert days.rows[0] == ("2026-03-01", 1, 1, 0, 1, True)
    assert pd.isna(freeze(store.engine, "p90_response_hours", ASKED).frame().loc[0, "value"])


def test_keeping_changes_what_pages_show(store: Store) -> None:
    from db.queries import load_id

    before = load_id(store.engine)
    frozen = freeze(store.engine, "questions", ASKED)
    with writing(store.engine) as connection:
        keep_figure(connection, frozen.id, frozen.figure, frozen.as_json(), NOW)
    assert load_id(store.engine) == before + 1
    with store.engine.connect() as connection:
        assert connection.scalar(select(schema.frozen_figures.c.frozen_at)) == NOW


def test_a_day_without_hidden_posts_is_drawn_as_none_and_a_day_outside_the_data_as_a_gap(store: Store) -> None:
    from db.figures.drawing import _by_line

    loan = "무담보 당일 대출 상담 카톡 문의 바로가기 http://loan.example/abc"
    store.add(
        *(a_question(f"ad{day}", f"{loan} {day}", created_at=kst(f"2026-03-{day} 09:00")) for day in ("03", "04", "07"))
    )
    hidden = _by_line(freeze(store.engine, "hidden_reasons", ASKED), FIGURES["hidden_reasons"].drawing)
    [points] = hidden.values()
    assert [(place.day, value) for place, value in points] == [(3, 1.0), (4, 1.0), (5, 0.0), (6, 0.0), (7, 1.0)]
    days = _by_line(freeze(store.engine, "posts_by_day", ASKED), FIGURES["posts_by_day"].drawing)
    drawn = [value for _, value in days["시민의 글 / citizens' posts"]]
    assert drawn[2:7] == [1.0, 1.0, 0.0, 0.0, 1.0]
    assert pd.isna(drawn[0])
    assert pd.isna(drawn[-1])
