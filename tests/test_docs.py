"""What the documents promise must be there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from data_sources.connectors.networks import CONNECTORS

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = (
    "README.md", "README.ko.md", "CHANGELOG.md", "docs/decisions.md", "docs/metrics.md", "docs/performance.md", "docs/quality.md",
    "docs/scaling.md", "docs/operating.md",
)  # fmt: skip
CODE_BLOCK = re.compile(r"^```\n(.*?)^```", re.S | re.M)
SETTING = re.compile(r"\bMINWON_[A-Z_]+\b")


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_somewhere(name: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)", _read(name))
    missing = [
        target
        for target in targets
        if not target.startswith(("http://", "https://")) and not ((ROOT / name).parent / target).exists()
    ]
    assert missing == []


def test_every_make_command_of_the_readme_is_a_target() -> None:
    targets = set(re.findall(r"^([a-z-]+):", _read("Makefile"), re.M))
    named = set(re.findall(r"`?make ([a-z]+)`?", _read("README.md") + _read("README.ko.md")))
    assert {"run", "test", "check", "bench", "shots", "clean", "help"} <= targets
    assert named <= targets


def test_both_readmes_give_the_same_commands() -> None:
    def commands(name: str) -> list[str]:
        blocks = CODE_BLOCK.findall(_read(name))
        return [line.split("#")[0].strip() for block in blocks for line in block.splitlines() if line.strip()]

    assert commands("README.md") == commands("README.ko.md")


def test_every_setting_of_the_readme_is_read_somewhere_and_told_in_both_languages() -> None:
    told = set(SETTING.findall(_read("README.md")))
    assert told == set(SETTING.findall(_read("README.ko.md")))
    code = [path for folder in ("data_sources", "db", "nlp", "pages") for path in (ROOT / folder).rglob("*.py")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in code)
    # The settings of the store and of the networks are read by their prefix.
    prefixes = ("MINWON_DB_", *(row.settings for row in CONNECTORS))
    assert {name for name in told if name not in source and not name.startswith(prefixes)} == set()


def test_the_version_is_one() -> None:
    from db.version import code_version

    assert f'version = "{code_version()}"' in _read("pyproject.toml")


def test_make_alone_prints_help() -> None:
    printed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split()[0] for line in printed.splitlines()} >= {"help", "run", "test", "check", "bench", "shots"}
