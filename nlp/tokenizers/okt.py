"""konlpy's Okt; in a child process only, because it starts a Java machine."""

from __future__ import annotations

import jpype
from konlpy.tag import Okt

from nlp.dictionary import entries
from nlp.records import Token
from nlp.tokenizers.guard import AnalyserFailed
from nlp.tokenizers.java import start_java
from nlp.tokenizers.sejong import sign_tag

# A verb keeps its endings (났어요), so its tag tells only how it begins.
_SEJONG = {
    "Noun": "NNG",
    "ProperNoun": "NNP",
    "Verb": "VV",
    "Adjective": "VA",
    "Adverb": "MAG",
    "Determiner": "MM",
    "Modifier": "MM",
    "Conjunction": "MAJ",
    "Exclamation": "IC",
    "KoreanParticle": "IC",
    "Josa": "JX",
    "PreEomi": "EP",
    "Eomi": "EF",
    "Suffix": "XSN",
    "VerbPrefix": "XPN",
    "Number": "SN",
    "Alpha": "SL",
    "Hashtag": "NNP",
    "ScreenName": "SW",
    "Email": "SW",
    "URL": "SW",
    "CashTag": "SW",
    "Unknown": "NA",
}
# Okt calls pronouns, bound nouns and numerals nouns. These classes are closed: the words of each are known.
_CLOSED = {
    "NP": "나 너 저 우리 저희 너희 그 그녀 그들 누구 무엇 뭐 뭘 어디 여기 거기 저기 이것 그것 저것 이거 그거 저거 이곳 그곳 저곳 "
    "이쪽 그쪽 저쪽 자기 자신 당신 여러분 제 내 네 아무",
    "NNB": "것 거 수 데 바 줄 등 때문 번 개 명 분 뿐 대로 만큼 적 채 리 듯 척 체 김 나름 따위 월 일 년 원 시 건 곳 점 식 측",
    "NR": "하나 둘 셋 넷 다섯 여섯 일곱 여덟 아홉 열 백 천 만 억 조 첫째 둘째 셋째",
}
_CLOSED_TAG = {word: tag for tag, words in _CLOSED.items() for word in words.split()}
_SIGNS = frozenset(["Punctuation", "Foreign", "Others"])


class OktTokenizer:
    """Okt leaves every character as it is, so each form stands in the text."""

    def __init__(self, user_dictionary: bool = True) -> None:
        start_java()
        self._okt = Okt()
        self._numbered: dict[str, str] = {}
        if user_dictionary:
            self._numbered = {entry.form: entry.tag for entry in entries() if entry.form[0].isdecimal()}
            words = jpype.java.util.ArrayList()
            for entry in entries():
                words.add(entry.form)
            # konlpy offers no way; the words hold for every Okt of this process, which is why it is our own.
            jpype.JClass("org.openkoreantext.processor.OpenKoreanTextProcessorJava").addNounsToDictionary(words)

    def tokens(self, text: str) -> list[Token]:
        """Return the words and particles of ``text``."""
        try:
            pairs = self._okt.pos(text)
        except jpype.JException as exc:
            raise AnalyserFailed(type(exc).__name__) from exc
        tokens: list[Token] = []
        end = 0
        for form, tag in pairs:
            start = text.find(form, end)
            if start < 0 or form.isspace():
                continue
            if tokens and start == end and (number := tokens[-1]).tag == "SN" and number.form + form in self._numbered:
                # Okt cuts numbers off before it looks into its dictionary: 2 + 호선.
                tokens[-1] = Token(number.form + form, self._numbered[number.form + form], number.start)
            else:
                tokens.append(Token(form, _sejong(form, tag), start))
            end = start + len(form)
        return tokens


def _sejong(form: str, tag: str) -> str:
    if tag in _SIGNS:
        return sign_tag(form)
    if tag == "Noun":
        return _CLOSED_TAG.get(form, "NNG")
    return _SEJONG.get(tag, "NA")
