"""What the service overrides of Litestar and uvicorn is in their installed versions: another name would be an override of nothing."""

from __future__ import annotations

import asyncio
import importlib.util
import inspect
from typing import Any

import httptools
import pytest
import uvicorn
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.router import Router
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from engineering_api.cli.serve import Server
from engineering_api.web.application import App
from engineering_api.web.http import OperationHandler
from engineering_api.web.listening.http_connection import BoundedConnection
from runtime_data.servers.webapi.server import _Quiet

OVERRIDES = {
    App: (Litestar, {"__call__", "_get_default_plugins", "route_handler_method_map"}),
    OperationHandler: (HTTPRouteHandler, {"on_registration", "create_kwargs_model"}),
    Server: (uvicorn.Server, {"__init__", "handle_exit", "startup", "shutdown"}),
    _Quiet: (uvicorn.Server, {"__init__", "startup", "shutdown", "capture_signals"}),
    BoundedConnection: (
        HttpToolsProtocol,
        {
            *("connection_made", "connection_lost", "data_received", "handle_websocket_upgrade", "send_400_response"),
            *("on_message_begin", "on_url", "on_header", "on_headers_complete", "on_body", "on_message_complete"),
            "on_response_complete",
        },
    ),
}
"""The class of the library, and which of its members the service's class replaces."""


def members(kind: type) -> dict[str, Any]:
    """What a class defines itself: functions and properties, without what every class may have."""
    kinds = (staticmethod, property)
    return {name: value for name, value in vars(kind).items() if inspect.isfunction(value) or isinstance(value, kinds)}


def as_installed(kind: type) -> type:
    """Return a class from a new copy of its module: libraries of tests replace members of uvicorn's server while they are loaded."""
    spec = importlib.util.find_spec(kind.__module__)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: type = getattr(module, kind.__name__)
    return found


def parameters(member: Any) -> list[tuple[str, Any]]:
    """The names and kinds of what a function takes; nothing of a property."""
    if isinstance(member, property):
        return []
    return [(each.name, each.kind) for each in inspect.signature(member).parameters.values()]


@pytest.mark.parametrize("kind", OVERRIDES, ids=lambda kind: kind.__name__)
def test_each_override_replaces_a_member_that_takes_the_same(kind: type) -> None:
    base, replaced = OVERRIDES[kind]
    assert {name for name in members(kind) if hasattr(base, name)} == replaced
    ours = {name: getattr(kind, name) for name in replaced - {"__init__"}}
    assert {name: parameters(each) for name, each in ours.items()} == {
        name: parameters(getattr(as_installed(base), name)) for name in ours
    }


def test_litestar_has_what_serving_replaces() -> None:
    app = Litestar([], openapi_config=None)
    for name in ("state", "cors_config", "event_emitter", "asgi_handler", "asgi_router", "_lifespan_managers"):
        assert hasattr(app, name), name
    assert parameters(Litestar._create_asgi_handler) == [("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    assert app.asgi_router.app is app
    assert "_lifespan_managers" in Litestar.lifespan.__wrapped__.__code__.co_names
    assert "_get_default_plugins" in Litestar.__init__.__code__.co_names
    assert "route_handler_method_map" in str([each.co_names for each in codes(Router)])


def codes(kind: type) -> list[Any]:
    """The code of a class's functions, with that of the functions and comprehensions inside them."""
    found = [value.__code__ for value in vars(kind).values() if inspect.isfunction(value)]
    for code in found:
        found += [each for each in code.co_consts if inspect.iscode(each)]
    return found


async def hello(_scope: Any, _receive: Any, _send: Any) -> None:
    """An application that does nothing."""


def test_a_connection_of_uvicorn_has_what_the_limits_look_at() -> None:
    async def made() -> HttpToolsProtocol:
        config = uvicorn.Config(hello, log_config=None)
        config.load()
        return HttpToolsProtocol(config, ServerState(), {}, asyncio.get_running_loop())

    connection = asyncio.run(made())
    for name in ("loop", "client", "cycle", "pipeline", "transport", "flow"):
        assert name in vars(connection), name
    assert "url" in HttpToolsProtocol.on_message_begin.__code__.co_names
    flow = FlowControl(asyncio.Transport())
    assert flow.read_paused is False
    assert callable(flow.resume_reading)
    assert {"disconnected", "message_event", "response_complete", "response_started"} <= {
        *RequestResponseCycle.__init__.__code__.co_names
    }
    assert "connections" in vars(ServerState())


def test_the_parser_calls_a_connection_at_the_head_of_a_chunk() -> None:
    class Heard:
        heads = 0

        def on_chunk_header(self) -> None:
            self.heads += 1

    heard = Heard()
    request = b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    httptools.HttpRequestParser(heard).feed_data(request)
    assert heard.heads == 2
