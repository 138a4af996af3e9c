from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select, text

from data_sources.base import SourceError
from data_sources.loader import load
from data_sources.records import AccountReference, Attachment, Page, Post, Reject
from data_sources.registry import load_registry
from db import queries, rollups, writes
from db.engine import open_engine
from db.migrate import upgrade
from db.records import PostFilter, SearchRequest
from db.schema import departments, load_runs, posts, questions, rejects
from db.transactions import writing
from tests.builders import ListConnector, a_question, a_routing_model, an_answer, kst
from tests.conftest import Store
from tests.snapshot import snapshot

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))


def _first_answer(store: Store, post_id: str) -> tuple[str | None, int | None]:
    answer = posts.alias("answer")
    with store.engine.connect() as connection:
        row = connection.execute(
            select(answer.c.platform_post_id, questions.c.first_answer_seconds)
            .select_from(questions)
            .join(posts, posts.c.id == questions.c.post_id)
            .outerjoin(answer, answer.c.id == questions.c.first_answer_post_id)
            .where(posts.c.platform_post_id == post_id)
        ).one()
    return row[0], row[1]


def test_loading_twice_changes_nothing(store: Store) -> None:
    records = [a_question(), an_answer(), a_question("q2", "보도블럭이 깨졌어요")]
    assert str(store.add(*records)) == "read=3 inserted=3 updated=0 unchanged=0 rejected=0"
    before = snapshot(store.engine)
    assert str(store.add(*records)) == "read=3 inserted=0 updated=0 unchanged=3 rejected=0"
    assert snapshot(store.engine) == before


@pytest.mark.parametrize("answer_first", [False, True])
def test_an_answer_may_come_before_its_question(store: Store, answer_first: bool) -> None:
    question, answer = a_question(), an_answer()
    for post in (answer, question) if answer_first else (question, answer):
        store.add(post)
    assert _first_answer(store, "q1") == ("a1", 2 * 3600)


def test_the_first_answer_is_the_earliest_whatever_came_first(store: Store) -> None:
    store.add(a_question(), an_answer("late", created_at=kst("2026-03-09 09:00")))
    store.add(an_answer("early", created_at=kst("2026-03-02 09:10")))
    assert _first_answer(store, "q1") == ("early", 600)


def test_an_answer_years_after_is_an_answer(store: Store) -> None:
    store.add(a_question())
    store.add(an_answer(created_at=kst("2029-03-02 09:00")))
    assert _first_answer(store, "q1") == ("a1", 1096 * 86400)


def test_an_edit_replaces_and_an_older_version_does_not(store: Store) -> None:
    store.add(a_question(version=1))
    assert store.add(a_question(version=2, text="지하철 9호선이 늦어요")).updated == 1
    assert store.add(a_question(version=0, text="버스가 늦어요")).unchanged == 1
    found = queries.search(store.engine, SearchRequest(MARCH)).results
    assert found["text"].tolist() == ["지하철 9호선이 늦어요"]


def test_an_edit_leaves_no_old_word_in_search_or_terms(store: Store) -> None:
    store.add(a_question(text="따릉이 대여소를 늘려 주세요"))
    store.add(a_question(text="가로등이 꺼졌어요", version=1))
    assert len(queries.search(store.engine, SearchRequest(MARCH, "따릉이")).results) == 0
    assert len(queries.search(store.engine, SearchRequest(MARCH, term="따릉이")).results) == 0
    assert len(queries.search(store.engine, SearchRequest(MARCH, "가로등")).results) == 1


def test_a_moved_answer_leaves_its_former_question_unanswered(store: Store) -> None:
    store.add(a_question("q1"), a_question("q2"), an_answer("a1", to="q1"))
    store.add(an_answer("a1", to="q2", version=1))
    assert _first_answer(store, "q1") == (None, None)
    assert _first_answer(store, "q2") == ("a1", 2 * 3600)


