"""Servers of the runtime, and the overview of all CPUs."""

from __future__ import annotations

from tests.journeys.walk.walk import Walk

S7 = {"server": "s7"}


def servers_listen(w: Walk) -> None:
    assert {each["state"] for each in w.read("runtime_servers.list_")} == {"off"}
    w.changes(
        "runtime_servers.set_",
        S7 | {"enabled": True, "settings": {"port": 0, "source": "PLC_1"}},
        seen="runtime_servers.get",
        by=S7,
        look=lambda server: server["state"],
    )
    assert w.read("runtime_servers.get", S7)["endpoints"][0].startswith("s7://127.0.0.1:")
    assert w.read("runtime_servers.list_clients", S7) == []
    assert w.peek("runtime_servers.set_", S7 | {"enabled": False})["state"] == "off"


def cpus_are_checked(w: Walk) -> None:
    w.changes(
        "runtime_fleet.note",
        {"source": "PLC_1"},
        seen="runtime_fleet.list_",
        look=lambda cpus: [each["noted"] for each in cpus if each["source"] == "PLC_1"],
    )
    (found,) = (each for each in w.read("runtime_fleet.list_") if each["source"] == "PLC_1")
    assert found["program"] == "same" and found["device"]["name"] == "PLC_1"
    w.refuses("runtime_fleet.backup", {"source": "PLC_1", "path": "PLC_1-backup.zip"}, 409, "plcsim.state")


CHAPTERS = (servers_listen, cpus_are_checked)
