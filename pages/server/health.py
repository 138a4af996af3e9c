"""GET /health: is the store reachable, which load does it show, and are its sources read in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from pages.components.cached import SourceHealth


async def health(request: Request) -> JSONResponse:
    """Answer 200 with the load id and the sources, or 503 where the store cannot be read; never a detail of the store.

    A source that is late makes the status ``stale``, still with 200: the pages work, and a balancer must not take them away.
    """
    # Imported here: cached functions must not be created while the launcher is imported.
    from pages.components import cached

    try:
        load_id = await anyio.to_thread.run_sync(cached.current_load_id)
        sources = [_told(each) for each in await anyio.to_thread.run_sync(cached.source_health)]
    except cached.StoreUnavailable:
        return JSONResponse({"status": "error", "store": "unreachable"}, status_code=503)
    status = "stale" if any(source["stale"] for source in sources) else "ok"
    return JSONResponse({"status": status, "store": "reachable", "load_id": load_id, "sources": sources})


def _told(source: SourceHealth) -> dict[str, Any]:
    last_success = source.succeeded_at.isoformat() if source.succeeded_at else None
    return {"source": source.source, "status": source.status, "last_success": last_success, "stale": source.is_stale}
