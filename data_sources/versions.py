"""What reads texts in this process: the versions that a run and the store are marked with."""

from __future__ import annotations

from db.records import RunVersions
from db.version import code_version
from nlp import versions as reading


def versions() -> RunVersions:
    """Return what reads texts in this process."""
    analysed = reading.versions()
    return RunVersions(code_version(), analysed.tokenizer, analysed.dictionary, analysed.rules)
