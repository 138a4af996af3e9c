"""Numbers that the state, a bank or a card company gave to one person."""

from __future__ import annotations

import re

from nlp.literals import any_of
from nlp.masking.masks import AFTER_DIGIT, AFTER_WORD, ANYWHERE, Family, Mask, digits_of, passes_luhn

_BIRTHDAY = r"[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_COVERED = "*xX●○■□•#Ooㅇ"  # how writers cover digits
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_DATE = re.compile(r"(?:19|20)[0-9]{2}(?:-[0-9]{1,2}-[0-9]{1,2}$|(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]))")
_PHONE = re.compile(r"0(?:2|1[016789]|[3-6][1-5]|70|80|50[2-8])-?[0-9]{3,4}-?[0-9]{4}\Z")


def _is_resident_number(match: re.Match[str]) -> bool:
    """Return whether 13 digits without a separator can be a living person's number.

    The checksum says nothing: numbers issued since October 2020 have none. What must be kept out are
    times in milliseconds, which today begin with 17 and would read as persons born in 1917.
    """
    number = match[0]
    return not number.isdigit() or number[6] in "3478" or int(number[:2]) >= 25


def _is_card(match: re.Match[str]) -> bool:
    digits = digits_of(match[0])
    return 13 <= len(digits) <= 16 and passes_luhn(digits)


def _is_grouped_card(match: re.Match[str]) -> bool:
    """Return whether four groups of four are a card: by dashes they are, by blanks they may be four bus lines."""
    groups = re.split("[- .]", match[0])
    if all(_YEAR.fullmatch(group) for group in groups):
        return False
    is_line_list = match.string[match.end() : match.end() + 2].lstrip().startswith(("번", "버"))
    return match["sign"] != " " or (not is_line_list and passes_luhn(digits_of(match[0])))


def _is_account(match: re.Match[str]) -> bool:
    """Return whether these are as many digits as banks give, and neither a date, a phone nor a parcel."""
    number = match["secret"]
    if not 10 <= len(digits_of(number)) <= 14:
        return False
    if _DATE.match(number) or _PHONE.match(number):
        return False
    return _OTHER_NUMBER.search(match[0][: match.start("secret") - match.start()]) is None


def _is_passport(match: re.Match[str]) -> bool:
    return _DATE.match(match[0][1:]) is None


_OTHER_NUMBER = any_of(
    ["등기", "송장", "택배", "접수", "주문", "승인", "전화", "고객센터", "콜센터", "tel", "Tel", "TEL", "☎", "팩스", "사업자", "번호판"]
)  # fmt: skip
_BANK = (
    r"(?:(?:국민|신한|우리|하나|기업|제일|씨티|산업|부산|대구|광주|전북|경남|제주|외환)\s?은행|농협|수협|축협|신협|새마을금고|우체국|"
    r"카카오뱅크|카뱅|토스뱅크|케이뱅크|KB국민|KEB하나|SC제일|IBK기업|NH농협|NH|KB|IBK)"
)
_GROUPED = r"[0-9]{2,6}(?:-[0-9]{1,8}){1,4}"
_ACCOUNT = rf"(?P<secret>{_GROUPED}|[0-9]{{3,4}} [0-9]{{2,6}} [0-9]{{4,7}}|[0-9]{{10,14}})(?![0-9*:-])"
_REGION = r"(?:서울|부산|대구|인천|광주|대전|울산|세종|경기|강원|충북|충남|전북|전남|경북|경남|제주)"

