"""GET /metrics, for Prometheus."""

from __future__ import annotations

from typing import Any

from litestar import get
from litestar.connection import Request
from litestar.handlers import HTTPRouteHandler
from litestar.response.base import ASGIResponse
from prometheus_client import CONTENT_TYPE_LATEST

from engineering_api.operations.context import Service
from engineering_api.operations.declaration import Right
from engineering_api.security import Gate
from engineering_api.web.identify import identify


def handlers(service: Service, gate: Gate) -> list[HTTPRouteHandler]:
    """Return the handler of the metrics."""

    @get("/metrics")
    async def metrics(request: Request[Any, Any, Any]) -> ASGIResponse:
        """Return what is counted and measured, in Prometheus' text format."""
        open_here = service.settings.metrics_local and (await identify(request, gate, Right.PUBLIC)).local is not None
        if not open_here:
            await identify(request, gate, Right.VIEW)
        text = service.metrics.text(await service.jobs.counts())
        return ASGIResponse(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [metrics]
