"""The registry: the record's 44 and 36 accounts, and every fault of a file said at once."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from data_sources.base import UsageError
from data_sources.registry import SEOUL_TOML, RegistryError, load_registry

GOOD = """
departments = [{ code = "bus", name_ko = "버스정책과", name_en = "Bus Policy Division", kind = "division" }]
platforms = [{ id = "x", name_ko = "트위터(X)", name_en = "Twitter (X)", display = "link", export = "ids" }]
accounts = [
  { platform = "x", handle = "demo_bus", name_ko = "버스", name_en = "Bus", department = "bus", role = "department", status = "connected", connected_from = 2012-11-01 },
]
"""
DEPARTMENT_CODES = """mayor housing transport bus subway waterworks roads parks environment cleaning safety health
mental_health welfare women_family culture economy bike parking education youth taxi tourism dasan tax spokesperson"""


def written(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "city.toml"
    path.write_text(content, encoding="utf-8")
    return path


def account(**fields: str) -> str:
    """An account row; a field given as "" is left out."""
    row = {
        "platform": '"x"',
        "handle": '"demo_one"',
        "name_ko": '"하나"',
        "name_en": '"One"',
        "department": '"bus"',
        "role": '"department"',
        "status": '"connected"',
        "connected_from": "2012-11-01",
    } | fields
    return "[[accounts]]\n" + "\n".join(f"{name} = {value}" for name, value in row.items() if value) + "\n"


def errors_of(path: Path) -> tuple[str, ...]:
    with pytest.raises(RegistryError) as caught:
        load_registry(path)
    return caught.value.errors


def with_accounts(*rows: str) -> str:
    return GOOD[: GOOD.index("accounts = [")] + "".join(rows)


def test_seoul_has_the_80_accounts_of_the_record() -> None:
    registry = load_registry(SEOUL_TOML)
    assert Counter(a.status for a in registry.accounts) == {"connected": 44, "pending": 36}
    of_the_city = Counter(a.platform for a in registry.accounts_with_status("connected") if a.role != "mayor")
    assert of_the_city == {"x": 30, "facebook": 5, "me2day": 4, "blog": 3}
    assert [(a.platform, a.handle) for a in registry.accounts if a.role == "mayor"] == [
        ("x", "demo_seoul_mayor"),
        ("facebook", "demo_seoul_mayor_fb"),
    ]


def test_every_handle_of_seoul_is_marked_as_invented() -> None:
    assert [a.handle for a in load_registry(SEOUL_TOML).accounts if not a.handle.startswith("demo_")] == []


def test_every_pending_account_says_what_it_lacks() -> None:
    pending = load_registry(SEOUL_TOML).accounts_with_status("pending")
    assert {a.missing_ko for a in pending} >= {"담당자 지정", "API 승인", "계정 인증"}
    assert all(a.missing_ko and a.missing_en and a.connected_from is None for a in pending)


def test_seoul_holds_the_department_codes_of_the_routing_rules() -> None:
    assert set(DEPARTMENT_CODES.split()) <= {d.code for d in load_registry(SEOUL_TOML).departments}


@pytest.mark.parametrize(
    ("platform", "display", "export"),
    [
        ("x", "link", "ids"),
        ("facebook", "link", "ids"),
        ("me2day", "text", "text"),
        ("blog", "text", "text"),
        ("seoul_suggestions", "text", "text"),
        ("petitions", "text", "text"),
        ("naver", "text", "ids"),
        ("threads", "staff", "ids"),
        ("youtube", "staff", "ids"),
        ("minwon", "text", "text"),
        ("file", "text", "text"),
    ],
)
def test_a_platform_says_what_may_be_shown(platform: str, display: str, export: str) -> None:
    row = load_registry(SEOUL_TOML).platform(platform)
    assert (row.display, row.export) == (display, export)


def test_registry_is_found_by_its_keys() -> None:
    registry = load_registry(SEOUL_TOML)
    assert registry.department("subway").name_ko == "서울교통공사"
    assert registry.account("x", "Demo_Seoul_Bus").connected_from == dt.date(2012, 11, 1)
    with pytest.raises(KeyError):
        registry.department("moon")
    with pytest.raises(KeyError):
        registry.platform("moon")
    with pytest.raises(KeyError):
        registry.account("facebook", "demo_seoul_bus")


def test_the_setting_chooses_the_file_and_an_argument_goes_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINWON_REGISTRY", str(written(tmp_path, GOOD)))
    assert [a.handle for a in load_registry().accounts] == ["demo_bus"]
    assert len(load_registry(SEOUL_TOML).accounts) == 80
    monkeypatch.delenv("MINWON_REGISTRY")
    assert len(load_registry().accounts) == 80


def test_all_faults_are_said_at_once(tmp_path: Path) -> None:
    content = with_accounts(
        account(handle='"demo_a"', department='"moon"'),
        account(handle='"demo_a"', platform='"telegraph"'),
        account(handle='"demo_b"', status='"open"'),
        account(handle='"demo_c"', connected_from='"someday"'),
        account(handle='"demo_d"', status='"pending"'),
        account(handle='"demo_e"', status='"retired"', connected_to="2011-01-01"),
        account(handle='"demo_e"', role='"king"', colour='"red"'),
        account(handle="7", name_en=""),
    )
    assert errors_of(written(tmp_path, content)) == (
        "accounts[1] x/demo_a: unknown department 'moon'",
        "accounts[2] telegraph/demo_a: unknown platform 'telegraph'",
        "accounts[3] x/demo_b: status 'open' is not one of connected, pending, retired",
        "accounts[4] x/demo_c: connected_from 'someday' is not a date such as 2012-11-01",
        "accounts[5] x/demo_d: a pending account has no connected_from or connected_to",
        "accounts[5] x/demo_d: a pending account says what it lacks in missing_ko and missing_en",
        "accounts[6] x/demo_e: connected_to 2011-01-01 is before 2012-11-01",
        "accounts[7] x/demo_e: unknown field 'colour'; known: platform, handle, name_ko, name_en, department, role, "
        "status, connected_from, connected_to, missing_ko, missing_en",
        "accounts[7] x/demo_e: role 'king' is not one of mayor, city, department",
        "accounts[8] x/7: handle must be text, not 7",
        "accounts[8] x/7: name_en is missing",
        "accounts: x/demo_e appears twice",
    )


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"connected_from": ""}, "a connected account needs connected_from"),
        ({"connected_to": "2014-06-30"}, "a connected account has no connected_to; set status to retired"),
        ({"status": '"retired"'}, "a retired account needs connected_to"),
        ({"missing_ko": '"API 승인"'}, "only a pending account has missing_ko and missing_en"),
        ({"connected_from": "2012-11-01T09:00:00"}, "is not a date such as 2012-11-01"),
    ],
)
def test_status_and_dates_must_agree(tmp_path: Path, fields: dict[str, str], fault: str) -> None:
    (error,) = errors_of(written(tmp_path, with_accounts(account(**fields))))
    assert error.startswith("accounts[1] x/demo_one: ")
    assert fault in error


def test_departments_and_platforms_are_checked_too(tmp_path: Path) -> None:
    content = """
