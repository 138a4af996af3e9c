"""How the classifier of responsible departments is made, and how its honesty is measured; see :mod:`nlp.classifier`.

Every guess that is measured was made by a model that had not seen the text, and its confidence by a calibration that
had not seen the guess: both are trained on the other folds. Of a campaign of one text only the first is taken, or the
model would be praised for what it knows by heart.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from nlp import copies, normalize
from nlp.annotate import annotate_many
from nlp.classifier import THRESHOLD, Model, features

__all__ = ["Example", "Report", "UnusableExamples", "read_examples", "report_lines", "train"]

# With fewer examples a department cannot be in the training and in the test of every fold.
MIN_EXAMPLES = 10
MIN_DEPARTMENTS = 2
FOLDS = 5
SEED = 7
# A run that three texts share is a habit of the language; a rarer one may be a name.
MIN_TEXTS = 3
MAX_FEATURES = 60_000
# Linear SVM: as good as logistic regression here (0.49 and 0.48 of 05, 0.71 of 04), and twenty times as fast.
C = 1.0
# Margins lie between -1 and 1; so sharpened, the likeliest department's share of all runs from nearly 0 to nearly 1.
SHARPNESS = 4.0
# From so many guesses on the steps of the isotonic regression follow the data more than chance; before, a curve of two numbers.
MIN_ISOTONIC = 1000
EDGES = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 1.0)
_ENCODING = "utf-8-sig"

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Documents = Sequence[Sequence[str]]


class UnusableExamples(Exception):
    """Nothing can be learned from a file. The message is one line and says what to do."""


class Example(NamedTuple):
    """A question and the code of the department that had to answer it."""

    text: str
    department: str


class Report(NamedTuple):
    """What the guesses on unseen texts were worth.

    ``reliability`` has a row for each band of confidence that is not empty: its edges, the number of guesses, the mean
    confidence and the share of right ones. ``covered`` is the share of texts at or above ``threshold``, and
    ``right_when_covered`` how many of those guesses were right.
    """

    examples: int
    departments: int
    left_out: int
    accuracy: float
    commonest: float
    threshold: float
    covered: float
    right_when_covered: float
    calibration_error: float
    reliability: tuple[tuple[float, float, int, float, float], ...]


def read_examples(path: Path) -> list[Example]:
    """Read the columns ``text`` and ``department`` of a CSV or JSONL file; rows without either are left out.

    Raises
    ------
    UnusableExamples
        The file cannot be read or has no such columns.
    """
    try:
        with path.open(encoding=_ENCODING, newline="") as file:
            rows = [json.loads(line) for line in file if line.strip()] if path.suffix == ".jsonl" else list(
                csv.DictReader(file)
            )  # fmt: skip
        return [Example(str(row["text"]), str(row["department"])) for row in rows if row["text"] and row["department"]]
    except (OSError, ValueError, KeyError, TypeError, csv.Error) as error:
        raise UnusableExamples(
            f"{path}: {type(error).__name__}; give a CSV or JSONL file with the columns text and department"
        ) from error


def train(examples: Sequence[Example], *, threshold: float = THRESHOLD) -> tuple[Model, Report]:
    """Train on ``examples``; return the model of all of them, and what such models are worth on unseen texts.

    Copies, and departments with fewer than MIN_EXAMPLES examples, are left out: the model will never name these.

    Raises
    ------
    UnusableExamples
        Fewer than MIN_DEPARTMENTS departments remain.
    """
    distinct = _without_copies(examples)
    counts = Counter(example.department for example in distinct)
    kept = [example for example in distinct if counts[example.department] >= MIN_EXAMPLES]
    names = sorted({example.department for example in kept})
    if len(names) < MIN_DEPARTMENTS:
        raise UnusableExamples(
            f"only {len(names)} departments have {MIN_EXAMPLES} examples or more; collect more answered questions"
        )
    place = {name: number for number, name in enumerate(names)}
    labels = np.array([place[example.department] for example in kept])
    documents = _documents([example.text for example in kept])
    guessed = _guesses_on_unseen(documents, labels)
    is_right = guessed.departments == labels
    confidences = np.empty(len(labels))
    for fold in range(FOLDS):
        is_test = guessed.folds == fold
        scores, shares = _calibration(guessed.scores[~is_test], is_right[~is_test])
        confidences[is_test] = np.interp(guessed.scores[is_test], scores, shares)
    report = _report(confidences, is_right, threshold)._replace(
        departments=len(names), left_out=len(examples) - len(kept), commonest=max(counts.values()) / len(kept)
    )
    weigher, weights, intercepts = _fitted(documents, labels)
    scores, shares = _calibration(guessed.scores, is_right)
    model = Model(
        tuple(names),
        {feature: row for row, feature in enumerate(weigher.get_feature_names_out().tolist())},
        rarity=weigher.idf_.astype(np.float32),
        weights=weights.astype(np.float32),
        intercepts=intercepts.astype(np.float32),
        scores=scores.astype(np.float32),
        shares=shares.astype(np.float32),
        threshold=threshold,
        trained_on=len(kept),
    )
    return model, report


def report_lines(report: Report) -> list[str]:
    """Return a report as lines for people, the table of reliability among them."""
    lines = [
        f"examples={report.examples} departments={report.departments} left_out={report.left_out}",
        f"accuracy={report.accuracy:.3f} (always the commonest department: {report.commonest:.3f})",
        f"threshold={report.threshold:.2f} covered={report.covered:.3f} right_when_covered={report.right_when_covered:.3f}",
        f"calibration_error={report.calibration_error:.3f}",
        "confidence    guesses  said  right",
    ]
    return lines + [
        f"{low:.1f} to {high:.1f} {guesses:11,} {said:5.2f} {right:6.2f}"
        for low, high, guesses, said, right in report.reliability
    ]


class _Guesses(NamedTuple):
    folds: npt.NDArray[np.int64]
    departments: npt.NDArray[np.int64]
    scores: Floats


def _without_copies(examples: Sequence[Example]) -> list[Example]:
    """Return the examples without those that are near-identical to an earlier one."""
    found, kept = copies.signatures([example.text for example in examples]), []
    seen: dict[int, list[bytes]] = {}
    for example, signature in zip(examples, found, strict=True):
        bands = copies.bands(signature) if signature else ()
        earlier = {other for band in bands for other in seen.get(band, ())}
        if signature and any(copies.similarity(signature, other) >= copies.THRESHOLD for other in earlier):
            continue
        kept.append(example)
        for band in bands:
            seen.setdefault(band, []).append(signature or b"")
    return kept


def _documents(texts: Sequence[str]) -> list[list[str]]:
    """Return the features of texts as the loader would read them: masked, in their analysed form."""
    return [features(normalize.analysed_form(read.text), read.terms) for read in annotate_many(texts)]


def _guesses_on_unseen(documents: Documents, labels: npt.NDArray[np.int64]) -> _Guesses:
    folds, departments = np.empty(len(labels), dtype=np.int64), np.empty(len(labels), dtype=np.int64)
    scores = np.empty(len(labels), dtype=np.float64)
    split = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(labels, labels)
    for fold, (training, test) in enumerate(split):
        weigher, weights, intercepts = _fitted([documents[number] for number in training], labels[training])
        said = weigher.transform([documents[number] for number in test]) @ weights + intercepts
        winners = said.argmax(axis=1)
        folds[test], departments[test] = fold, winners
        scores[test] = 1 / np.exp(said - said.max(axis=1, keepdims=True)).sum(axis=1)
    return _Guesses(folds, departments, scores)


def _fitted(documents: Documents, labels: npt.NDArray[np.int64]) -> tuple[TfidfVectorizer, Floats, Floats]:
    """Return what weighs features, the weights (features, departments), and the intercepts."""
    weigher = TfidfVectorizer(
        analyzer=_as_it_is, sublinear_tf=True, min_df=MIN_TEXTS, max_features=MAX_FEATURES, dtype=np.float32
    )
    linear = LinearSVC(C=C, random_state=SEED).fit(weigher.fit_transform(documents), labels)
    weights, intercepts = SHARPNESS * linear.coef_.T, SHARPNESS * linear.intercept_
    if len(intercepts) == 1:  # of two departments scikit-learn keeps the second alone
        weights, intercepts = np.hstack([-weights, weights]), np.concatenate([-intercepts, intercepts])
    return weigher, weights, intercepts


def _as_it_is(document: Sequence[str]) -> Sequence[str]:
    return document


def _calibration(scores: Floats, is_right: Flags) -> tuple[Floats, Floats]:
    """Return ascending scores and the share of right guesses at each, to be read with straight lines between."""
    if len(scores) >= MIN_ISOTONIC:
        steps = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(scores, is_right)
        return steps.X_thresholds_, steps.y_thresholds_
    if is_right.all() or not is_right.any():
        return np.array([0.0, 1.0]), np.full(2, is_right.mean())
    curve = LogisticRegression().fit(_logits(scores).reshape(-1, 1), is_right)
    grid = np.linspace(0, 1, 101)
    return grid, curve.predict_proba(_logits(grid).reshape(-1, 1))[:, 1]


def _logits(shares: Floats) -> Floats:
    inside = np.clip(shares, 1e-6, 1 - 1e-6)
    return np.log(inside / (1 - inside))


def _report(confidences: Floats, is_right: Flags, threshold: float) -> Report:
    is_covered = confidences >= threshold
    bands = np.clip(np.searchsorted(EDGES, confidences, side="right") - 1, 0, len(EDGES) - 2)
    rows = []
    for band, (low, high) in enumerate(pairwise(EDGES)):
        of_band = bands == band
        if of_band.any():
            rows.append((low, high, int(of_band.sum()), confidences[of_band].mean(), is_right[of_band].mean()))
    error = sum(guesses * abs(said - right) for _, _, guesses, said, right in rows) / len(confidences)
    return Report(
        examples=len(confidences),
        departments=0,
        left_out=0,
        accuracy=float(is_right.mean()),
        commonest=0.0,
        threshold=threshold,
        covered=float(is_covered.mean()),
        right_when_covered=float(is_right[is_covered].mean()) if is_covered.any() else float("nan"),
        calibration_error=float(error),
        reliability=tuple(rows),
    )
