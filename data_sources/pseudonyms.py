"""Keyed hashes in place of names: the same author is recognised again, who it is cannot be computed back."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from data_sources.base import UsageError

KEY_BYTES = 32
DIGEST_BYTES = 16
KEY_VARIABLE = "MINWON_HASH_KEY"


def hash_key(folder: Path | None = None) -> bytes:
    """Return the key of all pseudonyms: MINWON_HASH_KEY, or one made once and kept beside the store.

    Raises
    ------
    UsageError
        MINWON_HASH_KEY is shorter than 16 characters, which could be guessed.
    """
    given = os.environ.get(KEY_VARIABLE)
    if given is not None:
        if len(given) < 16:
            raise UsageError(f"{KEY_VARIABLE} is too short to be a secret: give it 16 characters or more")
        return hashlib.blake2b(given.encode(), digest_size=KEY_BYTES).digest()
    path = (folder or Path(os.environ.get("MINWON_VAR", "var"))) / "hash_key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"hash_key.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_bytes(secrets.token_bytes(KEY_BYTES))
        try:
            os.link(fresh, path)  # fails where another process was first: its key is the key
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()


class Pseudonyms:
    """Makes keyed hashes of one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def author(self, platform: str, author: str) -> bytes:
        """Return the 16-byte pseudonym of an author of a platform."""
        return self.digest(f"{platform}\0{author}".encode())

    def digest(self, content: bytes) -> bytes:
        """Return a 16-byte keyed hash; without the key what was masked in ``content`` cannot be tried out."""
        return hashlib.blake2b(content, key=self._key, digest_size=DIGEST_BYTES).digest()