NUMBERS = Family(
    re.compile(rf"[0-9](?:(?:[^0-9]{{0,4}}[0-9]){{6}}|[-. ]?[{_COVERED}]{{2}})"),
    needs_digit=True,
    masks=(
        Mask(
            "resident",
            re.compile(rf"{_BIRTHDAY}(?:\s?[-.~/_]\s?|\s)[1-8][0-9{_COVERED}]{{6}}(?![0-9*])"),
            "제 번호는 900101-1****** 입니다",
            "접수번호 240301-0001234",
            AFTER_DIGIT,
        ),
        Mask(
            "resident",
            re.compile(rf"{_BIRTHDAY}[1-8][0-9{_COVERED}]{{6}}(?![0-9*])"),
            "9001011234567",
            "1709251200000",
            AFTER_WORD,
            _is_resident_number,
        ),
        Mask(
            "resident",
            re.compile(r"주민(?:등록)?\s?번호\s?(?:의\s?)?뒤?뒷?(?:자리|번호)?[는은이가]?\s?:?\s?(?P<secret>[1-8][0-9]{6})(?![0-9])"),
            "주민번호 뒷자리는 1234567 입니다",
            "주민번호 뒷자리는 7자리 1234건",
            ANYWHERE,
        ),
        Mask(
            "card",
            re.compile(r"[2-69][0-9]{3}(?P<sign>[- .])[0-9]{4}(?P=sign)[0-9]{4}(?P=sign)[0-9]{4}(?!-?[0-9])"),
            "카드 4111-1111-1111-1112",
            "2016-2017-2018-2019",
            AFTER_WORD,
            _is_grouped_card,
        ),
        Mask(
            "card",
            re.compile(rf"[2-69][0-9]{{3}}(?P<sign>[- .])[0-9{_COVERED}]{{4}}(?P=sign)[{_COVERED}]{{4}}(?P=sign)[0-9]{{4}}(?![0-9])"),
            "4111-11**-****-1111",
            "4111-11**-1111",
            AFTER_WORD,
        ),
        Mask(
            "card",
            re.compile(r"3[0-9]{3}(?P<sign>[- .])[0-9]{6}(?P=sign)[0-9]{4,5}(?![0-9])"),
            "카드 3782-822463-10005",
            "주문 3782-822463-10006",
            AFTER_WORD,
            _is_card,
        ),
        Mask(
            "card",
            re.compile(r"[3-69][0-9]{12,15}(?![0-9])"),
            "4111111111111111",
            "4111111111111112",
            AFTER_WORD,
            _is_card,
        ),
        Mask(
            "card",
            re.compile(r"카드\s?(?:번호)?\s?(?:[은는이가]|:)?\s?(?P<secret>[0-9]{4}(?: ?[0-9]{4}){3}|[0-9]{15})(?![0-9])"),
            "카드번호는 4111111111111112",
            "카드번호 뒤 4자리 1111",
            ANYWHERE,
        ),
        Mask(
            "licence",
            re.compile(rf"(?:(?:1[1-9]|2[0-8])-[0-9]{{2}}|{_REGION}\s?(?:[0-9]{{2}}))-[0-9]{{6}}-[0-9]{{2}}(?![0-9-])"),
            "면허 11-12-123456-01",
            "고시 41-12-123456-01",
        ),
        Mask(
            "licence",
            re.compile(r"면허\s?(?:증)?\s?(?:번호)?\s?(?:[은는이가]|:)?\s?(?P<secret>(?:1[1-9]|2[0-8])[ .]?[0-9]{2}[ .]?[0-9]{6}[ .]?[0-9]{2})(?![0-9])"),
            "운전면허번호 111212345601",
            "면허 2011년 12월",
            ANYWHERE,
        ),
        Mask(
            "passport",
            re.compile(r"M(?:[0-9]{8}|[0-9]{3}[A-Z][0-9]{4})(?![0-9A-Za-z])"),
            "여권 M12345678",
            "모델명 M20240301",
            AFTER_WORD,
            _is_passport,
        ),
        Mask(
            "passport",
            re.compile(r"여권\s?(?:번호)?\s?(?:[은는이가]|:)?\s?(?P<secret>[A-Za-z]{1,2}(?:[0-9]{7,8}|[0-9]{3}[A-Za-z][0-9]{4}))(?![0-9A-Za-z])"),
            "여권번호: s12345678",
            "여권 사진 3x4 2024년",
            ANYWHERE,
        ),
        Mask(
            "account",
            re.compile(_BANK + r"[^0-9\n]{0,12}" + _ACCOUNT),
            "국민은행 123456-01-123456",
            "국민은행 앞 2024-03-01 12:30",
            ANYWHERE,
            _is_account,
        ),
        Mask(
            "account",
            re.compile(r"(?:계좌|예금주|입금|송금)[^0-9\n]{0,12}" + _ACCOUNT),
            "계좌: 110-123-456789",
            "계좌 말고 1234567890123456",
            ANYWHERE,
            _is_account,
        ),
        # These names are common words: only a number of three groups beside them is an account.
        Mask(
            "account",
            re.compile(r"(?:국민|신한|우리|하나|기업|카카오|토스)\s?:?\s?(?P<secret>[0-9]{3,6}-[0-9]{2,6}-[0-9]{4,8}(?:-[0-9]{1,3})?)(?![0-9-])"),
            "신한 110-123-456789",
            "우리 100-20-3000",
            ANYWHERE,
            _is_account,
        ),
    ),
)  # fmt: skip
