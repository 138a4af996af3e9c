"""Reading a connector without a store: its records as they come, and the recorded answers beside the repository."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from data_sources.connectors.networks import connector_row
from data_sources.fetching import Metered
from data_sources.records import Page, Post, Reject
from data_sources.registry import SEOUL_TOML, load_registry
from tests.data_sources.connectors.scenarios import SCENARIOS

RECORDED = Path(__file__).resolve().parents[4] / "shared" / "data" / "17_api"
REGISTRY = load_registry(SEOUL_TOML)


def source(name: str, url: str, patch: pytest.MonkeyPatch, **settings: str) -> Metered:
    """Return the first source of a network at ``url``."""
    for setting, value in (SCENARIOS[name].settings(url) | settings).items():
        patch.setenv(setting, value)
    return connector_row(name).build(REGISTRY)[0]


def posts_of(pages: Sequence[Page]) -> list[Post]:
    return [post for page in pages for post in page.records]


def rejects_of(pages: Sequence[Page]) -> list[Reject]:
    return [row for page in pages for row in page.rejects]


def recorded(name: str) -> Any:
    """Return a recorded answer, or skip."""
    path = RECORDED / name
    if not path.exists():
        pytest.skip(f"the recorded answers are not beside the repository: {path}")
    return json.loads(path.read_text(encoding="utf-8")) if path.suffix == ".json" else path.read_bytes()
