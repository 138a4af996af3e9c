"""Telephone numbers, and e-mail addresses however they are spelled.

Numbers of public services stay: 110, 112, 119, 120, 02-120 and 15xx, 16xx and 18xx lines belong to no person.
"""

from __future__ import annotations

import re

from nlp.masking.masks import AFTER_DIGIT, ANYWHERE, Family, Mask

# Between the groups of a number: nothing, a blank, or one sign with or without blanks.
GAP = r"(?:\s?[-.)/_~·]\s?|\s)?"
_SPOKEN_GAP = r"(?:\s?(?:[-.,)/_~·]|다시|에)\s?|\s)?"
_SPOKEN = "[0-9공영일이삼사오육륙칠팔구]"
_DOMAIN = r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,3}\.[A-Za-z]{2,10}"
_LOCAL = r"[A-Za-z0-9._%+-]{1,64}"
_MAIL_HOST = (
    r"(?:naver|gmail|daum|hanmail|kakao|nate|네이버|지메일|다음|한메일)(?:\s?(?:\.|점|쩜|닷)\s?(?:com|net|컴|넷))"
)


def _is_spoken(match: re.Match[str]) -> bool:
    """Return whether Hangul stands among the digits; a number of signs only is the other rows' matter."""
    return any("가" <= character <= "힣" for character in match[0])


PHONES = Family(
    re.compile(r"[0-9](?:[^0-9]{0,4}[0-9]){6}"),
    needs_digit=True,
    masks=(
        Mask(
            "phone",
            re.compile(
                r"(?:\(\s?[0oOㅇ]1[0oOㅇ]\s?\)|[0oOㅇ]1[0oOㅇ]|\(?01[16789]\)?)" + GAP + r"[0-9]{3,4}" + GAP + r"[0-9]{4}(?![0-9])"
            ),
            "010-1234-5678",
            "2010-1234-5678",
        ),
        Mask(
            "phone",
            re.compile(
                r"(?:\+|00)?82" + GAP + r"\(?0?\)?(?:1[016789]|2|[3-6][1-5]|70)" + GAP + r"[0-9]{3,4}" + GAP + r"[0-9]{4}(?![0-9])"
            ),
            "+82 10-1234-5678",
            "82번 버스 1234호",
            AFTER_DIGIT,
        ),
        Mask(
            "phone",
            re.compile(
                r"\(?0(?:2|3[1-3]|4[1-4]|5[1-5]|6[1-4]|70|80|50[2-8])\)?" + GAP + r"[0-9]{3,4}" + GAP + r"[0-9]{4}(?![0-9])"
            ),
            "02-2345-6789",
            "02 다산콜 120",
        ),
    ),
)  # fmt: skip

_FIRST, _SECOND, _THIRD = "[공영0oOㅇ]", "[일1]", "[공영0oOㅇ일륙육칠팔구16789]"
SPOKEN_PHONES = Family(
    re.compile(f"{_FIRST}{_SECOND}{_THIRD}"),
    needs_digit=False,
    masks=(
        Mask(
            "phone",
            re.compile(f"{_FIRST}{_SECOND}{_THIRD}{_SPOKEN_GAP}{_SPOKEN}{{3,4}}{_SPOKEN_GAP}{_SPOKEN}{{4}}(?![0-9])"),
            "공일공 일이삼사 오육칠팔",
            "공일공 번호로 연락 주세요",
            accepts=_is_spoken,
        ),
    ),
)

EMAILS = Family(
    re.compile(r"@(?<=[A-Za-z0-9._%+-]@)|@(?<=[A-Za-z0-9._%+-]\s@)|골뱅이|\(\s?at|\[\s?at"),
    needs_digit=False,
    masks=(
        Mask("email", re.compile(_LOCAL + "@" + _DOMAIN), "gildong@example.com", "@seoul_120.official 에 문의", ANYWHERE),
        Mask(
            "email",
            re.compile(rf"{_LOCAL}\s?(?:골뱅이|[(\[]\s?at\s?[)\]])\s?(?:{_DOMAIN}|{_MAIL_HOST}?)"),
            "gildong 골뱅이 naver.com",
            "을지로 골뱅이 골목",
            ANYWHERE,
        ),
        # With blanks around the sign it may be a mention, so that the host must be one of letters.
        Mask(
            "email",
            re.compile(rf"{_LOCAL}\s?@\s?{_MAIL_HOST}"),
            "gildong @ naver.com",
            "hello @naver_official",
            ANYWHERE,
        ),
    ),
)  # fmt: skip
