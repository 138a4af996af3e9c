"""The classifier of departments: what is learned is read back exactly, and it keeps quiet where it is not sure."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nlp import annotate, training
from nlp.__main__ import main
from nlp.classifier import SETTING, Model, ModelUnreadable, features, read_model, write_model
from nlp.training import Example, UnusableExamples, read_examples, report_lines, train

# Words no routing rule knows, so that the classifier alone can tell.
WORDS = {
    "welfare": ("도시락", "경로잔치", "쌀독"),
    "culture": ("연주단", "붓글씨", "인형극"),
    "tax": ("고지액", "환급금", "체납금"),
}
NAMES = [
    "가은",
    "나래",
    "다솜",
    "라온",
    "마루",
    "바다",
    "사랑",
    "아람",
    "자람",
    "차오",
    "카라",
    "타미",
    "파란",
    "하늘",
    "보람",
    "소라",
    "이슬",
    "가람",
    "누리",
    "미르",
]


def _examples(number: int = 20) -> list[Example]:
    return [
        Example(f"{name} 씨의 {words[place % 3]} 문의", department)
        for department, words in WORDS.items()
        for place, name in enumerate(NAMES[:number])
    ]


@pytest.fixture(scope="module")
def trained(dictionary_folder: None) -> tuple[Model, training.Report]:
    return train(_examples())


def test_features_are_runs_of_characters_within_words_and_whole_terms():
    assert features("물 AB", ("수돗물",)) == ["#수돗물", " 물", "물 ", " 물 ", " a", "ab", "b ", " ab", "ab ", " ab "]


def test_departments_that_words_tell_apart_are_learned(trained):
    model, report = trained
    assert (report.examples, report.departments, report.left_out) == (60, 3, 0)
    assert report.accuracy == 1.0
    assert model.departments == ("culture", "tax", "welfare")
    guess = model.best("인형극 공연이 있나요", ("인형극",))
    assert guess is not None
    assert guess.department == "culture"


def test_a_text_with_nothing_the_model_knows_gets_no_guess(trained):
    assert trained[0].best("xyzzy", ()) is None


def test_below_the_threshold_it_abstains(trained):
    model = trained[0]
    best = model.best("환급금 문의", ())
    assert best is not None
    assert replace(model, threshold=best.confidence).guess("환급금 문의", ()) == best
    assert replace(model, threshold=best.confidence + 1e-6).guess("환급금 문의", ()) is None


def test_copies_and_departments_with_few_examples_are_left_out():
    campaign = [Example("모두 같은 글로 보내는 아주 긴 민원입니다 처리해 주세요", "tax")] * 30
    few = [Example(f"드문 부서에 보내는 글 {name}", "rare") for name in NAMES[:9]]
    model, report = train([*_examples(12), *campaign, *few])
    assert model.departments == ("culture", "tax", "welfare")
    assert (report.examples, report.left_out) == (37, 38)


def test_two_departments_are_enough_and_one_is_not():
    two = [example for example in _examples() if example.department != "tax"]
    model, report = train(two)
    assert (model.weights.shape[1], report.accuracy) == (2, 1.0)
    best = model.best("인형극", ())
    assert best is not None
    assert best.department == "culture"
    with pytest.raises(UnusableExamples, match="only 1 departments"):
        train([example for example in two if example.department == "welfare"])


def test_a_model_is_read_back_as_it_was_written_and_named_by_its_content(trained, tmp_path):
    model = trained[0]
    version = write_model(model, tmp_path / "routing")
    again, read_version = read_model(tmp_path / "routing")
    assert (read_version, len(version)) == (version, 12)
    assert again.best("환급금 문의", ()) == model.best("환급금 문의", ())
    assert write_model(train(_examples())[0], tmp_path / "same") == version
    assert write_model(replace(model, threshold=0.9), tmp_path / "other") != version


@pytest.mark.parametrize("damage", ["missing", "text", "weights", "form", "objects"])
def test_a_damaged_model_is_refused_with_advice(trained, tmp_path, damage):
    path = tmp_path / "routing"
    write_model(trained[0], path)
    numbers, meaning = path.with_suffix(".npz"), path.with_suffix(".json")
    if damage == "missing":
        numbers.unlink()
    elif damage == "text":
        numbers.write_text("not numbers", encoding="utf-8")
    elif damage == "form":
        meaning.write_text(
            json.dumps({**json.loads(meaning.read_text(encoding="utf-8")), "format": 0}), encoding="utf-8"
        )
    else:
        with np.load(numbers) as file:
            arrays = dict(file)
        arrays["weights"] = np.array([{}]) if damage == "objects" else arrays["weights"] + 1
        np.savez(numbers, **arrays)
    with pytest.raises(ModelUnreadable, match="python -m nlp routing train FILE"):
        read_model(path)


def test_the_annotation_asks_it_for_questions_without_a_rule_only(trained, tmp_path, monkeypatch):
    write_model(replace(trained[0], threshold=0.0), tmp_path / "routing")
    question, ruled, praise = (
        "인형극은 언제 하나요?",
        "따릉이가 고장났어요. 인형극은 언제 하나요?",
        "인형극 감사합니다!",
    )
    without = annotate.annotate(question)
    assert (without.guessed_department, without.guess_confidence) == (None, None)
    monkeypatch.setenv(SETTING, str(tmp_path / "routing"))
    found = annotate.annotate_many([question, ruled, praise])
    assert [each.guessed_department for each in found] == ["culture", None, None]
    assert 0 < (found[0].guess_confidence or 0) <= 1
    assert found[0].department is None
    assert annotate.annotate(question, direction="out").guessed_department is None
    # What it says is part of what the rules say, so that another model is a reason to read everything again.
    assert found[0].versions.rules.startswith(f"{without.versions.rules}-")


def test_a_wrong_setting_is_said(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv(SETTING, str(tmp_path / "nothing"))
    assert main(["tokens", "안녕하세요"]) == 1
    assert SETTING in capsys.readouterr().err


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_the_command_trains_from_a_file(tmp_path, capsys, ending):
    path = tmp_path / f"examples.{ending}"
    rows = [{"text": text, "department": department} for text, department in [*_examples(), Example("글", "")]]
    if ending == "csv":
        lines = ["text,department", *(f'"{row["text"]}",{row["department"]}' for row in rows)]
    else:
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert main(["routing", "train", str(path), "--out", str(tmp_path / "new" / "model"), "--threshold", "0.9"]) == 0
    printed = capsys.readouterr().out
    assert "examples=60 departments=3 left_out=0" in printed
    model, version = read_model(tmp_path / "new" / "model")
    assert (model.threshold, f"version={version}" in printed) == (0.9, True)


@pytest.mark.parametrize("content", ["a,b\n1,2", "", "\x00"])
def test_a_file_without_examples_is_refused(tmp_path, content, capsys):
    path = tmp_path / "examples.csv"
    path.write_text(content, encoding="utf-8")
    assert main(["routing", "train", str(path)]) == 1
    assert "collect more answered questions" in (said := capsys.readouterr().err) or "text and department" in said


def test_the_report_is_a_table_of_what_was_said_and_what_was_right(trained):
    lines = report_lines(trained[1])
    assert lines[0] == "examples=60 departments=3 left_out=0"
    assert lines[-1].split()[-1] == "1.00"


def test_a_missing_file_is_refused():
    with pytest.raises(UnusableExamples, match="columns text and department"):
        read_examples(Path("nowhere.csv"))
