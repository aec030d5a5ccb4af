"""PLCSIM Advanced, and the PLC online: the program is loaded, runs, is looked at and changed."""

from __future__ import annotations

from typing import Any

from simatic_xml import Document, ForceTable, WatchEntry, dump
from tests.journeys.walk import chapter_runtime
from tests.journeys.walk.chapter_project import PLC
from tests.journeys.walk.chapter_watch import FORCE, WATCH
from tests.journeys.walk.walk import Walk, names

ON = {"name": "PLC_1"}
SPARE = {"name": "Spare"}
MAIN = 'ORGANIZATION_BLOCK "Main"\nBEGIN\n  "Running" := "Start";\n  "Count" := "Count" + 1;\nEND_ORGANIZATION_BLOCK\n'
TAGS = (("Running", "Bool", "%Q0.0"), ("Count", "Int", "%MW20"))


def value(tag: dict[str, Any]) -> Any:
    return tag["value"]


def state(instance: dict[str, Any]) -> Any:
    return instance["operatingState"]


def the_program_is_one_that_runs(w: Walk) -> None:
    for name, kind, address in TAGS:
        w.peek("tags.add", PLC | {"name": name, "dataType": kind, "logicalAddress": address, "tableName": "Conveyor"})
    w.peek("hardware.plug", PLC | {"orderNumber": "6ES7 521-1BH00-0AB0", "name": "DI 16", "slot": 2})
    w.peek("sources.import_and_generate", PLC | {"sclContent": MAIN})
    assert w.peek("devices.compile_", PLC)["result"]["errorCount"] == 0


def instances_are_registered(w: Walk) -> None:
    w.between("simulation.start_runtime", None, lambda: None)
    assert w.read("simulation.runtime_status")["runtimeManagerRunning"] is True
    w.changes("simulation.configure_runtime", {"defaultCpuType": "CPU1516"}, seen="simulation.runtime_config")
    assert w.read("simulation.runtime_config")["defaults"]["cpuType"] == "CPU1516"
    w.changes("simulation.set_port", {"port": 50001}, seen="simulation.runtime_status", look=lambda s: s["port"])
    for name in ("PLC_1", "Spare"):
        made = w.changes(
            "simulation_instances.create",
            {"name": name, "cpuType": "CPU1511"},
            seen="simulation_instances.list_",
            look=names,
        )
        assert made.appeared == [name]
    w.changes(
        "simulation_instances.configure", SPARE | {"scaleFactor": 10}, seen="simulation_instances.config", by=SPARE
    )
    assert w.read("simulation_instances.config", SPARE)["scaleFactor"] == 10
    w.changes("simulation_instances.power_on", SPARE, seen="simulation_instances.state", by=SPARE)
    address = {"ipAddress": "192.168.0.77", "subnetMask": "255.255.255.0"}
    w.changes("simulation_instances.set_network", SPARE | address, seen="simulation_instances.network", by=SPARE)
    assert "192.168.0.77" in str(w.read("simulation_instances.network", SPARE))
    w.changes("simulation_instances.power_off", SPARE, seen="simulation_instances.state", by=SPARE)
    assert w.read("simulation_instances.state", SPARE)["operatingState"] == "Off"
    kept = w.between(
        "simulation_instances.archive", SPARE | {"path": "archives/Spare.zip"}, lambda: w.files("archives")
    )
    assert kept.appeared == ["archives/Spare.zip"]
    w.changes("simulation_instances.delete", SPARE, seen="simulation_instances.list_", look=names)
    w.peek("simulation_instances.create", SPARE | {"cpuType": "CPU1511"})
    w.changes(
        "simulation_instances.retrieve",
        SPARE | {"path": "archives/Spare.zip"},
        seen="simulation_instances.network",
        by=SPARE,
    )
    w.peek("simulation_instances.delete", SPARE)
    assert names(w.read("simulation_instances.list_")) == ["PLC_1"]
    w.refuses("simulation.import_legacy", {"importPath": "archives/Old.plc", "instance": "Old"}, 501, "plcsim.classic")
    brought = w.changes(
        "simulation.import_legacy", {"importPath": "archives/Spare.zip"}, seen="simulation_instances.list_", look=names
    )
    assert brought.appeared == ["Spare"]
    w.peek("simulation_instances.delete", SPARE)


def profiles_make_instances(w: Walk) -> None:
    profile = {"name": "line-2", "instances": [{"name": "PLC_2", "cpuType": "CPU1511", "powerOn": True}]}
    file = {"fileName": "line-2.json"}
    w.changes("simulation_profiles.save", profile, seen="simulation_profiles.list_")
    assert names(w.read("simulation_profiles.get", file)["instances"]) == ["PLC_2"]
    w.changes("simulation_profiles.apply", file, seen="simulation_instances.list_", look=names)
    w.peek("simulation_instances.power_off", {"name": "PLC_2"})
    w.peek("simulation_instances.delete", {"name": "PLC_2"})
    w.changes("simulation_profiles.delete", file, seen="simulation_profiles.list_")
    assert w.read("simulation_profiles.list_") == []


