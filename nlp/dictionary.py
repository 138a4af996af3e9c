"""The civic dictionary: terms that come out whole, their spelling variants, stop words and term groups."""

from __future__ import annotations

import functools
import hashlib
import json
import tomllib
from importlib import resources
from typing import Any, NamedTuple

# The standing hot issues of the Social Media Center of 2012, each a group of term_groups.toml.
HOT_GROUPS = ("아리수", "지하철", "정신보건")


class Entry(NamedTuple):
    """One form the analysers must know; ``term`` is the canonical form it stands for."""

    form: str
    tag: str
    kind: str
    term: str


def read_resource(name: str) -> dict[str, Any]:
    """Return the TOML file ``name`` of ``nlp/resources``."""
    return tomllib.loads(resources.files("nlp").joinpath("resources", name).read_text(encoding="utf-8"))


@functools.cache
def entries() -> tuple[Entry, ...]:
    """Return every form of the civic dictionary: canonical terms first, then their aliases."""
    data = read_resource("civic_terms.toml")
    terms = {
        term: Entry(term, kind["tag"], name, term) for name, kind in data["kinds"].items() for term in kind["terms"]
    }
    aliases = [
        Entry(alias, terms[term].tag, terms[term].kind, term)
        for term, forms in data["aliases"].items()
        for alias in forms
    ]
    return (*terms.values(), *aliases)


@functools.cache
def canonical_forms() -> dict[str, str]:
    """Return form -> canonical term, for terms and aliases alike."""
    return {entry.form: entry.term for entry in entries()}


@functools.cache
def stop_words() -> frozenset[str]:
    """Return the words that are never terms, Korean and English."""
    data = read_resource("stop_words.toml")
    return frozenset(data["ko"]) | frozenset(data["en"])


@functools.cache
def term_groups() -> dict[str, tuple[str, ...]]:
    """Return group name -> canonical terms that mean the same matter, such as 아리수 -> 수돗물, 상수도, ..."""
    return {name: tuple(members) for name, members in read_resource("term_groups.toml").items()}


@functools.cache
def dictionary_version() -> str:
    """Return 12 hex digits that change with any form, tag or alias of the dictionary."""
    content = "\n".join("\t".join(entry) for entry in entries())
    return hashlib.blake2b(content.encode(), digest_size=6).hexdigest()


@functools.cache
def resources_version(*names: str) -> str:
    """Return 12 hex digits that change with anything these files of ``nlp/resources`` say, comments apart."""
    content = json.dumps([read_resource(name) for name in names], ensure_ascii=False)
    return hashlib.blake2b(content.encode(), digest_size=6).hexdigest()
