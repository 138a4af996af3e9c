"""The words on screen: one table per language, looked up by key."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path

LANGUAGES = ("ko", "en")
DEFAULT_LANGUAGE = "ko"
_STRINGS = Path(__file__).parent / "strings"


class UnknownString(KeyError):
    """A key no string table has, or a language nobody wrote."""


def _flatten(table: dict[str, object], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, dict):
            flat |= _flatten(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = str(value)
    return flat


@functools.cache
def strings(lang: str) -> dict[str, str]:
    """Return every string of ``lang`` by its key ``page.section.what``.

    Raises
    ------
    UnknownString
        There is no such language.
    """
    if lang not in LANGUAGES:
        raise UnknownString(f"no language {lang!r}; known: {', '.join(LANGUAGES)}")
    return _flatten(tomllib.loads((_STRINGS / f"{lang}.toml").read_text(encoding="utf-8")))


def text(key: str, lang: str, **values: object) -> str:
    """Return the string ``key`` in ``lang`` with ``values`` filled in; an unknown key raises UnknownString."""
    try:
        return strings(lang)[key].format(**values)
    except KeyError as error:
        raise UnknownString(f"string {key!r} ({lang}): no {error.args[0]!r}") from error


def word(section: str, code: object, lang: str) -> str:
    """Return the word for a code of the store, such as ``class.question``; an unknown code stays as it is."""
    return strings(lang).get(f"{section}.{code}", str(code))
