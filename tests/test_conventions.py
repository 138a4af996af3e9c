"""Contract tests over tables of rows that have none of their own, and rules of the house that a test can hold."""

from __future__ import annotations

import inspect
import re
import tomllib
from pathlib import Path

import pytest

import db.queries
from data_sources.connectors.files import PRESETS, REJECT_REASONS
from data_sources.registry import SEOUL_TOML, load_registry
from db import frames
from db.dialects import DIALECTS
from db.dialects.base import EngineDialect
from db.frames import FrameSchema
from db.metrics import METRICS
from db.records import ACCOUNT_STATUSES, AGE_BANDS, POST_CLASSES, RESPONSE_HOURS_EDGES
from nlp.answers import KINDS
from nlp.filtering import DEFAULT, HIDDEN, NO_WORDS, RULES
from nlp.routing import DEPARTMENTS

ROOT = Path(__file__).resolve().parents[1]
SCHEMAS = [value for value in vars(frames).values() if isinstance(value, FrameSchema)]


def _strings(language: str) -> dict[str, dict[str, str]]:
    path = ROOT / "pages" / "components" / "strings" / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", DIALECTS)
def test_a_dialect_does_all_an_engine_must(name: str) -> None:
    dialect = DIALECTS[name]
    assert dialect.sync_driver.split("+")[0] == name
    promised = {each: part for each, part in vars(EngineDialect).items() if inspect.isfunction(part)}
    promised = {each: part for each, part in promised.items() if not each.startswith("_")}
    assert len(promised) == 12
    for method, promise in promised.items():
        assert inspect.signature(getattr(type(dialect), method)) == inspect.signature(promise), method


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_reason_has_words(language: str) -> None:
    given = {rule.reason for rule in RULES} | {each.reason for each in (DEFAULT, NO_WORDS)} | {*KINDS}
    given |= {"kind.repost", *REJECT_REASONS, *(f"{post_class}.review" for post_class in HIDDEN)}
    words = _strings(language)["reason"]
    assert given - words.keys() == set()
    assert [code for code in given if not words[code].strip()] == []


def test_every_rule_has_a_name_and_a_class_of_the_store() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert {rule.post_class for rule in RULES} <= set(POST_CLASSES)


def test_every_metric_has_a_name_and_a_title_of_its_own() -> None:
    assert [key for key, row in METRICS.items() if key != row.id or not re.fullmatch(r"[a-z0-9_]+", key)] == []


def test_routes_lead_to_departments_of_the_registry() -> None:
    known = {department.code for department in load_registry(SEOUL_TOML).departments}
    assert set(DEPARTMENTS) <= known


def test_presets_put_their_posts_on_known_platforms() -> None:
    known = {platform.id for platform in load_registry(SEOUL_TOML).platforms}
    assert {preset.platform for preset in PRESETS.values()} <= known
    assert {account.status for account in load_registry(SEOUL_TOML).accounts} <= set(ACCOUNT_STATUSES)


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: schema.name)
def test_a_schema_makes_an_empty_frame_of_its_own_types(schema: FrameSchema) -> None:
    empty = schema.frame()
    assert {name: str(dtype) for name, dtype in empty.dtypes.items()} == {
        name: column.dtype for name, column in schema.columns.items()
    }
    assert all(column.meaning for column in schema.columns.values())


# Shares without an interval of their own, and why.
NO_INTERVAL = {
    ("response_percentiles", "within_24h_share"),  # on no page
    ("department_funnel", "expected_share"),  # an expectation, with limits
    ("funnel_limits", "expected_share"),
}


def test_every_share_has_its_interval_beside_it() -> None:
    for schema in SCHEMAS:
        for name in schema.columns:
            if not name.endswith("share") or (schema.name, name) in NO_INTERVAL:
                continue
            before = "" if name in ("share", "answered_share") else name.removesuffix("share")
            assert {f"{before}low", f"{before}high"} <= schema.columns.keys(), (schema.name, name)


def test_no_two_schemas_share_a_name() -> None:
    assert len({schema.name for schema in SCHEMAS}) == len(SCHEMAS)


def test_bands_and_edges_follow_one_another_without_a_gap() -> None:
    assert [upper for _, _, upper in AGE_BANDS[:-1]] == [lower for _, lower, _ in AGE_BANDS[1:]]
    assert AGE_BANDS[-1][2] is None
    assert list(RESPONSE_HOURS_EDGES) == sorted(set(RESPONSE_HOURS_EDGES))


def test_every_query_is_offered_by_name_and_says_what_it_returns() -> None:
    for name in db.queries.__all__:
        offered = getattr(db.queries, name)
        assert (offered.__doc__ or "").strip(), name
        if inspect.isfunction(offered):
            assert next(iter(inspect.signature(offered).parameters)) == "reader", name


def test_every_requirement_is_pinned_and_says_why() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith(("#", "-r")):
                assert "==" in line, line
                assert "# " in line or "; python_version" in line, line
