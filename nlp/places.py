"""The places of Seoul a text names: districts, 동, stations and landmarks.

A name counts where a word begins with it and only a particle or a suffix follows (강남구에서, 강남구청). What a name
does not tell is never guessed: 신사동 lies in three districts and 중구 in six cities, so that another place of the text
decides, or the place stays open.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nlp.dictionary import PlaceName, place_names, read_resource
from nlp.records import Place, Token

__all__ = ["districts_named", "places_of"]

# How much a name tells by itself; an order, not a measured probability. A landmark or a short name may be a way of
# speaking (강남 스타일), a station is where one changes trains.
_CONFIDENCE = {"district": 0.95, "neighbourhood": 0.9, "station": 0.85, "landmark": 0.75, "short": 0.6}
# Another place of the text decided; nothing did.
_RESOLVED, _OPEN = 0.7, 0.3
# A word, and the two characters it begins with: 강남, 번2. Most texts stop there, in a quarter of the time a pattern
# of all the names takes.
_WORD = re.compile("([가-힣][가-힣1-8])[가-힣]*")
# Names this short stand inside other words, so that just any particle is not enough.
_SHORT_LENGTH = 2

_PARTICLE = (
    "(?:은|는|이|가|을|를|과|와|랑|이랑|하고|도|만|의|처럼|보다|나|이나|인|이다|이라|이라는|이고|이며|인데|이에요|예요|입니다|였|이었"
    "|(?:에서|에|으로|로|까지|부터)(?:는|도|만|의|부터|까지|나)?)"
)
_SUFFIX = (
    "(?:청|구청|청장|민|의회|의원|보건소|주민|주민센터|행정복지센터|동사무소|파출소|지구대|시장|사거리|삼거리|네거리|교차로|일대|지역|쪽|내|앞|옆|뒤"
    "|근처|주변|부근|인근|입구|출구|방면|방향|행|발|관내|사는|지점|정류장|정류소|광장|공원|아파트|거주|거주자|소재|세권|역세권)"
)
_AFTER = re.compile(f"{_SUFFIX}{{0,2}}{_PARTICLE}?(?![가-힣])")
# 역할, 구치소, 구간, 동계, 동굴: other words begin with the last syllable of a name.
_OTHER_WORD = re.compile("(?<=역)할|(?<=구)(?:치소|간|매|입)|(?<=동)(?:안|아리|문|기|산|생|계|굴)")
_ROAD_NUMBER = re.compile("(?:대|중앙)?로(?: ?[0-9]|[가-힣]?길)|대로")
# Syllables of Unicode stand in the order of their final consonants: none, then 27, of which ㄹ is the eighth.
_FINALS, _FINAL_RIEUL = 28, 8
_SEOUL = re.compile("서울(?:특별시|시)?")
_SEOUL_BEFORE = re.compile("서울(?:특별시|시)?[ ]?$")
_METROPOLISES = ("인천", "부산", "대구", "대전", "광주", "울산")
_OTHER_METROPOLIS = re.compile(f"(?<![가-힣])(?:{'|'.join(_METROPOLISES)})")
# Enough for 경상남도 창원시 마산합포구 before a name.
_BEFORE_LENGTH = 24


class _Mention(NamedTuple):
    """A name that stands in the text; ``doubt`` says whether it may be another city's, and what would settle that."""

    name: PlaceName
    doubt: int


# Any place of Seoul settles it, or only another one of the same district, because the other city is named as well.
_SURE, _SETTLED_BY_ANY, _SETTLED_BY_DISTRICT = 0, 1, 2


class _Names(NamedTuple):
    """The tables of places.toml; ``lengths`` are those of the names that begin alike, the longest first."""

    starts: frozenset[str]
    by_form: dict[str, PlaceName]
    lengths: dict[str, tuple[int, ...]]
    strict: frozenset[str]
    elsewhere: frozenset[str]
    unless: dict[str, tuple[str, ...]]
    other_city_before: re.Pattern[str]


def places_of(text: str, tokens: Sequence[Token], terms: Sequence[str]) -> tuple[Place, ...]:
    """Return the places of Seoul an analysed text names, each once, in order of appearance.

    Parameters
    ----------
    text : str
        The analysed form, which ``tokens`` and ``terms`` were made of.

    Returns
    -------
    tuple of Place; empty where none is named. A district of another city is none.

    Notes
    -----
    Source: nlp/resources/places.toml. Names not in it are not found, and neither are places of other cities.
    """
    names = _names()
    if names.starts.isdisjoint(_WORD.findall(text)):
        return ()
    mentions = list(_mentions(text, tokens, terms, names))
    return _resolved(mentions) if mentions else ()


def districts_named(places: Sequence[Place]) -> tuple[str, ...]:
    """Return the codes of the districts that are told by ``places``, each once; a place that is left open tells none."""
    return tuple(dict.fromkeys([place.district_code for place in places if place.district_code is not None]))


