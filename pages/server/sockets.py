"""A limit on open websockets, per address and overall."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send


def client_address(scope: Scope, *, trust_forwarded: bool) -> str:
    """Return who connects; behind our own proxy the address that proxy appended last."""
    if trust_forwarded:
        forwarded = dict(scope["headers"]).get(b"x-forwarded-for", b"").decode("latin-1")
        if last := forwarded.rpartition(",")[2].strip():
            return last
    return (scope.get("client") or ("unknown",))[0]


class SocketLimit:
    """At most ``per_address`` open websockets per client and ``total`` overall; the rest is closed with 1013."""

    def __init__(self, app: ASGIApp, per_address: int, total: int, *, trust_forwarded: bool = False) -> None:
        self.app, self.per_address, self.total, self.trust_forwarded = app, per_address, total, trust_forwarded
        self.open: dict[str, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        address = client_address(scope, trust_forwarded=self.trust_forwarded)
        if self.open.get(address, 0) >= self.per_address or sum(self.open.values()) >= self.total:
            await receive()
            await send({"type": "websocket.close", "code": 1013})
            return
        self.open[address] = self.open.get(address, 0) + 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.open[address] -= 1
            if not self.open[address]:
                del self.open[address]