def test_a_question_edited_into_an_advertisement_is_no_question(store: Store) -> None:
    store.add(a_question())
    store.add(a_question(version=1, text="무담보 당일 대출 상담 010-1234-5678 바로가기 http://loan.example/abc"))
    with store.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(questions)) == 0
        assert connection.scalar(select(posts.c.post_class)) == "ad"


def test_a_question_and_its_answer_of_one_row_are_one_item(store: Store) -> None:
    counts = store.add(a_question(source_row=2), an_answer(source_row=2), a_question("q2", source_row=3))
    assert (counts.read, counts.inserted) == (2, 2)


def test_a_file_that_repeats_an_id_keeps_its_last_row_and_is_unchanged_the_second_time(store: Store) -> None:
    rows = [a_question("q1", "버스가 늦어요", source_row=2), a_question("q1", "따릉이가 늦어요", source_row=3)]
    assert str(store.add(*rows, page_size=1)) == "read=2 inserted=1 updated=1 unchanged=0 rejected=0"
    assert str(store.add(*rows, page_size=1)) == "read=2 inserted=0 updated=0 unchanged=2 rejected=0"
    assert queries.search(store.engine, SearchRequest(MARCH)).results["text"].tolist() == ["따릉이가 늦어요"]


def test_a_corrected_file_replaces_what_it_corrects(store: Store) -> None:
    store.add(a_question("q1", "버스가 늦어요", source_row=9))
    corrected = ListConnector([a_question("q1", "따릉이가 늦어요", source_row=2)], source="list:corrected")
    assert load(corrected, store.engine).updated == 1


def test_a_day_only_post_has_an_answer_but_no_time(store: Store) -> None:
    store.add(a_question(created_precision="day"), an_answer(created_precision="day"))
    assert _first_answer(store, "q1") == ("a1", None)


class TestResponsibleDepartment:
    def _department(self, store: Store) -> tuple[str, str]:
        volume = queries.department_volume(store.engine, MARCH)
        row = volume.iloc[0]
        source = "reply" if row.by_reply else "rule" if row.by_rule else "account" if row.by_receiving_account else "-"
        return row.department, source

    def test_the_answering_department_comes_first(self, store: Store) -> None:
        roads = AccountReference(handle="roads", department="도로관리과")
        store.add(a_question(text="따릉이 대여소가 고장났어요"), an_answer(account=roads))
        assert self._department(store) == ("roads", "reply")

    def test_then_the_terms_of_the_text(self, store: Store) -> None:
        store.add(a_question(text="따릉이 대여소가 고장났어요", addressed_to=AccountReference(handle="roads")))
        assert self._department(store) == ("bike", "rule")

    def test_then_the_account_written_to(self, store: Store) -> None:
        roads = AccountReference(handle="roads", department="도로관리과")
        store.add(a_question(text="여기 좀 봐 주세요", addressed_to=roads))
        assert self._department(store) == ("roads", "account")

    def test_else_nobody(self, store: Store) -> None:
        store.add(a_question(text="여기 좀 봐 주세요"))
        assert self._department(store) == ("unassigned", "-")

    def test_the_mayors_account_is_nobodys_department(self, store: Store) -> None:
        mayor = AccountReference(handle="demo_seoul_mayor")
        store.add(a_question(platform="x", text="여기 좀 봐 주세요", addressed_to=mayor))
        assert self._department(store) == ("unassigned", "-")