def the_program_is_loaded(w: Walk) -> None:
    w.peek("simulation_instances.power_on", ON)
    w.peek("simulation_instances.set_network", ON | {"ipAddress": "192.168.0.10", "subnetMask": "255.255.255.0"})
    assert any("PLCSIM" in each["name"] for each in w.read("online.interfaces", PLC))
    assert w.read("online.list_prompts")
    loaded = w.changes(
        "online.download",
        PLC | {"pcInterface": "PLCSIM", "scope": "HardwareAndSoftware"},
        seen="simulation_tags.list_",
        by={"instance": "PLC_1"},
        look=lambda page: page["total"],
    )
    assert loaded.answer["errorCount"] == 0
    card = w.between(
        "online.download_to_folder",
        PLC | {"folderPath": "card", "prompts": {"TargetForSoftware": "PlcSimulationAdvanced"}},
        lambda: w.files("card"),
    )
    assert card.appeared
    assert w.read("online.compare", PLC | {"pcInterface": "PLCSIM"})["identical"] is True


def the_plc_is_online(w: Walk) -> None:
    w.changes(
        "online.connect", PLC | {"pcInterface": "PLCSIM"}, seen="online.status", by=PLC, look=lambda s: s["isOnline"]
    )
    assert w.read("online.status", PLC)["isOnline"] is True
    w.changes("online.start_cpu", PLC, seen="online.cpu_status", by=PLC, look=lambda s: s["cpuState"])
    w.changes("online.stop_cpu", PLC, seen="online.cpu_status", by=PLC, look=lambda s: s["cpuState"])
    w.peek("online.start_cpu", PLC)
    assert w.read("online.cpu_status", PLC)["cpuState"].casefold() == "run"
    wanted = {"values": [{"name": "Start", "value": True}]}
    w.changes("online.write_values", PLC | wanted, seen="online.read_values", by=PLC | {"tags": ["Start"]})
    assert w.read("online.read_values", PLC | {"tags": ["Start"]})[0]["value"] is True
    assert w.read("watch_tables.read_values", WATCH)[0]["value"] is True
    w.peek("online.write_values", PLC | {"values": [{"name": "Start", "value": False}]})
    w.changes("watch_tables.modify", WATCH | {"numbers": [1]}, seen="online.read_values", by=PLC | {"tags": ["Start"]})
    w.changes("online.disconnect", PLC, seen="online.status", by=PLC, look=lambda s: s["isOnline"])
    found = w.changes(
        "online.upload", PLC | {"pcInterface": "PLCSIM", "ipAddress": "192.168.0.10"}, seen="devices.list_", look=names
    )
    assert found.appeared
    w.peek("devices.delete", {"deviceName": found.appeared[0]})


def the_simulated_plc_is_watched(w: Walk) -> None:
    w.changes(
        "simulation.connect", {"instance": "PLC_1"}, seen="simulation.status", look=lambda s: s["connectedInstance"]
    )
    assert w.read("simulation.status")["connectedInstance"] == "PLC_1"
    w.changes("simulation.stop", {"instance": "PLC_1"}, seen="simulation.state", look=lambda s: s["isRunning"])
    w.changes("simulation.start", {"instance": "PLC_1"}, seen="simulation.state", look=lambda s: s["isRunning"])
    assert w.read("simulation.state")["isRunning"] is True
    w.changes("simulation_instances.stop", ON, seen="simulation_instances.state", by=ON, look=state)
    w.changes("simulation_instances.run", ON, seen="simulation_instances.state", by=ON, look=state)
    assert {"Start", "Running", "Count"} <= set(names(w.read("simulation_tags.list_", {})["tags"]))
    assert w.read("simulation_tags.refresh", {})["count"] == w.peek("simulation_tags.list_", {})["total"]
    w.peek("simulation_tags.write", {"tagName": "Start", "value": False})
    w.changes(
        "simulation_tags.write",
        {"tagName": "Start", "value": True},
        seen="simulation_tags.read",
        by={"tagName": "Start"},
        look=value,
    )
    w.changes(
        "simulation_tags.batch_write",
        {"values": [{"name": "Start", "value": False}]},
        seen="simulation_tags.batch_read",
        by={"tags": ["Start"]},
    )
    assert (
        w.read("simulation_tags.batch_read", {"tags": ["Start"]})[0]["value"]
        is w.read("simulation_tags.read", {"tagName": "Start"})["value"]
    )


