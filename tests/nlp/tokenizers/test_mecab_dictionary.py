"""The compiled dictionary: made once, whole, and found again."""

from __future__ import annotations

import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor

import pytest

pytest.importorskip("mecab", reason="python-mecab-ko is not installed")

from nlp.dictionary import Entry
from nlp.tokenizers import mecab_dictionary
from nlp.tokenizers.mecab_dictionary import DictionaryNotCompiled, compiled_dictionary, mecab_csv

ENTRIES = [Entry("따릉이", "NNP", "service", "따릉이"), Entry("지하철", "NNG", "transport", "지하철")]


def test_csv_says_the_final_consonant():
    assert mecab_csv([*ENTRIES, Entry("CCTV", "NNG", "general", "CCTV")]) == (
        "따릉이,,,,NNP,*,F,따릉이,*,*,*,*\n지하철,,,,NNG,*,T,지하철,*,*,*,*\nCCTV,,,,NNG,*,F,CCTV,*,*,*,*\n"
    )


def test_second_start_reuses_the_file(tmp_path, monkeypatch):
    monkeypatch.setenv("MINWON_VAR", str(tmp_path))
    path = compiled_dictionary(ENTRIES, "v1", "base")
    assert path.parent.parent == tmp_path / "dictionary"
    monkeypatch.setattr(subprocess, "run", None)
    assert compiled_dictionary(ENTRIES, "v1", "base") == path


def test_a_changed_dictionary_gets_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("MINWON_VAR", str(tmp_path))
    paths = {compiled_dictionary(ENTRIES, *key) for key in [("v1", "base"), ("v2", "base"), ("v1", "newer")]}
    assert len(paths) == 3


def test_several_at_once_leave_one_whole_file(tmp_path, monkeypatch):
    monkeypatch.setenv("MINWON_VAR", str(tmp_path))
    with ThreadPoolExecutor(4) as pool:
        paths = set(pool.map(lambda _: compiled_dictionary(ENTRIES, "v1", "base"), range(4)))
    assert [path.name for path in paths] == ["civic.dic"]
    assert [path.name for path in paths.pop().parent.iterdir()] == ["civic.dic"]


def test_unwritable_folder_falls_back_to_the_temporary_one(tmp_path, monkeypatch):
    (tmp_path / "var").write_text("a file where the folder should be")
    monkeypatch.setenv("MINWON_VAR", str(tmp_path / "var"))
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path / "temporary"))
    path = compiled_dictionary(ENTRIES, "v1", "base")
    assert path.is_file()
    assert path.is_relative_to(tmp_path / "temporary")
    assert compiled_dictionary(ENTRIES, "v1", "base") == path


def test_refused_dictionary_says_why(tmp_path, monkeypatch):
    monkeypatch.setenv("MINWON_VAR", str(tmp_path))
    with pytest.raises(DictionaryNotCompiled, match="cannot find"):
        mecab_dictionary.compiled_dictionary([Entry("가", "NOTAG", "x", "가")], "v1", "base")
