"""A second opinion on what hides: a small linear model trained from texts the city has labelled itself.

It is off until there is one: MINWON_FILTER_MODEL names its file. It never hides a text, it only asks for review. Its
file is JSON, numbers and pieces of up to four characters, so that reading one can run no code; its version is the hash
of its content. Training needs scikit-learn, asking the model does not.
"""

from __future__ import annotations

import argparse
import csv
import functools
import hashlib
import json
import math
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FORMAT = 1
MIN_PER_CLASS = (
    200  # below this five folds hold fewer than 40 of a class, and its precision is known to +-15 points at best
)
MAX_NGRAMS = 20_000  # 0.4 MB for each class; more changed the folds by less than half a point
MAX_CHARACTERS = 2_000
FOLDS = 5
THRESHOLD = 0.5  # of the calibrated probability: a review more often right than wrong
CLASSES = ("question", "opinion", "praise", "ad", "spam", "political", "duplicate", "repost", "other")

Weights = npt.NDArray[np.float64]


class ModelError(Exception):
    """The file of the model or of the labels cannot be used; the message says what to do."""


@dataclass(frozen=True, eq=False)
class Model:
    """Weights of a trained model: one row of ``weights`` for each class, or one for both where there are two."""

    version: str
    classes: tuple[str, ...]
    ngrams: dict[str, int]
    idf: Weights
    weights: Weights
    intercepts: Weights
    slopes: Weights
    offsets: Weights

    def probabilities(self, text: str) -> Weights:
        """Return the calibrated probability of each of ``classes``; they add up to 1."""
        counts = Counter(ngrams_of(text))
        known = [(self.ngrams[ngram], count) for ngram, count in counts.items() if ngram in self.ngrams]
        places = np.array([place for place, _ in known], dtype=np.int64)
        values = self.idf[places] * np.array([1 + math.log(count) for _, count in known])
        length = math.sqrt(float(values @ values)) or 1.0
        scores = self.weights[:, places] @ (values / length) + self.intercepts
        likely: Weights = 1 / (1 + np.exp(self.slopes * scores + self.offsets))
        if len(self.classes) == 2:
            return np.array([1 - likely[0], likely[0]])
        return likely / likely.sum() if likely.sum() > 0 else np.full(len(likely), 1 / len(likely))

    def suspects(self, text: str) -> str | None:
        """Return the class the text probably has, or None where none reaches THRESHOLD."""
        found = self.probabilities(text)
        best = int(found.argmax())
        return self.classes[best] if found[best] >= THRESHOLD else None


def ngrams_of(text: str) -> Iterator[str]:
    """Yield the pieces of two to four characters of each word, blanks at its ends included; digits are all 0."""
    folded = "".join("0" if character.isdigit() else character for character in text[:MAX_CHARACTERS].lower())
    for word in folded.split():
        padded = f" {word} "
        for size in (2, 3, 4):
            for start in range(len(padded) - size + 1):
                yield padded[start : start + size]


@functools.cache
def current_model() -> Model | None:
    """Return the model MINWON_FILTER_MODEL names, or None where it names none. The setting is read once.

    Raises
    ------
    ModelError
        The file is not there or is no model.
    """
    path = os.environ.get("MINWON_FILTER_MODEL")
    return load_model(path) if path else None


def load_model(path: str) -> Model:
    """Read a model from its file.

    Raises
    ------
    ModelError
        The file is not there, is no model, or was changed after it was written.
    """
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8"))
        weights = content["weights"]
        model = Model(
            version=content["version"],
            classes=tuple(content["classes"]),
            ngrams={ngram: place for place, ngram in enumerate(content["ngrams"])},
            idf=np.array(content["idf"], dtype=float),
            weights=np.array(weights, dtype=float),
            intercepts=np.array(content["intercepts"], dtype=float),
            slopes=np.array(content["slopes"], dtype=float),
            offsets=np.array(content["offsets"], dtype=float),
        )
    except OSError as exc:
        raise ModelError(f"MINWON_FILTER_MODEL: {path} cannot be read: {exc.strerror}") from exc
    except (ValueError, KeyError, TypeError) as exc:
        raise ModelError(
            f"MINWON_FILTER_MODEL: {path} is no model; make one with `python -m nlp filter train FILE`"
        ) from exc
    if content.get("format") != FORMAT or model.version != _hash_of(content):
        raise ModelError(f"MINWON_FILTER_MODEL: {path} is of another format or was changed by hand; train it again")
    return model


def read_labelled(path: Path) -> tuple[list[str], list[str]]:
    """Read texts and labels from CSV with the columns text and label, or from JSON Lines with these keys.

    Returns
    -------
    (texts, masked as they are stored; labels, each of CLASSES)

    Raises
    ------
    ModelError
        The file cannot be read, a column is missing, or a label is unknown: with the line of the first.
    """
    from nlp.masking import mask_text  # needed for training alone, and its expressions take a while to compile
    from nlp.normalize import stored_form

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows: list[dict[str, Any]] = (
                [json.loads(line) for line in file if line.strip()]
                if path.suffix in (".jsonl", ".ndjson")
                else list(csv.DictReader(file))
            )
    except (OSError, ValueError, csv.Error) as exc:
        raise ModelError(f"{path.name} cannot be read as CSV or JSON Lines in UTF-8") from exc
    texts, labels = [], []
    for number, row in enumerate(rows, 1):
        text, label = (row.get(name) if isinstance(row, dict) else None for name in ("text", "label"))
        if not isinstance(text, str) or label not in CLASSES:
            raise ModelError(f"row {number}: wanted a text and a label out of {', '.join(CLASSES)}")
        texts.append(mask_text(stored_form(text)))
        labels.append(label)
    return texts, labels


