"""Rules of watch and force tables. Each test is named after its rule."""

from __future__ import annotations

import pytest

from fake_openness.core.errors import EngineeringObjectDisposedException
from fake_openness.tags.watch_entries import PlcForceTableEntry, PlcTableCommentEntry, PlcWatchTableEntry
from simatic_xml.model import ForceTable, WatchEntry, WatchTable
from tests.fakes.fake_openness.plc import Plant, code, fb


def watch(name: str = "Watch_1") -> WatchTable:
    row = WatchEntry('"Start"', "%I0.0", "Bool", attributes={"ModifyValue": "true", "ModifyIntention": "true"})
    return WatchTable(name, [WatchEntry(comment={"en-US": "inputs"}), row])


def force(name: str = "Force table") -> ForceTable:
    return ForceTable(name, [WatchEntry('"Start"', attributes={"ForceValue": "TRUE", "ForceIntention": "true"})])


def test_entries_create_makes_comment_rows_only(plant: Plant) -> None:
    made = plant.plc.WatchAndForceTableGroup.WatchTables.Create("W")
    entry = made.Entries.Create()
    assert isinstance(entry, PlcTableCommentEntry)
    assert not hasattr(entry, "Comment")
    again = plant.reopened().plc.WatchAndForceTableGroup.WatchTables.Find("W").Entries
    assert (again.Count, isinstance(again[0], PlcTableCommentEntry)) == (1, True)


def test_rows_with_operands_come_by_import_and_are_read_only(plant: Plant) -> None:
    tables = plant.plc.WatchAndForceTableGroup.WatchTables
    made = tables.Import(plant.file(watch()), plant.types["ImportOptions"].None_)[0]
    row = made.Entries[1]
    assert isinstance(made.Entries[0], PlcTableCommentEntry)
    assert isinstance(row, PlcWatchTableEntry)
    assert (row.Name, row.Address, row.DisplayFormat.ToString(), row.ModifyValue, row.ModifyIntention) == (
        '"Start"',
        "%I0.0",
        "Bool",
        "true",
        True,
    )
    with pytest.raises(AttributeError):
        row.ModifyValue = "false"


def test_a_watch_table_goes_out_and_in_again(plant: Plant) -> None:
    tables = plant.plc.WatchAndForceTableGroup.WatchTables
    made = tables.Import(plant.file(watch()), plant.types["ImportOptions"].None_)[0]
    content = plant.exported(made, 0).objects[0]
    options = plant.types["ImportOptions"]
    assert code(tables.Import, plant.file(content), options.None_) == "import.exists"
    new = tables.Import(plant.file(content), options.Override)[0]
    with pytest.raises(EngineeringObjectDisposedException):
        _ = made.Entries
    assert plant.exported(new, 0).objects == plant.exported(new, 0).objects
    assert [entry.name for entry in plant.exported(new, 0).objects[0].entries] == [None, '"Start"']


def test_a_row_can_be_deleted(plant: Plant) -> None:
    made = plant.plc.WatchAndForceTableGroup.WatchTables.Import(
        plant.file(watch()), plant.types["ImportOptions"].None_
    )[0]
    row = made.Entries[1]
    row.Delete()
    with pytest.raises(EngineeringObjectDisposedException):
        _ = row.Name
    assert plant.reopened().plc.WatchAndForceTableGroup.WatchTables.Find("Watch_1").Entries.Count == 1


def test_watch_tables_have_names_of_their_own(plant: Plant) -> None:
    tables = plant.plc.WatchAndForceTableGroup.WatchTables
    tables.Create("W")
    assert code(tables.Create, "w") == "name.exists"
    assert code(tables.Import, plant.file(fb()), plant.types["ImportOptions"].None_) == "import.wrong_kind"
    table = tables.Find("W")
    table.Name = "V"
    table.Delete()
    assert tables.Count == 0


def test_there_is_exactly_one_force_table(plant: Plant) -> None:
    tables = plant.plc.WatchAndForceTableGroup.ForceTables
    assert tables.Count == 1
    assert not hasattr(tables, "Create")
    assert not hasattr(tables[0], "Delete")
    assert plant.plc.WatchAndForceTableGroup.Groups.Create("G").ForceTables.Count == 0


def test_the_force_table_is_filled_by_import(plant: Plant) -> None:
    tables, options = plant.plc.WatchAndForceTableGroup.ForceTables, plant.types["ImportOptions"]
    assert code(tables.Import, plant.file(watch()), options.None_) == "import.wrong_kind"
    made = tables.Import(plant.file(force()), options.None_)[0]
    assert isinstance(made.Entries[0], PlcForceTableEntry)
    assert (made.Entries[0].ForceValue, made.Entries[0].ForceIntention) == ("TRUE", True)
    assert code(tables.Import, plant.file(force()), options.None_) == "import.exists"
    tables.Import(plant.file(ForceTable("Force table")), options.Override)
    assert plant.reopened().plc.WatchAndForceTableGroup.ForceTables[0].Entries.Count == 0


def test_groups_of_watch_tables_survive_reopening(plant: Plant) -> None:
    plant.plc.WatchAndForceTableGroup.Groups.Create("G").WatchTables.Create("W").Entries.Create()
    group = plant.reopened().plc.WatchAndForceTableGroup.Groups.Find("G")
    assert group.WatchTables.Find("W").Entries.Count == 1
    group.Delete()
    assert plant.plc.WatchAndForceTableGroup.Groups.Count == 0
