"""konlpy's Kkma; in a child process only, because it starts a Java machine and may need minutes for one word."""

from __future__ import annotations

import jpype
from konlpy.tag import Kkma

from nlp.records import Token
from nlp.tokenizers.guard import AnalyserFailed
from nlp.tokenizers.java import start_java
from nlp.tokenizers.placing import one_blank_between_words, placed_near
from nlp.tokenizers.sejong import sign_tag

_SEJONG = {
    "UN": "NNG",  # presumably a noun
    "NNM": "NNB",
    "VXV": "VX",
    "VXA": "VX",
    "MDN": "MM",
    "MDT": "MM",
    "MAC": "MAJ",
    "JKM": "JKB",
    "JKI": "JKV",
    "EPH": "EP",
    "EPT": "EP",
    "EPP": "EP",
    "EFN": "EF",
    "EFQ": "EF",
    "EFO": "EF",
    "EFA": "EF",
    "EFI": "EF",
    "EFR": "EF",
    "ECE": "EC",
    "ECD": "EC",
    "ECS": "EC",
    "ETD": "ETM",
    "XPV": "XPN",
    "OH": "SH",
    "OL": "SL",
    "ON": "SN",
    "EMO": "IC",
}


class KkmaTokenizer:
    """Kkma takes no dictionary. It is read past konlpy, which leaves out where the morphemes stand."""

    def __init__(self) -> None:
        start_java()
        self._sentences = Kkma().jki.morphAnalyzer

    def tokens(self, text: str) -> list[Token]:
        """Return the morphemes of ``text``; contracted ones differ from it."""
        # Kkma leaves blanks at the beginning out of its count, and knows no line feed.
        squeezed, origins = one_blank_between_words(text)
        try:
            found = [
                (form, _sejong(form, tag), int(morpheme.getIndex()))
                for sentence in self._sentences(squeezed) or ()
                for word in sentence
                for morpheme in word
                for form, tag in [(str(morpheme.getString()), str(morpheme.getTag()))]
            ]
        except jpype.JException as exc:
            raise AnalyserFailed(type(exc).__name__) from exc
        return [Token(form, tag, origins[start]) for form, tag, start in placed_near(found, squeezed)]


def _sejong(form: str, tag: str) -> str:
    if tag == "NR" and form[0].isdecimal():
        return "SN"
    if tag == "SW":  # any sign written twice: !!
        return sign_tag(form)
    return _SEJONG.get(tag, tag)
