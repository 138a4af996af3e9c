"""The terms of a text: its nouns, civic terms whole, bus and line numbers, hashtags and acronyms.

Terms are counted by text, so each stands once, in its canonical spelling, in order of appearance.

A run of touching nouns within one word (시내+버스+노선) is one thing and becomes one term. Beside it stand
only those of its parts that are civic terms: 지하철파업 must count for 지하철, while 파업 or the halves of any
other compound would count one mention twice.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from nlp import dictionary
from nlp.dictionary import term_groups
from nlp.records import Token

__all__ = ["english_tokens", "language_of", "search_text", "term_groups", "terms_of"]

# Longer runs are whole phrases written without blanks; nobody else writes the same one.
_MAX_RUN_PARTS = 3
_MAX_RUN_LENGTH = 8
_MIN_TERM_LENGTH = 2
_MIN_ENGLISH_LENGTH = 3

# Nouns of one syllable that only place the noun before them: 정류장앞, 공사중.
_EDGES = frozenset(
    [
        "앞",
        "옆",
        "뒤",
        "전",
        "후",
        "등",
        "내",
        "중",
        "안",
        "밖",
        "위",
        "밑",
        "시",
        "때",
        "분",
        "님",
        "점",
        "건",
        "수",
        "용",
        "쪽",
        "간",
        "날",
        "말",
        "저",
        "제",
        "이",
        "그",
    ]
)
_LINE_OR_BUS = re.compile(
    r"(?<![0-9.])([1-9])\s?호선|(?<![0-9A-Za-z-])([NMG]?[0-9]{3,4}(?:-[0-9])?번|[0-9]{1,2}(?:-[0-9])?번(?=\s?(?:마을)?버스))(?![째지])"
)
_HANGUL = re.compile("[가-힣ㄱ-ㅎㅏ-ㅣ\u1100-\u11ff]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-z]+")
_WORDS = re.compile(r"[^\W_]+")
_ENGLISH_TOKEN = re.compile(r"([A-Za-z]+(?:['’][A-Za-z]+)?)|([0-9]+)")


def language_of(text: str) -> str:
    """Return ``ko`` from 30 % of Hangul among the letters, else ``en`` from 70 % of Latin ones, else ``und``."""
    if text.isascii():
        return "en" if _LATIN.search(text) else "und"
    hangul = sum(map(len, _HANGUL.findall(text)))
    # Most Korean posts are settled here, without counting every other letter.
    if 2 * hangul >= len(text):
        return "ko" if hangul else "und"
    letters = sum(map(len, _LETTERS.findall(text)))
    if not letters:
        return "und"
    if hangul >= 0.3 * letters:
        return "ko"
    return "en" if sum(map(len, _LATIN.findall(text))) >= 0.7 * letters else "und"


def english_tokens(text: str) -> list[Token]:
    """Return the words (SL) and numbers (SN) of an English text; no analyser is needed for it."""
    return [Token(match[0], "SL" if match[1] else "SN", match.start()) for match in _ENGLISH_TOKEN.finditer(text)]


def terms_of(text: str, tokens: Sequence[Token], *, language: str, hashtags: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the distinct terms of an analysed text in order of appearance."""
    found = _english_terms(tokens) if language == "en" else _korean_terms(tokens)
    extra = _lines_and_buses(text) if "호선" in text or "번" in text else []
    if hashtags:
        extra += _hashtag_terms(text, hashtags, language)
    if extra:
        found = sorted([*found, *extra], key=lambda item: item[0])
    return tuple(dict.fromkeys([term for _start, term in found]))


def search_text(text: str, tokens: Sequence[Token], terms: Sequence[str]) -> str:
    """Return what the full-text index reads: the words as written, their content morphemes, the terms.

    Signs are left out, so that every engine reads the same words. Touching nouns stand whole beside the word they are
    in (수도요금이 -> 수도요금), because a word is looked up exactly.
    """
    kinds = _KINDS
    forms: list[str] = []
    run_start, run_end, run_form = -1, -1, ""
    for form, tag, start in tokens:
        kind = kinds[tag]
        if kind & _IS_CONTENT:
            forms.append(form)
        if kind & _IS_NOUN_PART:
            if start == run_end:
                run_form = ""
            else:
                # One noun alone is among the forms already.
                if run_end > 0 and not run_form:
                    forms.append(text[run_start:run_end])
                run_start, run_form = start, form
            run_end = start + len(form)
    if run_end > 0 and not run_form:
        forms.append(text[run_start:run_end])
    words = _WORDS.findall(text)
    # The words stand as written, repetitions too, or a phrase could not be found; the rest only where it is new.
    written = set(words)
    return " ".join([*words, *[form for form in dict.fromkeys([*forms, *terms]) if form not in written]])


