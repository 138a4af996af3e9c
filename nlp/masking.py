"""Personal data leaves a text here, before it is stored, analysed or shown."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple


class Mask(NamedTuple):
    """One kind of personal data: how it is found, what stands in its place, an example and a look-alike."""

    kind: str
    label: str
    pattern: re.Pattern[str]
    accepts: Callable[[str], bool]
    example: str
    counter_example: str


def _always(match: str) -> bool:
    return True


def _is_card(match: str) -> bool:
    """Return whether these are 13 to 16 digits that pass the Luhn check, which nine of ten order numbers fail."""
    digits = [int(character) for character in match if character.isdigit()]
    if not 13 <= len(digits) <= 16:
        return False
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_resident_number(match: str) -> bool:
    """Return whether 13 digits without a separator can be a living person's number.

    The checksum says nothing: numbers issued since October 2020 have none. What must be kept out are
    times in milliseconds, which today begin with 17 and would read as persons born in 1917.
    """
    if not match.isdigit():
        return True
    return match[6] in "3478" or int(match[:2]) >= 25


_LABELS = {"phone": "[전화번호]", "email": "[이메일]", "resident": "[주민등록번호]", "card": "[카드번호]"}
# Between the groups of a phone number: nothing, a blank, or one sign with or without blanks.
_GAP = r"(?:\s?[-.)/_~·]\s?|\s)?"
_START = r"(?<![0-9])(?<![0-9][-.])"
_DOMAIN = r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,3}\.[A-Za-z]{2,10}"
_HANGUL_DIGIT = "[공영일이삼사오육륙칠팔구]"


def _mask(kind: str, pattern: str, example: str, counter: str, accepts: Callable[[str], bool] = _always) -> Mask:
    return Mask(kind, _LABELS[kind], re.compile(pattern), accepts, example, counter)


# In this order: the longer and stricter first, so that no part of a card number is taken for a phone.
MASKS: tuple[Mask, ...] = (
    _mask(
        "resident",
        r"(?<![0-9])[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])\s?[-.~/]\s?[1-8][0-9*xX●○]{6}(?![0-9*])",
        "제 번호는 900101-1****** 입니다",
        "접수번호 240301-0001234",
    ),
    _mask(
        "resident",
        r"(?<![0-9A-Za-z/=_-])[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[1-8][0-9*]{6}(?![0-9*])",
        "9001011234567",
        "1709251200000",
        _is_resident_number,
    ),
    _mask(
        "card",
        r"(?<![0-9A-Za-z/=_-])[0-9]{4}([- .])[0-9]{4,6}\1[0-9]{4,5}(?:\1[0-9]{1,4})?(?![0-9])",
        "카드 4111-1111-1111-1111",
        "주문 4111-1111-1111-1112",
        _is_card,
    ),
    _mask("card", r"(?<![0-9A-Za-z/=_-])[3-69][0-9]{12,15}(?![0-9])", "4111111111111111", "4111111111111112", _is_card),
    _mask(
        "phone",
        _START + r"(?:\(\s?[0oOㅇ]1[0oOㅇ]\s?\)|[0oOㅇ]1[0oOㅇ]|\(?01[16789]\)?)" + _GAP + r"[0-9]{3,4}" + _GAP + r"[0-9]{4}(?![0-9])",
        "010-1234-5678",
        "2010-1234-5678",
    ),
    _mask(
        "phone",
        r"(?<![0-9])(?:\+|00)?82" + _GAP + r"\(?0?\)?(?:1[016789]|2|[3-6][1-5]|70)" + _GAP + r"[0-9]{3,4}" + _GAP
        + r"[0-9]{4}(?![0-9])",
        "+82 10-1234-5678",
        "82번 버스 1234호",
    ),
    _mask(
        "phone",
        _START + r"\(?0(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|80|50[2-8])\)?" + _GAP + r"[0-9]{3,4}" + _GAP
        + r"[0-9]{4}(?![0-9])",
        "02-2345-6789",
        "02 다산콜 120",
    ),
    _mask(
        "phone",
        f"공일[공영일륙육칠팔구]{_GAP}{_HANGUL_DIGIT}{{3,4}}{_GAP}{_HANGUL_DIGIT}{{4}}",
        "공일공 일이삼사 오육칠팔",
        "공일공 번호로 연락 주세요",
    ),
    _mask("email", r"[A-Za-z0-9._%+-]{1,64}@" + _DOMAIN, "gildong@example.com", "@seoul_120.official 에 문의"),
    _mask(
        "email",
        r"[A-Za-z0-9._%+-]{1,64}\s?(?:골뱅이|[(\[]\s?at\s?[)\]])\s?"
        r"(?:" + _DOMAIN + r"|(?:naver|gmail|daum|hanmail|kakao|nate|네이버|지메일|다음|한메일)(?:\s?(?:\.|점|닷)\s?(?:com|net|컴|넷))?)",
        "gildong 골뱅이 naver.com",
        "을지로 골뱅이 골목",
    ),
)  # fmt: skip

# Nearly every text stops here: seven digits with little between them, an address sign, or a spelled 010.
_SUSPICIOUS = re.compile(
    r"[0-9](?:[^0-9]{0,4}[0-9]){6}|[0-9]{6}[^0-9]{0,3}[1-8]|[A-Za-z0-9._%+-]@|골뱅이|[(\[]\s?at\s?[)\]]|공일[공영일륙육칠팔구]",
)
_NON_ASCII_SIGN = re.compile("[^\x00-\x7f가-힣ㄱ-ㅣ]")


def mask_text(text: str) -> str:
    """Return ``text`` with personal data replaced by visible labels such as ``[전화번호]``."""
    return mask_and_count(text)[0]


def mask_and_count(text: str) -> tuple[str, dict[str, int]]:
    """Mask personal data and count it.

    Returns
    -------
    (masked text, number of masked passages by kind: phone, email, resident, card; empty if none)

    Notes
    -----
    Masking a masked text changes nothing. Names, addresses and vehicle plates are not found by rule.
    """
    folded = _folded(text)
    if not _SUSPICIOUS.search(folded):
        return text, {}
    counts: dict[str, int] = {}
    # Two numbers that touch are seen one by one: the second stands free only once the first is a label.
    while True:
        masked = _mask_once(text, counts)
        if masked == text:
            return text, counts
        text = masked


def _mask_once(text: str, counts: dict[str, int]) -> str:
    for mask in MASKS:
        pieces, end = [], 0
        for match in mask.pattern.finditer(_folded(text)):
            if mask.accepts(match[0]):
                counts[mask.kind] = counts.get(mask.kind, 0) + 1
                pieces += [text[end : match.start()], mask.label]
                end = match.end()
        if pieces:
            text = "".join(pieces) + text[end:]
    return text


def _folded(text: str) -> str:
    """Return ``text`` with full-width and other styled digits, letters and signs as ASCII, offsets unchanged."""
    if not _NON_ASCII_SIGN.search(text):
        return text
    return _NON_ASCII_SIGN.sub(lambda match: _fold(match[0]), text)


@functools.lru_cache(maxsize=20_000)
def _fold(character: str) -> str:
    if unicodedata.category(character) == "Pd":
        return "-"
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    ascii_form = unicodedata.normalize("NFKC", character)
    return ascii_form if len(ascii_form) == 1 and ascii_form < "\x80" else character
