"""Tag tables, tags, constants, and what carries them in and out."""

from __future__ import annotations

from tests.journeys.walk.chapter_project import PLC
from tests.journeys.walk.walk import Walk, names

TABLE = PLC | {"tableName": "Conveyor"}
START = {"name": "Start", "dataType": "Bool", "logicalAddress": "%I0.0", "tableName": "Conveyor"}


def folder_names(node: dict) -> list[str]:
    return [node["name"]] + [name for child in node["children"] for name in folder_names(child)]


def tables_are_made(w: Walk) -> None:
    w.changes("tag_tables.create_folder", PLC | {"folder": "Line 1/Spare"}, seen="tag_tables.tree", by=PLC)
    assert {"Line 1", "Spare"} <= set(folder_names(w.read("tag_tables.tree", PLC)))
    w.changes("tag_tables.delete_folder", PLC | {"folder": "Line 1/Spare"}, seen="tag_tables.tree", by=PLC)
    for name in ("Conveyor", "Old"):
        made = w.changes("tag_tables.create", PLC | {"name": name, "folder": "Line 1"}, seen="tag_tables.list_", by=PLC)
        assert names(made.appeared) == [name]
    renamed = w.changes(
        "tag_tables.update", PLC | {"tableName": "Old", "newName": "Older"}, seen="tag_tables.list_", by=PLC, look=names
    )
    assert (renamed.gone, renamed.appeared) == (["Old"], ["Older"])
    gone = w.changes("tag_tables.delete", PLC | {"tableName": "Older"}, seen="tag_tables.list_", by=PLC, look=names)
    assert gone.gone == ["Older"]
    assert "Conveyor" in names(w.read("tag_tables.list_", PLC))


def tags_are_made(w: Walk) -> None:
    made = w.changes("tags.add", PLC | START, seen="tags.list_", by=TABLE)
    assert names(made.appeared) == ["Start"]
    changed = w.changes(
        "tags.update", TABLE | {"tagName": "Start", "comment": "Start button"}, seen="tags.list_all", by=PLC
    )
    assert [tag["comment"] for tag in changed.appeared] == ["Start button"]
    w.changes("tags.add", PLC | START | {"name": "Spare", "logicalAddress": "%I9.0"}, seen="tags.list_", by=TABLE)
    assert names(w.changes("tags.delete", TABLE | {"tagName": "Spare"}, seen="tags.list_", by=TABLE).gone) == ["Spare"]
    assert w.read("tags.list_all", PLC) == w.read("tags.list_", TABLE)


def constants_are_made(w: Walk) -> None:
    constant = {"name": "MAX_SPEED", "dataType": "Int", "value": "1500"}
    assert names(w.changes("constants.create", TABLE | constant, seen="constants.list_user", by=TABLE).appeared) == [
        "MAX_SPEED"
    ]
    changed = w.changes(
        "constants.update", TABLE | {"constantName": "MAX_SPEED", "value": "1800"}, seen="constants.list_", by=TABLE
    )
    assert [each["value"] for each in changed.appeared] == ["1800"]
    default = PLC | {"tableName": "Default tag table"}
    system = w.read("constants.list_system", default)
    assert [each for each in w.read("constants.list_", default) if each in system] == system != []
    w.changes("constants.create", TABLE | constant | {"name": "SPARE"}, seen="constants.list_", by=TABLE)
    w.changes("constants.delete", TABLE | {"constantName": "SPARE"}, seen="constants.list_", by=TABLE)
    assert names(w.read("constants.list_user", TABLE)) == ["MAX_SPEED"]


def tags_are_carried(w: Walk) -> None:
    """Each way out is written and read in again into another table, which then shows the same tags."""
    for format_, name in (("csv", "tags/c.csv"), ("excel", "tags/c.xlsx"), ("json", "tags/c.json")):
        written = w.between(f"tag_transfer.export_{format_}", TABLE | {"exportPath": name}, lambda: w.files("tags"))
        assert name in written.appeared
    all_of_it = w.between("tag_transfer.export_all", PLC | {"exportPath": "tags/all.xlsx"}, lambda: w.files("tags"))
    assert all_of_it.appeared == ["tags/all.xlsx"]
    xml = w.read("tag_tables.export_xml", TABLE)
    (w.workspace / "tags" / "Conveyor.xml").write_text(xml, encoding="utf-8")
    ways = (
        ("tag_tables.import_xml", {"importFilePath": "tags/Conveyor.xml"}),
        ("tag_transfer.import_csv", {"tableName": "Conveyor", "filePath": "tags/c.csv"}),
        ("tag_transfer.import_xlsx", {"tableName": "Conveyor", "filePath": "tags/c.xlsx"}),
        ("tag_transfer.import_json", {"tableName": "Conveyor", "filePath": "tags/c.json"}),
    )
    for name, arguments in ways:
        wanted = w.peek("tags.list_", TABLE)
        w.peek("tags.delete", TABLE | {"tagName": "Start"})
        if name == "tag_tables.import_xml":
            w.peek("tag_tables.delete", TABLE)
            w.changes(name, PLC | {"folder": "Line 1"} | arguments, seen="tag_tables.list_", by=PLC)
        else:
            w.changes(name, PLC | arguments, seen="tags.list_", by=TABLE)
        assert w.peek("tags.list_", TABLE) == wanted, name


CHAPTERS = (tables_are_made, tags_are_made, constants_are_made, tags_are_carried)
