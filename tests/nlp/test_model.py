"""The second opinion: trained from labels, kept as plain numbers, asked for review and never to hide."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest

from nlp import model
from nlp.__main__ import main
from nlp.annotate import annotate, versions
from nlp.filtering import DEFAULT, classify
from nlp.model import MIN_PER_CLASS, ModelError, current_model, load_model, ngrams_of, read_labelled, train

_PLACES = ("역 앞", "시장 골목", "학교 옆", "공원 입구", "버스 정류장", "구청 앞", "천변", "다리 밑")
_FAULTS = (
    "가로등이 꺼졌어요",
    "보도블록이 깨졌습니다",
    "쓰레기가 쌓였어요",
    "물이 고여 있어요",
    "신호등이 안 켜져요",
    "차가 막혀요",
)
_GOODS = ("홍삼", "침대", "화장품", "안마기", "정수기", "운동화", "가방", "시계")
_OFFERS = (
    "반값에 모십니다",
    "오늘만 특별가",
    "선물까지 얹어 드려요",
    "재고 정리 들어갑니다",
    "후회 없는 선택",
    "전국 무료로 보냅니다",
)


def _labelled(number: int) -> tuple[list[str], list[str]]:
    chance = random.Random(7)
    texts, labels = [], []
    for each in range(number):
        texts.append(f"{chance.choice(_PLACES)} {chance.choice(_FAULTS)} {each}")
        texts.append(f"{chance.choice(_GOODS)} {chance.choice(_OFFERS)} {each}")
        labels += ["question", "ad"]
    return texts, labels


@pytest.fixture(scope="module")
def trained():
    pytest.importorskip("sklearn", reason="scikit-learn trains the model: pip install -r requirements.txt")
    return train(*_labelled(MIN_PER_CLASS))


@pytest.fixture
def in_use(trained, tmp_path, monkeypatch):
    path = tmp_path / "model.json"
    path.write_text(json.dumps(trained[0], ensure_ascii=False), encoding="utf-8")
    monkeypatch.setenv("MINWON_FILTER_MODEL", str(path))
    current_model.cache_clear()
    yield load_model(str(path))
    current_model.cache_clear()


def test_a_word_is_cut_into_pieces_with_its_ends_and_without_its_digits():
    assert list(ngrams_of("A 17")) == [" a", "a ", " a ", " 0", "00", "0 ", " 00", "00 ", " 00 "]


def test_training_says_how_often_a_suspicion_is_right(trained):
    assert trained[1][0] == "5-fold cross-validation, probability 0.5 or more:"
    assert [line.split()[:2] for line in trained[1][1:]] == [["ad", "n=200"], ["question", "n=200"]]
    assert all(float(line.split("precision=")[1].split()[0]) > 0.95 for line in trained[1][1:])


def test_the_file_is_read_to_the_probabilities_scikit_learn_gives(trained, in_use, monkeypatch):
    from sklearn.calibration import CalibratedClassifierCV

    kept = []
    real = CalibratedClassifierCV.fit
    monkeypatch.setattr(
        CalibratedClassifierCV, "fit", lambda self, *given, **named: kept.append(self) or real(self, *given, **named)
    )
    texts, labels = _labelled(MIN_PER_CLASS)
    again, _ = train(
        [*texts, *(f"시장님 {each} 물러나라" for each in range(MIN_PER_CLASS))],
        [*labels, *["political"] * MIN_PER_CLASS],
    )
    three = _model_of(again)
    vector = np.zeros(len(three.ngrams))
    for ngram in ngrams_of("공원 입구 반값에"):
        if ngram in three.ngrams:
            vector[three.ngrams[ngram]] += 1
    vector[vector > 0] = (1 + np.log(vector[vector > 0])) * three.idf[vector > 0]
    expected = kept[-1].predict_proba((vector / np.linalg.norm(vector)).reshape(1, -1))[0]
    assert three.probabilities("공원 입구 반값에") == pytest.approx(expected, abs=1e-3)
    assert in_use.probabilities("침대 반값에").sum() == pytest.approx(1)


def _model_of(content):
    return model.Model(
        content["version"],
        tuple(content["classes"]),
        {ngram: place for place, ngram in enumerate(content["ngrams"])},
        *(np.array(content[key], dtype=float) for key in ("idf", "weights", "intercepts", "slopes", "offsets")),
    )


def test_a_suspicion_asks_for_review_and_hides_nothing(in_use):
    found = classify("정수기 반값에 모십니다")
    assert (found.post_class, found.reason, found.review) == ("question", "default.question", "ad")
    assert found.rule == f"model.{in_use.version}"
    assert classify("학교 옆 신호등이 안 켜져요") == DEFAULT
    assert annotate("정수기 반값에 모십니다").verdict.needs_review


def test_another_model_is_another_version_of_the_rules(in_use, monkeypatch):
    with_model = versions().rules
    monkeypatch.delenv("MINWON_FILTER_MODEL")
    current_model.cache_clear()
    assert with_model.replace(f"+{in_use.version}", "") == versions().rules != with_model


def test_the_same_labels_give_the_same_version(trained):
    assert train(*_labelled(MIN_PER_CLASS))[0]["version"] == trained[0]["version"]


def test_a_text_without_a_known_piece_has_probabilities_as_well(in_use):
    assert in_use.probabilities("").sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is no model"),
        ("[]", "is no model"),
        ('{"version": "x"}', "is no model"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_model_is_said_in_one_line(tmp_path, content, message):
    path = tmp_path / "model.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=message):
        load_model(str(path))


def test_a_model_changed_by_hand_is_refused(trained, tmp_path):
    path = tmp_path / "model.json"
    path.write_text(json.dumps(trained[0] | {"intercepts": [0.0]}), encoding="utf-8")
    with pytest.raises(ModelError, match="changed by hand"):
        load_model(str(path))


def test_too_few_labels_are_refused():
    with pytest.raises(ModelError, match="refused: 199 texts labelled ad; 200 of each class are needed"):
        train(["가"] * 399, ["question"] * 200 + ["ad"] * 199)
    with pytest.raises(ModelError, match="two classes"):
        train(["가"] * 200, ["question"] * 200)


def test_labels_come_from_csv_and_json_lines_masked(tmp_path):
    table, lines = tmp_path / "labels.csv", tmp_path / "labels.jsonl"
    table.write_text("text,label\n010-1234-5678 문의,ad\n", encoding="utf-8-sig")
    lines.write_text('{"text": "010-1234-5678 문의", "label": "ad"}\n\n', encoding="utf-8")
    assert read_labelled(table) == read_labelled(lines) == (["[전화번호] 문의"], ["ad"])
    table.write_text("text,label\n가,ad\n나,광고\n", encoding="utf-8")
    with pytest.raises(ModelError, match="row 2: wanted a text and a label out of question, opinion"):
        read_labelled(table)
    with pytest.raises(ModelError, match="cannot be read"):
        read_labelled(tmp_path / "none.csv")


def test_the_command_line_trains_and_says_where_the_model_is(tmp_path, capsys):
    pytest.importorskip("sklearn", reason="scikit-learn trains the model: pip install -r requirements.txt")
    labels, target = tmp_path / "labels.jsonl", tmp_path / "models" / "one.json"
    rows = zip(*_labelled(MIN_PER_CLASS), strict=True)
    labels.write_text(
        "".join(json.dumps({"text": text, "label": label}) + "\n" for text, label in rows), encoding="utf-8"
    )
    assert main(["filter", "train", str(labels), "--to", str(target)]) == 0
    printed = capsys.readouterr().out
    assert f"trained=400 version={load_model(str(target)).version} file={target}" in printed
    labels.write_text('{"text": "가", "label": "ad"}\n', encoding="utf-8")
    assert main(["filter", "train", str(labels), "--to", str(target)]) == 1
    assert capsys.readouterr().err.splitlines()[-1] == "refused: 1 texts labelled ad; 200 of each class are needed"
