"""GET /health: is the store reachable, and which load does it show."""

from __future__ import annotations

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse


async def health(request: Request) -> JSONResponse:
    """Answer 200 with the load id, or 503 where the store cannot be read; never a detail of the store."""
    # Imported here: cached functions must not be created while the launcher is imported.
    from pages.components import cached

    try:
        load_id = await anyio.to_thread.run_sync(cached.current_load_id)
    except cached.StoreUnavailable:
        return JSONResponse({"status": "error", "store": "unreachable"}, status_code=503)
    return JSONResponse({"status": "ok", "store": "reachable", "load_id": load_id})
