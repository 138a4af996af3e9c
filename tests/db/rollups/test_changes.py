"""Roll-ups and indexes stay what the rows say, whatever happens to the rows, in whatever order."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import Engine, delete, func, select, text, update

from data_sources.records import AccountReference, Attachment
from db import rollups, schema, writes
from db.dialects import dialect_of
from db.records import KST
from db.schema import posts
from db.transactions import writing
from tests.builders import a_question, an_answer
from tests.conftest import Store, close, new_database

# Sequences of changes, and changes in each; `make proofs` asks for more.
EXAMPLES = int(os.environ.get("TEST_EXAMPLES", "25"))
STEPS = 25
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
DAYS = (dt.date(2025, 12, 28), dt.date(2026, 3, 2), dt.date(2026, 3, 3), dt.date(2026, 3, 8), dt.date(2026, 3, 30))
# Kinds of replies; the last becomes a template once it was said five times.
REPLIES = (
    "확인하여 조치하겠습니다.",
    "120 다산콜로 문의해 주시기 바랍니다.",
    "문의가 정상적으로 접수되었습니다.",
    "말씀하신 시설은 담당 직원이 현장을 살핀 뒤 교체 여부를 정하여 다시 알려 드리겠습니다",
)
TEXTS = (
    "지하철 2호선이 늦어요. 언제 고쳐지나요?",
    "아리수에서 냄새가 나요. 수돗물 확인해 주세요.",
    "따릉이 고장 신고합니다. 지하철 앞 대여소예요.",
    "죽고 싶어요. 도와주세요.",
    "무료 쿠폰 받기 클릭하세요 http://bit.ly/ad 카톡 문의 대출 당일",
    "감사합니다!",
    "",
    # Long enough to have copies.
    "우리 동네 보도블록이 깨져서 걷기 위험합니다. 하루빨리 고쳐 주시기 바랍니다. 언제 되나요?",
)
PLATFORMS = ("blog", "x")
DEPARTMENTS = (None, "서울교통공사", "상수도사업본부")


def _wrong(engine: Engine) -> list[str]:
    return [str(difference) for difference in rollups.check(engine)]


class Changes(RuleBasedStateMachine):
    """Every way a row can change, in any order; the machine is given its store by :func:`_machine`."""

    store: Store
    empty: Callable[[], None]

    @initialize()
    def begin(self) -> None:
        self.empty()

    def _any_ids(self, number: int, *, inbound: bool | None = True) -> list[int]:
        """Return some of the stored posts, chosen by ``number``."""
        statement = select(posts.c.id).order_by(posts.c.platform_id, posts.c.platform_post_id)
        if inbound is not None:
            statement = statement.where(posts.c.is_inbound.is_(inbound))
        with self.store.engine.connect() as connection:
            ids = list(connection.scalars(statement))
        return [id_ for place, id_ in enumerate(ids) if number >> (place % 8) & 1]

    @rule(
        numbers=st.lists(st.integers(0, 11), min_size=1, max_size=6, unique=True),
        text=st.sampled_from(TEXTS),
        day=st.sampled_from(DAYS),
        platform=st.sampled_from(PLATFORMS),
        author=st.sampled_from((None, "a", "b", "c")),
        receiver=st.sampled_from((None, "mayor", "metro")),
        version=st.integers(0, 2),
        answers_collected=st.booleans(),
        precision=st.sampled_from(("second", "day")),
        origin=st.sampled_from(("import", "synthetic")),
        page_size=st.integers(1, 6),
    )
    def load_questions(
        self, numbers: list[int], text: str, day: dt.date, origin: Any, page_size: int, **rest: Any
    ) -> None:
        receiver = rest.pop("receiver")
        self.store.add(
            *(
                a_question(
                    f"q{number}",
                    text or f"글 {number}",
                    platform=rest["platform"],
                    created_at=dt.datetime.combine(day, dt.time(0 if rest["precision"] == "day" else number), KST),
                    created_precision=rest["precision"],
                    author=rest["author"],
                    version=rest["version"],
                    answers_collected=rest["answers_collected"],
                    addressed_to=AccountReference(handle=receiver) if receiver else None,
                    attachments=(Attachment(key="p", kind="photo", url="https://example.org/p.jpg"),) * (number % 2),
                )
                for number in numbers
            ),
            origin=origin,
            page_size=page_size,
        )

    @rule(
        number=st.integers(0, 9),
        to=st.integers(0, 11),
        platform=st.sampled_from(PLATFORMS),
        day=st.sampled_from(DAYS),
        hour=st.integers(0, 23),
        department=st.sampled_from(DEPARTMENTS),
        handle=st.sampled_from(("metro", "water", "mayor")),
        version=st.integers(0, 2),
        text=st.sampled_from(REPLIES),
    )
    def load_answer(self, number: int, to: int, day: dt.date, hour: int, department: str | None, **rest: Any) -> None:
        self.store.add(
            an_answer(
                f"a{number}",
                f"q{to}",
                rest["text"],
                platform=rest["platform"],
                version=rest["version"],
                created_at=dt.datetime.combine(day, dt.time(hour), KST),
                account=AccountReference(handle=rest["handle"], department=department),
            )
        )

    @rule(chosen=st.integers(0, 255), post_class=st.sampled_from(("question", "ad", "opinion", "duplicate")))
    def reclassify(self, chosen: int, post_class: str) -> None:
        decision = writes.Decision(post_class, f"{post_class}.test", "test", 1.0)
        ids = self._any_ids(chosen)
        with writing(self.store.engine) as connection:
            writes.reclassify(connection, dict.fromkeys(ids, decision), "test-1", NOW)

    @rule(chosen=st.integers(0, 255), department=st.integers(0, 3))
    def reroute(self, chosen: int, department: int) -> None:
        ids = self._any_ids(chosen)
        with writing(self.store.engine) as connection:
            known = [None, *connection.scalars(select(schema.departments.c.id).order_by(schema.departments.c.id))]
            routing = writes.Routing(known[department % len(known)], "test")
            writes.reroute(connection, ids, dict.fromkeys(ids, routing))

    @rule(chosen=st.integers(0, 255), is_template=st.booleans())
    def mark_templates(self, chosen: int, is_template: bool) -> None:
        ids = self._any_ids(chosen, inbound=False)
        with writing(self.store.engine) as connection:
            writes.mark_templates(connection, ids, is_template)

    @rule(chosen=st.integers(0, 255))
    def merge_duplicates(self, chosen: int) -> None:
        original, *duplicates = [*self._any_ids(chosen), None]
        with writing(self.store.engine) as connection:
            if original is not None:
                merged = {id_: original for id_ in duplicates if id_ is not None}
                writes.merge_duplicates(connection, merged, "test-1", NOW)

    @rule(chosen=st.sampled_from((1, 2, 4, 32)), inbound=st.sampled_from((True, True, None)))
    def remove(self, chosen: int, inbound: bool | None) -> None:
        ids = self._any_ids(chosen, inbound=inbound)
        with writing(self.store.engine) as connection:
            writes.remove_posts(connection, ids, NOW)
            kept = select(func.count()).select_from(posts).where(posts.c.id.in_(ids), posts.c.text.is_not(None))
            assert connection.scalar(kept) == 0

    @rule(which=st.sampled_from(("rebuild", "rollback")))
    def leave_as_it_is(self, which: str) -> None:
        if which == "rebuild":
            rollups.rebuild(self.store.engine)
            return
        ids = self._any_ids(255)
        with self.store.engine.connect() as connection, connection.begin() as transaction:
            dialect_of(connection).lock_writer(connection)
            writes.remove_posts(connection, ids, NOW)
            transaction.rollback()

    def teardown(self) -> None:
        assert _wrong(self.store.engine) == []


def _machine(store: Store) -> type[Changes]:
    def empty() -> None:
        """Take everything out again, so that each example begins with nothing and no store has to be made for it."""
        kept = {"store_state", "term_groups"}
        with writing(store.engine) as connection:
            places = list(connection.scalars(select(schema.search_texts.c.timeline_id)))
            dialect_of(connection).search.remove(connection, places)
            connection.execute(update(posts).values(in_reply_to_post_id=None, duplicate_of_post_id=None))
            for table in reversed(schema.metadata.sorted_tables):
                if table.name not in kept:
                    connection.execute(delete(table))

    return type("ChangesOfThisStore", (Changes,), {"store": store, "empty": staticmethod(empty)})


def test_any_changes_in_any_order_leave_roll_ups_and_indexes_true(store: Store) -> None:
    run_state_machine_as_test(
        _machine(store),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_page_leaves_nothing_in_temporary_tables(postgresql_server: str) -> None:
    engine = new_database(postgresql_server, template="template_minwon")
    questions = [a_question(platform_post_id=str(number), text=TEXTS[0], author="a") for number in range(3)]
    Store(engine).add(*questions, page_size=1)
    sizes = "SELECT relname, pg_relation_size(oid) FROM pg_class WHERE relpersistence = 't' AND relkind = 'r'"
    with engine.connect() as connection:
        found = dict(connection.execute(text(sizes)).all())
    close(engine)
    assert found["touched_terms"] == 0
    assert set(found.values()) == {0}
