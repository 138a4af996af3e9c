"""konlpy's Hannanum; in a child process only: it hangs on blank text, and in threads it ends the whole process."""

from __future__ import annotations

import re

import jpype
from konlpy.tag import Hannanum

from nlp.records import Token
from nlp.tokenizers.guard import AnalyserFailed
from nlp.tokenizers.java import start_java
from nlp.tokenizers.placing import placed
from nlp.tokenizers.sejong import sign_tag

# Its 22 tags. One tag stands for several of Sejong's: JC for every case particle, XS for every suffix.
_SEJONG = {
    "NC": "NNG",
    "NQ": "NNP",
    "NB": "NNB",
    "NP": "NP",
    "NN": "NR",
    "PV": "VV",
    "PA": "VA",
    "PX": "VX",
    "MM": "MM",
    "MA": "MAG",
    "II": "IC",
    "JC": "JKS",
    "JX": "JX",
    "JP": "VCP",
    "EP": "EP",
    "EC": "EC",
    "EF": "EF",
    "ET": "ETM",
    "XP": "XPN",
    "XS": "XSN",
}
_MORPHEME = re.compile(r"(.+?)/([A-Z]{1,2})(?:\+|$)")


class HannanumTokenizer:
    """Hannanum takes no dictionary. Its answer is read past konlpy, which leaves the words out of it."""

    def __init__(self) -> None:
        start_java()
        self._tagged = Hannanum().jhi.simplePos22

    def tokens(self, text: str) -> list[Token]:
        """Return the morphemes of ``text``; contracted ones differ from it."""
        try:
            # A blank last line makes it hang, and so does nothing but blanks.
            answer = str(self._tagged(" ".join(text.split())) or "")
        except jpype.JException as exc:
            raise AnalyserFailed(type(exc).__name__) from exc
        tokens: list[Token] = []
        word, end = "", 0
        # A word, then behind a tab its morphemes: "학교에서", "\t학교/NC+에서/JC".
        for line in answer.split("\n"):
            if not line.startswith("\t"):
                word = line or word
                continue
            start = text.find(word, end)
            if start < 0:
                continue
            end = start + len(word)
            morphemes = [(form, _sejong(form, tag)) for form, tag in _MORPHEME.findall(line.strip())]
            tokens += placed(morphemes, text, start, end)
        return tokens


def _sejong(form: str, tag: str) -> str:
    # Numerals in digits and foreign words share a tag with others; of its signs we tell the kinds ourselves.
    if (tag[0] in "SF" or tag == "NN") and not "가" <= form[0] <= "힣":
        return sign_tag(form)
    return _SEJONG.get(tag, "NA")
