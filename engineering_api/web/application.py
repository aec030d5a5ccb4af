"""The application of Litestar: it routes by the path as it was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from copy import copy
from functools import cached_property, partial
from typing import Any

from litestar import Litestar
from litestar.config.cors import CORSConfig
from litestar.datastructures import State
from litestar.events import SimpleEventEmitter
from litestar.plugins import PluginProtocol
from litestar.routes import BaseRoute, HTTPRoute

from engineering_api.observability.metrics import Metrics
from engineering_api.observability.requests import Requests
from engineering_api.web.bodies import BodyLimit
from engineering_api.web.forms.families import find_family
from engineering_api.web.forms.formats import in_wanted_form
from engineering_api.web.forms.versions import route_version

Life = Callable[[Litestar], AbstractAsyncContextManager[None]]


class App(Litestar):
    """Litestar, routing by the path as it was sent.

    Names of tags, blocks and devices hold slashes, dots and blanks. They travel
    percent-encoded, one name a segment, so a path is split first and decoded
    afterwards.
    """

    def serving(self, state: State, life: Life, cors_config: CORSConfig | None) -> App:
        """Return an application with the same routes that serves a state, with its own life and rules for pages of other origins.

        Litestar has no public way to give prepared routes to another application: tests/engineering_api/web/test_routing.py
        holds what this relies on.
        """
        made = copy(self)
        made.state, made.cors_config, made._lifespan_managers = state, cors_config, [life]  # noqa: SLF001
        made.event_emitter = SimpleEventEmitter([])
        made.asgi_router = copy(self.asgi_router)
        made.asgi_router.app = made
        made.asgi_handler = made._create_asgi_handler()  # noqa: SLF001
        return made

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take the undecoded path; HEAD is a GET whose answer ends with its headers."""
        raw: bytes = scope.get("raw_path") or b""
        if raw:
            scope["path"] = raw.partition(b"?")[0].decode("ascii", "replace")
        route_version(scope)
        family = find_family(self.state["families"], scope.get("path", ""))
        if family is not None:
            scope["path"] = family.spell(scope["path"])
        if scope.get("method") == "HEAD":
            scope, send = scope | {"method": "GET"}, _headers_only(send)
        await self._watched(scope, receive, in_wanted_form(scope, send))

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        """Add none: those of Pydantic and attrs cost their imports, and no handler has a type of theirs."""
        return plugins

    @property
    def route_handler_method_map(self) -> Any:
        """Handlers by path and method. Litestar reads it for each path that it registers, and would build all of it each time."""
        return self._handlers_by_path

    @cached_property
    def _handlers_by_path(self) -> _HandlersByPath:
        return _HandlersByPath(self.routes)

    @cached_property
    def _watched(self) -> Requests:
        """The application behind what watches its requests."""
        service = self.state["service"]
        reads = partial(self.state["kept_answers"], further=super().__call__)
        others = BodyLimit(super().__call__, service.settings)

        async def by_method(scope: Any, receive: Any, send: Any) -> None:
            await (reads if scope.get("method") == "GET" else others)(scope, receive, send)

        inner = partial(self.state["shield"], further=by_method)
        return Requests(inner, service.catalogue, service.part(Metrics), lambda: service.settings.slow_limit)


class _HandlersByPath(Mapping[str, Mapping[str, Any]]):
    """The handlers of an application's routes of HTTP, found when they are asked for. Routes are added and replaced meanwhile."""

    def __init__(self, routes: Sequence[BaseRoute]) -> None:
        self._routes = routes
        self._indexes: dict[str, int] = {}
        self._seen = 0

    def __getitem__(self, path: str) -> Mapping[str, Any]:
        for index in range(self._seen, len(self._routes)):
            if isinstance(self._routes[index], HTTPRoute):
                self._indexes[self._routes[index].path] = index
        self._seen = len(self._routes)
        route = self._routes[self._indexes[path]]
        handlers = route.route_handlers if isinstance(route, HTTPRoute) else ()
        return {method: each for each in handlers for method in each.http_methods}

    def __iter__(self) -> Iterator[str]:
        return (route.path for route in self._routes if isinstance(route, HTTPRoute))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _headers_only(send: Any) -> Any:
    """Send an answer without its body. A stream ends immediately, as if its client had disconnected."""

    async def sending(message: Any) -> None:
        if message["type"] == "http.response.start":
            await send(message)
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    return sending
