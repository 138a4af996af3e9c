"""The civic dictionary: terms and places that come out whole, spelling variants, stop words and term groups."""

from __future__ import annotations

import functools
import hashlib
import json
import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Any, NamedTuple

# The standing hot issues of the Social Media Center of 2012, each a group of term_groups.toml.
HOT_GROUPS = ("아리수", "지하철", "정신보건")

# Of two syllables only what civic_terms.toml names: 번동 is also in 한번 동안, 길동 in a person's name.
_MIN_PLACE_LENGTH = 3


class Entry(NamedTuple):
    """One form the analysers must know; ``term`` is the canonical form it stands for."""

    form: str
    tag: str
    kind: str
    term: str


class PlaceName(NamedTuple):
    """One form of places.toml: what it is and the districts it may lie in, several where nothing in it tells which.

    ``kind`` is one of district, neighbourhood, station, landmark and short (강남 for 강남구); ``name`` is the form it
    stands for (화곡제1동 -> 화곡1동).
    """

    form: str
    kind: str
    name: str
    district_codes: tuple[str, ...]


def read_resource(name: str) -> dict[str, Any]:
    """Return the TOML file ``name`` of ``nlp/resources``."""
    return tomllib.loads(resources.files("nlp").joinpath("resources", name).read_text(encoding="utf-8"))


@functools.cache
def entries() -> tuple[Entry, ...]:
    """Return every form of the civic dictionary: canonical terms and places first, then their aliases."""
    data = read_resource("civic_terms.toml")
    terms = {
        term: Entry(term, kind["tag"], name, term) for name, kind in data["kinds"].items() for term in kind["terms"]
    }
    for place in place_names():
        if _is_entry(place):
            terms.setdefault(place.form, Entry(place.form, "NNP", place.kind, place.form))
    aliases = [
        Entry(alias, terms[term].tag, terms[term].kind, term)
        for term, forms in data["aliases"].items()
        for alias in forms
    ]
    return (*terms.values(), *aliases)


@functools.cache
def place_names() -> tuple[PlaceName, ...]:
    """Return every form a place of Seoul is written in, each once."""
    found: dict[str, PlaceName] = {}
    for kind, form, name, code in _place_rows(read_resource("places.toml")):
        known = found.get(form)
        if known is None:
            found[form] = PlaceName(form, kind, name, (code,))
        elif code not in known.district_codes:
            found[form] = known._replace(district_codes=(*known.district_codes, code))
    return tuple(found.values())


@functools.cache
def districts() -> tuple[tuple[str, str, str], ...]:
    """Return every district of Seoul: its code, its Korean name and the official English one."""
    data = read_resource("places.toml")
    return tuple((code, name, data["districts_en"][code]) for code, name in data["districts"].items())


def _place_rows(data: dict[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Yield (kind, form, name, district code)."""
    for code, name in data["districts"].items():
        yield "district", name, name, code
    for code, names in data["neighbourhoods"].items():
        yield from (("neighbourhood", name, name, code) for name in names)
    for code, numbers in data["numbered"].items():
        for base, of_base in numbers.items():
            for number in of_base.split():
                name = f"{base}{number}동"
                yield "neighbourhood", name, name, code
                if number.isdigit():
                    yield "neighbourhood", f"{base}제{number}동", name, code
    for code, names in data["stations"].items():
        yield from (("station", f"{name}역", f"{name}역", code) for name in names)
    for kind, section in (("landmark", "landmarks"), ("short", "short")):
        for code, names in data[section].items():
            yield from ((kind, name, name, code) for name in names)


def _is_entry(place: PlaceName) -> bool:
    """Return whether the analysers are given the form: not where that does harm, or where it holds a sign."""
    return (
        place.kind != "short"
        and place.form == place.name
        and (place.kind == "district" or len(place.form) >= _MIN_PLACE_LENGTH)
        and place.form.isalnum()
        and place.form not in _places_left_out()
    )


@functools.cache
def _places_left_out() -> frozenset[str]:
    ambiguous = read_resource("places.toml")["ambiguous"]
    return frozenset(ambiguous["strict"]) | frozenset(ambiguous["harmful"])


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
