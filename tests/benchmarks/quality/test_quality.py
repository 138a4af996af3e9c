"""The frame of the report on quality."""

from __future__ import annotations

import importlib

import pytest

from tests.benchmarks import quality
from tests.benchmarks.quality import SECTIONS, nouns
from tests.benchmarks.quality.__main__ import kept_of, main, written


@pytest.mark.parametrize("part", SECTIONS)
def test_every_part_has_a_function(part):
    module, function = SECTIONS[part]
    assert callable(getattr(importlib.import_module(module), function))


def test_parts_measured_now_replace_their_own_section_only(tmp_path):
    path = tmp_path / "quality.md"
    path.write_text(written({"nouns": "## Nouns\n\nold", "throughput": "## Throughput\n\nold"}, {}), encoding="utf-8")
    text = written({"nouns": "## Nouns\n\nnew"}, kept_of(path))
    assert text.startswith("# Quality of the text analysis\n")
    path.write_text(text, encoding="utf-8")
    assert kept_of(path) == {"nouns": "## Nouns\n\nnew", "throughput": "## Throughput\n\nold"}


def test_a_section_says_where_its_data_is_absent(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(nouns, "GSD", tmp_path / "nothing.conllu")
    assert main(["--parts", "nouns"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "## Nouns against a treebank",
        "",
        *quality.absent("the treebank UD_Korean-GSD (dev)"),
    ]
