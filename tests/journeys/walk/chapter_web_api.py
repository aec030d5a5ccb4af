"""The Web API: a server that shows the simulated PLC, and a source that reads it there as it reads a CPU."""

from __future__ import annotations

from typing import Any

from tests.journeys.walk.walk import Walk, names

SERVER = {"server": "webapi"}
PRESS = {"source": "Press"}
PASSWORD = "walk-Password-1"  # noqa: S105


def state(found: dict[str, Any]) -> Any:
    return found["state"]


def a_server_shows_the_simulated_plc(w: Walk) -> None:
    assert w.read("runtime_servers.get", SERVER)["state"] == "off"
    on = SERVER | {"enabled": True, "settings": {"port": 0, "source": "PLC_1"}}
    w.changes("runtime_servers.set_", on, seen="runtime_servers.get", by=SERVER, look=state)
    assert "webapi" in names(w.read("runtime_servers.list_"))


def a_source_reads_it(w: Walk) -> None:
    w.peek("users.create", {"name": "press", "password": PASSWORD, "role": "viewer"})
    endpoint = w.read("runtime_servers.get", SERVER)["endpoints"][0]
    connection = {"host": "127.0.0.1", "port": int(endpoint.split(":")[2].partition("/")[0])}
    connection |= {"user": "press", "password": PASSWORD}
    w.peek("runtime_sources.create", {"name": "Press", "kind": "webapi", "connection": connection})
    shown = w.read("runtime_sources.test", PRESS)["fingerprint"]
    w.peek("runtime_sources.update", PRESS | {"connection": connection | {"fingerprint": shown}})
    w.changes("runtime_sources.disconnect", PRESS, seen="runtime_sources.status", by=PRESS, look=state)
    w.changes("runtime_sources.connect", PRESS, seen="runtime_sources.status", by=PRESS, look=state)
    assert [each["name"] for each in w.read("runtime_servers.list_clients", SERVER)] == ["user:press"]
    assert w.read("runtime_sources.diagnostics", PRESS | {"count": 1})["entries"][0]["text"]


def nothing_is_left(w: Walk) -> None:
    w.peek("runtime_sources.delete", PRESS)
    w.peek("users.delete", {"userName": "press"})
    w.peek("runtime_servers.set_", SERVER | {"enabled": False})


CHAPTERS = (a_server_shows_the_simulated_plc, a_source_reads_it, nothing_is_left)
