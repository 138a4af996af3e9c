"""Whom a text speaks to: names that networks give their users, such as ``@seoul_citizen`` or ``@citizen@host.example``."""

from __future__ import annotations

import re
from collections.abc import Container

# What stands in its place is read as a mention by everything that looks for one.
HIDDEN_HANDLE = "@___"
_HANDLE = re.compile(r"(?<![A-Za-z0-9_.@＠/])[@＠]([A-Za-z0-9_][A-Za-z0-9_.-]{0,59})(@[A-Za-z0-9][A-Za-z0-9.-]{1,99})?")


def mask_handles(text: str, known: Container[str] | None) -> str:
    """Return ``text`` with every handle replaced by ``@___`` but those in ``known``, which are in lower case.

    A handle that is followed by a host is known by itself or with its host. Without ``known`` all stay.
    """

    def mask(match: re.Match[str], known: Container[str] = known or ()) -> str:
        name, host = match[1].rstrip(".-"), match[2] or ""
        rest = match[0][1 + len(name) :] if not host else ""
        is_known = name.lower() in known or (name + host).lower() in known
        return match[0] if is_known else HIDDEN_HANDLE + rest

    return _HANDLE.sub(mask, text) if known is not None and ("@" in text or "＠" in text) else text
