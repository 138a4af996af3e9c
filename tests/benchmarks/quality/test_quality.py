"""The frame of the report on quality."""

from __future__ import annotations

import importlib

import pytest

from nlp import copies as made
from nlp.records import Place
from tests.benchmarks import quality
from tests.benchmarks.quality import SECTIONS, copies, filtering, nouns, places, routing, trends
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


@pytest.mark.parametrize(
    "lines",
    [filtering.filter_lines, routing.routing_lines, places.places_lines, copies.copies_lines, trends.trends_lines],
)
def test_a_section_of_real_texts_is_one_line_where_they_are_not(lines, tmp_path):
    heading, blank, said = lines(tmp_path / "nothing")
    assert heading.startswith("## ")
    assert blank == ""
    assert said.startswith("Not measured: ")


def test_a_limit_says_whether_it_is_kept():
    assert quality.limit("less than two", 1 < 2) == "- Limit kept: less than two"
    assert quality.limit("less than two", 2 < 2) == "- Limit MISSED: less than two"


def test_pairs_are_compared_by_their_exact_sets_of_runs():
    # abcdefghij has six runs of five, its neighbour one more; abcdefgh has four of them, which is too few to be kept.
    texts = ["abcdefghij", "abcdefghijk", "abcdefgh", "zzzzzzzzzz"]
    assert copies.exact_pairs(texts) == {(0, 1): 6 / 7}
    assert copies.compared("가로등 A, 12!") == "가로등a00"


def test_pairs_found_share_a_band_and_are_alike():
    text = "우리 동네 보도블록이 깨져서 걷기 위험합니다. 고쳐 주시기 바랍니다."
    other = "지하철 2호선 배차 간격이 너무 길어서 출근길마다 늦습니다."
    signatures = [each for each in made.signatures([text, other, text + "!!"]) if each is not None]
    assert copies.found_pairs(signatures) == {(0, 2)}


@pytest.mark.parametrize(
    ("told", "candidates", "judged"),
    [
        (["11110"], [], "right"),
        (["11140"], [], "wrong"),
        (["11110", "11140"], [], "wrong"),
        ([None], ["11110", "11140"], "open"),
        ([None], ["11140"], "wrong"),
        ([], [], "unseen"),
    ],
)
def test_a_place_is_right_open_wrong_or_not_seen(told, candidates, judged):
    found = tuple(Place(code, None, "neighbourhood", "새빛동", 0.5, tuple(candidates)) for code in told)
    assert places.judged(found, "11110") == judged
