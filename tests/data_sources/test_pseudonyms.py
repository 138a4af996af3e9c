from __future__ import annotations

import stat
from pathlib import Path

import pytest

from data_sources.base import UsageError
from data_sources.pseudonyms import KEY_BYTES, Pseudonyms, hash_key


def test_a_given_key_is_stretched_to_its_length(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MINWON_HASH_KEY", "sixteen letters!")
    assert len(hash_key(tmp_path)) == KEY_BYTES
    assert hash_key(tmp_path) == hash_key()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", ["", "short", "fifteen letters"])
def test_a_short_key_is_refused(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("MINWON_HASH_KEY", key)
    with pytest.raises(UsageError, match="too short") as error:
        hash_key()
    assert error.value.exit_code == 2


def test_a_key_is_made_once_for_its_owner_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MINWON_HASH_KEY")
    folder = tmp_path / "new" / "var"
    key = hash_key(folder)
    assert len(key) == KEY_BYTES
    assert hash_key(folder) == key
    assert [path.name for path in folder.iterdir()] == ["hash_key"]
    assert stat.S_IMODE((folder / "hash_key").stat().st_mode) == 0o600
    assert hash_key(tmp_path / "other") != key


def test_the_key_lies_beside_the_store_by_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MINWON_HASH_KEY")
    monkeypatch.setenv("MINWON_VAR", str(tmp_path))
    assert hash_key() == (tmp_path / "hash_key").read_bytes()


def test_an_author_has_one_pseudonym_for_each_platform_and_key() -> None:
    one, other = Pseudonyms(b"1" * KEY_BYTES), Pseudonyms(b"2" * KEY_BYTES)
    assert one.author("x", "gildong") == one.author("x", "gildong")
    assert len({one.author("x", "gildong"), one.author("blog", "gildong"), other.author("x", "gildong")}) == 3
    assert len(one.author("x", "gildong")) == 16
    assert b"gildong" not in one.author("x", "gildong")
