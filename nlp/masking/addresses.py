"""House numbers: 세종대로 110 keeps its road, 망원동 123-4 its quarter, and both lose the number.

A number after 로 is mostly none of a house (버스로 30분, 전화로 120). It counts as one only after a road that is known, after
a side street (사직로8길 34), or where a district (마포구) stands before the road.
"""

from __future__ import annotations

import re

from nlp.dictionary import read_resource
from nlp.literals import any_of
from nlp.masking.masks import AFTER_DIGIT, ANYWHERE, Family, Mask

_TERMS = read_resource("roads.toml")
_ROAD = f"(?:{any_of(_TERMS['roads']).pattern})"
_SIDE = r"(?:\s?[0-9]{1,4}번?[가나다라마바사아자차카타파하]{0,2}길)"
_FLAT = r"(?:,?\s?\(?(?:[A-Za-z0-9]{1,4}동\s?)?[0-9]{1,4}호(?!선)\)?)?"
_NUMBER = rf"(?P<secret>(?:지하\s?)?[1-9][0-9]{{0,3}}(?:-[0-9]{{1,4}})?(?:번지)?{_FLAT})"
# What follows a number that counts, or names a line, a stop, an exit, a lane or a service instead of a house.
_NO_HOUSE = (
    r"(?![0-9]|[-~.:][0-9]|\s?[,·/]\s?[0-9]|[가나다라마바사아자차카타파하]{0,2}길|"
    r"(?:가|개|명|인|시|분|초|년|월|일|주|번(?!지)|째|차|회|배|대|량|건|층|위|점|단|등|여|살|세|원|만|천|억|학년|호|길|급|m|M|°|℃)|"
    r"\s?(?:호선|호기|km|kg|㎞|미터|킬로|%|퍼센트|곳|군데|구간|단계|공구|줄|칸|정거장|정류|출구|개월|시간|개소|코스|안전센터|구급|신고|소방|다산|버스|노선|번째|번길|번(?!지)|차로|차선)|"
    r"\s(?:명|분|년|월|원|배|대|회|건|층|m|만\s?원)(?![가-힣A-Za-z]))"
)
_COUNTED = frozenset(_TERMS["counted"])
_NO_QUARTER = re.compile(rf"^(?:{'|'.join(_TERMS['no_quarters'])})$")
_WITHIN_WORD = re.compile(r"[가-힣0-9]\Z")


def _is_road(match: re.Match[str]) -> bool:
    """Return whether the word is a road and not one with the particle 로 (으로, 대로)."""
    name = match["road"]
    return not name.endswith(("으로", "그대로", "대로로", "쪽로")) and name not in _COUNTED


def _is_quarter(match: re.Match[str]) -> bool:
    return _NO_QUARTER.match(match["quarter"]) is None


ADDRESSES = Family(
    re.compile(r"[로길동가리]\s?(?:산\s?|지하\s?)?[0-9]"),
    needs_digit=True,
    masks=(
        Mask(
            "address",
            re.compile(rf"{_ROAD}{_SIDE}?\s?{_NUMBER}{_NO_HOUSE}"),
            "세종대로 110 앞 보도",
            "세종대로 3차로",
            ANYWHERE,
        ),
        Mask(
            "address",
            re.compile(rf"[가-힣]{{1,7}}(?:로|길){_SIDE}\s?{_NUMBER}{_NO_HOUSE}"),
            "새빛로8길 34",
            "새빛로8길 34m 구간",
            ANYWHERE,
        ),
        Mask(
            "address",
            re.compile(rf"[가-힣]{{1,4}}구\s(?P<road>[가-힣]{{1,8}}(?:로|길)){_SIDE}?\s?{_NUMBER}{_NO_HOUSE}"),
            "은평구 새빛로 34",
            "은평구 쪽으로 34",
            ANYWHERE,
            _is_road,
        ),
        Mask(
            "address",
            re.compile(rf"(?P<quarter>[가-힣]{{1,12}}(?:[0-9]{{0,2}}동|[0-9]가|[면읍]\s?[가-힣]{{1,4}}리))\s?(?P<secret>(?:산\s?)?[0-9]{{1,4}}(?:-[0-9]{{1,4}}(?:번지)?|번지){_FLAT}){_NO_HOUSE}"),
            "새빛동 123-45",
            "운동 30-40분",
            _WITHIN_WORD,
            _is_quarter,
        ),
        Mask(
            "address",
            re.compile(r"(?:[0-9]{1,4}|[A-Z])동\s?[0-9]{2,4}호(?!선)"),
            "101동 1502호",
            "101동 15호선",
            AFTER_DIGIT,
        ),
    ),
)  # fmt: skip
