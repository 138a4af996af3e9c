from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
from multiprocessing import active_children
from pathlib import Path

import pytest
from distributed import LocalCluster
from sqlalchemy import Engine, func, select

from data_sources import reannotation, workers
from data_sources.__main__ import main
from data_sources.base import SourceError
from data_sources.connectors.demo import DemoConnector
from data_sources.loader import load
from data_sources.reannotation import reannotate
from data_sources.records import Post
from db.engine import open_engine
from db.migrate import upgrade
from db.queries import district_volume
from db.records import Counts, PostFilter, RunVersions
from db.schema import classifications, posts, questions, reannotations, search_texts, staged_annotations
from db.state import LOAD_ID, read_state
from db.writes.changes import MERGED, merge_duplicates, remove_posts
from nlp import annotate
from nlp.records import Versions
from tests.builders import a_question, a_routing_model, an_answer
from tests.conftest import Store
from tests.data_sources.reading import OLD, Here, old_reading, said, wrong

MARCH = PostFilter(dt.date(2026, 3, 1), dt.date(2026, 3, 31))
ROOT = Path(__file__).resolve().parents[2]
LOAN = "무담보 당일 대출 상담 010-1234-5678 바로가기 http://loan.example/abc"
DEMO = DemoConnector(posts=400, seed=7, days=30, until=dt.date(2026, 3, 1))


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    """Workers that read in this process, for every call of the test."""
    found = Here()
    monkeypatch.setattr(reannotation, "LocalWorkers", lambda _: found)
    return found


def _add_old(store: Store, *records: Post, without: tuple[str, ...] = ()) -> None:
    with old_reading(without=without):
        store.add(*records)


def _fresh(tmp_path: Path) -> Engine:
    """Return the store that today's code makes of the demo."""
    engine = open_engine(f"sqlite:///{tmp_path / 'fresh.db'}")
    upgrade(engine)
    load(DEMO, engine)
    return engine


def _class_of(engine: Engine, post_id: str) -> tuple[str, bool]:
    """Return a post's class and whether it stands among the questions."""
    with engine.connect() as connection:
        row = connection.execute(
            select(posts.c.post_class, questions.c.post_id)
            .outerjoin(questions, questions.c.post_id == posts.c.id)
            .where(posts.c.platform_post_id == post_id)
        ).one()
    return row[0], row[1] is not None


def _load_id(engine: Engine) -> int:
    with engine.connect() as connection:
        return read_state(connection, LOAD_ID) or 0


def _id_of(engine: Engine, post_id: str) -> int:
    with engine.connect() as connection:
        return connection.execute(select(posts.c.id).where(posts.c.platform_post_id == post_id)).scalar_one()


def test_nothing_is_done_where_every_text_is_up_to_date(store: Store, here: Here) -> None:
    store.add(a_question(), an_answer())
    before, load_id = said(store.engine), _load_id(store.engine)
    assert str(reannotate(store.engine)) == "read=0 changed=0 switched=no"
    assert (said(store.engine), _load_id(store.engine)) == (before, load_id)
    assert here.batches == 0


def test_an_empty_store_needs_nothing(store: Store, here: Here) -> None:
    assert str(reannotate(store.engine)) == "read=0 changed=0 switched=no"
    assert str(reannotate(store.engine, restart=True)) == "read=0 changed=0 switched=yes"


def test_restart_reads_what_is_up_to_date_and_finds_it_so(store: Store, here: Here) -> None:
    store.add(a_question(), an_answer())
    before = said(store.engine)
    assert str(reannotate(store.engine, restart=True)) == "read=2 changed=0 switched=yes"
    assert said(store.engine) == before


