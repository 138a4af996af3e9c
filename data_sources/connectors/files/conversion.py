"""What turning a row into posts needs: the reading of one file, and how ids, names and titles are taken from columns."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from data_sources.connectors.files.formats import Row
from data_sources.connectors.files.rejects import UnusableRow
from data_sources.connectors.files.times import TimeReader
from data_sources.records import AccountReference, Post

UNKNOWN_DEPARTMENT = "미상"
MAX_DEPARTMENT_LENGTH = 40  # real names stay below 20; longer ones are a text that slipped into the column


@dataclass(frozen=True)
class Conversion:
    """What the rows of one file need besides themselves. ``platform`` is set where the user named one."""

    times: TimeReader
    platform: str | None = None


# What programs write for characters; an `&` that somebody typed stays, and so does `&copy` without its semicolon.
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|nbsp|[lr][sd]quo|middot|hellip|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});")

ToPosts = Callable[[Row, Conversion], list[Post]]


def whole_number(value: str, column: str) -> str:
    """Return the digits of an id that a program saved as a float, such as ``33.0``.

    Raises
    ------
    UnusableRow
        ``id.missing``, or ``id.invalid`` where it is no whole number.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return value
    if not value:
        raise UnusableRow("id.missing", f"column {column} is empty")
    try:
        # Decimal, not float: an id of 18 digits would change.
        number = Decimal(value)
    except InvalidOperation as exc:
        raise UnusableRow("id.invalid", f"column {column} is no number") from exc
    # The exponent is bounded first: 1e999999999 would fill the memory with digits.
    if not number.is_finite() or number < 0 or number.adjusted() > 40 or number != number.to_integral_value():
        raise UnusableRow("id.invalid", f"column {column} is no whole number")
    return str(int(number))


def slug(name: str) -> str:
    """Return ``name`` as a platform id, or ``""`` where no letter or digit of ASCII is left."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].rstrip("-")


def city_account(handle: str, department: str) -> AccountReference:
    """Return the city account that answered; a text that is no name counts as an unknown department."""
    handle, department = (_name(value) for value in (handle, department))
    return AccountReference(handle=handle or department or UNKNOWN_DEPARTMENT, department=department or None)


def _name(value: str) -> str:
    value = value.strip()
    return "" if len(value) > MAX_DEPARTMENT_LENGTH or "\n" in value else value


def decoded(value: str) -> str:
    """Return plain text of a column with the entities of HTML in it as the characters they stand for, and tidy ends."""
    return (
        _ENTITY.sub(lambda match: html.unescape(match[0]), value).replace("\xa0", " ").strip()
        if "&" in value
        else value.strip()
    )


def required_text(value: str, column: str) -> str:
    if not (value := value.strip()):
        raise UnusableRow("text.missing", f"column {column} is empty")
    return value


def required_id(value: str, column: str) -> str:
    if not (value := value.strip()):
        raise UnusableRow("id.missing", f"column {column} is empty")
    return value


def titled(title: str, body: str) -> str:
    return f"{title}\n\n{body}" if title and body else title or body
