"""One kind of personal data as a row: how it is found, what stands in its place, an example and a look-alike."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

# Residents and registered foreigners share a label: it must not tell which of the two somebody is.
LABELS = {
    "phone": "[전화번호]",
    "email": "[이메일]",
    "resident": "[주민등록번호]",
    "card": "[카드번호]",
    "account": "[계좌번호]",
    "plate": "[차량번호]",
    "passport": "[여권번호]",
    "licence": "[면허번호]",
    "address": "[번지]",
    "name": "[이름]",
}

# What must not stand before a number. Looked at by the search itself, not by the pattern, because what was masked
# just before does not count: of two numbers that touch, the second stands free once the first is a label.
AFTER_DIGIT = re.compile(r"[0-9]\Z")
AFTER_GROUP = re.compile(r"[0-9][-.]?\Z")
AFTER_WORD = re.compile(r"[0-9A-Za-z/=_-]\Z")
ANYWHERE = re.compile(r"(?!)")


def _always(_: re.Match[str]) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Mask:
    """A row of MASKS.

    What ``pattern`` matches is masked, or only its group ``secret`` where it has one: the words before it stay.
    Every repetition in ``pattern`` has an upper limit, so that a search is linear in the text whatever it holds.
    ``accepts`` sees the match, ``not_after`` the two characters before it. Both see folded text: ASCII digits.
    """

    kind: str
    pattern: re.Pattern[str]
    example: str
    counter_example: str
    not_after: re.Pattern[str] = AFTER_GROUP
    accepts: Callable[[re.Match[str]], bool] = _always

    @property
    def label(self) -> str:
        """What stands in the place of the data."""
        return LABELS[self.kind]

    def span(self, match: re.Match[str]) -> tuple[int, int]:
        """Return where the part of ``match`` begins and ends that is masked."""
        return match.span("secret" if "secret" in self.pattern.groupindex else 0)


@dataclass(frozen=True, slots=True)
class Family:
    """Rows that share a ``hint``: where it is not found, none of them can match."""

    hint: re.Pattern[str]
    needs_digit: bool
    masks: tuple[Mask, ...]


def digits_of(text: str) -> str:
    """Return the ASCII digits of ``text``, one after the other."""
    return "".join(character for character in text if character in "0123456789")


def passes_luhn(digits: str) -> bool:
    """Return whether ``digits`` pass the check of card numbers, which nine of ten order numbers fail."""
    odd = sum(int(digit) for digit in digits[-1::-2])
    return (odd + sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])) % 10 == 0