def train(texts: Sequence[str], labels: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """Train a model and measure it on texts it has not seen.

    Returns
    -------
    (content of the model's file, lines that say precision and recall of each class by cross-validation)

    Raises
    ------
    ModelError
        A class has fewer than MIN_PER_CLASS texts, or there is one class only.
    """
    counts = Counter(labels)
    if too_few := {label: count for label, count in counts.items() if count < MIN_PER_CLASS}:
        label, count = min(too_few.items(), key=lambda item: (item[1], item[0]))
        raise ModelError(f"refused: {count} texts labelled {label}; {MIN_PER_CLASS} of each class are needed")
    if len(counts) < 2:
        raise ModelError("refused: two classes at least are needed")
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline

    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    pipeline = make_pipeline(
        TfidfVectorizer(analyzer=_ngram_list, min_df=3, max_features=MAX_NGRAMS, sublinear_tf=True),
        # One calibration over all folds instead of one model for each: the file holds one set of weights.
        CalibratedClassifierCV(
            LogisticRegression(C=10, max_iter=2000, class_weight="balanced"), method="sigmoid", cv=folds, ensemble=False
        ),
    )
    held_out = cross_val_predict(pipeline, texts, labels, cv=folds, method="predict_proba")
    pipeline.fit(texts, labels)
    vectorizer, calibrated = pipeline[0], pipeline[1].calibrated_classifiers_[0]
    content: dict[str, Any] = {
        "format": FORMAT,
        "classes": [str(label) for label in pipeline.classes_],
        "trained_on": dict(sorted(counts.items())),
        "ngrams": [str(ngram) for ngram in vectorizer.get_feature_names_out()],
        "idf": _rounded(vectorizer.idf_),
        "weights": [_rounded(row) for row in calibrated.estimator.coef_],
        "intercepts": _rounded(calibrated.estimator.intercept_),
        "slopes": _rounded([each.a_ for each in calibrated.calibrators]),
        "offsets": _rounded([each.b_ for each in calibrated.calibrators]),
    }
    return content | {"version": _hash_of(content)}, _measured(content["classes"], labels, held_out)


def add_parser(subparsers: Any) -> None:
    """Add ``filter train FILE`` to the command line of ``python -m nlp``."""
    parser = subparsers.add_parser("filter", help="train the filter's second opinion from labelled texts")
    commands = parser.add_subparsers(required=True, metavar="command")
    training = commands.add_parser(
        "train", help="CSV or JSON Lines with text and label, 200 texts of each class or more"
    )
    training.add_argument("file", type=Path)
    training.add_argument("--to", type=Path, help="where the model goes; default: filter_model.json under MINWON_VAR")
    training.set_defaults(run=_run_training)


def _run_training(options: argparse.Namespace) -> int:
    target = options.to or Path(os.environ.get("MINWON_VAR") or "var") / "filter_model.json"
    try:
        texts, labels = read_labelled(options.file)
        print(
            f"training on {len(texts)} texts, {FOLDS + 1} times over; minutes for thousands",
            file=sys.stderr,
            flush=True,
        )
        content, lines = train(texts, labels)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    except ModelError as exc:
        print(exc, file=sys.stderr)
        return 1
    except ModuleNotFoundError as exc:
        print(f"training needs {exc.name}: pip install -r requirements.txt", file=sys.stderr)
        return 1
    except OSError as exc:
        print(f"{target} cannot be written: {exc.strerror}", file=sys.stderr)
        return 1
    print("\n".join(lines))
    print(f"trained={sum(content['trained_on'].values())} version={content['version']} file={target}")
    print(f"It is used, for review only, where MINWON_FILTER_MODEL={target} is set.")
    return 0


def _measured(classes: Sequence[str], labels: Sequence[str], held_out: Weights) -> list[str]:
    """Return a line for each class: how often a suspicion is right, and how many of the class are suspected."""
    best = held_out.argmax(axis=1)
    suspected = [classes[each] if held_out[row, each] >= THRESHOLD else "" for row, each in enumerate(best)]
    lines = [f"{FOLDS}-fold cross-validation, probability {THRESHOLD} or more:"]
    for name in classes:
        right = sum(found == label == name for found, label in zip(suspected, labels, strict=True))
        precision = right / max(1, suspected.count(name))
        lines.append(
            f"  {name:<10} n={labels.count(name)} precision={precision:.3f} recall={right / labels.count(name):.3f}"
        )
    return lines


def _ngram_list(text: str) -> list[str]:
    return list(ngrams_of(text))


def _rounded(values: Any) -> list[float]:
    return [round(float(value), 6) for value in values]


def _hash_of(content: dict[str, Any]) -> str:
    unsigned = {key: value for key, value in content.items() if key != "version"}
    canonical = json.dumps(unsigned, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]
