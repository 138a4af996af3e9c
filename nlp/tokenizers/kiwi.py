"""Kiwi: better with spacing errors and unknown words than mecab, and slower."""

from __future__ import annotations

from kiwipiepy import Kiwi

from nlp.dictionary import entries
from nlp.records import Token

# Per syllable after the second: 버스정류장 must beat 버스 and 정류장, and 2호선 the cut at the digit, while words of two
# syllables are known to Kiwi anyway and would cut names that hold them (서울특별시 at 시, 지진희 at 지진).
_USER_WORD_SCORE = 5.0
# Kiwi's own tags: brackets and signs, coda, and what it recognises on the web.
_SEJONG = {"SSO": "SS", "SSC": "SS", "SB": "SW", "Z_CODA": "IC", "Z_SIOT": "NA", "UN": "NA", "XSM": "XSA", "MMA": "MM"}
_SEJONG |= {"W_HASHTAG": "NNP", "W_SERIAL": "SN", "W_URL": "SW", "W_EMAIL": "SW", "W_MENTION": "SW", "W_EMOJI": "SW"}
_SEJONG |= {"MMD": "MM", "MMN": "MM", "USER0": "NA"}


class KiwiTokenizer:
    """Kiwi with the civic dictionary; one object may be used by several threads."""

    def __init__(self, user_dictionary: bool = True) -> None:
        # One worker: the batch call of several does not survive a fork.
        self._kiwi = Kiwi(num_workers=1)
        if user_dictionary:
            for entry in entries():
                self._kiwi.add_user_word(entry.form, entry.tag, _USER_WORD_SCORE * (len(entry.form) - 2))

    def tokens(self, text: str) -> list[Token]:
        """Return the morphemes of ``text``; contracted ones (했 = 하 + 었) share a start and differ from the text."""
        return [
            # Kiwi writes some entries of its own with a blank: 러브 버그.
            Token(token.form.replace(" ", ""), _sejong(token.tag), token.start)
            for token in self._kiwi.tokenize(text)
        ]


def _sejong(tag: str) -> str:
    # VV-I and VV-R tell irregular from regular verbs.
    tag = tag.partition("-")[0]
    return _SEJONG.get(tag, tag)
