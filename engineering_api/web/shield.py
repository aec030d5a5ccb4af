"""What every answer gets and every request passes before it is routed: the host that it names, and headers for browsers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from litestar.config.cors import CORSConfig

from engineering_api.operations.context import Service
from engineering_api.security.gate import STANDING
from engineering_api.settings import Settings
from engineering_api.web.bodies import refuse, refuse_handshake
from engineering_api.web.own_host import require_own_host
from engineering_api.web.value_stream import ONLINE
from openness_bridge.errors import Kind, Problem

Next = Callable[[Any, Any, Any], Awaitable[None]]
PLAIN = [(b"x-content-type-options", b"nosniff"), (b"x-frame-options", b"DENY"), (b"referrer-policy", b"no-referrer")]
EXPOSED = [
    "ETag",
    "Location",
    "Preference-Applied",
    "Retry-After",
    ONLINE,
    "X-Page-Count",
    "X-Total-Count",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
]
"""Headers that a page of another origin may read."""
PREFLIGHT_SECONDS = 600


class Shield:
    """Checks requests before a service gets them."""

    def __init__(self, service: Service) -> None:
        """Protect this service."""
        self._service = service

    async def __call__(self, scope: Any, receive: Any, send: Any, further: Next) -> None:
        """Hand a request on, unless it was sent to another host."""
        if scope["type"] == "websocket":
            await self._pass_socket(scope, receive, send, further)
            return
        if scope["type"] != "http":
            await further(scope, receive, send)
            return

        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start":
                said = {name for name, _ in message["headers"]}
                more = [(name, text) for name, text in PLAIN if name not in said]
                message["headers"] = [*message["headers"], *more, *_standing(scope)]
            await send(message)

        try:
            self._require_own_host(scope)
        except Problem as problem:
            await refuse(problem, scope, sending)
            return
        await further(scope, receive, sending)

    async def _pass_socket(self, scope: Any, receive: Any, send: Any, further: Next) -> None:
        """Hand on a request that opens a WebSocket, unless it was sent to another host."""
        try:
            self._require_own_host(scope)
        except Problem as problem:
            await refuse_handshake(problem, scope, send)
            return
        await further(scope, receive, send)

    def _require_own_host(self, scope: Any) -> None:
        if self._service.address:  # in this process alone there is no name that a web page could take
            require_own_host(dict(scope["headers"]), self._service.settings)


def cors(settings: Settings) -> CORSConfig | None:
    """Return which web pages may ask from a browser; None for those of this server alone. Cookies are never taken.

    Raises:
        Problem: An origin is none.
    """
    for origin in settings.cors_origins:
        scheme, _, host = origin.partition("://")
        if scheme not in {"http", "https"} or not host or "/" in host or "*" in origin:
            msg = f"'{origin}' is not an origin: list origins such as https://hmi.plant.local in TIA_CORS_ORIGINS."
            raise Problem("settings.cors", msg, kind=Kind.INVALID)
    if not settings.cors_origins:
        return None
    return CORSConfig(
        allow_origins=settings.cors_origins, allow_credentials=False, expose_headers=EXPOSED, max_age=PREFLIGHT_SECONDS
    )


def _standing(scope: Any) -> list[tuple[bytes, bytes]]:
    """Return how many requests a caller has left, where they are counted."""
    standing = scope.get(STANDING)
    if standing is None:
        return []
    return [(name.lower().encode(), value.encode()) for name, value in standing.headers().items()]
