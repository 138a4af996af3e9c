from __future__ import annotations

import pytest

from nlp.masking import mask_handles, mask_text
from nlp.normalize import analysed_form

KNOWN = {"seoul_city", "dasan@social.example"}


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("@kim_1 @seoul_city 누수입니다", "@___ @seoul_city 누수입니다"),
        ("@Seoul_City 고맙습니다", "@Seoul_City 고맙습니다"),
        ("(@kim.", "(@___."),
        ("@kim@host.example 그리고 @dasan@social.example", "@___ 그리고 @dasan@social.example"),
        ("＠kim님 답변드립니다", "@___님 답변드립니다"),
        ("메일 kim@host.example", "메일 kim@host.example"),  # the masks of e-mails see to it
        ("https://social.example/@kim", "https://social.example/@kim"),  # an address, not whom one speaks to
        ("3 @ 5", "3 @ 5"),
    ],
)
def test_handles_of_citizens_leave_a_text_and_the_city_s_stay(text: str, masked: str) -> None:
    assert mask_handles(text, KNOWN) == masked
    assert mask_handles(masked, KNOWN) == masked


def test_what_stands_in_the_place_is_no_word_and_no_personal_data() -> None:
    assert mask_text("@___ 누수") == "@___ 누수"
    assert analysed_form("@___ 누수") == "누수"
