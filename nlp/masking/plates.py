"""Vehicle plates: 12가3456 and 123가4567, with the region before them until 2004, and those of diplomats.

Many of their letters also count something: 10조 2000억, 101호 2024년, 제12조. Those are plates only where no unit
follows, and with a blank inside only beside a word of traffic.
"""

from __future__ import annotations

import re

from nlp.masking.masks import AFTER_DIGIT, ANYWHERE, Family, Mask

# Private, commercial, rented (허 하 호), parcels (배) and the forces (국 합 육 해 공).
_LETTER = "[가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주바사아자허하호배국합육해공]"
_COUNTING = frozenset("호도주조구부자보로고국")
_CITY = "(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주)"
_DISTRICT = "(?:종로|중구?|용산|성동|광진|동대문|중랑|성북|강북|도봉|노원|은평|서대문|마포|양천|강서|구로|금천|영등포|동작|관악|서초|강남|송파|강동)"
_UNIT = re.compile(
    r"[0-9]|[-~][0-9]|[.,:][0-9]|\s?(?:원|명|년(?!식)|억|만|천|개|건|세대|가구|km|㎞|kg|㎡|미터|시간|%|번지|평|톤)"
)
_TRAFFIC = re.compile(
    r"차|번호|택시|버스|트럭|오토바이|바이크|운전|기사|렌트|SUV|배달|뺑소니|과속|신호|봉고|스타렉스|소나타|쏘나타|그랜저|아반떼|K[3579]"
)
_AROUND = 15  # characters before and after in which a word of traffic counts


def _is_plate(match: re.Match[str]) -> bool:
    """Return whether digits, a letter and four digits are a plate and no amount, clause, flat or year."""
    text, start, end = match.string, match.start(), match.end()
    if _UNIT.match(text, end) or text[start - 1 : start] == "제":
        return False
    is_joined = match["letter"] + match["last"] in match[0]
    if match["letter"] not in _COUNTING or (is_joined and not match["last"].endswith("00")):
        return True
    around = text[max(0, start - _AROUND) : start] + " " + text[end : end + _AROUND]
    return _TRAFFIC.search(around) is not None


PLATES = Family(
    re.compile(r"[0-9]{3}(?:[0-9]|\s?[- ]\s?[0-9]{3})"),
    needs_digit=True,
    masks=(
        Mask(
            "plate",
            re.compile(rf"{_CITY}\s?(?:{_DISTRICT}|[0-9]{{1,2}})\s?(?P<letter>{_LETTER})\s?(?P<last>[0-9]{{4}})"),
            "서울 31 바 1234 택시",
            "서울 도로 2024년",
            ANYWHERE,
            _is_plate,
        ),
        Mask(
            "plate",
            re.compile(rf"[0-9]{{2,3}}\s?(?P<letter>{_LETTER})\s?(?P<last>[0-9]{{4}})"),
            "123가4567",
            "10조2000억원",
            re.compile(r"[0-9][.,:/-]?\Z"),
            _is_plate,
        ),
        Mask(
            "plate",
            re.compile(r"(?:외교|영사|준외|준영|협정)\s?[0-9]{3}\s?[- ]\s?[0-9]{3}(?![0-9])"),
            "외교 012-345",
            "외교 정책 012호",
            AFTER_DIGIT,
        ),
    ),
)  # fmt: skip
