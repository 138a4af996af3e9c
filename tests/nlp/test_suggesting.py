"""The command ``python -m nlp dictionary suggest``."""

from __future__ import annotations

import csv
import io
import json
import tomllib

import pytest

from nlp.__main__ import main
from nlp.tokenizers import TOKENIZERS
from tests.nlp.test_new_terms import NAMES, ORDINARY, _recent


def _suggest(*arguments: object) -> int:
    return main(["dictionary", "suggest", *map(str, arguments), "--no-kiwi"])


@pytest.fixture
def dated():
    """Ordinary texts of January and of March, and invented names in March only."""
    before = [(text, "2026-01-05T09:00:00+09:00") for text in ORDINARY]
    return before + [(text, "2026-03-02 10:00:00") for text in [*ORDINARY, *_recent(NAMES)]]


@pytest.fixture
def csv_file(tmp_path, dated):
    path = tmp_path / "posts.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([("본문", "날짜"), *dated])
    return path


def _json_lines(dated) -> str:
    return "".join(json.dumps({"text": text, "created_at": day}) + "\n" for text, day in dated)


def _terms(printed: str) -> set[str]:
    return {line.split()[0] for line in printed.splitlines()[1:]}


def test_a_csv_file_prints_a_table(csv_file, capsys):
    assert _suggest(csv_file, "--text", "본문", "--date", "날짜") == 0
    out, err = capsys.readouterr()
    assert out.splitlines()[0].split() == ["term", "documents", "baseline", "G2", "unknown", "to", "Kiwi", "example"]
    assert _terms(out) == set(NAMES)
    assert err.splitlines()[-1] == "recent=96 baseline=32 candidates=8 shown=8"


def test_json_lines_come_from_a_file_or_standard_input(tmp_path, dated, capsys, monkeypatch):
    path = tmp_path / "posts.jsonl"
    path.write_text(_json_lines(dated), encoding="utf-8")
    assert _suggest(path, "--top", 3) == 0
    first = capsys.readouterr().out
    assert len(_terms(first)) == 3
    monkeypatch.setattr("sys.stdin", io.StringIO(_json_lines(dated)))
    assert _suggest("-", "--top", 3) == 0
    assert capsys.readouterr().out == first


def test_two_plain_files_need_no_dates(tmp_path, capsys):
    for name, texts in (("now.txt", [*ORDINARY, *_recent(NAMES)]), ("before.txt", ORDINARY)):
        (tmp_path / name).write_text("\n".join(texts), encoding="utf-8")
    assert _suggest(tmp_path / "now.txt", "--baseline", tmp_path / "before.txt") == 0
    assert _terms(capsys.readouterr().out) == set(NAMES)


def test_toml_lines_stand_in_a_list_as_they_are(csv_file, capsys):
    assert _suggest(csv_file, "--text", "본문", "--date", "날짜", "--toml") == 0
    out = capsys.readouterr().out
    assert set(tomllib.loads(f"terms = [\n{out}]")["terms"]) == set(NAMES)
    assert "texts, 0 before" in out


def test_the_period_may_be_named(tmp_path, dated, capsys):
    path = tmp_path / "posts.jsonl"
    path.write_text(_json_lines([*dated, ("나중 글", "2026-06-01")]), encoding="utf-8")
    assert _suggest(path, "--since", "2026-03-01", "--until", "2026-03-31") == 0
    out, err = capsys.readouterr()
    assert _terms(out) == set(NAMES)
    assert "recent=96 baseline=32" in err


def test_days_are_cut_in_korea(tmp_path, capsys):
    # 16:00 UTC on 28 February is 1 March in Seoul.
    rows = [(text, "2026-02-28T16:00:00Z") for text in _recent(NAMES)] + [(text, "2026-02-28") for text in ORDINARY]
    path = tmp_path / "posts.jsonl"
    path.write_text(_json_lines(rows), encoding="utf-8")
    assert _suggest(path, "--since", "2026-03-01") == 0
    assert "recent=64 baseline=32" in capsys.readouterr().err


@pytest.mark.skipif(not TOKENIZERS["kiwi"].is_installed(), reason="kiwipiepy is not installed")
def test_kiwi_says_which_words_it_does_not_know(tmp_path, capsys):
    rows = [(text, "2026-03-02") for text in _recent(["새빛톡", "고양이"])] + [
        (text, "2026-01-02") for text in ORDINARY
    ]
    path = tmp_path / "posts.jsonl"
    path.write_text(_json_lines(rows), encoding="utf-8")
    assert main(["dictionary", "suggest", str(path)]) == 0
    verdicts = {line.split()[0]: line.split()[4] for line in capsys.readouterr().out.splitlines()[1:]}
    assert (verdicts["새빛톡"], verdicts["고양이"]) == ("yes", "no")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("none.csv", None, "none.csv cannot be read: No such file or directory"),
        (
            "a.csv",
            b"title,created_at\nx,2026-01-01\n",
            "a.csv has no column 'text' (--text, --date); it has: title, created_at",
        ),
        (
            "a.csv",
            b"text,created_at\nx,yesterday\n",
            "a.csv, line 2: 'yesterday' under 'created_at' is no ISO date (--date)",
        ),
        ("a.csv", b"text,created_at\nx,2026-01-01\n", "there is nothing to compare"),
        ("a.csv", b"text,created_at\n", "a.csv holds no text"),
        ("a.csv", "text\n민원".encode("cp949"), "is not UTF-8"),
        ("a.jsonl", b"{\n", "a.jsonl, line 1: no JSON object"),
        ("a.jsonl", b"[1]\n", "a.jsonl, line 1: no object with a text under 'text' (--text)"),
        ("a.txt", b"x\n", "a.txt has no dates: name the texts of the time before with --baseline FILE"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(tmp_path, capsys, name, content, said):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert _suggest(path) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [["--since", "soon"], ["--top", "0"], ["--min-documents", "x"], ["--max-baseline", "-1"]]
)
def test_wrong_usage_is_exit_code_2(tmp_path, capsys, arguments):
    with pytest.raises(SystemExit) as stopped:
        _suggest(tmp_path / "a.csv", *arguments)
    assert stopped.value.code == 2
    assert "is no" in capsys.readouterr().err or arguments == ["--max-baseline", "-1"]


def test_a_baseline_goes_without_a_period(tmp_path):
    assert _suggest(tmp_path / "a.csv", "--baseline", "b.csv", "--since", "2026-01-01") == 2


def test_help_says_what_the_exit_codes_mean(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["dictionary", "suggest", "--help"])
    assert stopped.value.code == 0
    assert "Exit codes: 0 done, 1" in capsys.readouterr().out


def test_tokens_shows_the_places(capsys):
    assert main(["tokens", "강남구 신사동 따릉이, 중구"]) == 0
    assert "places     강남구 11680, 신사동 11680, 중구 11140" in capsys.readouterr().out
