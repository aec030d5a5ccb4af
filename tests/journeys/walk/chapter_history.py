"""What is kept of earlier states, and what uses what."""

from __future__ import annotations

from typing import Any

from tests.journeys.walk.chapter_program import MOTOR, content
from tests.journeys.walk.chapter_project import PLC
from tests.journeys.walk.chapter_tags import TABLE
from tests.journeys.walk.walk import Walk, names

TYPE = PLC | {"udtName": "UDT_Motor"}


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["snapshotId"] for row in rows]


def snapshots_are_taken(w: Walk) -> None:
    w.peek("blocks.compile_", MOTOR)
    w.changes("block_snapshots.create", MOTOR | {"note": "first"}, seen="block_snapshots.list_", by=MOTOR)
    w.changes("history.snapshot_block", MOTOR | {"note": "second"}, seen="history.of_block", by=MOTOR, look=ids)
    w.changes("history.snapshot_tags", TABLE, seen="history.of_tags", by=TABLE, look=ids)
    w.changes("history.snapshot_type", TYPE, seen="history.of_type", by=TYPE, look=ids)
    assert ids(w.read("block_snapshots.list_", MOTOR)) == ids(w.read("history.of_block", MOTOR))
    everything = set(ids(w.read("history.list_")))
    assert everything == {
        *ids(w.read("history.of_block", MOTOR)),
        *ids(w.read("history.of_tags", TABLE)),
        *ids(w.read("history.of_type", TYPE)),
    }
    assert w.read("history.stats")["count"] == len(everything)


def they_are_put_back(w: Walk) -> None:
    newest = {"snapshotId": ids(w.peek("history.of_block", MOTOR))[0]}
    assert w.read("history.get", newest)["note"] == "second"
    assert w.read("history.compare", newest)["equal"] is True
    w.peek("blocks.add_member", MOTOR | {"section": "Input", "name": "extra", "dataType": "Bool"})
    w.peek("blocks.compile_", MOTOR)
    assert w.peek("history.compare", newest)["equal"] is False
    assert "extra" not in w.read("history.content", newest)["rawXml"]
    back = w.between("history.restore", newest, lambda: str(content(w)["interface"]))
    assert ("extra" in back.before, "extra" in back.after) == (True, False)
    w.peek("blocks.add_member", MOTOR | {"section": "Input", "name": "extra", "dataType": "Bool"})
    back = w.between("block_snapshots.load", MOTOR | newest, lambda: str(content(w)["interface"]))
    assert ("extra" in back.before, "extra" in back.after) == (True, False)
    w.refuses("block_snapshots.load_start_values", MOTOR, 422, "block.not_a_db")
    w.refuses("block_snapshots.export_prodiag", MOTOR | {"exportPath": "prodiag"}, 422, "block.no_prodiag")
    gone = w.changes("history.delete", newest, seen="history.of_block", by=MOTOR, look=ids)
    assert gone.gone == [newest["snapshotId"]]
    w.changes("history.cleanup", {"olderThanDays": 0, "keep": 0}, seen="history.list_", look=ids)


def what_uses_what(w: Walk) -> None:
    assert names(w.read("cross_references.of_tag", PLC | {"tagName": "Start"})["sources"])
    assert "Main" in str(w.peek("cross_references.of_tag", PLC | {"tagName": "Start"}))
    assert "Start" in str(w.read("cross_references.of_block", PLC | {"blockName": "Main"}))
    assert "Start" in str(w.read("cross_references.of_table", TABLE))
    assert w.read("cross_references.of_udt", TYPE)["name"] == "UDT_Motor"
    assert "Lamp" in [
        each["name"] for each in w.read("cross_references.of_program", PLC | {"filter": "unused"})["objects"]
    ]
    assert "Main" in names(w.read("cross_references.call_structure", PLC)["calls"])
    order = w.read("cross_references.dependency_order", PLC)["names"]
    assert set(names(w.peek("blocks.list_", PLC))) <= set(order)
    assert "Running" in str(w.read("cross_references.assignment_list", PLC | {"area": "Q"}))


CHAPTERS = (snapshots_are_taken, they_are_put_back, what_uses_what)
