"""What `app.py` adds to Streamlit's server: import this only in its import branch."""

from __future__ import annotations

import importlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route

from pages.server.headers import SecurityHeaders
from pages.server.health import health
from pages.server.settings import ServerSettings
from pages.server.shell import Shell
from pages.server.sockets import SocketLimit


def use_declared_pages() -> None:
    """Tell Streamlit that the folder ``pages/`` is ours and not its automatic page list.

    A private flag of Streamlit 1.67. Without it the first deep link after a restart shows "Page not found";
    tests/e2e opens one on a cold server, so a version without the flag is noticed.
    """
    try:
        from streamlit.runtime.pages_manager import PagesManager

        PagesManager.uses_pages_directory = False
    except (ImportError, AttributeError):
        logging.getLogger(__name__).warning("this Streamlit has no PagesManager.uses_pages_directory; see docs")


@asynccontextmanager
async def warmed_up(app: Any) -> AsyncIterator[None]:
    """Import pandas, plotly and the store before the first visitor waits for them: one to four seconds.

    Here and not above: cached functions must not be created while the launcher is imported.
    """
    await anyio.to_thread.run_sync(importlib.import_module, "pages.components.posts")
    yield


async def overview(request: Request) -> RedirectResponse:
    """The start page lives at ``/``; whoever types its name is sent there, filters included."""
    query = request.url.query
    return RedirectResponse(f"/?{query}" if query else "/")


def build() -> dict[str, Any]:
    """Return the arguments of ``st.App``: what runs at the start, routes, and middleware with the outermost first."""
    use_declared_pages()
    settings = ServerSettings()
    limits: dict[str, Any] = {
        "per_address": settings.sockets_per_address,
        "total": settings.sockets_total,
        "trust_forwarded": settings.trust_forwarded,
    }
    return {
        "lifespan": warmed_up,
        "routes": [Route("/health", health), Route("/overview", overview)],
        "middleware": [Middleware(SocketLimit, **limits), Middleware(SecurityHeaders), Middleware(Shell)],
    }