_IS_CONTENT, _IS_NOUN_PART = 1, 2


class _Kinds(dict[str, int]):
    """Tag -> whether its morphemes are worth finding, and whether they stand before the particle of a word.

    Worth finding are nouns, adverbs, roots, foreign words and numbers, and what verbs begin with.
    """

    def __missing__(self, tag: str) -> int:
        is_content = tag.startswith(("NN", "NR", "MAG", "XR", "SL", "SN", "SH", "VV", "VA"))
        is_noun_part = tag.startswith(("NN", "NR", "XPN", "XSN", "XR", "SL", "SN", "SH"))
        self[tag] = kind = is_content * _IS_CONTENT + is_noun_part * _IS_NOUN_PART
        return kind


_KINDS = _Kinds()


def _korean_terms(tokens: Sequence[Token]) -> list[tuple[int, str]]:
    """Return (start, term) of nouns and acronyms."""
    forms, stop = _lexicon()
    runs: list[tuple[int, int, list[str]]] = []
    end = -1
    parts: list[str] = []
    for form, tag, start in tokens:
        if tag == "NNG" or tag == "NNP":
            if start == end:
                parts.append(form)
                end += len(form)
                runs[-1] = (runs[-1][0], end, parts)
            else:
                parts, end = [form], start + len(form)
                runs.append((start, end, parts))
        elif tag == "SL" and len(form) >= _MIN_TERM_LENGTH and (form.isupper() or form in forms):
            # The end is left open, so that an acronym joins no noun: CCTV설치.
            runs.append((start, -1, [form]))
            end = -1
    found: list[tuple[int, str]] = []
    skip = False
    for index, (start, end, parts) in enumerate(runs):
        if skip:
            skip = False
            continue
        whole = parts[0] if len(parts) == 1 else "".join(parts)
        if index + 1 < len(runs) and runs[index + 1][0] == end + 1:
            # 다산 콜센터, 불법 주정차: a civic term written with a blank.
            joined = whole + "".join(runs[index + 1][2])
            if joined in forms:
                found.append((start, forms[joined]))
                skip = True
                continue
        if whole in forms:
            whole = forms[whole]
            if whole not in stop:
                found.append((start, whole))
        elif len(parts) == 1:
            if len(whole) >= _MIN_TERM_LENGTH and whole not in stop:
                found.append((start, whole))
        else:
            found.extend([(start, term) for term in _compound_terms(parts, forms, stop)])
    return found


def _compound_terms(parts: list[str], forms: dict[str, str], stop: frozenset[str]) -> list[str]:
    """Return the terms of touching nouns: the compound without boilerplate at its edges, and its civic parts."""
    while parts and (parts[0] in stop or parts[0] in _EDGES):
        parts = parts[1:]
    while parts and (parts[-1] in stop or parts[-1] in _EDGES):
        parts = parts[:-1]
    if not parts:
        return []
    whole = "".join(parts)
    if whole in forms:
        return [forms[whole]]
    is_one_thing = len(parts) <= _MAX_RUN_PARTS and len(whole) <= _MAX_RUN_LENGTH
    terms = [whole] if is_one_thing and len(whole) >= _MIN_TERM_LENGTH and whole not in stop else []
    for part in parts:
        if part in forms:
            terms.append(forms[part])
        elif not is_one_thing and len(part) >= _MIN_TERM_LENGTH and part not in stop:
            terms.append(part)
    return terms


def _english_terms(tokens: Sequence[Token]) -> list[tuple[int, str]]:
    stop = dictionary.stop_words()
    found = []
    for form, tag, start in tokens:
        if tag == "SL":
            word = form.replace("’", "'").lower()
            if word not in stop and len(word := word.removesuffix("'s")) >= _MIN_ENGLISH_LENGTH and word not in stop:
                found.append((start, word))
    return found


def _lines_and_buses(text: str) -> list[tuple[int, str]]:
    """Return (start, term) of subway lines and bus numbers: 9호선, 6411번."""
    return [(match.start(), f"{match[1]}호선" if match[1] else match[2]) for match in _LINE_OR_BUS.finditer(text)]


def _hashtag_terms(text: str, hashtags: Sequence[str], language: str) -> list[tuple[int, str]]:
    forms, stop = _lexicon()
    found = []
    for word in hashtags:
        word = word.lower() if language == "en" else word
        term = forms.get(word, word)
        if len(term) >= _MIN_TERM_LENGTH and term not in stop:
            # A tag of several words (서울_지하철) is not found in the analysed text and goes last.
            start = text.lower().find(word.lower())
            found.append((start if start >= 0 else len(text), term))
    return found


@functools.cache
def _lexicon() -> tuple[dict[str, str], frozenset[str]]:
    return dictionary.canonical_forms(), dictionary.stop_words()
