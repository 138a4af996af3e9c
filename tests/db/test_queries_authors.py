"""Who is speaking, against the same counted in pandas from the rows; both engines."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import pandas as pd
import pytest
from sqlalchemy import Engine, select

from data_sources.connectors.demo import DemoConnector
from data_sources.loader import load
from db import queries
from db.frames import NEWEST_ONLY
from db.queries import authors
from db.queries.keywords import MIN_AUTHORS
from db.records import PostFilter
from db.schema import post_copies, post_terms, posts, questions, terms
from tests.builders import a_question, kst
from tests.conftest import NewStore, Store

LAST_DAY = dt.date(2026, 10, 31)
WHERE = PostFilter(dt.date(2026, 8, 1), LAST_DAY, synthetic=True)
MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))


@pytest.fixture(scope="module")
def demo(shared_stores: NewStore) -> Engine:
    """1,500 invented posts over 200 days."""
    made = shared_stores().engine
    load(DemoConnector(posts=1500, days=200, until=LAST_DAY + dt.timedelta(days=1)), made)
    return made


def _recounted(engine: Engine, where: PostFilter, name: str) -> tuple[int, ...] | None:
    """Return what SPEAKERS should hold of a word, from the rows; None where too few people speak of it."""
    with engine.connect() as connection:
        said = pd.DataFrame(
            connection.execute(
                select(posts.c.id, posts.c.author_key, questions.c.platform_id, post_copies.c.representative_id)
                .join(questions, questions.c.post_id == posts.c.id)
                .join(post_terms, post_terms.c.post_id == posts.c.id)
                .join(terms, terms.c.id == post_terms.c.term_id)
                .outerjoin(post_copies, post_copies.c.post_id == posts.c.id)
                .where(
                    terms.c.term == name, questions.c.is_synthetic == where.synthetic, questions.c.is_risk.is_(False),
                    questions.c.asked_day >= where.start, questions.c.asked_day <= where.end,
                )
                .distinct()
            ).mappings().all()
        )  # fmt: skip
    if where.platforms:
        said = said[said["platform_id"].isin(where.platforms)]
    who = said["author_key"].where(said["author_key"].notna(), said["id"])
    each = who.value_counts()
    if len(each) < MIN_AUTHORS:
        return None
    loudest = math.ceil(len(each) / 100)
    copied = said["representative_id"].dropna()
    return len(said), len(each), loudest, int(each.head(loudest).sum()), len(copied) - copied.nunique()


@pytest.mark.parametrize("platforms", [(), ("x",)])
def test_authors_the_loudest_and_copies_are_those_of_the_rows(demo: Engine, platforms: tuple[str, ...]) -> None:
    where = replace(WHERE, platforms=platforms)
    names = [*queries.top_terms(demo, where, 12)["term"], "지하철"]
    found = queries.speakers(demo, where, names).set_index("term")
    counted = ["questions", "speakers", "loudest_authors", "loudest_questions", "copies"]
    expected = {name: _recounted(demo, where, name) for name in names}
    assert {name: tuple(map(int, found.loc[name, counted])) for name in found.index} == {
        name: counts for name, counts in expected.items() if counts is not None
    }
    assert (found["loudest_share"] == found["loudest_questions"] / found["questions"]).all()
    assert (found["copy_share"] == found["copies"] / found["questions"]).all()
    for name in ("loudest", "copy"):
        assert (found[f"{name}_low"] <= found[f"{name}_share"]).all()
        assert (found[f"{name}_share"] <= found[f"{name}_high"]).all()


def test_one_loud_author_and_one_copied_text_are_told(store: Store) -> None:
    loud = [a_question(f"loud{n}", f"가로등 {n}번이 또 꺼졌습니다. {n}번째 신고", author="loud") for n in range(30)]
    others = [a_question(f"other{n}", f"우리 동네 {n}길 가로등이 어두워요", author=f"a{n}") for n in range(20)]
    text = "가로등 교체 공사를 당장 중단하고 주민 설명회를 열어 주시기 바랍니다"
    copied = [a_question(f"copy{n}", text, author=f"c{n}", created_at=kst("2026-03-05 09:00")) for n in range(10)]
    store.add(*loud, *others, *copied)
    [row] = queries.speakers(store.engine, MARCH, ["가로등"]).to_dict("records")
    assert (row["questions"], row["speakers"], row["loudest_authors"], row["loudest_questions"]) == (60, 31, 1, 30)
    assert row["copies"] >= 9
    assert row["loudest_low"] < 0.5 < row["loudest_high"]


def test_words_of_few_people_are_left_out_and_unknown_words_have_nobody(store: Store) -> None:
    store.add(*(a_question(f"q{n}", "가로등이 꺼졌어요", author="one") for n in range(9)))
    found = queries.speakers(store.engine, MARCH, ["가로등", "없는말"])
    assert found["term"].tolist() == ["없는말"]
    assert found[["questions", "speakers"]].to_numpy().tolist() == [[0, 0]]
    assert found[["loudest_share", "copy_share"]].isna().all(axis=None)
    assert queries.speakers(store.engine, MARCH, []).empty


def test_of_a_word_with_many_questions_the_newest_weeks_are_read(demo: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    where = replace(WHERE, start=LAST_DAY - dt.timedelta(days=199))
    whole = queries.speakers(demo, where, ["지하철"])
    assert NEWEST_ONLY not in whole.attrs
    monkeypatch.setattr(authors, "MAX_QUESTIONS", 10)
    monkeypatch.setattr(authors, "WEEKS_AT_ONCE", 2)
    found = queries.speakers(demo, where, ["지하철"])
    read = int(found["questions"].iloc[0])
    assert 10 <= read < int(whole["questions"].iloc[0])
    assert found.attrs[NEWEST_ONLY] == read
