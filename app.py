"""One file, two roles: imported it is the ASGI application, run by Streamlit it draws the menu and the page."""

from pathlib import Path

import streamlit as st

FAVICON = Path(__file__).parent / "static" / "favicon.png"


def ui() -> None:
    """Draw the menu, the language switch and the page the visitor asked for."""
    from pages.components import cached, cards, navigation, urlstate
    from pages.components.text import text

    lang = urlstate.language()
    # A local picture, and before the menu: else the browser asks fonts.gstatic.com for the page's menu icon.
    st.set_page_config(page_title=text("app.name", lang), page_icon=str(FAVICON), layout="wide")
    chosen = st.navigation(navigation.menu(lang), position="top")
    page = navigation.current(chosen)
    st.set_page_config(page_title=f"{text(f'{page.id}.title', lang)} · {text('app.name', lang)}")
    urlstate.keep(page, lang)
    navigation.language_switch(lang)
    with cards.calm_errors(lang), cached.snapshot():
        chosen.run()


if __name__ == "__main__":  # Streamlit executes scripts under this name
    ui()
else:  # imported by `streamlit run app.py` or `uvicorn app:app`
    from pages.server import asgi

    app = st.App(__file__, **asgi.build())
