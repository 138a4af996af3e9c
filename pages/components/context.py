"""What every page knows of itself: language, today, the load it shows, the data it may speak of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import streamlit as st

from pages.components import cached, cards, formats, urlstate
from pages.components.formats import KST
from pages.components.text import LANGUAGES, text, word

ORIGINS = ("real", "synthetic")


@dataclass(frozen=True, slots=True)
class Page:
    """One run of one page for one visitor."""

    id: str
    lang: str
    today: dt.date
    load_id: int
    origins: tuple[str, ...]
    synthetic: bool
    first_day: dt.date
    last_day: dt.date
    departments: dict[str, str]
    platforms: dict[str, str]
    platform_names: dict[str, str]

    def text(self, key: str, **values: object) -> str:
        """Return a string in the page's language."""
        return text(key, self.lang, **values)

    @property
    def department_codes(self) -> tuple[str, ...]:
        return tuple(self.departments)

    @property
    def platform_codes(self) -> tuple[str, ...]:
        return tuple(self.platforms)

    def name_of(self, kind: str, code: str) -> str:
        """Return the name behind a code of a filter: department, platform or class. Not for labels or markdown."""
        if kind == "department":
            return self.departments.get(code, code)
        if kind == "platform":
            return self.platforms.get(code, code)
        return word(kind, code, self.lang)


def open_page(page_id: str, *, needs_data: bool = True) -> Page:
    """Draw the head of a page and return its context.

    The head is the title, one sentence, the banner of invented data, and how fresh and how partial
    the data is. Where the store holds no post and the page needs some, the head is followed by what to
    do, and the run ends.

    Raises
    ------
    StoreUnavailable
        The store cannot be read.
    """
    lang = urlstate.language()
    st.title(text(f"{page_id}.title", lang), anchor=False)
    st.markdown(text(f"{page_id}.question", lang))
    today = dt.datetime.now(KST).date()
    load_id = cached.current_load_id()
    origins = [name for name in ORIGINS if cached.data_extent(name == "synthetic", load_id).posts]
    synthetic = _origin(origins, lang) == "synthetic"
    extent = cached.data_extent(synthetic, load_id)
    if not origins and needs_data:
        cards.empty_store(lang)
        st.stop()
    if synthetic:
        st.info(text("page.synthetic", lang), icon=":material/science:")
    if origins and extent.as_of is not None:
        as_of = formats.moment(extent.as_of)
        st.caption(text("page.freshness", lang, as_of=as_of, posts=formats.number(extent.posts)))
    options = cached.filter_options(synthetic, load_id)
    return Page(
        id=page_id,
        lang=lang,
        today=today,
        load_id=load_id,
        origins=tuple(origins),
        synthetic=synthetic,
        first_day=extent.first_day or today,
        last_day=extent.last_day or today,
        departments={option.code: _name(option.name_ko, option.name_en, lang) for option in options.departments},
        platform_names=_platform_names(load_id, lang),
        platforms={option.code: _name(option.name_ko, option.name_en, lang) for option in options.platforms},
    )


def _name(name_ko: str, name_en: str, lang: str) -> str:
    names = dict(zip(LANGUAGES, (name_ko, name_en), strict=True))
    return names[lang] or name_ko


def _platform_names(load_id: int, lang: str) -> dict[str, str]:
    """Return the names of all platforms, those without posts too: their accounts are listed."""
    rows = cached.platform_policies(load_id).to_dict("records")
    return {row["platform"]: _name(row["name_ko"], row["name_en"], lang) for row in rows}


def _origin(origins: list[str], lang: str) -> str:
    """Return whether real or invented data is shown; where both exist the visitor chooses, real first."""
    if len(origins) < 2:
        return origins[0] if origins else "real"
    asked = st.query_params.get("data")
    origin = asked if asked in origins else origins[0]
    key = f"data-{lang}"
    st.session_state[key] = origin
    st.segmented_control(
        text("filter.data", lang),
        origins,
        key=key,
        required=True,
        format_func=lambda name: text(f"data.{name}", lang),
        on_change=lambda: urlstate.write("data", None if st.session_state[key] == "real" else st.session_state[key]),
    )
    return origin
