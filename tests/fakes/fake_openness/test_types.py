"""Rules of PLC data types. Each test is named after its rule."""

from __future__ import annotations

import pytest

from fake_openness.blocks.plc_types import PlcStruct
from fake_openness.core.errors import EngineeringObjectDisposedException
from tests.fakes.fake_openness.plc import Plant, code, db, fb, idb, udt


def test_a_data_type_comes_by_import_only(plant: Plant) -> None:
    made = plant.put(udt("Point", X="Int"))[0]
    assert isinstance(made, PlcStruct)
    assert plant.udts.Find("point") == made
    assert not hasattr(plant.udts, "Create")


def test_a_data_type_has_no_number_and_no_code_dates(plant: Plant) -> None:
    names = {info.Name for info in plant.put(udt())[0].GetAttributeInfos()}
    assert names == {
        "Name",
        "IsConsistent",
        "IsKnowHowProtected",
        "CreationDate",
        "ModifiedDate",
        "InterfaceModifiedDate",
    }


def test_a_data_type_within_a_data_type_must_exist(plant: Plant) -> None:
    assert code(plant.put, udt("Line", Start='"Point"')) == "import.missing_reference"
    plant.put(udt("Point", X="Int"))
    assert plant.put(udt("Line", Start='"Point"'))[0].Name == "Line"


def test_a_data_type_cannot_contain_itself(plant: Plant) -> None:
    assert code(plant.put, udt("A", Next='"A"')) == "type.recursion"
    plant.put(udt("A", X="Int"))
    plant.put(udt("B", Inner='Array[0..1] of "A"'))
    options = plant.types["ImportOptions"].Override
    assert code(plant.udts.Import, plant.file(udt("A", Back='"B"')), options) == "type.recursion"


def test_data_type_names_are_unique_over_all_groups(plant: Plant) -> None:
    plant.put(udt("Point"))
    group = plant.plc.TypeGroup.Groups.Create("Geometry")
    assert code(group.Types.Import, plant.file(udt("POINT")), plant.types["ImportOptions"].None_) == "import.exists"
    assert (
        code(group.Types.Import, plant.file(udt("POINT")), plant.types["ImportOptions"].Override)
        == "import.other_group"
    )


def test_a_changed_data_type_makes_its_users_inconsistent_through_all_levels(plant: Plant) -> None:
    plant.put(udt("Inner", X="Int"))
    plant.put(udt("Outer", I='"Inner"'))
    plant.put(db("Data", O='"Outer"'), fb("Motor", static={"O": '"Outer"'}), db("Other"))
    plant.put(idb("Motor_DB", "Motor"))
    plant.compile()
    plant.put(udt("Inner", X="DInt"), override=True)
    consistent = {element._name: element._state.consistent for element in plant.plc._program}
    assert consistent == {
        "Main": True,
        "Inner": False,
        "Outer": False,
        "Data": False,
        "Motor": False,
        "Motor_DB": False,
        "Other": True,
    }


def test_an_inconsistent_data_type_cannot_be_exported(plant: Plant) -> None:
    made = plant.put(udt())[0]
    info = plant.types["FileInfo"](str(plant.new_path()))
    assert code(made.Export, info, plant.types["ExportOptions"].None_) == "export.inconsistent"
    plant.compile(made)
    assert [m.name for m in plant.exported(made).objects[0].members] == ["Speed", "Run"]


def test_a_used_data_type_can_be_deleted_and_its_users_fail_to_compile(plant: Plant) -> None:
    plant.put(udt("Point"))
    plant.put(db("Data", P='"Point"'))
    plant.compile()
    point = plant.udts.Find("Point")
    point.Delete()
    with pytest.raises(EngineeringObjectDisposedException):
        _ = point.Name
    assert [leaf._code for leaf in plant.compile()._leaves()] == ["type.unknown"]


def test_data_types_in_groups_survive_reopening(plant: Plant) -> None:
    plant.plc.TypeGroup.Groups.Create("A").Groups.Create("B").Types.Import(
        plant.file(udt("Point")), plant.types["ImportOptions"].None_
    )
    plant.compile()
    found = plant.reopened().plc.TypeGroup.Groups.Find("A").Groups.Find("B").Types.Find("Point")
    assert found.IsConsistent
    assert plant.exported(found).objects[0].name == "Point"
