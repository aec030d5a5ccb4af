"""Master copies and types, in the project's library and in a global one."""

from __future__ import annotations

from tests.journeys.walk.chapter_program import MOTOR
from tests.journeys.walk.chapter_project import PLC
from tests.journeys.walk.walk import Walk, names

SHARED = {"libraryName": "Shared"}
MASTER = PLC | {"source": "Motor", "folder": "Drives"}
TYPE = {"typeName": "Lamp"}


def copies_are_kept(w: Walk) -> None:
    w.changes("libraries.create_copy_folder", {"folder": "Drives/Small"}, seen="libraries.tree")
    w.changes("libraries.delete_copy_folder", {"folder": "Drives/Small"}, seen="libraries.tree")
    assert names(w.changes("libraries.create_copy", MASTER, seen="libraries.list_copies").appeared) == ["Motor"]
    assert "Motor" in str(w.read("libraries.tree"))
    w.peek("blocks.delete", MOTOR)
    made = w.changes(
        "libraries.instantiate_copy", PLC | {"name": "Drives/Motor"}, seen="blocks.list_", by=PLC, look=names
    )
    assert made.appeared == ["Motor"]
    w.changes("libraries.delete_copy", {"name": "Drives/Motor"}, seen="libraries.list_copies")
    assert w.read("libraries.list_copies") == []
    assert w.read("libraries.info")["languages"]


def types_have_versions(w: Walk) -> None:
    w.peek("devices.compile_", PLC)
    w.changes("libraries_types.create_type_folder", {"folder": "Lamps/Small"}, seen="libraries.tree")
    w.changes("libraries_types.delete_type_folder", {"folder": "Lamps/Small"}, seen="libraries.tree")
    w.changes(
        "libraries_types.create_type", PLC | {"source": "Lamp", "version": "1.0.0"}, seen="libraries_types.list_types"
    )
    second = PLC | TYPE | {"version": "1.1.0", "source": "Lamp2", "comment": "Second"}
    w.changes("libraries_types.create_version", second, seen="libraries_types.get_type", by=TYPE)
    w.changes("libraries_types.set_default", TYPE | {"version": "1.0.0"}, seen="libraries_types.get_type", by=TYPE)
    assert len(w.read("libraries_types.get_type", TYPE)["libraryType"]["versions"]) == 2
    w.read("libraries_types.compare_types", {"leftType": "Lamp", "leftVersion": "1.1.0", "rightVersion": "1.0.0"})
    assert "Lamp" in names(w.read("libraries_types.list_types"))


def types_are_used(w: Walk) -> None:
    on = PLC | TYPE
    w.peek("blocks.delete", PLC | {"blockName": "Lamp2"})
    used = w.changes(
        "libraries_types.instantiate_type", on | {"version": "1.1.0"}, seen="libraries_types.get_type", by=TYPE
    )
    assert used.answer
    third = on | {"version": "1.2.0", "source": "Lamp", "release": False}
    w.changes("libraries_types.create_version", third, seen="libraries_types.get_type", by=TYPE)
    w.changes("libraries_types.discard_version", TYPE, seen="libraries_types.get_type", by=TYPE)
    w.peek("libraries_types.create_version", third)
    w.peek("blocks.compile_", PLC | {"blockName": "Lamp"})
    w.changes("libraries_types.release_version", TYPE | {"version": "1.2.0"}, seen="libraries_types.get_type", by=TYPE)
    assert w.read("libraries.update_check", {"all": True})["messages"]
    w.peek("libraries_types.set_default", TYPE | {"version": "1.1.0"})
    w.changes(
        "libraries.update_project",
        {"types": ["Lamp"], "devices": ["PLC_1"]},
        seen="libraries.update_check",
        by={"all": True},
    )
    assert w.peek("libraries.update_check", {"all": True})["isUpToDate"] is True
    w.between(
        "libraries.harmonize", {"types": ["Lamp"], "names": True, "paths": True}, lambda: w.peek("blocks.list_", PLC)
    )
    w.changes("libraries_types.delete_version", TYPE | {"version": "1.0.0"}, seen="libraries_types.get_type", by=TYPE)