class TestDepartmentOfTheClassifier:
    PUPPETS = "인형극은 언제 하나요?"

    @pytest.fixture(autouse=True)
    def _model(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("MINWON_ROUTING_MODEL", a_routing_model(tmp_path / "model"))

    def _question(self, store: Store) -> tuple[str | None, str, float | None]:
        with store.engine.connect() as connection:
            row = connection.execute(
                select(departments.c.code, questions.c.department_source, questions.c.classifier_confidence)
                .select_from(questions)
                .outerjoin(departments, departments.c.id == questions.c.department_id)
            ).one()
        assert [str(difference) for difference in rollups.check(store.engine)] == []
        return row[0], row[1], row[2] and round(row[2], 3)

    def test_it_names_a_department_where_no_rule_does_and_says_how_sure_it_is(self, store: Store) -> None:
        store.add(a_question(text=self.PUPPETS))
        assert self._question(store) == ("culture", "classifier", 1.0)
        volume = queries.department_volume(store.engine, MARCH)
        counted = ["questions", "by_reply", "by_rule", "by_receiving_account"]
        assert volume[counted].values.tolist() == [[1, 0, 0, 0]]

    def test_a_rule_comes_before_it(self, store: Store) -> None:
        store.add(a_question(text=f"따릉이 고장이요. {self.PUPPETS}"))
        assert self._question(store) == ("bike", "rule", None)

    def test_it_comes_before_the_account_written_to(self, store: Store) -> None:
        roads = AccountReference(handle="roads", department="도로관리과")
        store.add(a_question(text=self.PUPPETS, addressed_to=roads))
        assert self._question(store) == ("culture", "classifier", 1.0)

    def test_a_department_that_answers_comes_before_it_and_gives_it_back_when_gone(self, store: Store) -> None:
        store.add(a_question(text=self.PUPPETS), an_answer())
        assert self._question(store) == ("subway", "reply", 1.0)
        with writing(store.engine) as connection:
            answer = writes.find_posts(connection, "blog", ["a1"])
            writes.mark_templates(connection, list(answer.values()))
        assert self._question(store) == ("culture", "classifier", 1.0)

    def test_where_it_is_not_sure_nobody_is_named(self, store: Store) -> None:
        store.add(a_question(text="인형극 환급금은 언제 받나요?"))
        assert self._question(store) == (None, "unassigned", None)

    def test_a_department_the_registry_does_not_know_is_nobody(
        self, store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        other = a_routing_model(tmp_path / "other", departments=("elsewhere", "tax"))
        monkeypatch.setenv("MINWON_ROUTING_MODEL", other)
        store.add(a_question(text=self.PUPPETS))
        assert self._question(store) == (None, "unassigned", None)


def test_an_account_named_without_department_gets_it_later(store: Store) -> None:
    store.add(a_question(text="여기 좀 봐 주세요", addressed_to=AccountReference(handle="metro")))
    store.add(an_answer("other", to="elsewhere"))
    volume = queries.department_volume(store.engine, MARCH)
    assert volume["name_ko"].tolist() == ["서울교통공사"]


def test_personal_data_is_nowhere_in_the_store(store: Store, tmp_path: Path) -> None:
    photo = Attachment(key="1", kind="photo", url="https://example.org/1.jpg", alt="전화 010-2222-3333")
    reject = Reject(source_row=9, reason="time.missing", detail="x 010-5555-6666", raw="y hong@example.org")

    class Connector(ListConnector):
        def fetch(self, cursor: str | None) -> Iterator[Page]:
            post = a_question(text="연락처 010-9876-5432 입니다", author="gildong_hong", attachments=(photo,))
            yield Page(records=(post,), rejects=(reject,), cursor="1")

    load(Connector([]), store.engine)
    found: list[str] = []
    with store.engine.connect() as connection:
        for table in (posts, rejects):
            found += [repr(tuple(row)) for row in connection.execute(select(table))]
        found += [repr(tuple(row)) for row in connection.execute(text("SELECT * FROM attachments"))]
        found += [repr(tuple(row)) for row in connection.execute(text("SELECT tokens FROM post_search"))]
    everything = "\n".join(found)
    for secret in ("9876", "2222", "5555", "hong@example", "gildong"):
        assert secret not in everything
    assert "전화번호" in everything


def test_the_same_author_is_recognised_by_the_key_only(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.add(a_question("q1", author="a"), a_question("q2", author="a"), a_question("q3", author="b"))
    monkeypatch.setenv("MINWON_HASH_KEY", "another key of sixteen and more")
    store.add(a_question("q4", author="a"))
    with store.engine.connect() as connection:
        keys = connection.scalars(select(posts.c.author_key).order_by(posts.c.platform_post_id)).all()
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_a_dry_run_counts_and_stores_nothing(store: Store) -> None:
    store.add(a_question("q1"))
    before = snapshot(store.engine)
    connector = ListConnector([a_question("q1"), a_question("q2"), a_question("q2")], page_size=1, source="list:dry")
    assert str(load(connector, store.engine, dry_run=True)) == "read=3 inserted=1 updated=0 unchanged=2 rejected=0"
    assert snapshot(store.engine) == before
    assert queries.load_runs(store.engine)["source"].tolist() == ["list:test"]


class _Failing(ListConnector):
    """Fails once after its first page."""

    failed = False

    def fetch(self, cursor: str | None) -> Iterator[Page]:
        for page in super().fetch(cursor):
            yield page
            if not self.failed:
                self.failed = True
                raise SourceError("the network went away")


def test_a_cut_off_run_goes_on_where_it_stopped(store: Store) -> None:
    records = [a_question(f"q{number}") for number in range(5)]
    connector = _Failing(records, page_size=2)
    with pytest.raises(SourceError):
        load(connector, store.engine)
    runs = queries.load_runs(store.engine)
    assert runs.loc[0, ["status", "inserted", "error"]].tolist() == ["failed", 2, "the network went away"]
    assert str(load(connector, store.engine)) == "read=3 inserted=3 updated=0 unchanged=0 rejected=0"
    assert str(load(connector, store.engine)) == "read=5 inserted=0 updated=0 unchanged=5 rejected=0"


def test_restart_reads_from_the_beginning(store: Store) -> None:
    connector = _Failing([a_question(f"q{number}") for number in range(5)], page_size=2)
    with pytest.raises(SourceError):
        load(connector, store.engine)
    assert str(load(connector, store.engine, restart=True)) == "read=5 inserted=3 updated=0 unchanged=2 rejected=0"


def test_a_page_that_fails_leaves_no_half_of_it(store: Store) -> None:
    class Breaking(ListConnector):
        def fetch(self, cursor: str | None) -> Iterator[Page]:
            yield Page(records=(a_question("q1"),), cursor="1")
            yield Page(records=(a_question("q2"),), cursor="x" * 10, rejects=(_broken_reject(),))

    with pytest.raises(TypeError):
        load(Breaking([]), store.engine)
    with store.engine.connect() as connection:
        assert connection.scalars(select(posts.c.platform_post_id)).all() == ["q1"]
        assert connection.scalars(select(load_runs.c.status)).all() == ["interrupted"]
        assert connection.scalar(text("SELECT cursor FROM cursors")) == "1"


def _broken_reject() -> Reject:
    return Reject.model_construct(source_row=1, reason="x", detail=None, raw=None)  # type: ignore[arg-type]


def test_rejects_are_kept_once(store: Store) -> None:
    class Rejecting(ListConnector):
        def fetch(self, cursor: str | None) -> Iterator[Page]:
            row = Reject(source_row=3, reason="time.unreadable", detail="no time in 'soon'", raw="1,soon")
            yield Page(records=(a_question(),), rejects=(row,), cursor="1")

    for _ in range(2):
        assert load(Rejecting([]), store.engine).rejected == 1
    assert queries.reject_reasons(store.engine)[["reason", "rows", "first_row"]].values.tolist() == [
        ["time.unreadable", 1, 3]
    ]


# ---------------------------------------------------------------- any order, any repetition, any split


@pytest.fixture(scope="module")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


_TEXTS = (
    "지하철 2호선이 또 늦어요",
    "따릉이 대여소가 고장났습니다",
    "당일 대출 상담 010-1234-5678 http://loan.example/a",
    "감사합니다 덕분에 해결됐어요",
    "아리수에서 냄새가 나요",
)
_ACCOUNTS = (
    AccountReference(handle="metro", department="서울교통공사"),
    AccountReference(handle="roads", department="도로관리과"),
    AccountReference(handle="fresh", department="새로 생긴 과"),
)


@st.composite
def _records(draw: st.DrawFn) -> list[Post]:
    """A few posts that reply to one another, some of them in several versions. A version has one content."""
    records: dict[tuple[str, int], Post] = {}
    for _ in range(draw(st.integers(1, 8))):
        post_id = draw(st.sampled_from("abcdef"))
        version = draw(st.integers(0, 2))
        is_answer = draw(st.booleans())
        fields = {
            "version": version,
            "created_at": kst("2026-03-01 00:00") + dt.timedelta(minutes=draw(st.integers(0, 3000))),
            "in_reply_to": draw(st.sampled_from([None, *"abcdef".replace(post_id, "")])),
        }
        if is_answer:
            fields["account"] = draw(st.sampled_from(_ACCOUNTS))
        else:
            fields["addressed_to"] = draw(st.sampled_from([None, *_ACCOUNTS, AccountReference(handle="fresh")]))
        record = a_question(post_id, draw(st.sampled_from(_TEXTS)), **fields)
        records.setdefault((post_id, version), record)
    return list(records.values())


def _loaded(path: Path, empty: Path, calls: list[list[Post]], page_size: int) -> dict[str, object]:
    shutil.copy(empty, path)
    engine: Engine = open_engine(f"sqlite:///{path}")
    for number, call in enumerate(calls):
        load(ListConnector(call, page_size, source=f"list:{number}"), engine)
    state = snapshot(engine)
    engine.dispose()
    for leftover in path.parent.glob(f"{path.name}*"):
        leftover.unlink()
    return state


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_any_repetition_any_split_gives_the_same_store(
    data: st.DataObject, empty_store: Path, tmp_path: Path
) -> None:
    records = data.draw(_records())
    straight = _loaded(tmp_path / "straight.db", empty_store, [records], page_size=1000)
    shuffled = data.draw(st.permutations(records + data.draw(st.lists(st.sampled_from(records), max_size=4))))
    cut = data.draw(st.integers(0, len(shuffled)))
    calls = [call for call in (shuffled[:cut], shuffled[cut:]) if call]
    page_size = data.draw(st.integers(1, 4))
    # Accounts may exist that no surviving version names; whoever is named must be the same.
    again = _loaded(tmp_path / "again.db", empty_store, calls, page_size)
    for part in ("posts", "questions", "terms", "classes", "photos"):
        assert again[part] == straight[part]


def test_an_account_that_moves_to_another_department_takes_its_questions_along(store: Store) -> None:
    registry = load_registry()
    account = next(each for each in registry.accounts if each.role == "department")
    other = next(each.code for each in registry.departments if each.code != account.department)
    asked = a_question(
        "q1", "이거 언제 되나요?", platform=account.platform, addressed_to=AccountReference(handle=account.handle)
    )
    load(ListConnector([asked]), store.engine, registry=registry)
    assert _department_of(store, "q1") == account.department
    moved = [replace(each, department=other) if each == account else each for each in registry.accounts]
    load(ListConnector([], source="list:none"), store.engine, registry=replace(registry, accounts=tuple(moved)))
    assert _department_of(store, "q1") == other
    assert [str(difference) for difference in rollups.check(store.engine)] == []


def _department_of(store: Store, platform_post_id: str) -> str | None:
    with store.engine.connect() as connection:
        return connection.scalar(
            select(departments.c.code)
            .join(questions, questions.c.department_id == departments.c.id)
            .join(posts, posts.c.id == questions.c.post_id)
            .where(posts.c.platform_post_id == platform_post_id)
        )
