"""Watch tables, the force table, and values while the program runs in a simulated PLC."""

from __future__ import annotations

from typing import Any

from tests.journeys.walk.chapter_project import PLC
from tests.journeys.walk.walk import Walk, names

WATCH = PLC | {"tableName": "Motor"}
FORCE = PLC | {"tableName": "Force table"}
ROWS = [
    {"name": "Start", "displayFormat": "Bool", "modifyValue": "TRUE"},
    {"address": "%MW10", "displayFormat": "DEC_signed"},
]


def entries(content: dict[str, Any]) -> list[str]:
    return [row["name"] or row["address"] for row in content["entries"]]


def watch_tables_are_made(w: Walk) -> None:
    w.between("watch_tables.create_folder", PLC | {"folder": "Line 1"}, lambda: None)
    made = w.changes(
        "watch_tables.create", PLC | {"name": "Motor", "folder": "Line 1"}, seen="watch_tables.list_watch", by=PLC
    )
    assert [(each["name"], each["folder"]) for each in made.appeared] == [("Motor", "Line 1")]
    w.changes("watch_tables.add_entries", WATCH | {"entries": ROWS}, seen="watch_tables.get_watch", by=WATCH)
    w.changes("watch_tables.remove_entries", WATCH | {"entries": ["%MW10"]}, seen="watch_tables.get_watch", by=WATCH)
    assert [name.strip('"') for name in entries(w.read("watch_tables.get_watch", WATCH))] == ["Start"]
    written = w.between(
        "watch_tables.export_watch", WATCH | {"exportPath": "watch/Motor.xml"}, lambda: w.files("watch")
    )
    assert written.appeared == ["watch/Motor.xml"]
    w.changes("watch_tables.clear_entries", WATCH, seen="watch_tables.get_watch", by=WATCH)
    w.changes("watch_tables.delete", WATCH, seen="watch_tables.list_watch", by=PLC)
    back = w.changes(
        "watch_tables.import_", PLC | {"importFilePath": "watch/Motor.xml"}, seen="watch_tables.list_watch", by=PLC
    )
    assert names(back.appeared) == ["Motor"]
    w.peek("watch_tables.create", PLC | {"name": "Spare", "folder": "Line 1"})
    gone = w.changes(
        "watch_tables.delete_folder", PLC | {"folder": "Line 1", "force": True}, seen="watch_tables.list_watch", by=PLC
    )
    assert names(gone.gone) == ["Spare"]
    assert "Motor" in names(w.read("watch_tables.list_watch", PLC))


def there_is_one_force_table(w: Walk) -> None:
    assert names(w.read("watch_tables.list_force", PLC)) == ["Force table"]
    with w.unchanged("watch_tables.list_force", PLC):
        w.refuses("watch_tables.create_force", PLC | {"name": "Second"}, 409, "force_table.exists")
        w.refuses("watch_tables.delete_force", FORCE, 409, "force_table.fixed")


CHAPTERS = (watch_tables_are_made, there_is_one_force_table)
