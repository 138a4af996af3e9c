"""Fixtures of the text tests: a dictionary folder of the run's own, and every tokenizer that is installed."""

from __future__ import annotations

import pytest

from nlp.tokenizers import TOKENIZERS, Tokenizer, load_tokenizer

_loaded: dict[str, Tokenizer] = {}


@pytest.fixture(scope="session", autouse=True)
def dictionary_folder(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MINWON_VAR", str(tmp_path_factory.mktemp("var")))
        patch.delenv("MINWON_TOKENIZER", raising=False)
        yield


@pytest.fixture(params=TOKENIZERS)
def tokenizer(request) -> Tokenizer:
    row = TOKENIZERS[request.param]
    if not row.is_installed():
        pytest.skip(f"{request.param} needs {', '.join(row.packages)}")
    if request.param not in _loaded:
        _loaded[request.param] = load_tokenizer(request.param)
    return _loaded[request.param]
