"""Names of persons after a word that announces one (담당자: 홍길동). No other name is found by rule.

A name that stands free cannot be told from a word, and a false one takes the complaint's own words away.
"""

from __future__ import annotations

import re

from nlp.dictionary import read_resource
from nlp.literals import any_of
from nlp.masking.masks import ANYWHERE, Family, Mask

_TERMS = read_resource("names.toml")
_ANNOUNCING = any_of(_TERMS["announcing"])
_SURNAME = f"[{''.join(_TERMS['surnames'])}]"
_FULL = rf"(?:(?:{'|'.join(_TERMS['long_surnames'])})[가-힣]{{1,2}}|{_SURNAME}[가-힣]{{2}})"
_NO_NAME = any_of(_TERMS["no_names"])
_NO_NAME_END = tuple(_TERMS["no_name_ends"])
_TITLE = rf"(?:{'|'.join(_TERMS['titles'])})"
# After a name no syllable follows, unless it begins a title or closes the clause.
_END = rf"(?=\s?{_TITLE}|입니다|이며|이고|이라고|라고|이에요|예요|이구요|님|씨|[^가-힣]|$)"


def _is_name(match: re.Match[str]) -> bool:
    name = match["secret"]
    return not name.endswith(_NO_NAME_END) and _NO_NAME.search(name) is None


NAMES = Family(
    re.compile(rf"(?:{_ANNOUNCING.pattern})(?:[은는이]?\s|\s?[:=]\s?){_SURNAME[:-1]}{''.join(sorted({name[0] for name in _TERMS['long_surnames']}))}]"),
    needs_digit=False,
    masks=(
        Mask(
            "name",
            re.compile(rf"(?:{_ANNOUNCING.pattern})\s?[:=]\s?(?P<secret>{_FULL}){_END}"),
            "담당자: 홍길동",
            "담당자: 조경과",
            ANYWHERE,
            _is_name,
        ),
        Mask(
            "name",
            re.compile(rf"(?:{_ANNOUNCING.pattern})[은는이]?\s(?P<secret>{_FULL})(?=\s?(?:{_TITLE}|님|씨)|\s?[(,]?\s?(?:\[전화|0[0-9]))"),
            "담당자 홍길동 주무관과 통화했습니다",
            "담당자 이용자 모두 불편합니다",
            ANYWHERE,
            _is_name,
        ),
        Mask(
            "name",
            re.compile(rf"(?:제|저의|저희|본인의?|성함과?|내)\s(?:이름|성명|성함)은\s(?P<secret>{_FULL})(?=입니다|이고|이며|이라고|라고|이에요|예요|\s?[,.(]|$)"),
            "제 이름은 홍길동입니다",
            "강아지 이름은 이쁜이입니다",
            ANYWHERE,
            _is_name,
        ),
    ),
)  # fmt: skip