def _mentions(text: str, tokens: Sequence[Token], terms: Sequence[str], names: _Names) -> Iterator[_Mention]:
    for word in _WORD.finditer(text):
        if word[1] not in names.starts:
            continue
        start = word.start()
        if start and text[start - 1].isalnum():
            continue
        name = _name_at(text, start, tokens, terms, names)
        if name is None and (seoul := _SEOUL.match(text, start)):
            start = seoul.end()
            name = _name_at(text, start, tokens, terms, names)
        # 강남구역삼동 is two names.
        while name is not None:
            is_ours = _SEOUL_BEFORE.search(text, max(0, start - _BEFORE_LENGTH), start) is not None
            if is_ours or not _is_of_other_city(text, start, name, names):
                yield _Mention(name, _SURE if is_ours else _doubt(text, name, names))
            start += len(name.form)
            name = _name_at(text, start, tokens, terms, names)


def _name_at(text: str, start: int, tokens: Sequence[Token], terms: Sequence[str], names: _Names) -> PlaceName | None:
    """Return the longest name at ``start`` that is followed by what may follow a place."""
    for length in names.lengths.get(text[start : start + 2], ()):
        name = names.by_form.get(text[start : start + length])
        if name is not None and _may_end(text, start + length, name, tokens, terms, names):
            return name
    return None


def _may_end(
    text: str, end: int, name: PlaceName, tokens: Sequence[Token], terms: Sequence[str], names: _Names
) -> bool:
    if not "가" <= text[end : end + 1] <= "힣":
        return True
    if _OTHER_WORD.match(text, end):
        return False
    if name.kind in ("landmark", "short") and _is_road(text, end):
        return False
    if _AFTER.match(text, end):
        return True
    if name.kind in ("landmark", "short"):
        return name.form in terms
    if len(name.form) <= _SHORT_LENGTH or name.form in names.strict:
        return False
    if name.kind == "district":
        return True
    return any(token.start == end for token in tokens)


def _is_road(text: str, end: int) -> bool:
    """Return whether the name of a street follows: 도봉로 lies in another district than 도봉구 for half its length."""
    if _ROAD_NUMBER.match(text, end):
        return True
    final_consonant = (ord(text[end - 1]) - ord("가")) % _FINALS
    # 으로 follows a consonant, except ㄹ, where 로 does: 노원로 is a street, 서초로 may be "to 서초".
    return final_consonant not in (0, _FINAL_RIEUL) and text.startswith(("로", "대로"), end)


def _is_of_other_city(text: str, start: int, name: PlaceName, names: _Names) -> bool:
    may_be = name.kind in ("neighbourhood", "short") or name.form in names.elsewhere or name.form in names.unless
    return may_be and names.other_city_before.search(text[max(0, start - _BEFORE_LENGTH) : start]) is not None


def _doubt(text: str, name: PlaceName, names: _Names) -> int:
    if name.form in names.elsewhere:
        # Most texts name none of them, which a look for each word tells much sooner than the pattern.
        if any(city in text for city in _METROPOLISES) and _OTHER_METROPOLIS.search(text):
            return _SETTLED_BY_DISTRICT
        return _SURE if "서울" in text else _SETTLED_BY_ANY
    is_other_named = any(city in text for city in names.unless.get(name.form, ()))
    return _SETTLED_BY_DISTRICT if is_other_named else _SURE


def _resolved(mentions: list[_Mention]) -> tuple[Place, ...]:
    sure = {
        mention.name.district_codes[0]
        for mention in mentions
        if mention.doubt == _SURE and len(mention.name.district_codes) == 1
    }
    return tuple(dict.fromkeys([_place(mention, sure) for mention in mentions]))


def _place(mention: _Mention, sure: set[str]) -> Place:
    name = mention.name
    source = "district" if name.kind == "short" else name.kind
    neighbourhood = name.name if name.kind == "neighbourhood" else None
    codes = name.district_codes
    if len(codes) == 1 and mention.doubt == _SURE:
        return Place(codes[0], neighbourhood, source, name.form, _CONFIDENCE[name.kind])
    named = tuple(code for code in codes if code in sure)
    if len(named) == 1:
        return Place(named[0], neighbourhood, source, name.form, _RESOLVED)
    if len(codes) == 1 and sure and mention.doubt == _SETTLED_BY_ANY:
        # Another place of Seoul says that this 중구 is ours.
        return Place(codes[0], neighbourhood, source, name.form, _RESOLVED)
    return Place(None, neighbourhood, source, name.form, _OPEN, named or codes)


@functools.cache
def _names() -> _Names:
    data = read_resource("places.toml")
    by_form = {name.form: name for name in place_names()}
    lengths: dict[str, set[int]] = {}
    for form in by_form:
        lengths.setdefault(form[:2], set()).add(len(form))
    ambiguous = data["ambiguous"]
    cities = "|".join(sorted(data["other_cities"]["names"], key=len, reverse=True))
    return _Names(
        starts=frozenset({*lengths, "서울"}),
        by_form=by_form,
        lengths={start: tuple(sorted(of_start, reverse=True)) for start, of_start in lengths.items()},
        strict=frozenset(ambiguous["strict"]),
        elsewhere=frozenset(ambiguous["elsewhere"]),
        unless={form: tuple(named) for form, named in ambiguous["unless"].items()},
        # 인천 중구, 인천광역시 중구, 성남시 수정구 신흥동.
        other_city_before=re.compile(
            rf"(?<![가-힣])(?:{cities})(?:광역시|특별자치[시도]|시|도)?(?:의\s|\s*)(?:[가-힣]{{1,5}}[시군구]\s*){{0,2}}\Z"
        ),
    )
