"""What the measurements stand on: invented posts are as the loader would have stored them, and all engines agree."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, select

from data_sources.registry import load_registry
from db import rollups
from db.engine import open_engine
from db.packing import unpack_ids
from db.schema import posts, questions, search_texts
from db.writes.calendar import recount_working_time
from tests.benchmarks import building, changing, invented, limits, measuring, starting, stores
from tests.benchmarks.building import Stores
from tests.benchmarks.kept import KeptParts
from tests.benchmarks.limits import Limit
from tests.benchmarks.measuring import Measured
from tests.benchmarks.peers import PEERS
from tests.benchmarks.questions import QUESTIONS, disagreement
from tests.benchmarks.servers import Server, postgresql

POSTS = 8_000
pytestmark = pytest.mark.xdist_group("benchmarks")  # its stores are made once
OURS = limits.OURS


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Where the stores of this module are; not pytest's own folder, which the server's system user may not enter."""
    path = Path(tempfile.mkdtemp(prefix="minwon-bench-"))
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """A PostgreSQL server of this module."""
    with postgresql(folder) as running:
        yield running


@pytest.fixture(scope="module")
def built(folder: Path, server: Server) -> Stores:
    """Every peer's store with POSTS posts."""
    return building.build(POSTS, folder)


@pytest.mark.parametrize("engine", OURS)
def test_a_generated_store_is_what_its_rows_say(built: Stores, engine: str) -> None:
    store = open_engine(built.addresses[engine])
    check = rollups.check(store)
    assert [str(difference) for difference in check] == []
    assert check.checked > POSTS
    with store.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(search_texts)) == POSTS
        citizens = select(func.count()).select_from(posts).where(posts.c.is_inbound)
        assert connection.scalar(citizens) == POSTS
        unanswered = select(func.count()).select_from(questions).where(questions.c.first_answer_at.is_(None))
        asked = connection.scalar(select(func.count()).select_from(questions)) or 0
        assert 0.29 < (connection.scalar(unanswered) or 0) / asked < 0.32
        assert recount_working_time(connection) == 0
    store.dispose()


@pytest.mark.parametrize("engine", OURS)
def test_a_generated_post_is_whole(built: Stores, engine: str) -> None:
    chunk = next(invented.chunks(POSTS))
    number = int(np.flatnonzero(chunk.answer_s >= 0)[5])
    store = open_engine(built.addresses[engine])
    answer = posts.alias("answer")
    with store.connect() as connection:
        row = connection.execute(
            select(
                posts, questions.c.first_answer_at, questions.c.first_answer_seconds, answer.c.created_at.label("at")
            )
            .join(questions, questions.c.post_id == posts.c.id)
            .join(answer, answer.c.id == questions.c.first_answer_post_id)
            .where(posts.c.platform_post_id == f"{number:09d}")
        ).one()
    store.dispose()
    assert row.created_at == dt.datetime.fromtimestamp(int(chunk.created_s[number]), dt.UTC)
    assert row.created_day.toordinal() == chunk.day[number]
    assert row.first_answer_at == row.at == dt.datetime.fromtimestamp(int(chunk.answer_s[number]), dt.UTC)
    assert row.first_answer_seconds == (row.at - row.created_at).total_seconds()
    nouns = {word for word in chunk.words[number].tolist() if word % 2 == 0}
    assert unpack_ids(row.term_ids) == sorted(invented.term_id(word) for word in nouns)
    assert row.text == " ".join(invented.vocabulary()[word] for word in chunk.words[number])


def test_all_engines_give_the_same_answers(built: Stores, folder: Path) -> None:
    found: dict[str, Measured] = {}
    for peer in PEERS:
        found[peer] = measuring.measure(peer, built.addresses[peer], built.as_of_s, folder, rounds=1)
        for question, answer in found[peer].answers.items():
            assert disagreement(question, found[OURS[0]].answers[question], answer) is None, (peer, question)
    assert set(found[OURS[0]].ms) == {question.id for question in QUESTIONS}


@pytest.mark.parametrize("engine", OURS)
def test_what_was_loaded_is_taken_out_again(built: Stores, engine: str) -> None:
    store = open_engine(built.addresses[engine])
    with store.connect() as connection:
        before = connection.scalar(select(func.count()).select_from(posts))
    changing.load(changing.NewPosts(changing.WHOLE, 1, 300), store)
    assert changing.take_out(store) == 300
    with store.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(posts)) == before
    assert [str(difference) for difference in rollups.check(store)] == []
    store.dispose()


def test_a_question_is_answered_the_same_only_within_the_tolerance() -> None:
    ours = [[7, 1, 10, 9, 0.5, 10.0, None]]
    assert disagreement("percentiles", ours, [[7, 1, 10, 9, 0.5, 10.1, None]]) is None
    assert disagreement("percentiles", ours, [[7, 1, 10, 9, 0.5, 10.2, None]]) is not None
    assert disagreement("percentiles", ours, [[7, 1, 10, 9, 0.5, 10.0, 20.0]]) is not None
    assert disagreement("classes", [[0, 5], [1, 2]], [[1, 2], [0, 5]]) is None
    assert disagreement("classes", [[0, 5]], [[0, 6]]) == "[0, 5] against [0, 6]"


def test_keywords_of_few_authors_may_be_left_out() -> None:
    theirs = [[1, 9, 8], [2, 7, 4], [3, 5, 5]]
    assert disagreement("top_terms", [[1, 9, 8], [3, 5, 5], [4, 4, 4]], theirs) is None
    assert disagreement("top_terms", [[1, 9, 7]], theirs) is not None
    assert disagreement("top_terms", [[4, 6, 6]], theirs) is not None


def test_a_limit_is_held_at_its_bound_and_not_beyond() -> None:
    assert Limit("", "", 20.0, least=20.0).is_held
    assert not Limit("", "", 19.9, least=20.0).is_held
    assert Limit("", "", 3.0, most=3.0).is_held
    assert not Limit("", "", 3.1, most=3.0).is_held


def test_a_cached_store_is_known_by_its_schema() -> None:
    assert len(stores.version()) == 6


def test_a_part_measured_again_takes_the_place_of_its_own(tmp_path: Path) -> None:
    kept = KeptParts(tmp_path, (1, 2))
    assert kept.read() == {}
    kept.keep("queries", [Limit("our SQLite", "fast", 25.0, least=20.0)], [["## Questions", "1"]])
    kept.keep("loads", [], [["## Loads"]])
    kept.keep("queries", [Limit("our SQLite", "fast", 19.0, least=20.0)], [["## Questions", "2"]])
    found = KeptParts(tmp_path, (1, 2)).read()
    assert (found["queries"].sections, found["loads"].sections) == ((["## Questions", "2"],), (["## Loads"],))
    assert [limit.is_held for limit in found["queries"].limits] == [False]
    assert KeptParts(tmp_path, (1, 3)).read() == {}


@pytest.mark.parametrize("engine", OURS)
def test_status_is_started_as_a_command_and_tells_of_every_account(built: Stores, engine: str) -> None:
    seconds, accounts = starting.status_s(built.addresses[engine], rounds=1)
    assert seconds > 0
    assert accounts >= len(load_registry().accounts)
