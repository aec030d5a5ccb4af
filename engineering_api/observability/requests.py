"""Counts requests over HTTP, gives each an id for its log lines and its answer, and logs slow and failed ones."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from engineering_api.observability.logs import bound
from engineering_api.observability.metrics import Metrics
from engineering_api.operations.catalogue import Catalogue

log = logging.getLogger(__name__)
Inner = Callable[[Any, Any, Any], Awaitable[None]]
NAMED = re.compile(rb"[A-Za-z0-9._-]{1,64}")
"""The form of an id that a client may give; other ids are ignored, because log lines contain the id."""
CANCELLED, SERVERS_FAULT, IMPOSSIBLE = 499, 500, 501
OTHER = "other"
"""The operation of requests that match no route."""


class Requests:
    """Wraps an application."""

    def __init__(self, inner: Inner, catalogue: Catalogue, metrics: Metrics, slow: Callable[[], float]) -> None:
        """Watch the requests of an application.

        Args:
            inner: It.
            catalogue: Names the operations.
            metrics: Where requests are counted.
            slow: Seconds from which a request is logged as slow; 0 for never.
        """
        self._inner, self._metrics, self._slow = inner, metrics, slow
        self._operations: Mapping[tuple[str, str], str] = {
            (route.method, route.path): op.name for op in catalogue for route in op.routes
        }

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        begin, status = time.perf_counter(), CANCELLED  # as long as nothing is sent: its client may hang up first
        request_id = _id(scope)

        async def sending(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = message | {"headers": [*message["headers"], (b"x-request-id", request_id.encode())]}
            await send(message)

        with bound(request_id=request_id):
            try:
                await self._inner(scope, receive, sending)
            except Exception:
                status = max(status, SERVERS_FAULT)
                raise
            finally:
                self._ended(scope, status, time.perf_counter() - begin)

    def _ended(self, scope: Any, status: int, seconds: float) -> None:
        method, path = str(scope["method"]), str(scope["path"])
        operation = self._operations.get((method, scope.get("path_template", "")), OTHER)
        self._metrics.request(operation, status, seconds)
        slow = 0 < self._slow() <= seconds and operation != OTHER
        failed = status >= SERVERS_FAULT and status != IMPOSSIBLE
        cancelled = status == CANCELLED
        if failed or slow or cancelled:
            what = "Request failed" if failed else "Request was cancelled" if cancelled else "Request was slow"
            log.log(
                logging.INFO if cancelled else logging.WARNING,
                "%s: %s %s",
                what,
                method,
                path,
                extra={"operation": operation, "status": status, "milliseconds": int(seconds * 1000)},
            )


def _id(scope: Any) -> str:
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return given.decode("ascii") if NAMED.fullmatch(given) else secrets.token_hex(16)
