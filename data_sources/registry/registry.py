"""Read the registry file and check it whole: every fault is reported at once, not one per run."""

from __future__ import annotations

import datetime as dt
import os
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data_sources.base import UsageError

# Accounts that do not exist are marked by their handle; they are shown beside synthetic posts only.
INVENTED_PREFIX = "demo_"
SEOUL_TOML = Path(__file__).with_name("seoul.toml")

DEPARTMENT_KINDS = ("office", "bureau", "division", "agency", "centre")
DISPLAYS = ("text", "link", "staff")
EXPORTS = ("text", "ids")
ROLES = ("mayor", "city", "department")
STATUSES = ("connected", "pending", "retired")
TABLES = ("departments", "platforms", "accounts", "calendar")
_TIMES = r"(?:[01]\d|2[0-4]):[0-5]\d-(?:[01]\d|2[0-4]):[0-5]\d"
HOURS_PATTERN = re.compile(rf"{_TIMES}(?: {_TIMES})?")
CODE_PATTERN = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")  # the same as records.PlatformId


class RegistryError(UsageError):
    """The registry file has faults. ``errors`` holds one line for each; the message holds them all."""

    def __init__(self, path: Path, errors: Sequence[str]) -> None:
        self.path = path
        self.errors = tuple(errors)
        count = f"{len(self.errors)} fault" + ("" if len(self.errors) == 1 else "s")
        super().__init__("\n".join([f"registry {path}: {count}", *(f"  - {error}" for error in self.errors)]))


@dataclass(frozen=True, slots=True)
class Department:
    """A part of the city that answers; ``code`` is shared with the routing rules.

    ``hours`` are its own where they are not the usual ones: ``09:00-18:00 12:00-13:00``, open and lunch, KST.
    """

    code: str
    name_ko: str
    name_en: str
    kind: str
    hours: str | None = None


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day on which the city's offices differ from the national calendar: closed, or at work."""

    day: dt.date
    name_ko: str
    name_en: str
    is_working_day: bool


@dataclass(frozen=True, slots=True)
class Platform:
    """A network or source, and what its terms allow.

    ``display`` says how a citizen's post may be shown: its text, a link only, or to signed-in staff only.
    ``export`` says what may leave in a download: the text, or ids only.
    """

    id: str
    name_ko: str
    name_en: str
    url: str | None
    display: str
    export: str


@dataclass(frozen=True, slots=True)
class Account:
    """A city account on a platform. ``department`` is a code; ``missing_*`` say what a pending one lacks."""

    platform: str
    handle: str
    name_ko: str
    name_en: str
    department: str
    role: str
    status: str
    connected_from: dt.date | None = None
    connected_to: dt.date | None = None
    missing_ko: str | None = None
    missing_en: str | None = None

    @property
    def is_invented(self) -> bool:
        """Whether the account exists in the demo only."""
        return self.handle.startswith(INVENTED_PREFIX)


@dataclass(frozen=True, slots=True)
class Registry:
    """Departments, platforms and accounts, in the order of the file, and the city's own calendar."""

    departments: tuple[Department, ...]
    platforms: tuple[Platform, ...]
    accounts: tuple[Account, ...]
    calendar: tuple[CalendarDay, ...] = ()

    def department(self, code: str) -> Department:
        """Return the department with ``code``; KeyError where there is none."""
        for department in self.departments:
            if department.code == code:
                return department
        raise KeyError(code)

    def platform(self, platform_id: str) -> Platform:
        """Return the platform with ``platform_id``; KeyError where there is none."""
        for platform in self.platforms:
            if platform.id == platform_id:
                return platform
        raise KeyError(platform_id)

    def account(self, platform: str, handle: str) -> Account:
        """Return the account of ``handle`` on ``platform``; KeyError where there is none."""
        for account in self.accounts:
            if account.platform == platform and account.handle.casefold() == handle.casefold():
                return account
        raise KeyError((platform, handle))

    def accounts_with_status(self, status: str, platform: str | None = None) -> tuple[Account, ...]:
        """Return the accounts that are ``connected``, ``pending`` or ``retired``, of one platform or of all."""
        return tuple(a for a in self.accounts if a.status == status and platform in (None, a.platform))


