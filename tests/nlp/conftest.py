"""Fixtures of the text tests: a dictionary folder of the run's own, and every tokenizer that is installed."""

from __future__ import annotations

import pytest

from nlp.tokenizers import TOKENIZERS, load_tokenizer
from nlp.tokenizers.guard import GuardedTokenizer

_loaded: dict[str, GuardedTokenizer] = {}
IN_PROCESS = [name for name, row in TOKENIZERS.items() if not row.needs_java]
# One test process has one Java machine of a kind, for all tests: Kkma's needs eight seconds to start.
EVERY = [pytest.param(name, marks=pytest.mark.xdist_group(f"tokenizer {name}")) for name in TOKENIZERS]


@pytest.fixture(scope="session", autouse=True)
def dictionary_folder(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MINWON_VAR", str(tmp_path_factory.mktemp("var")))
        patch.delenv("MINWON_TOKENIZER", raising=False)
        yield


@pytest.fixture(params=IN_PROCESS)
def tokenizer(request) -> GuardedTokenizer:
    return loaded(request.param)


@pytest.fixture(params=EVERY)
def any_tokenizer(request) -> GuardedTokenizer:
    return loaded(request.param)


@pytest.fixture(params=[each for each in EVERY if TOKENIZERS[each.values[0]].takes_dictionary])
def taught_tokenizer(request) -> GuardedTokenizer:
    """A tokenizer that was given the civic dictionary."""
    return loaded(request.param)


def loaded(name: str) -> GuardedTokenizer:
    row = TOKENIZERS[name]
    if not row.is_installed():
        pytest.skip(f"{name} needs {', '.join(row.packages)}")
    if name not in _loaded:
        _loaded[name] = load_tokenizer(name)
    return _loaded[name]


@pytest.fixture
def tokenizer_named():
    return loaded
