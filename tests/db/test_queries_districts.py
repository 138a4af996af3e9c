"""Questions by the district they name, and that no district is ever taken for a word."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from scipy import stats
from sqlalchemy import delete, select

from data_sources.records import Post
from db import queries, rollups, schema, writes
from db.districts import NAMES_A_DISTRICT, district_term
from db.queries import asked
from db.queries.said import DailyWords
from db.records import PostFilter, SearchRequest
from db.transactions import writing
from tests.builders import a_question, kst
from tests.conftest import Store

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
# None of these says 강남구 or 송파구: stations and neighbourhoods tell the district.
GANGNAM, SONGPA = "선릉역 앞 가로등이 꺼졌어요", "잠실동 가로등이 꺼졌어요"
BOTH = "선릉역에서 잠실동까지 가로등이 꺼졌어요"
OPEN, NONE = "신사동 가로등이 꺼졌어요", "가로등이 꺼졌어요"
RISK = "선릉역인데 죽고 싶어요"


def _asked(number: int, text: str, prefix: str, **fields: object) -> list[Post]:
    return [a_question(f"{prefix}{index}", text, **fields) for index in range(number)]


@pytest.fixture
def city(store: Store) -> Store:
    store.add(
        *_asked(6, GANGNAM, "g"),
        *_asked(3, SONGPA, "s", author="one author"),
        *_asked(1, BOTH, "b"),
        *_asked(4, OPEN, "o"),
        *_asked(5, NONE, "n"),
        *_asked(2, RISK, "r"),
    )
    return store


def test_questions_are_counted_in_each_district_they_name(city: Store) -> None:
    volume = queries.district_volume(city.engine, MARCH)
    assert len(volume) == 25
    first = volume.head(2)
    assert first["district"].tolist() == ["11680", "11710"]
    assert first["name_ko"].tolist() == ["강남구", "송파구"]
    assert first["name_en"].tolist() == ["Gangnam-gu", "Songpa-gu"]
    # The two in the restricted queue are asked, but stand in no district.
    assert first["questions"].tolist() == [7, 4]
    assert first["authors"].tolist() == [7, 2]
    assert set(volume["named"]) == {10}
    assert set(volume["asked"]) == {21}
    assert first["share"].tolist() == [0.7, 0.4]
    interval = stats.binomtest(7, 10).proportion_ci(method="wilson")
    assert first.loc[0, ["low", "high"]].tolist() == pytest.approx([interval.low, interval.high])
    assert volume["questions"].sum() == 11
    assert volume["district"].tolist()[2:] == sorted(volume["district"].tolist()[2:])
    assert [str(difference) for difference in rollups.check(city.engine)] == []


def test_within_a_platform_the_newest_questions_are_counted(city: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    city.add(*_asked(2, SONGPA, "x", platform="x", created_at=kst("2026-03-20 09:00")))
    of_x = queries.district_volume(city.engine, replace(MARCH, platforms=("x",)))
    assert of_x.loc[0, ["district", "questions", "named", "asked", "authors"]].tolist() == ["11710", 2, 2, 2, 2]
    assert of_x.attrs == {}
    of_all = queries.district_volume(city.engine, replace(MARCH, platforms=("x", "blog")))
    assert of_all["questions"].tolist()[:3] == [7, 6, 0]
    assert of_all.loc[0, ["named", "asked"]].tolist() == [12, 23]
    monkeypatch.setattr(asked, "MAX_FILTERED_QUESTIONS", 5)
    newest = queries.district_volume(city.engine, replace(MARCH, platforms=("x", "blog")))
    assert newest.loc[0, ["district", "questions", "asked"]].tolist() == ["11710", 2, 2]
    assert newest.attrs == {"newest_only": 2}


@pytest.mark.parametrize("narrow", [(), ("blog",)])
def test_where_no_question_names_a_district_there_is_no_table(city: Store, narrow: tuple[str, ...]) -> None:
    where = replace(MARCH, platforms=narrow)
    assert len(queries.district_volume(city.engine, where)) == 25
    assert queries.district_volume(city.engine, replace(where, classes=("praise",))).empty
    assert queries.district_volume(city.engine, replace(where, synthetic=True)).empty
    assert queries.district_volume(city.engine, replace(where, end=where.start)).empty


def test_a_store_that_knows_no_names_yet_has_no_table(city: Store) -> None:
    with writing(city.engine) as connection:
        connection.execute(delete(schema.districts))
    assert queries.district_volume(city.engine, MARCH).empty


@pytest.mark.parametrize("narrow", [(), ("blog",)])
def test_no_district_is_a_word(city: Store, narrow: tuple[str, ...]) -> None:
    where = replace(MARCH, platforms=narrow)
    city.add(a_question("before", NONE, platform="blog", created_at=kst("2026-02-02 09:00")))
    with city.engine.connect() as connection:
        words = set(connection.scalars(select(schema.terms.c.term).where(schema.terms.c.id > 0)))
    shown = (queries.top_terms(city.engine, where), queries.distinctive_terms(city.engine, where))
    for frame in shown:
        assert {"선릉역"} <= set(frame["term"]) <= words - {"강남구", "송파구"}
    assert queries.term_trend(city.engine, where, ["강남구"])["questions"].sum() == 0
    assert queries.search(city.engine, SearchRequest(where, term="강남구")).results.empty


def test_no_district_is_in_the_families_of_the_detection(city: Store) -> None:
    with city.engine.connect() as connection:
        counted = set(connection.scalars(select(schema.term_counts.c.term_id)))
        words = DailyWords(connection, False, MARCH.start, MARCH.end)
        ids, counts = words.window(dt.date(2026, 3, 2), 1)
        past = words.past(ids, MARCH.start, dt.date(2026, 3, 2))
    places = {NAMES_A_DISTRICT, district_term("11680"), district_term("11710")}
    assert places < counted
    assert set(ids.tolist()) == counted - places
    assert past.counts[:, -1].tolist() == counts.tolist()


def test_a_removed_post_names_nothing_any_more(city: Store) -> None:
    with writing(city.engine) as connection:
        gone = list(writes.find_posts(connection, "blog", ["g0", "b0"]).values())
        writes.remove_posts(connection, gone, NOW)
    volume = queries.district_volume(city.engine, MARCH)
    assert volume["questions"].tolist()[:2] == [5, 3]
    assert volume.loc[0, ["named", "asked"]].tolist() == [8, 21]
    assert [str(difference) for difference in rollups.check(city.engine)] == []


def test_an_edit_that_moves_the_matter_moves_the_count(city: Store) -> None:
    city.add(a_question("g0", SONGPA, version=1))
    assert queries.district_volume(city.engine, MARCH)["questions"].tolist()[:2] == [6, 5]
    assert [str(difference) for difference in rollups.check(city.engine)] == []


def test_a_post_of_a_list_says_which_districts_it_names(city: Store) -> None:
    found = queries.search(city.engine, SearchRequest(MARCH, limit=100)).results.set_index("platform_post_id")
    assert found.loc["b0", ["districts_ko", "districts_en"]].tolist() == ["강남구, 송파구", "Gangnam-gu, Songpa-gu"]
    assert found.loc["o0", ["districts_ko", "districts_en"]].tolist() == ["", ""]
