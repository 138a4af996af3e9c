"""The two forms of a text: the stored one, in the writer's words, and the analysed one, for the tokenizers."""

from __future__ import annotations

import re
import unicodedata

from nlp.literals import any_of
from nlp.masking.masks import LABELS

# Hangul fillers and the soft hyphen look like nothing and are used to slip words past filters. The zero-width
# joiner (200d) is kept after pictographs, where it makes one picture of several.
_ZERO_WIDTH = (
    "\u00ad\u034f\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\uffa0"
)
_UNWANTED = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_ZERO_WIDTH}\u200d\u2028\u2029\ud800-\udfff]")
_INVISIBLE = re.compile(f"[{_ZERO_WIDTH}]|(?<![\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d")
_NEWLINES = re.compile("\r\n?|[\u2028\u2029\x85\x0b\x0c]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
# Half a surrogate pair cannot be encoded, so no store takes it.
_SURROGATES = re.compile("[\ud800-\udfff]")

_MARKUP = re.compile(r"[#＃@＠\[]|https?:|www\.", re.IGNORECASE)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'가-힣]+", re.IGNORECASE)
_MENTION = re.compile(r"(?<![A-Za-z0-9])[@＠][A-Za-z0-9_.]{1,40}")
_HASHTAG = re.compile(r"[#＃]([^\W\d]\w*|\d+[^\W\d]\w*)")
_PLACEHOLDER = any_of(LABELS.values())
# What writers draw out (ㅋㅋㅋㅋ, !!!!, 아아아), three times or more. Digits and Latin letters stay: 6000, www.
_REPEATS = re.compile(
    r"([ㄱ-ㅣ!-/:-@\[-`{-~·아어오우으이하헤호히흐후크키악\u2010-\u2bff\u3002\uff01\uff1f\uff5e\U0001f300-\U0001faff])\1{2,}"
)
_JOINERS = re.compile("[\u200d\ufe0e\ufe0f]")


def stored_form(text: str) -> str:
    """Return the writer's words in NFC, without control, zero-width and unpaired characters; line breaks stay."""
    if _UNWANTED.search(text):
        text = _NEWLINES.sub("\n", text)
        text = _CONTROLS.sub(" ", text)
        text = _INVISIBLE.sub("", text)
        text = _SURROGATES.sub("\ufffd", text)
    # After the removals: a zero-width character between two jamo would keep them from composing.
    return unicodedata.normalize("NFC", text).strip()


def analysed_form(stored: str) -> str:
    """Return what the tokenizers read: no addresses, mentions or masks, hashtags as words, one blank between words."""
    if _MARKUP.search(stored):
        stored = _URL.sub(" ", stored)
        stored = _PLACEHOLDER.sub(" ", stored)
        stored = _HASHTAG.sub(_hashtag_words, stored)
        stored = _MENTION.sub(" ", stored)
    if not stored.isascii():
        stored = _JOINERS.sub("", stored)
    return _REPEATS.sub(r"\1\1", " ".join(stored.split()))


def without_marks(stored: str) -> str:
    """Return a text without addresses, placeholders of masking, mentions and hashtags."""
    if _MARKUP.search(stored):
        for pattern in (_URL, _PLACEHOLDER, _HASHTAG, _MENTION):
            stored = pattern.sub(" ", stored)
    return stored


def hashtags(stored: str) -> list[str]:
    """Return the words written as hashtags, without the sign, in order."""
    if "#" not in stored and "＃" not in stored:
        return []
    return [word.replace("_", "") for word in _HASHTAG.findall(_URL.sub(" ", stored))]


def has_url(stored: str) -> bool:
    """Return whether the text carries a web address."""
    return _URL.search(stored) is not None


def _hashtag_words(match: re.Match[str]) -> str:
    # #지하철#파업 is two words; #서울_지하철 as well.
    return f" {match[1].replace('_', ' ')} "