departments = [
  { code = "Bus", name_ko = "버스", name_en = "Bus", kind = "ministry" },
  { code = "bus", name_ko = "버스", name_en = "Bus", kind = "division" },
  { code = "bus", name_ko = "버스", name_en = "Bus", kind = "division" },
]
platforms = [{ id = "x", name_ko = "X", name_en = "X", url = "x.com", display = "all", export = "none" }]
accounts = []
cities = []
"""
    assert errors_of(written(tmp_path, content)) == (
        "unknown table 'cities'; known: departments, platforms, accounts, calendar",
        "departments[1] Bus: code 'Bus' must be lower-case letters, digits, _ or -, at most 40",
        "departments[1] Bus: kind 'ministry' is not one of office, bureau, division, agency, centre",
        "platforms[1] x: url 'x.com' must begin with https:// or http://",
        "platforms[1] x: display 'all' is not one of text, link, staff",
        "platforms[1] x: export 'none' is not one of text, ids",
        "departments: bus appears twice",
        "accounts: needs at least one row, written as [[accounts]]",
    )


def test_the_message_has_one_line_per_fault_and_names_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, with_accounts(account(department='"moon"')))
    with pytest.raises(UsageError) as caught:
        load_registry(path)
    assert str(caught.value) == f"registry {path}: 1 fault\n  - accounts[1] x/demo_one: unknown department 'moon'"


def test_a_file_that_is_missing_or_no_toml_is_a_fault_of_its_own(tmp_path: Path) -> None:
    (missing,) = errors_of(tmp_path / "none.toml")
    assert missing == "cannot be read: No such file or directory; give another path in MINWON_REGISTRY"
    (broken,) = errors_of(written(tmp_path, "accounts = ["))
    assert broken.startswith("is not TOML: ")
    latin = tmp_path / "latin.toml"
    latin.write_bytes("# 서울".encode("euc-kr"))
    assert errors_of(latin) == ("is not UTF-8; save it as UTF-8",)
