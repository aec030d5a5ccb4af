"""How the Web API server runs."""

from __future__ import annotations

from typing import Annotated

from engineering_api.operations.fields import Model, named
from engineering_api.security.origins import is_loopback
from openness_bridge.errors import Detail, Place
from runtime_data.servers.server import LOOPBACK


class WebApiSettings(Model, kw_only=True):
    """The settings of the server."""

    host: Annotated[str, named("The address that it listens on.", max_length=253)] = LOOPBACK
    port: Annotated[int, named("Its port; 0 for a free one.", ge=0, le=65_535)] = 8443
    source: Annotated[str, named("The source that it shows; the default source when empty.", max_length=100)] = ""
    plain_http: Annotated[bool, named("Serve HTTP without TLS; only on this computer.")] = False
    largest_request: Annotated[int, named("Bytes of a request.", ge=1024, le=1 << 20)] = 128 << 10
    sessions: Annotated[int, named("Logins at a time.", ge=1, le=1000)] = 50
    session_seconds: Annotated[float, named("Seconds without requests after which a login ends.", ge=1, le=3600)] = (
        120.0
    )


def check(settings: WebApiSettings) -> list[Detail]:
    """Return what is wrong with settings, with pointers below them."""
    if settings.plain_http and not is_loopback(settings.host):
        msg = "Without TLS everybody on the network sees passwords: leave plainHttp out, or listen on 127.0.0.1."
        return [Detail("runtime.server_settings", msg, Place(pointer="/plainHttp"))]
    return []
