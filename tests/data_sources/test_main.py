from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from data_sources.__main__ import main
from data_sources.commands import COMMANDS, Command
from db import queries
from db.engine import open_engine
from db.migrate import upgrade
from db.schema import load_runs, posts

COUNTS = re.compile(r"read=\d+ inserted=\d+ updated=\d+ unchanged=\d+ rejected=\d+")
DEMO = ["demo", "--posts", "200", "--seed", "7", "--until", "2026-03-01"]
CSV = "번호,내용,때\n1,가로등이 꺼졌어요,2026-03-02 09:00\n2,맨홀 뚜껑이 없어요,2026-03-02 10:00\n3,,2026-03-02 11:00\n"
MAP = ["--map", "id=번호", "--map", "text=내용", "--map", "created_at=때"]


@pytest.fixture(autouse=True)
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a store that does not exist yet, in the environment."""
    url = f"sqlite:///{tmp_path / 'minwon.db'}"
    monkeypatch.setenv("MINWON_DB_URL", url)
    return url


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "complaints.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def _stored(url: str) -> int:
    with open_engine(url).connect() as connection:
        return connection.scalar(select(func.count()).select_from(posts)) or 0


def _one_line(captured: pytest.CaptureResult[str]) -> str:
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    return captured.err


def test_demo_fills_the_store_and_says_so_last(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(DEMO) == 0
    assert capsys.readouterr().out == "read=200 inserted=200 updated=0 unchanged=0 rejected=0\n"
    assert _stored(url) == 200
    assert queries.has_posts(open_engine(url), synthetic=True)
    assert not queries.has_posts(open_engine(url), synthetic=False)
    assert main(DEMO) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "read=200 inserted=0 updated=0 unchanged=200 rejected=0"
    assert main([*DEMO, "--if-empty"]) == 0
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "the store holds posts already: no demo data loaded\n")


def test_demo_if_empty_fills_an_empty_store(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--posts", "20", "--if-empty"]) == 0
    assert COUNTS.fullmatch(capsys.readouterr().out.splitlines()[-1])
    assert _stored(url) == 20


def test_a_file_is_read_by_its_mapping(url: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import-file", str(file), *MAP, "--platform", "blog"]) == 0
    captured = capsys.readouterr()
    assert captured.out == "read=3 inserted=2 updated=0 unchanged=0 rejected=1\n"
    assert "1 rows rejected; reasons: python -m data_sources status" in captured.err
    with open_engine(url).connect() as connection:
        rows = connection.execute(
            select(posts.c.platform_id, posts.c.platform_post_id, posts.c.text).order_by(posts.c.id)
        )
        assert [tuple(row) for row in rows] == [("blog", "1", "가로등이 꺼졌어요"), ("blog", "2", "맨홀 뚜껑이 없어요")]


def test_a_dry_run_stores_nothing(url: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import-file", str(file), *MAP, "--dry-run"]) == 0
    captured = capsys.readouterr()
    assert captured.out == "read=3 inserted=2 updated=0 unchanged=0 rejected=1\n"
    assert "dry run, nothing was stored" in captured.err
    assert _stored(url) == 0
    assert queries.load_runs(open_engine(url)).empty
    assert queries.reject_reasons(open_engine(url)).empty


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["import-file", "no such file.csv"], "no such file.csv"),
        (["import-file", "FILE", "--preset", "twcs"], "columns missing for --preset twcs"),
        (["import-file", "FILE"], "no column for text"),
        (["import-file", "FILE", "--map", "text=nowhere"], "the file has no column 'nowhere'"),
        (["import-file", "FILE", "--map", "text"], "write it as field=column"),
        (["import-file", "FILE", *MAP, "--platform", "Not A Slug"], "platform 'Not A Slug'"),
        (["import-file", "FILE", *MAP, "--timezone", "Mars/Olympus"], "Mars/Olympus"),
        (["demo", "--posts", "0"], "posts must be at least 1"),
    ],
)
def test_what_cannot_be_meant_is_one_line_and_two(
    url: str, file: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main([str(file) if argument == "FILE" else argument for argument in arguments]) == 2
    line = _one_line(capsys.readouterr())
    assert line.startswith("data_sources: ")
    assert said in line


@pytest.mark.parametrize(
    "arguments",
    [[], ["imagine"], ["import-file"], ["import-file", "x.csv", "--preset", "novel"], ["demo", "--posts", "many"]],
)
def test_wrong_usage_ends_with_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2


@pytest.mark.parametrize("rows", ["", "1,,2026-03-02 09:00\n2,가로등,when\n"])
def test_where_nothing_could_be_read_it_ends_with_one(
    file: Path, capsys: pytest.CaptureFixture[str], rows: str
) -> None:
    file.write_text("번호,내용,때\n" + rows, encoding="utf-8")
    assert main(["import-file", str(file), *MAP]) == 1
    captured = capsys.readouterr()
    count = rows.count("\n")
    assert captured.out == f"read={count} inserted=0 updated=0 unchanged=0 rejected={count}\n"
    assert captured.err.splitlines()[-1] == "import-file: nothing could be read"


def test_going_on_after_a_run_that_was_cut_off_at_its_very_end_is_no_fault(
    url: str, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import-file", str(file), *MAP]) == 0
    with open_engine(url).begin() as connection:  # kill -9 between the last page and the end of the run
        connection.execute(update(load_runs).values(status="running", finished_at=None))
    assert main(["import-file", str(file), *MAP]) == 0
    assert COUNTS.fullmatch(capsys.readouterr().out.splitlines()[-1])


def test_status_says_what_the_store_was_filled_from(url: str, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    upgrade(open_engine(url))
    assert main(["status"]) == 0
    assert "nothing has been loaded yet" in capsys.readouterr().out
    assert main(["import-file", str(file), *MAP]) == main(DEMO) == 0
    capsys.readouterr()
    assert main(["status"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "real: 2 citizens' posts, 2026-03-02 to 2026-03-02"
    assert lines[1].startswith("synthetic: ")
    assert lines[2:4] == ["synthetic accounts connected: 44 of 80", "synthetic accounts pending: 36 of 80"]
    assert lines[4] == "run 2 demo:200:7:180:2026-03-01 done: read=200 inserted=200 updated=0 unchanged=0 rejected=0"
    assert re.fullmatch(r"run 1 file:generic:[\w-]+ done: read=3 inserted=2 updated=0 unchanged=0 rejected=1", lines[5])
    assert re.match(r"rejected file:generic:[\w-]+ text.missing: 1 rows, first 4: ", lines[6])
    assert not any(str(file.parent) in line for line in lines)


def test_a_key_that_could_be_guessed_is_refused(
    url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MINWON_HASH_KEY", "fifteen letters")
    assert main(DEMO) == 2
    line = _one_line(capsys.readouterr())
    assert line.startswith("data_sources: MINWON_HASH_KEY is too short")
    assert "fifteen letters" not in line
    assert _stored(url) == 0


@pytest.mark.parametrize(
    ("name", "value", "code"), [("MINWON_TOKENIZER", "magic", 2), ("MINWON_DB_URL", "mysql://x/y", 1)]
)
def test_a_wrong_setting_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str, code: int
) -> None:
    monkeypatch.setenv(name, value)
    assert main(DEMO) == code
    assert "known:" in _one_line(capsys.readouterr())


# What a command that only looks does not wait for: statistics, readers of texts, speakers to networks, the dashboard.
HEAVY = (
    "pandas",
    "alembic",
    "holidays",
    "requests",
    "tweepy",
    "mastodon",
    "bs4",
    "scipy.stats",
    "scipy.optimize",
    "statsmodels",
    "sklearn",
    "datasketch",
    "openpyxl",
    "PIL",
    "streamlit",
    "plotly",
    "psycopg",
    "konlpy",
    "mecab",
)


@pytest.mark.parametrize("token", ["", "unused"])
def test_status_loads_nothing_it_does_not_need(url: str, monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv("MINWON_X_BEARER_TOKEN", token)  # X is set up, and is asked nothing
    upgrade(open_engine(url))
    script = (
        "import sys; from data_sources.__main__ import main; code = main(['status']);"
        f"print('loaded', *(name for name in {HEAVY} if name in sys.modules)); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "loaded"


def test_a_load_that_brings_nothing_new_does_not_wait_for_statistics(url: str, file: Path) -> None:
    command = ["import-file", str(file), *MAP, "--platform", "blog"]
    script = (
        f"import sys; from data_sources.__main__ import main; code = main({command});"
        "print('loaded', *(name for name in ('pandas', 'scipy.stats', 'sklearn') if name in sys.modules)); sys.exit(code)"
    )
    shown = [
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.splitlines()
        for _ in range(2)
    ]
    assert shown[0][-2:] == ["read=3 inserted=2 updated=0 unchanged=0 rejected=1", "loaded pandas scipy.stats"]
    assert shown[1][-2:] == ["read=3 inserted=0 updated=0 unchanged=2 rejected=1", "loaded"]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_says_what_it_takes(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main([command.name, "--help"])
    assert f"python -m data_sources {command.name}" in capsys.readouterr().out
    assert command.module().run.__doc__


def test_the_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["--help"])
    shown = capsys.readouterr().out
    assert [command.name for command in COMMANDS if command.name not in shown] == []
