"""The Sejong tags of signs, for analysers that have one tag for all of them."""

from __future__ import annotations

import unicodedata

_TAGS = {"SF": ".?!。．？！", "SP": ",/:;·、，", "SE": "…⋯", "SO": "-~〜～―–—"}
_TAG_OF = {sign: tag for tag, signs in _TAGS.items() for sign in signs}
_QUOTES = frozenset("\"'“”‘’`´")


def sign_tag(form: str) -> str:
    """Return the tag of a sign by its first character: SF, SP, SS, SE, SO, or SL, SH and SN for what is none."""
    sign = form[0]
    if sign in _TAG_OF:
        return "SE" if form.startswith(("...", "..")) else _TAG_OF[sign]
    if sign in _QUOTES or unicodedata.category(sign) in ("Ps", "Pe", "Pi", "Pf"):
        return "SS"
    if sign.isdecimal():
        return "SN"
    name = unicodedata.name(sign, "")
    if name.startswith("CJK"):
        return "SH"
    return "SL" if sign.isalpha() and not name.startswith("HANGUL") else "SW"
