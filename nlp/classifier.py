"""Which department must answer, learned from questions whose department is known; asked where no rule applies.

A model is two files of the same name: numbers (``.npz``) and what they mean (``.json``). Neither can hold code. It is
used where the setting MINWON_ROUTING_MODEL names it, and says nothing where it is not sure enough. ``python -m nlp routing
train FILE`` makes one; :mod:`nlp.training` says how.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import json
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

__all__ = [
    "Guess",
    "Model",
    "ModelUnreadable",
    "add_parser",
    "configured_model",
    "features",
    "read_model",
    "write_model",
]

SETTING = "MINWON_ROUTING_MODEL"
# The form of the files and of the features; a model of another one is refused.
FORMAT = 1
# Characters of the runs that are counted, within words: stems with their endings, and both halves of a compound.
SHORTEST, LONGEST = 2, 4
# Of what is assigned at least so much should be right: a wrong department costs the citizen a hand-off more than none does.
THRESHOLD = 0.7

Floats = npt.NDArray[np.float32]


class ModelUnreadable(Exception):
    """The setting names no model this version can use. The message is one line and says what to do."""


class Guess(NamedTuple):
    """A department by its code, and the share of such guesses that are right."""

    department: str
    confidence: float


def features(analysed: str, terms: Sequence[str]) -> list[str]:
    """Return what is counted of a text in its analysed form: short runs of characters of each word, and its terms."""
    found = [f"#{term}" for term in terms]
    for word in analysed.lower().split():
        padded = f" {word} "
        length = len(padded)
        for size in range(SHORTEST, min(LONGEST, length) + 1):
            found += [padded[start : start + size] for start in range(length - size + 1)]
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A linear model over weighted features, and how its own certainty translates into a share of right guesses.

    ``weights`` has a row for each feature of ``vocabulary`` and a column for each department. ``scores`` ascend, and
    ``shares`` say how many guesses of each score were right on texts that the model had not seen. Below ``threshold`` it
    makes no guess.
    """

    departments: tuple[str, ...]
    vocabulary: Mapping[str, int]
    rarity: Floats  # inverse document frequency
    weights: Floats
    intercepts: Floats
    scores: Floats
    shares: Floats
    threshold: float
    trained_on: int

    def guess(self, analysed: str, terms: Sequence[str]) -> Guess | None:
        """Return the department of a text, None where the model is not sure enough."""
        best = self.best(analysed, terms)
        return best if best is not None and best.confidence >= self.threshold else None

    def best(self, analysed: str, terms: Sequence[str]) -> Guess | None:
        """Return the likeliest department however unsure, None where the text has nothing the model knows."""
        known = self.vocabulary
        counts = Counter(known[feature] for feature in features(analysed, terms) if feature in known)
        if not counts:
            return None
        rows = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        values = 1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))
        values *= self.rarity[rows]
        values /= np.sqrt(values @ values)
        said = values @ self.weights[rows] + self.intercepts
        winner = int(np.argmax(said))
        score = 1 / float(np.sum(np.exp(said - said[winner])))
        return Guess(self.departments[winner], float(np.interp(score, self.scores, self.shares)))


def write_model(model: Model, path: Path) -> str:
    """Write ``path`` with .npz and .json for its ending; return the version, which is of the content alone."""
    arrays = {name: getattr(model, name) for name in _ARRAYS}
    meaning = {
        "format": FORMAT,
        "departments": list(model.departments),
        "vocabulary": list(model.vocabulary),
        "threshold": model.threshold,
        "trained_on": model.trained_on,
    }
    version = _version(arrays, meaning)
    with path.with_suffix(".npz").open("wb") as file:
        np.savez_compressed(file, **arrays)
    path.with_suffix(".json").write_text(
        json.dumps({"version": version, **meaning}, ensure_ascii=False), encoding="utf-8"
    )
    return version


def read_model(path: Path) -> tuple[Model, str]:
    """Return a model and its version.

    Raises
    ------
    ModelUnreadable
        A file is missing or damaged, or belongs to another version of this program.
    """
    try:
        meaning: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        # Arrays of objects would have to be unpickled; they are refused.
        with np.load(path.with_suffix(".npz"), allow_pickle=False) as file:
            arrays = {name: file[name] for name in _ARRAYS}
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        raise ModelUnreadable(f"{SETTING}: {path} is no routing model ({type(error).__name__}); {_ADVICE}") from error
    version = meaning.pop("version", None)
    if meaning.get("format") != FORMAT or version != _version(arrays, meaning):
        raise ModelUnreadable(f"{SETTING}: {path} is damaged or of another form; {_ADVICE}")
    vocabulary = {feature: row for row, feature in enumerate(meaning["vocabulary"])}
    model = Model(
        tuple(meaning["departments"]), vocabulary, **arrays,
        threshold=meaning["threshold"], trained_on=meaning["trained_on"],
    )  # fmt: skip
    return model, version


def configured_model() -> tuple[Model, str] | None:
    """Return the model the setting names and its version, read once in a process; None where it names none.

    Raises
    ------
    ModelUnreadable
        The setting is wrong.
    """
    name = os.environ.get(SETTING)
    return _read_once(name) if name else None


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``routing`` to those of ``python -m nlp``."""
    parser = commands.add_parser("routing", help="train the classifier of responsible departments")
    parser.add_argument("action", choices=["train"])
    parser.add_argument("file", type=Path, help="CSV or JSONL with the columns text and department (a code)")
    parser.add_argument("--out", type=Path, default=Path("var/routing"), help="the model's name, without an ending")
    parser.add_argument(
        "--threshold", type=float, default=THRESHOLD, help="make no guess of which fewer than this share are right"
    )
    parser.set_defaults(run=_train)


def _train(options: argparse.Namespace) -> int:
    # Training needs packages whose import takes a second; guessing does not.
    from nlp import training

    try:
        model, report = training.train(training.read_examples(options.file), threshold=options.threshold)
    except training.UnusableExamples as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(training.report_lines(report)))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    version = write_model(model, options.out)
    print(f"version={version} departments={len(model.departments)} features={len(model.vocabulary)}")
    print(f"use it with {SETTING}={options.out}, then: python -m data_sources reannotate")
    return 0


_ARRAYS = ("rarity", "weights", "intercepts", "scores", "shares")
_ADVICE = "make one: python -m nlp routing train FILE"


def _version(arrays: Mapping[str, Floats], meaning: Mapping[str, Any]) -> str:
    digest = hashlib.blake2b(json.dumps(meaning, ensure_ascii=False, sort_keys=True).encode(), digest_size=6)
    for name in _ARRAYS:
        digest.update(f"{name} {arrays[name].shape}".encode())
        digest.update(np.ascontiguousarray(arrays[name], dtype="<f4").tobytes())
    return digest.hexdigest()


@functools.lru_cache(maxsize=2)
def _read_once(name: str) -> tuple[Model, str]:
    return read_model(Path(name))