def test_a_changed_rule_changes_exactly_the_posts_it_should(store: Store, here: Here) -> None:
    _add_old(store, a_question("q1"), a_question("ad", LOAN.replace("010-1234-5678 ", "")), an_answer(to="q1"))
    assert _class_of(store.engine, "ad") == ("question", True)
    assert str(reannotate(store.engine)) == "read=3 changed=1 switched=yes"
    assert _class_of(store.engine, "ad") == ("ad", False)
    assert _class_of(store.engine, "q1") == ("question", True)
    with store.engine.connect() as connection:
        judged = connection.execute(
            select(classifications.c.rules_version, classifications.c.post_class)
            .join(posts, posts.c.id == classifications.c.post_id)
            .where(posts.c.platform_post_id == "ad")
        )
        assert set(judged) == {(OLD.rules, "question"), (annotate.versions().rules, "ad")}
    assert wrong(store.engine) == []
    assert str(reannotate(store.engine)) == "read=0 changed=0 switched=no"


def test_a_classifier_switched_on_names_departments_and_switched_off_takes_them_back(
    store: Store, here: Here, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    store.add(a_question("q1", "인형극은 언제 하나요?"), a_question("q2", "따릉이가 고장났어요. 인형극은 언제 하나요?"))
    before = said(store.engine)
    sources = select(questions.c.department_source, questions.c.classifier_confidence.is_not(None))
    monkeypatch.setenv("MINWON_ROUTING_MODEL", a_routing_model(tmp_path / "model"))
    assert str(reannotate(store.engine)) == "read=2 changed=1 switched=yes"
    with store.engine.connect() as connection:
        assert set(connection.execute(sources)) == {("classifier", True), ("rule", False)}
    assert wrong(store.engine) == []
    monkeypatch.delenv("MINWON_ROUTING_MODEL")
    assert str(reannotate(store.engine)) == "read=2 changed=1 switched=yes"
    assert said(store.engine) == before


def test_districts_are_counted_in_texts_that_were_read_before_places_were_stored(
    store: Store, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as older:
        older.setattr(annotate, "places_of", lambda *_: ())
        _add_old(
            store, a_question("q1", "선릉역 앞이 어두워요"), a_question("q2", "가로등이 꺼졌어요"), an_answer(to="q1")
        )
    assert district_volume(store.engine, MARCH).empty
    assert str(reannotate(store.engine)) == "read=3 changed=1 switched=yes"
    volume = district_volume(store.engine, MARCH)
    assert volume.loc[0, ["district", "questions", "named", "asked"]].tolist() == ["11680", 1, 1, 2]
    assert wrong(store.engine) == []
    assert str(reannotate(store.engine, restart=True)) == "read=3 changed=0 switched=yes"


def test_a_term_that_is_new_in_the_dictionary_is_found_counted_and_routed(store: Store, here: Here) -> None:
    records = [a_question("q1", "따릉이를 늘려 주세요"), a_question("q2", "가로등이 꺼졌어요")]
    _add_old(store, *records, without=("따릉이",))
    assert str(reannotate(store.engine)) == "read=2 changed=1 switched=yes"
    changed = said(store.engine)
    assert ("q1", "따릉이") in changed["terms"]
    assert [row[5] for row in changed["questions"] if row[1] == "q1"] == ["bike.따릉이"]
    assert wrong(store.engine) == []


def test_what_is_personal_data_today_is_masked(store: Store, here: Here) -> None:
    _add_old(store, a_question("q1", "연락처는 010-1234-5678 입니다. 가로등이 꺼졌어요"), a_question("q2"))
    assert reannotate(store.engine).changed == 1
    with store.engine.connect() as connection:
        texts = [*connection.scalars(select(posts.c.text)), *connection.scalars(select(search_texts.c.tokens))]
    assert [text for text in texts if "1234" in text] == []


def test_what_is_a_risk_today_is_in_no_list(store: Store, here: Here) -> None:
    _add_old(store, a_question("q1", "너무 힘들어서 자살하고 싶어요"), a_question("q2"))
    assert reannotate(store.engine).changed == 1
    with store.engine.connect() as connection:
        risky = connection.scalars(select(questions.c.is_risk).order_by(questions.c.post_id)).all()
        assert risky == [True, False]
        assert connection.scalar(select(func.count()).select_from(search_texts)) == 1
    assert wrong(store.engine) == []


def test_what_is_a_repost_or_merged_keeps_its_class(store: Store, here: Here) -> None:
    _add_old(store, a_question("q1"), a_question("repost", LOAN, kind="repost"), a_question("twin", LOAN))
    with store.engine.begin() as connection:
        ids = dict(connection.execute(select(posts.c.platform_post_id, posts.c.id)).all())
        merge_duplicates(connection, {ids["twin"]: ids["q1"]}, OLD.rules, dt.datetime.now(dt.UTC))
    reannotate(store.engine)
    assert _class_of(store.engine, "repost") == ("repost", False)
    assert _class_of(store.engine, "twin") == (MERGED.post_class, False)
    assert wrong(store.engine) == []


def test_a_removed_post_stays_removed(store: Store, here: Here) -> None:
    _add_old(store, a_question("q1"), a_question("ad", LOAN))
    removed = _id_of(store.engine, "ad")

    def remove(batch: int) -> None:
        with store.engine.begin() as connection:
            remove_posts(connection, [removed], dt.datetime.now(dt.UTC))

    here._before = remove  # after it was read, before its annotation is staged
    assert reannotate(store.engine).changed == 0
    assert _class_of(store.engine, "ad") == ("question", True)
    assert wrong(store.engine) == []


def test_a_dry_run_tells_what_would_change_and_stores_nothing(store: Store, here: Here) -> None:
    _add_old(store, a_question("q1"), a_question("ad", LOAN))
    before = said(store.engine)
    assert str(reannotate(store.engine, dry_run=True)) == "read=2 changed=1 switched=no"
    assert said(store.engine) == before
    with store.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(reannotations)) == 0


def test_a_store_read_again_is_the_store_read_today(store: Store, here: Here, tmp_path: Path) -> None:
    with old_reading(without=("지하철", "따릉이", "아리수", "수돗물")):
        load(DEMO, store.engine)
    assert said(store.engine) != said(_fresh(tmp_path))
    assert reannotate(store.engine, batch_size=97).read == 400
    assert said(store.engine) == said(_fresh(tmp_path))
    assert wrong(store.engine) == []


def test_the_stored_text_is_read_as_the_original_was() -> None:
    originals = [(post.text, "out" if post.account else "in") for page in DEMO.fetch(None) for post in page.records]
    texts, directions = zip(*originals, strict=True)
    first = workers.read_texts(texts, directions)
    assert workers.read_texts([each.text for each in first], directions) == first


class _Killed(BaseException):
    """Stands for the end of the process."""


def test_a_run_that_is_cut_off_goes_on_with_what_is_missing(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with old_reading(without=("지하철",)):
        load(DEMO, store.engine)
    before, load_id = said(store.engine), _load_id(store.engine)

    def kill(batch: int) -> None:
        # Readers see the old state as long as a batch is missing.
        assert said(store.engine) == before
        if batch == 6:
            raise _Killed

    first, second = Here(kill), Here()
    monkeypatch.setattr(reannotation, "LocalWorkers", lambda _: first)
    with pytest.raises(_Killed):
        reannotate(store.engine, batch_size=50)
    assert (said(store.engine), _load_id(store.engine)) == (before, load_id)
    monkeypatch.setattr(reannotation, "LocalWorkers", lambda _: second)
    # Batches of another size must not matter.
    assert reannotate(store.engine, batch_size=70).read == 400
    assert 0 < len(second.texts) < 400
    assert said(store.engine) == said(_fresh(tmp_path))
    assert _load_id(store.engine) > load_id
    with store.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(staged_annotations)) == 0
        assert connection.scalars(select(reannotations.c.status)).all() == ["done"]
    assert wrong(store.engine) == []


def test_what_was_staged_with_other_versions_is_dropped(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    _add_old(store, a_question("q1"), a_question("ad", LOAN))

    def kill(batch: int) -> None:
        if batch == 2:
            raise _Killed

    monkeypatch.setattr(reannotation, "LocalWorkers", lambda _: Here(kill))
    with old_reading(Versions("between", "between", "between")), pytest.raises(_Killed):
        reannotate(store.engine, batch_size=1)
    monkeypatch.setattr(reannotation, "LocalWorkers", lambda _: Here())
    assert str(reannotate(store.engine, batch_size=1)) == "read=2 changed=1 switched=yes"
    with store.engine.connect() as connection:
        assert connection.scalars(select(reannotations.c.status).order_by(reannotations.c.id)).all() == [
            "abandoned", "done"
        ]  # fmt: skip


def test_a_post_edited_meanwhile_is_read_in_its_new_words(store: Store, here: Here) -> None:
    _add_old(store, a_question("q1", LOAN), a_question("q2"))
    with old_reading():
        edit = a_question("q1", "따릉이를 늘려 주세요", version=1)

        def by_an_old_loader(batch: int) -> None:
            if batch == 2:
                with old_reading():
                    store.add(edit)

    here._before = by_an_old_loader
    reannotate(store.engine, batch_size=1)
    assert _class_of(store.engine, "q1") == ("question", True)
    assert ("q1", "따릉이") in said(store.engine)["terms"]
    assert wrong(store.engine) == []


def test_what_an_old_loader_adds_meanwhile_is_left_to_the_next_call(store: Store, here: Here) -> None:
    _add_old(store, a_question("q1"))

    def by_an_old_loader(batch: int) -> None:
        if batch == 1:
            _add_old(store, a_question("ad", LOAN))

    here._before = by_an_old_loader
    assert str(reannotate(store.engine)) == "read=1 changed=0 switched=yes"
    assert _class_of(store.engine, "ad") == ("question", True)
    here._before = lambda batch: None
    assert str(reannotate(store.engine)) == "read=2 changed=1 switched=yes"
    assert str(reannotate(store.engine)) == "read=0 changed=0 switched=no"


def test_a_store_that_newer_code_read_is_read_again_by_the_older(store: Store, here: Here) -> None:
    store.add(a_question("q1"))
    with old_reading():
        assert reannotate(store.engine).is_switched
        assert not reannotate(store.engine).is_switched
    assert reannotate(store.engine).is_switched


def test_a_run_that_another_process_ended_ends(store: Store, here: Here) -> None:
    _add_old(store, a_question("q1"))

    def end_by_another(batch: int) -> None:
        here._before = lambda batch: None
        reannotate(store.engine)

    here._before = end_by_another
    with pytest.raises(SourceError, match="another process ended this reannotation"):
        reannotate(store.engine)


def test_workers_with_other_code_are_refused(store: Store, here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    _add_old(store, a_question("q1"))
    with monkeypatch.context() as patch:
        patch.setattr(reannotation, "versions", lambda: RunVersions("1", "tokenizer", "words", "rules"))
        with pytest.raises(SourceError, match="start the workers with the same code"):
            reannotate(store.engine)
    assert _class_of(store.engine, "q1") == ("question", True)


class _Killing:
    """Kills a worker process after the first batch."""

    def __init__(self) -> None:
        self.killed = 0

    def page(self, counts: Counts, fraction: float | None) -> None:
        for child in active_children():
            if child.pid is not None and not self.killed:
                self.killed = child.pid
                os.kill(child.pid, signal.SIGKILL)


def test_a_worker_killed_in_the_middle_changes_nothing(store: Store, tmp_path: Path) -> None:
    with old_reading(without=("지하철",)):
        load(DEMO, store.engine)
    killing = _Killing()
    assert reannotate(store.engine, workers=2, batch_size=20, progress=killing).read == 400
    assert killing.killed
    assert said(store.engine) == said(_fresh(tmp_path))
    assert wrong(store.engine) == []


def test_a_dask_cluster_does_the_same_and_loses_a_worker_unharmed(store: Store, tmp_path: Path) -> None:
    with old_reading(without=("지하철",)):
        load(DEMO, store.engine)
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        local_directory=str(tmp_path),
    ) as cluster:

        class Killing:
            killed = 0

            def page(self, counts: Counts, fraction: float | None) -> None:
                if not self.killed:
                    self.killed = next(iter(cluster.workers.values())).pid
                    os.kill(self.killed, signal.SIGKILL)

        killing = Killing()
        outcome = reannotate(store.engine, dask=cluster.scheduler_address, batch_size=20, progress=killing)
    assert killing.killed
    assert outcome.read == 400
    assert said(store.engine) == said(_fresh(tmp_path))
    assert wrong(store.engine) == []


_SUICIDE = """
import os, signal, sys
from data_sources.reannotation import reannotate
from db.engine import open_engine
class Progress:
    left = 5
    def page(self, counts, fraction):
        self.left -= 1
        if not self.left:
            os.kill(os.getpid(), signal.SIGKILL)
if __name__ == "__main__":
    reannotate(open_engine(sys.argv[1]), workers=1, batch_size=20, progress=Progress())
"""


def test_the_whole_command_killed_in_the_middle_goes_on(store: Store, tmp_path: Path) -> None:
    with old_reading(without=("지하철",)):
        load(DEMO, store.engine)
    before = said(store.engine)
    script = tmp_path / "suicide.py"
    script.write_text(_SUICIDE, encoding="utf-8")
    url = store.engine.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, str(script), url], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
        timeout=120,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    assert said(store.engine) == before
    assert reannotate(store.engine, workers=1, batch_size=100).read == 400
    assert said(store.engine) == said(_fresh(tmp_path))
    assert wrong(store.engine) == []


class TestCommand:
    @pytest.fixture(autouse=True)
    def _store(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, here: Here) -> None:
        monkeypatch.setenv("MINWON_DB_URL", f"sqlite:///{tmp_path / 'command.db'}")
        with old_reading():
            assert main(["demo", "--posts", "100", "--until", "2026-03-01"]) == 0

    def test_it_says_last_what_became_of_the_texts(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["status"]) == 0
        assert "python -m data_sources reannotate" in capsys.readouterr().out
        assert main(["reannotate", "--dry-run"]) == 0
        rehearsed = capsys.readouterr()
        assert rehearsed.err.splitlines()[-1] == "reannotate: dry run, nothing was stored"
        assert main(["reannotate"]) == 0
        last = capsys.readouterr().out
        assert last.startswith("read=100 changed=")
        assert last == rehearsed.out.replace("switched=no", "switched=yes")
        assert main(["reannotate"]) == 0
        captured = capsys.readouterr()
        assert captured.out == "read=0 changed=0 switched=no\n"
        assert "nothing to do" in captured.err
        assert main(["status"]) == 0
        assert "reannotate" not in capsys.readouterr().out

    @pytest.mark.parametrize("arguments", [["--workers", "0"], ["--batch", "-1"], ["--batch", "many"]])
    def test_wrong_usage_ends_with_two(self, arguments: list[str]) -> None:
        with pytest.raises(SystemExit) as end:
            main(["reannotate", *arguments])
        assert end.value.code == 2

    def test_a_cluster_that_is_not_there_is_one_line_and_one(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(workers, "CONNECT_TIMEOUT_S", 0.5)
        assert main(["reannotate", "--dask", "tcp://127.0.0.1:9"]) == 1
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.startswith("data_sources: no Dask scheduler answers at tcp://127.0.0.1:9; check")
        assert captured.err.count("\n") == 1