def a_global_library_is_shared(w: Walk) -> None:
    w.changes("libraries_global.create", {"name": "Shared"}, seen="libraries_global.list_libraries", look=names)
    w.changes(
        "libraries.update_library",
        {"types": ["Lamp"], "targetLibrary": "Shared"},
        seen="libraries_global.list_types",
        by=SHARED,
    )
    w.changes(
        "libraries_global.create_copy_folder",
        SHARED | {"folder": "Drives/Small"},
        seen="libraries_global.tree",
        by=SHARED,
    )
    w.changes(
        "libraries_global.create_type_folder", SHARED | {"folder": "Lamps"}, seen="libraries_global.tree", by=SHARED
    )
    w.changes("libraries_global.create_copy", SHARED | MASTER, seen="libraries_global.list_copies", by=SHARED)
    w.peek("blocks.delete", MOTOR)
    w.changes(
        "libraries_global.instantiate_copy",
        SHARED | PLC | {"name": "Drives/Motor"},
        seen="blocks.list_",
        by=PLC,
        look=names,
    )
    w.changes(
        "libraries_global.delete_copy",
        SHARED | {"name": "Drives/Motor"},
        seen="libraries_global.list_copies",
        by=SHARED,
    )
    w.changes("libraries_global.save", SHARED, seen="libraries_global.info", by=SHARED)
    assert "Shared" in names(w.read("libraries_global.list_libraries"))
    assert w.read("libraries_global.tree", SHARED)
    assert w.read("libraries_global.info", SHARED)["languages"]


def libraries_feed_each_other(w: Walk) -> None:
    w.peek("libraries_global.create", {"name": "Other"})
    other = {"libraryName": "Other"}
    w.changes(
        "libraries_global.update_library",
        SHARED | {"types": ["Lamp"], "targetLibrary": "Other"},
        seen="libraries_global.list_types",
        by=other,
    )
    w.peek("libraries_global.close", other | {"discard": True})


def it_goes_around(w: Walk) -> None:
    """Archived, closed, brought back and opened; what is in it can be used in the project."""
    kept = w.between(
        "libraries_global.archive",
        SHARED | {"path": "archives/Shared.zal20", "save": True},
        lambda: w.files("archives"),
    )
    assert kept.appeared == ["archives/Shared.zal20"]
    path = next(each["path"] for each in w.peek("libraries_global.list_libraries") if each["name"] == "Shared")
    w.changes("libraries_global.close", SHARED | {"save": True}, seen="libraries_global.list_libraries")
    w.changes("libraries_global.open_", {"path": path, "readOnly": False}, seen="libraries_global.list_libraries")
    w.peek("libraries_global.close", SHARED | {"discard": True})
    w.changes(
        "libraries_global.retrieve",
        {"archivePath": "archives/Shared.zal20", "targetDirectory": "brought"},
        seen="libraries_global.list_libraries",
        look=names,
    )
    assert w.read("libraries_global.list_copies", SHARED) == []
    assert "Lamp" in names(w.read("libraries_global.list_types", SHARED))
    w.read("libraries_global.update_check", SHARED)
    versions = w.peek("libraries_global.list_types", SHARED)[0]["versions"]
    w.between("libraries_global.set_default", SHARED | TYPE | {"version": versions[-1]["version"]}, lambda: None)
    w.between("libraries_global.update_project", SHARED | {"types": ["Lamp"], "devices": ["PLC_1"]}, lambda: None)
    w.between("libraries_global.instantiate_type", SHARED | PLC | TYPE, lambda: w.peek("blocks.list_", PLC))
    w.between("libraries_global.clean_up", SHARED, lambda: None)
    w.between("libraries_global.delete_type", SHARED | TYPE, lambda: None)
    w.peek("libraries_global.close", SHARED | {"discard": True})


def what_is_unused_goes(w: Walk) -> None:
    w.between("libraries.clean_up", {"mode": "DeleteUnusedTypes"}, lambda: names(w.peek("libraries_types.list_types")))
    for name in ("Lamp", "Lamp_1"):
        if name in names(w.peek("blocks.list_", PLC)):
            w.peek("blocks.delete", PLC | {"blockName": name})
    w.changes("libraries_types.delete_type", TYPE, seen="libraries_types.list_types")


CHAPTERS = (
    copies_are_kept,
    types_have_versions,
    types_are_used,
    a_global_library_is_shared,
    libraries_feed_each_other,
    it_goes_around,
    what_is_unused_goes,
)
