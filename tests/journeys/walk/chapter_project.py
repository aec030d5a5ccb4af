"""The portal, the project and its devices."""

from __future__ import annotations

from tests.journeys.walk.walk import Walk, names

CPU = "6ES7 511-1AK02-0AB0"
PLC = {"deviceName": "PLC_1"}


def a_portal_is_launched(w: Walk) -> None:
    assert w.read("health.ping")["pong"] is True
    assert w.read("health.live") == {"alive": True}
    assert w.read("health.ready") == {"ready": True}
    assert w.read("health.details")["storage"]["writable"] is True
    version = w.read("portals.version")["tiaVersion"]
    assert [each["version"] for each in w.read("health.versions") if each["inUse"]] == [version]
    assert w.read("portals.instances") == []
    launched = w.changes("portals.launch", {"withUi": False}, seen="portals.status")
    (instance,) = w.peek("portals.instances")
    assert instance["processId"] == launched.answer["processId"] == w.read("portals.status")["processId"]
    assert [each["instance"] for each in w.read("portals.diagnostics")] == [instance]
    assert w.read("health.health")["portals"] == 1
    assert w.read("health.diagnostics")["checks"]
    assert {feature["key"] for feature in w.read("access.features")["features"]} >= {"hasVcs", "hasTestHarness"}


def a_project_is_made(w: Walk) -> None:
    made = w.changes("projects.create", {"name": "Plant", "directory": "projects"}, seen="projects.list_")
    assert names(w.read("projects.list_")) == ["Plant"]
    assert w.read("projects.history")[0]["path"] == made.answer["path"]


def devices_are_added(w: Walk) -> None:
    entry = w.read("catalog.find", {"orderNumber": CPU})[0]
    assert entry["typeIdentifier"] in [
        hit["typeIdentifier"] for hit in w.read("catalog.search", {"query": "1511-1 PN"})
    ]
    w.refuses("catalog.image", {"orderNumber": CPU}, 501, "catalog.no_images")
    w.changes("catalog.cache_build", seen="catalog.cache_status")
    assert w.read("catalog.cache_status")["entries"] > 100
    w.between("catalog.cache_load", None, lambda: w.peek("catalog.cache_status")["entries"])
    add = {"orderNumber": CPU, "version": "V2.9", "name": "PLC_1", "deviceName": "Station_1"}
    assert w.changes("devices.add", add, seen="devices.list_", look=names).appeared == ["Station_1"]
    spare = {"orderNumber": CPU, "version": "V2.9", "name": "PLC_9", "deviceName": "Station_9"}
    w.changes("devices.add", spare, seen="devices.list_", look=names)
    renamed = w.changes("devices.rename", {"deviceName": "PLC_9", "newName": "Spare"}, seen="devices.list_", look=names)
    assert (renamed.gone, renamed.appeared) == (["Station_9"], ["Spare"])
    assert w.changes("devices.delete", {"deviceName": "Spare"}, seen="devices.list_", look=names).gone == ["Spare"]
    assert w.read("devices.list_") == [w.read("devices.get", PLC)]


def modules_are_plugged(w: Walk) -> None:
    module = {"orderNumber": "6ES7 521-1BH00-0AB0", "name": "DI 16", "slot": 2}
    free = w.read("hardware.compatible_slots", PLC | {"orderNumber": "6ES7 521-1BH00-0AB0"})
    assert 2 in [slot["position"] for slot in free["racks"][0]["slots"] if "6ES7 521-1BH00-0AB0" in str(slot["fits"])]
    w.changes("hardware.plug", PLC | module, seen="hardware.details", by=PLC)
    assert "DI 16" in str(w.read("hardware.details", PLC))
    moved = w.changes(
        "hardware.set_addresses", PLC | {"itemName": "DI 16", "input": 10}, seen="hardware.details", by=PLC
    )
    assert "'start': 10" in str(moved.after)
    address = {"ipAddress": "192.168.0.10", "subnetMask": "255.255.255.0", "subnet": "PN/IE_1"}
    w.changes("devices.configure_network", PLC | address, seen="projects.infrastructure")
    assert w.read("projects.infrastructure")["subnets"][0]["name"] == "PN/IE_1"
    written = w.between(
        "hardware.export_hardware", PLC | {"exportPath": "hardware/PLC_1.aml"}, lambda: w.files("hardware")
    )
    assert "hardware/PLC_1.aml" in written.appeared
    w.changes("hardware.unplug", PLC | {"itemName": "DI 16"}, seen="hardware.details", by=PLC)
    assert "DI 16" not in str(w.peek("hardware.details", PLC))
    back = w.changes(
        "hardware.import_hardware",
        {"importFilePath": "hardware/PLC_1.aml", "option": "parkingLot"},
        seen="devices.parking_lot",
    )
    assert back.after["devices"]
    assert w.read("devices.parking_lot")["devices"]
    assert w.changes("devices.clear_parking_lot", seen="devices.parking_lot").after["devices"] == []


def the_project_is_kept(w: Walk) -> None:
    """Save, archive, restore, forget; the project that the walk goes on with is open at the end."""
    w.changes("projects.save", seen="projects.list_")
    path = w.peek("projects.history")[0]["path"]
    assert path.endswith(w.peek("projects.files")[0]["name"]) or w.read("projects.files")
    support = w.changes("projects.simulation_support", {"enabled": True}, seen="projects.list_")
    assert support.answer["enabled"] is True
    archived = w.between(
        "projects.archive", {"path": "archives/Plant.zap20", "save": True}, lambda: w.files("archives")
    )
    assert archived.appeared == ["archives/Plant.zap20"]
    w.changes("projects.close", {"save": True}, seen="projects.list_")
    restored = w.changes(
        "projects.create_from_archive",
        {"archivePath": "archives/Plant.zap20", "targetDirectory": "restored"},
        seen="projects.list_",
    )
    assert "restored" in restored.answer["path"]
    w.peek("projects.close", {"save": True})
    w.changes(
        "projects.forget",
        {"path": restored.answer["path"]},
        seen="projects.history",
        look=lambda rows: [row["path"] for row in rows],
    )
    w.changes("projects.open_", {"path": path}, seen="projects.list_")
    assert names(w.read("projects.get_overview")["devices"]) == ["Station_1"]


CHAPTERS = (a_portal_is_launched, a_project_is_made, devices_are_added, modules_are_plugged, the_project_is_kept)
