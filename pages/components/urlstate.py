"""The URL is where the state of a page lives: widgets show what it says, a change writes it.

Menu clicks drop the query; what was there is remembered for the session and written back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.components.text import DEFAULT_LANGUAGE, LANGUAGES

if TYPE_CHECKING:
    from pages.components.navigation import PageRow

# Parameters every page shares. ``lang`` is kept apart: it has a default of its own.
SHARED = ("period", "start", "end", "department", "platform", "class", "data")
_KEPT, _PAGE, _LANG = "url_kept", "url_page", "url_lang"


def language() -> str:
    """Return the language: the URL's, else the one chosen before in this session, else Korean."""
    asked = st.query_params.get("lang")
    if asked in LANGUAGES:
        st.session_state[_LANG] = asked
    return str(st.session_state.get(_LANG, DEFAULT_LANGUAGE))


def choose_language(lang: str) -> None:
    """Remember a language and say it in the URL; the default needs no word there."""
    st.session_state[_LANG] = lang
    write("lang", None if lang == DEFAULT_LANGUAGE else lang)


def keep(page: PageRow, lang: str) -> None:
    """Carry the filters over to a page reached by the menu, and remember those that are in the URL now."""
    kept: dict[str, list[str]] = st.session_state.setdefault(_KEPT, {})
    names = (*SHARED, *page.params)
    here = [name for name in names if name in st.query_params]
    if st.session_state.get(_PAGE) != page.id and not here:
        for name in names:
            if name in kept:
                write(name, *kept[name])
    if lang != DEFAULT_LANGUAGE and "lang" not in st.query_params:
        write("lang", lang)
    st.session_state[_PAGE] = page.id
    for name in names:
        if name in st.query_params:
            kept[name] = st.query_params.get_all(name)
        else:
            kept.pop(name, None)


def write(name: str, *values: str | None) -> None:
    """Set a URL parameter to one or several values; None or nothing removes it."""
    given = [value for value in values if value is not None]
    if given:
        st.query_params[name] = given
    else:
        st.query_params.pop(name, None)


def read_all() -> dict[str, list[str]]:
    """Return every parameter of the URL with all its values."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def with_changes(**changes: str) -> dict[str, str | list[str]]:
    """Return the shared parameters of the URL with ``changes`` made, for a link to another page."""
    kept: dict[str, str | list[str]] = {
        name: st.query_params.get_all(name) for name in ("lang", *SHARED) if name in st.query_params
    }
    return kept | changes
