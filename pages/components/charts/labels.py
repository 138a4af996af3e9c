"""The words of the charts in both languages, from labels.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

LABELS_FILE = Path(__file__).with_name("labels.toml")


class UnknownLabel(KeyError):
    """A language or key that labels.toml does not have."""


def _flatten(table: dict[str, object], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            flat.update(_flatten(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = str(value)
    return flat


LABELS = {lang: _flatten(table) for lang, table in tomllib.loads(LABELS_FILE.read_text(encoding="utf-8")).items()}


def label(lang: str, key: str, **values: object) -> str:
    """Return the text of ``key`` in ``lang`` with ``values`` filled in.

    Raises
    ------
    UnknownLabel
        There is no such language or key.
    """
    if lang not in LABELS:
        raise UnknownLabel(f"no language {lang!r}; known: {', '.join(LABELS)}")
    if key not in LABELS[lang]:
        raise UnknownLabel(f"no label {key!r} in [{lang}] of {LABELS_FILE.name}")
    return LABELS[lang][key].format(**values)
