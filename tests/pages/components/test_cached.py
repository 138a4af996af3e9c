"""The caches: bounded, with no parameter left out of the key, and errors translated once."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages.components import cached

FOLDER = Path(inspect.getfile(cached)).parent
SOURCES = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.py"))]
PAGES = Path(__file__).resolve().parents[3] / "pages"


def decorated() -> Iterator[tuple[ast.FunctionDef, ast.Call]]:
    for function in (node for source in SOURCES for node in ast.walk(source)):
        if isinstance(function, ast.FunctionDef):
            for decorator in function.decorator_list:
                if isinstance(decorator, ast.Call) and "cache_" in ast.unparse(decorator.func):
                    yield function, decorator


@pytest.mark.parametrize(("function", "decorator"), list(decorated()), ids=lambda node: getattr(node, "name", ""))
def test_each_cache_is_bounded_and_leaves_no_parameter_out_of_its_key(
    function: ast.FunctionDef, decorator: ast.Call
) -> None:
    given = {keyword.arg for keyword in decorator.keywords}
    assert "max_entries" in given
    assert "ttl" in given or function.name == "_engine_of"
    assert [each.arg for each in function.args.args if each.arg.startswith("_")] == []


def test_caches_are_made_nowhere_else() -> None:
    users = {path.parent for path in PAGES.rglob("*.py") if "st.cache_" in path.read_text(encoding="utf-8")}
    assert users == {FOLDER}


@pytest.mark.parametrize("url", ["sqlite:////no/such/folder/none.db", "no url at all", "oracle://host/db"])
def test_a_store_that_cannot_be_read_is_a_named_error(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("MINWON_DB_URL", url)
    with pytest.raises(cached.StoreUnavailable, match="current_load_id"):
        cached.current_load_id()
