"""What reads texts in this process, and its versions: known without the rules and expressions that are read with them."""

from __future__ import annotations

import functools
import os
import threading

from nlp.classifier import configured_model
from nlp.dictionary import resources_version
from nlp.model import current_model
from nlp.records import Versions
from nlp.tokenizers import Tokenizer, default_tokenizer, load_tokenizer, tokenizer_version

# Goes into every annotation. Raised with any change of a rule of the filter or of answers, so that old verdicts can be told and redone.
RULES_VERSION = "2026.11-4"
# Raised with every change of nlp/keywords.py, nlp/normalize.py, nlp/masking.py or nlp/places.py after which a text is stored
# otherwise: what was read before is read again by `python -m data_sources reannotate`.
WORDS_VERSION = 4
_building = threading.Lock()


def versions() -> Versions:
    """Return which tokenizer, dictionary and rules this process uses; a trained model counts as one of the rules.

    The tokenizer is not built for that. Raises as :func:`tokenizer`.
    """
    learned = configured_model()
    return _versions(tokenizer_version(_name()), rules_version(), learned[1] if learned else None)


def tokenizer() -> Tokenizer:
    """Return the process's tokenizer, built at the first call.

    Raises
    ------
    UnknownTokenizer, TokenizerNotInstalled
        The setting MINWON_TOKENIZER is wrong.
    """
    name = _name()
    with _building:
        return _built(name)


def _name() -> str:
    return os.environ.get("MINWON_TOKENIZER") or default_tokenizer()


@functools.cache
def _built(name: str) -> Tokenizer:
    return load_tokenizer(name)


@functools.cache
def _versions(tokenizer_version: str, rules_version: str, model_version: str | None) -> Versions:
    words = resources_version(
        "civic_terms.toml", "names.toml", "places.toml", "roads.toml", "stop_words.toml", "term_groups.toml"
    )
    routes = resources_version("routes.toml", "risk_terms.toml")
    rules = "-".join(filter(None, (rules_version, routes, model_version)))
    return Versions(tokenizer_version, f"{words}-{WORDS_VERSION}", rules)


def rules_version() -> str:
    """Return the version of the rules and, where one is in use, of the model."""
    model = current_model()
    return f"{RULES_VERSION}+{model.version}" if model else RULES_VERSION
