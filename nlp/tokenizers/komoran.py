"""konlpy's Komoran; in a child process only, because it starts a Java machine."""

from __future__ import annotations

import tempfile
from pathlib import Path

import jpype
from konlpy.tag import Komoran

from nlp.dictionary import entries
from nlp.records import Token
from nlp.tokenizers.guard import AnalyserFailed
from nlp.tokenizers.java import start_java
from nlp.tokenizers.placing import one_blank_between_words

# Its words for "presumably a noun" and "presumably a verb".
_SEJONG = {"NF": "NNG", "NV": "NA"}


class KomoranTokenizer:
    """Komoran says where its morphemes stand and has Sejong tags of its own."""

    def __init__(self, user_dictionary: bool = True) -> None:
        start_java()
        if user_dictionary:
            # It is read once, here; a file that cannot be read is passed over without a word.
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "civic.txt"
                path.write_text("".join(f"{form}\t{tag}\n" for form, tag, *_ in entries()), encoding="utf-8")
                self._analyse = Komoran(userdic=str(path)).jki.analyze
        else:
            self._analyse = Komoran().jki.analyze

    def tokens(self, text: str) -> list[Token]:
        """Return the morphemes of ``text``; contracted ones differ from it."""
        # Komoran sees one blank where there are several, and no line feed.
        squeezed, origins = one_blank_between_words(text)
        try:
            # Past konlpy, which leaves the places out.
            return [
                Token(form, _SEJONG.get(tag, tag), origins[int(token.getBeginIndex())])
                for token in self._analyse(squeezed).getTokenList()
                for form, tag in [(str(token.getMorph()), str(token.getPos()))]
            ]
        except jpype.JException as exc:
            raise AnalyserFailed(type(exc).__name__) from exc