def inputs_are_forced_and_modules_fail(w: Walk) -> None:
    forced = w.changes(
        "simulation_io.force", ON | {"values": [{"name": "%IB20", "value": 7}]}, seen="simulation_io.forces", by=ON
    )
    assert [each["address"] for each in forced.after] == ["%IB20:P"]
    w.changes("simulation_io.stop_forcing", ON, seen="simulation_io.forces", by=ON)
    assert w.read("simulation_io.forces", ON) == []
    module = next(each for each in w.read("simulation_io.modules", ON) if each["name"] == "DI 16")
    one = ON | {"module": "DI 16", "channel": 0}
    w.changes("simulation_io.fail", one, seen="simulation_io.modules", by=ON)
    w.changes("simulation_io.return_", one, seen="simulation_io.modules", by=ON)
    assert module in w.read("simulation_io.modules", ON)
    tank = ON | {"model": "tank"}
    made = {"type": "Tank", "bind": {"inflow": "Running"}, "values": {"area": 0.5}}
    w.changes("simulation_io.add_model", tank | made, seen="simulation_io.models", by=ON, look=names)
    w.changes("simulation_io.change_model", tank | {"values": {"level": 1.5}}, seen="simulation_io.models", by=ON)
    w.changes("simulation_io.remove_model", tank, seen="simulation_io.models", by=ON, look=names)
    assert w.read("simulation_io.models", ON) == []


def time_is_in_hand(w: Walk) -> None:
    count = {"tagName": "Count"}
    w.between("simulation_time.freeze", ON, lambda: w.peek("simulation_instances.state", ON)["operatingMode"])
    start = w.between("simulation_time.start_trace", ON | {"tags": ["Count"], "interval": "10ms"}, lambda: None)
    assert start.answer["active"] is True
    ran = w.changes("simulation_time.run_cycles", ON | {"cycles": 5}, seen="simulation_tags.read", by=count, look=value)
    assert ran.after - ran.before == 5
    stepped = w.changes("simulation_time.step", ON, seen="simulation_tags.read", by=count, look=value)
    assert stepped.after - stepped.before == 1
    w.changes("simulation_time.run_for", ON | {"duration": "2s"}, seen="simulation_tags.read", by=count, look=value)
    assert w.read("simulation_time.read_trace", ON)["samples"]
    file = w.between("simulation_time.export_trace", ON | {"exportPath": "traces/x.csv"}, lambda: w.files("traces"))
    assert file.appeared == ["traces/x.csv"]
    assert w.between("simulation_time.stop_trace", ON, lambda: None).answer["active"] is False
    w.between("simulation_time.set_scale", ON | {"factor": 10}, lambda: None)
    assert w.peek("simulation_instances.config", ON)["scaleFactor"] == 10
    w.between("simulation_time.resume", ON, lambda: None)


def nothing_is_forced(w: Walk) -> None:
    """The force table is filled and emptied by files; no interface of Siemens can force."""
    row = WatchEntry('"Start":P', attributes={"ForceValue": "TRUE", "ForceIntention": "true"})
    (w.workspace / "watch" / "Rows.xml").write_bytes(dump(Document("V20", [ForceTable("Force table", [row])])))
    filled = w.between(
        "watch_tables.import_",
        PLC | {"importFilePath": "watch/Rows.xml", "override": True},
        lambda: w.peek("watch_tables.get_force", FORCE)["entries"],
    )
    assert (filled.before, len(filled.after)) == ([], 1)
    w.refuses("watch_tables.force", FORCE, 501, "force_table.no_command")
    written = w.between(
        "watch_tables.export_force", FORCE | {"exportPath": "watch/Force.xml"}, lambda: w.files("watch")
    )
    assert written.appeared == ["watch/Force.xml"]
    assert w.changes("watch_tables.clear_force", FORCE, seen="watch_tables.get_force", by=FORCE).after["entries"] == []
    assert w.read("watch_tables.get_force", FORCE)["entries"] == []


def it_ends(w: Walk) -> None:
    w.changes("simulation.disconnect", seen="simulation.status", look=lambda s: s["connectedInstance"])
    w.peek("simulation_instances.run", ON)
    w.changes("simulation_instances.memory_reset", ON, seen="simulation_instances.state", by=ON, look=state)


CHAPTERS = (
    the_program_is_one_that_runs,
    instances_are_registered,
    profiles_make_instances,
    the_program_is_loaded,
    the_plc_is_online,
    the_simulated_plc_is_watched,
    *chapter_runtime.CHAPTERS,
    inputs_are_forced_and_modules_fail,
    time_is_in_hand,
    nothing_is_forced,
    it_ends,
)