def load_registry(path: Path | str | None = None) -> Registry:
    """Read and check a registry file.

    Parameters
    ----------
    path : Path or str, optional
        The TOML file. Without it: the setting ``MINWON_REGISTRY``, then the ``seoul.toml`` beside this module.

    Raises
    ------
    RegistryError
        The file is missing, is not TOML, or has faults; all of them are in the message, one a line.
    """
    path = Path(path or os.environ.get("MINWON_REGISTRY") or SEOUL_TOML)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise RegistryError(path, [f"cannot be read: {exc.strerror}; give another path in MINWON_REGISTRY"]) from exc
    except UnicodeDecodeError as exc:
        raise RegistryError(path, ["is not UTF-8; save it as UTF-8"]) from exc
    except tomllib.TOMLDecodeError as exc:
        raise RegistryError(path, [f"is not TOML: {exc}"]) from exc
    return _Reading(path, content).registry()


class _Reading:
    """One reading of a file: rows become records, faults become lines."""

    def __init__(self, path: Path, content: dict[str, Any]) -> None:
        self.path = path
        self.content = content
        self.errors: list[str] = []

    def registry(self) -> Registry:
        for key in self.content:
            if key not in TABLES:
                self.errors.append(f"unknown table {key!r}; known: {', '.join(TABLES)}")
        departments = tuple(self._department(where, row) for where, row in self._rows("departments"))
        platforms = tuple(self._platform(where, row) for where, row in self._rows("platforms"))
        self._once("departments", [d.code for d in departments])
        self._once("platforms", [p.id for p in platforms])
        codes, ids = {d.code for d in departments}, {p.id for p in platforms}
        accounts = tuple(self._account(where, row, codes, ids) for where, row in self._rows("accounts"))
        self._once("accounts", [f"{a.platform}/{a.handle.casefold()}" for a in accounts])
        calendar = tuple(self._day(where, row) for where, row in self._rows("calendar", may_be_empty=True))
        self._once("calendar", [str(row.day) for row in calendar])
        if self.errors:
            raise RegistryError(self.path, self.errors)
        return Registry(departments, platforms, accounts, calendar)

    def _rows(self, table: str, *, may_be_empty: bool = False) -> list[tuple[str, dict[str, Any]]]:
        rows = self.content.get(table)
        if may_be_empty and rows in (None, []):
            return []
        if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
            self.errors.append(f"{table}: needs at least one row, written as [[{table}]]")
            return []
        return [(f"{table}[{number}]", row) for number, row in enumerate(rows, start=1)]

    def _department(self, where: str, row: dict[str, Any]) -> Department:
        where = f"{where} {row.get('code', '?')}"
        self._known_fields(where, row, Department.__match_args__)
        return Department(
            self._code(where, row, "code"),
            self._text(where, row, "name_ko"),
            self._text(where, row, "name_en"),
            self._one_of(where, row, "kind", DEPARTMENT_KINDS),
            self._hours(where, row),
        )

    def _hours(self, where: str, row: dict[str, Any]) -> str | None:
        hours = self._optional_text(where, row, "hours")
        if hours is None:
            return None
        spans = [part.split("-") for part in hours.split(" ")]
        in_order = HOURS_PATTERN.fullmatch(hours) and all(start < end for start, end in spans)
        if not in_order or not spans[0][0] <= spans[-1][0] <= spans[-1][1] <= spans[0][1] or spans[1:] == spans[:1]:
            self.errors.append(f"{where}: hours {hours!r} are not such as 09:00-18:00 12:00-13:00 (open, then lunch)")
        return hours

    def _day(self, where: str, row: dict[str, Any]) -> CalendarDay:
        where = f"{where} {row.get('day', '?')}"
        self._known_fields(where, row, CalendarDay.__match_args__)
        day = self._date(where, row, "day")
        if "day" not in row:
            self.errors.append(f"{where}: day is missing")
        works = row.get("is_working_day", False)
        if not isinstance(works, bool):
            self.errors.append(f"{where}: is_working_day must be true or false, not {works!r}")
        return CalendarDay(
            day or dt.date.min, self._text(where, row, "name_ko"), self._text(where, row, "name_en"), works is True
        )

    def _platform(self, where: str, row: dict[str, Any]) -> Platform:
        where = f"{where} {row.get('id', '?')}"
        self._known_fields(where, row, ("id", "name_ko", "name_en", "url", "display", "export"))
        url = self._optional_text(where, row, "url")
        if url is not None and not url.startswith(("https://", "http://")):
            self.errors.append(f"{where}: url {url!r} must begin with https:// or http://")
        return Platform(
            self._code(where, row, "id"),
            self._text(where, row, "name_ko"),
            self._text(where, row, "name_en"),
            url,
            self._one_of(where, row, "display", DISPLAYS),
            self._one_of(where, row, "export", EXPORTS),
        )

    def _account(self, where: str, row: dict[str, Any], departments: set[str], platforms: set[str]) -> Account:
        where = f"{where} {row.get('platform', '?')}/{row.get('handle', '?')}"
        self._known_fields(where, row, Account.__match_args__)
        account = Account(
            platform=self._text(where, row, "platform"),
            handle=self._text(where, row, "handle"),
            name_ko=self._text(where, row, "name_ko"),
            name_en=self._text(where, row, "name_en"),
            department=self._text(where, row, "department"),
            role=self._one_of(where, row, "role", ROLES),
            status=self._one_of(where, row, "status", STATUSES),
            connected_from=self._date(where, row, "connected_from"),
            connected_to=self._date(where, row, "connected_to"),
            missing_ko=self._optional_text(where, row, "missing_ko"),
            missing_en=self._optional_text(where, row, "missing_en"),
        )
        if account.department and account.department not in departments:
            self.errors.append(f"{where}: unknown department {account.department!r}")
        if account.platform and account.platform not in platforms:
            self.errors.append(f"{where}: unknown platform {account.platform!r}")
        self._check_status(where, row, account)
        return account

    def _check_status(self, where: str, row: dict[str, Any], account: Account) -> None:
        has_from, has_to = "connected_from" in row, "connected_to" in row
        has_missing = account.missing_ko is not None and account.missing_en is not None
        if account.status == "pending":
            if has_from or has_to:
                self.errors.append(f"{where}: a pending account has no connected_from or connected_to")
            if not has_missing:
                self.errors.append(f"{where}: a pending account says what it lacks in missing_ko and missing_en")
        elif account.status in ("connected", "retired"):
            if not has_from:
                self.errors.append(f"{where}: a {account.status} account needs connected_from")
            if account.missing_ko is not None or account.missing_en is not None:
                self.errors.append(f"{where}: only a pending account has missing_ko and missing_en")
        if account.status == "connected" and has_to:
            self.errors.append(f"{where}: a connected account has no connected_to; set status to retired")
        if account.status == "retired" and not has_to:
            self.errors.append(f"{where}: a retired account needs connected_to")
        if account.connected_from and account.connected_to and account.connected_to < account.connected_from:
            self.errors.append(f"{where}: connected_to {account.connected_to} is before {account.connected_from}")

    def _known_fields(self, where: str, row: dict[str, Any], known: Sequence[str]) -> None:
        for field in row:
            if field not in known:
                self.errors.append(f"{where}: unknown field {field!r}; known: {', '.join(known)}")

    def _text(self, where: str, row: dict[str, Any], field: str) -> str:
        if field not in row:
            self.errors.append(f"{where}: {field} is missing")
            return ""
        return self._optional_text(where, row, field) or ""

    def _optional_text(self, where: str, row: dict[str, Any], field: str) -> str | None:
        value = row.get(field)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            self.errors.append(f"{where}: {field} must be text, not {value!r}")
            return None
        return value.strip()

    def _code(self, where: str, row: dict[str, Any], field: str) -> str:
        value = self._text(where, row, field)
        if value and not CODE_PATTERN.fullmatch(value):
            self.errors.append(f"{where}: {field} {value!r} must be lower-case letters, digits, _ or -, at most 40")
        return value

    def _one_of(self, where: str, row: dict[str, Any], field: str, known: Sequence[str]) -> str:
        value = self._text(where, row, field)
        if value and value not in known:
            self.errors.append(f"{where}: {field} {value!r} is not one of {', '.join(known)}")
        return value

    def _date(self, where: str, row: dict[str, Any], field: str) -> dt.date | None:
        value = row.get(field)
        if value is None:
            return None
        if isinstance(value, str):
            try:
                return dt.date.fromisoformat(value)
            except ValueError:
                pass
        elif isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value
        self.errors.append(f"{where}: {field} {value!r} is not a date such as 2012-11-01")
        return None

    def _once(self, table: str, names: Sequence[str]) -> None:
        seen: set[str] = set()
        for name in names:
            if name in seen:
                self.errors.append(f"{table}: {name} appears twice")
            seen.add(name)
