"""Technology objects: types and versions by CPU, parameters, files, groups, compilation and download."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import simatic_xml
from fake_openness.core.errors import EngineeringObjectDisposedException, EngineeringTargetInvocationException
from simatic_xml.model import Block, Member, Section
from tests.fakes.fake_openness.online_kit import Rig
from tests.fakes.fake_openness.plc import CPU_1200, CPU_1500, Plant, code
from tests.fakes.fake_plcsim.kit import until

CPU_1511T = "OrderNumber:6ES7 511-1TK01-0AB0/V2.6"
CPU_OLD = "OrderNumber:6ES7 511-1AK01-0AB0/V2.0"
CPU_315 = "OrderNumber:6ES7 315-2EH14-0AB0/V3.2"


def objects(plant: Plant) -> Any:
    return plant.plc.TechnologicalObjectGroup.TechnologicalObjects


def make(plant: Plant, kind: str = "PID_Compact", version: str = "2.3", name: str = "") -> Any:
    return objects(plant).Create(name or f"{kind}_1", kind, plant.types["Version"](version))


def value(thing: Any, name: str) -> Any:
    return thing.Parameters.Find(name).Value


def put(thing: Any, name: str, new: Any) -> None:
    thing.Parameters.Find(name).Value = new


def container(plant: Plant, axis: Any) -> Any:
    return axis.GetService[plant.types["OutputCamMeasuringInputContainer"]]()


def file_of(name: str = "PID_1", kind: str = "PID_Compact", version: str = "2.3", **more: Any) -> Block:
    attributes = {"OfSystemLibElement": kind, "OfSystemLibVersion": version}
    return Block("TechnologicalInstanceDB", name, attributes=attributes, instance_of=kind, **more)


def take(plant: Plant, *blocks: Any, override: bool = False, version: str | None = None) -> list[Any]:
    options = plant.types["ImportOptions"](int(override))
    return list(objects(plant).Import(plant.file(*blocks, version=version), options))


# -- types and versions -------------------------------------------------------------------


def test_a_technology_object_is_created_by_type_and_version(plant: Plant) -> None:
    made = make(plant, name="Heater")
    assert (type(made).__name__, made.Name, made.Number) == ("TechnologicalInstanceDB", "Heater", 1)
    assert (made.OfSystemLibElement, made.InstanceOfName) == ("PID_Compact", "PID_Compact")
    assert made.OfSystemLibVersion.ToString() == "2.3"
    assert made.ProgrammingLanguage.ToString() == "Motion_DB"
    assert objects(plant).Find("heater") is made
    assert not made.IsConsistent


@pytest.mark.parametrize(
    ("cpu", "kind", "version", "expected"),
    [
        (CPU_1500, "PID_Compact", "2.2", "technology.version"),
        (CPU_1500, "PID_Temp", "1.2", "technology.version"),
        (CPU_1500, "PID_Nothing", "1.0", "technology.type"),
        (CPU_1500, "TO_CommandTable", "6.0", "technology.type"),
        (CPU_1500, "TO_Cam", "5.0", "technology.type"),
        (CPU_1511T, "TO_Cam", "5.0", ""),
        (CPU_1511T, "TO_Cam_10k", "6.0", "technology.firmware"),
        (CPU_1500, "TO_SpeedAxis", "3.0", ""),
        (CPU_1500, "TO_OutputCam", "5.0", "technology.place"),
        (CPU_1200, "TO_PositioningAxis", "6.0", ""),
        (CPU_1200, "TO_PositioningAxis", "5.0", "technology.version"),
        (CPU_1200, "TO_SpeedAxis", "6.0", "technology.type"),
        (CPU_1200, "CONT_C", "1.1", "technology.type"),
        (CPU_315, "CONT_C", "1.1", ""),
        (CPU_315, "PID_Compact", "2.3", "technology.type"),
    ],
)
def test_the_cpu_decides_about_types_and_versions(
    tmp_path: Path, cpu: str, kind: str, version: str, expected: str
) -> None:
    plant = Plant(tmp_path, "21", cpu)
    if expected:
        assert code(make, plant, kind, version) == expected
        assert objects(plant).Count == 0
    else:
        assert make(plant, kind, version).OfSystemLibElement == kind


def test_names_and_numbers_are_those_of_data_blocks(plant: Plant) -> None:
    plant.put(Block("GlobalDB", "Data", 1))
    assert code(make, plant, "PID_Compact", "2.3", "Data") == "name.exists"
    assert make(plant).Number == 2
    assert (
        code(plant.blocks.CreateFB, "PID_Compact_1", True, 0, plant.types["ProgrammingLanguage"].SCL) == "name.exists"
    )


def test_an_axis_contains_output_cams_and_measuring_inputs(plant: Plant) -> None:
    axis, version = make(plant, "TO_PositioningAxis", "5.0", "Axis"), plant.types["Version"]("5.0")
    within = container(plant, axis)
    cam = within.OutputCams.Create("Cam", "TO_OutputCam", version)
    track = within.OutputCams.Create("Track", "TO_CamTrack", version)
    probe = within.MeasuringInputs.Create("Probe", "TO_MeasuringInput", version)
    assert [each.Name for each in within.OutputCams] == ["Cam", "Track"]
    assert [each.Name for each in objects(plant)] == ["Axis"]
    assert code(within.OutputCams.Create, "Other", "TO_MeasuringInput", version) == "technology.place"
    assert container(plant, make(plant, "TO_SpeedAxis", "5.0", "Speed")) is None
    again = plant.reopened()
    within = container(again, objects(again).Find("Axis"))
    assert [each.Name for each in within.OutputCams] == ["Cam", "Track"]
    assert [each.Name for each in within.MeasuringInputs] == ["Probe"]
    objects(again).Find("Axis").Delete()
    assert {each._name for each in again.plc._program} == {"Main", "Speed"}
    assert [type(each).__name__ for each in (cam, track, probe)] == ["TechnologicalInstanceDB"] * 3


def test_the_version_can_be_changed(plant: Plant) -> None:
    pid = make(plant)
    pid.OfSystemLibVersion = plant.types["Version"]("3.0")
    assert pid.OfSystemLibVersion.ToString() == "3.0"
    assert pid.Parameters.Find("Retain.CtrlParams.DeadZone") is not None
    with pytest.raises(EngineeringTargetInvocationException):
        pid.OfSystemLibVersion = plant.types["Version"]("2.0")


# -- parameters ---------------------------------------------------------------------------


def test_parameters_have_the_values_and_types_of_their_tags(plant: Plant) -> None:
    pid = make(plant)
    assert value(pid, "Config.InputUpperLimit") == 120.0
    assert value(pid, "Retain.CtrlParams.Ti") == 20.0
    assert value(pid, "Mode") == 4
    assert value(pid, "RunModeByStartup") is True
    assert pid.Parameters.Find("config.inputupperlimit").Name == "Config.InputUpperLimit"
    assert pid.Parameters.Find("Config.Nothing") is None
    put(pid, "Config.InputUpperLimit", 3.5)
    put(pid, "Config.InvertControl", True)
    put(pid, "Mode", 3)
    assert (value(pid, "Config.InputUpperLimit"), value(pid, "Config.InvertControl"), value(pid, "Mode")) == (
        3.5,
        True,
        3,
    )
    again = objects(plant.reopened()).Find("PID_Compact_1")
    assert (value(again, "Config.InputUpperLimit"), value(again, "Mode")) == (3.5, 3)


@pytest.mark.parametrize(
    ("name", "new", "expected"),
    [
        ("Mode", 5, "technology.range"),
        ("Mode", -1, "technology.range"),
        ("Mode", True, "technology.value"),
        ("Mode", 3.0, "technology.value"),
        ("Mode", 40_000, "technology.value"),
        ("RunModeByStartup", 1, "technology.value"),
        ("Retain.CtrlParams.Gain", -0.5, "technology.range"),
        ("Retain.CtrlParams.Gain", "2.0", "technology.value"),
        ("Retain.CtrlParams.Gain", 1e39, "technology.value"),
        ("Config.OutputLowerLimit", -100.5, "technology.range"),
        ("ScaledInput", 1.0, "technology.read_only"),
    ],
)
def test_a_value_of_another_type_or_outside_of_the_limits_is_refused(
    plant: Plant, name: str, new: Any, expected: str
) -> None:
    pid = make(plant)
    before = value(pid, name)
    assert code(put, pid, name, new) == expected
    assert value(pid, name) == before


def test_a_parameter_makes_the_object_inconsistent(plant: Plant) -> None:
    pid = make(plant)
    plant.compile(pid)
    assert pid.IsConsistent
    put(pid, "CycleTime.Value", 0.05)
    assert not pid.IsConsistent


def test_parameters_outside_of_the_data_block(plant: Plant) -> None:
    axis = make(plant, "TO_PositioningAxis", "5.0")
    assert value(axis, "_Units.LengthUnit") == 1013
    assert value(make(plant, "TO_SpeedAxis", "5.0"), "_Units.VelocityUnit") == 1083
    put(axis, "_Properties.MotionType", 1)
    assert value(objects(plant).Find("TO_PositioningAxis_1"), "_Properties.MotionType") == 1
    assert code(put, axis, "_Properties.MotionType", 2) == "technology.range"


def test_a_motion_object_offers_tags_that_can_be_written(plant: Plant) -> None:
    """Read-only tags are no parameters; Sensor[1].Type is one of those that Openness writes nevertheless."""
    axis = make(plant, "TO_PositioningAxis", "5.0")
    put(axis, "Sensor[1].Type", 1)
    assert value(axis, "Sensor[1].Type") == 1
    for absent in ("StatusWord", "ActualPosition", "StatusDrive.Error", "Sensor[2].Type", "InternalToTrace"):
        assert axis.Parameters.Find(absent) is None


def test_an_axis_of_a_t_cpu_has_four_encoders(tmp_path: Path) -> None:
    axis = make(Plant(tmp_path, "20", CPU_1511T), "TO_SynchronousAxis", "4.0")
    put(axis, "Sensor[4].Interface.Number", 2)
    assert [value(axis, f"Sensor[{index}].Interface.Number") for index in (1, 2, 3, 4)] == [0, 0, 0, 2]
    assert axis.Parameters.Find("Sensor[5].Type") is None


def test_the_version_decides_about_parameters(plant: Plant) -> None:
    old, new = make(plant, "PID_Compact", "2.3", "Old"), make(plant, "PID_Compact", "3.0", "New")
    assert old.Parameters.Find("Retain.CtrlParams.DeadZone") is None
    assert value(old, "_Retain.CtrlParams.SetByUser") is False
    assert value(new, "Retain.CtrlParams.DeadZone") == 0.0
    assert new.Parameters.Find("_Retain.CtrlParams.SetByUser") is None


def test_controllers_of_an_s7_300(tmp_path: Path) -> None:
    classic = Plant(tmp_path, "20", CPU_315)
    assert make(classic, "PID_CP", "2.0").Parameters.Count == 0
    loop = make(classic, "CONT_C", "1.1")
    assert (value(loop, "GAIN"), value(loop, "CYCLE"), value(loop, "MAN_ON")) == (2.0, 1000.0, True)
    put(loop, "TI", 2500.0)
    assert value(loop, "TI") == 2500.0


def test_a_cam_can_only_be_read(tmp_path: Path) -> None:
    plant = Plant(tmp_path, "20", "OrderNumber:6ES7 518-4TP00-0AB0/V2.9")
    static = [Member("Limit", "LReal", start_value="1.5"), Member("StatusWord", "DWord")]
    [cam] = take(plant, file_of("Cam", "TO_Cam", "6.0", interface=[Section("Static", static)]))
    assert [each.Name for each in cam.Parameters] == ["Limit"]
    assert value(cam, "Limit") == 1.5
    assert code(put, cam, "Limit", 2.0) == "technology.read_only"


# -- files --------------------------------------------------------------------------------


def test_an_exported_object_can_be_imported_again(plant: Plant) -> None:
    pid = make(plant)
    put(pid, "Retain.CtrlParams.Gain", 0.75)
    plant.compile(pid)
    exported = plant.exported(pid)
    [content] = exported.objects
    assert (content.kind, content.instance_of, content.language) == (
        "TechnologicalInstanceDB",
        "PID_Compact",
        "Motion_DB",
    )
    assert content.attributes["OfSystemLibVersion"] == "2.3"
    pid.Delete()
    [again] = take(plant, content)
    assert value(again, "Retain.CtrlParams.Gain") == 0.75
    plant.compile(again)
    [second] = plant.exported(again).objects
    assert simatic_xml.dump(simatic_xml.Document("V20", [second])) == simatic_xml.dump(
        simatic_xml.Document("V20", [content])
    )


def test_an_inconsistent_object_cannot_be_exported(plant: Plant) -> None:
    assert code(plant.exported, make(plant)) == "export.inconsistent"


def test_old_versions_cannot_be_imported_or_exported(plant: Plant) -> None:
    axis = make(plant, "TO_SpeedAxis", "4.0")
    plant.compile(axis)
    assert code(plant.exported, axis) == "technology.transfer"
    assert code(take, plant, file_of("Axis", "TO_SpeedAxis", "4.0")) == "technology.transfer"
    assert [each.Name for each in take(plant, file_of("Axis", "TO_SpeedAxis", "5.0"))] == ["Axis"]


def test_import_replaces_only_with_override(plant: Plant) -> None:
    old = make(plant, name="PID_1")
    assert code(take, plant, file_of()) == "import.exists"
    [new] = take(plant, file_of(), override=True)
    assert objects(plant).Find("PID_1") is new
    with pytest.raises(EngineeringObjectDisposedException):
        old.Delete()


def test_an_axis_that_is_replaced_keeps_its_cams(plant: Plant) -> None:
    axis = make(plant, "TO_PositioningAxis", "5.0", "Axis")
    container(plant, axis).OutputCams.Create("Cam", "TO_OutputCam", plant.types["Version"]("5.0"))
    [new] = take(plant, file_of("Axis", "TO_PositioningAxis", "5.0"), override=True)
    assert [each.Name for each in container(plant, new).OutputCams] == ["Cam"]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (file_of(kind="PID_Other"), "technology.type"),
        (file_of(version="1.0"), "technology.version"),
        (file_of(version=""), "technology.type"),
        (file_of(kind="TO_OutputCam", version="5.0"), "technology.place"),
        (Block("GlobalDB", "Data"), "import.wrong_kind"),
    ],
)
def test_what_an_import_refuses(plant: Plant, block: Block, expected: str) -> None:
    assert code(take, plant, block) == expected
    assert objects(plant).Count == 0


def test_a_technology_object_is_no_program_block(plant: Plant) -> None:
    assert code(plant.put, file_of()) == "import.wrong_kind"
    assert objects(plant).Count == 0


def test_several_objects_of_a_file_come_all_or_not_at_all(plant: Plant) -> None:
    assert code(take, plant, file_of("A"), file_of("B", version="1.0")) == "technology.version"
    assert code(take, plant, file_of("A"), file_of("a")) == "import.twice"
    assert objects(plant).Count == 0
    assert [each.Name for each in take(plant, file_of("A"), file_of("B", "CONT_C", "1.1"))] == ["A", "B"]


@pytest.mark.parametrize(("version", "kept"), [("2.4", False), ("3.0", True)])
def test_an_import_resets_the_unit_of_older_controllers(plant: Plant, version: str, kept: bool) -> None:
    static = [Member("PhysicalUnit", "Int", start_value="9"), Member("CancelTuningLevel", "Real", start_value="5.0")]
    [made] = take(plant, file_of(version=version, interface=[Section("Static", static)]))
    assert value(made, "PhysicalUnit") == (9 if kept else 0)
    assert value(made, "CancelTuningLevel") == 5.0


def test_a_value_of_a_file_outside_of_the_limits_is_an_error_of_the_compilation(plant: Plant) -> None:
    static = [Member("CancelTuningLevel", "Real", start_value="'wrong'")]
    [wrong] = take(plant, file_of("Wrong", interface=[Section("Static", static)]))
    [outside] = take(plant, file_of("Outside", interface=[Section("InOut", [Member("Mode", "Int", start_value="9")])]))
    codes = {leaf._code for leaf in plant.compile(wrong)._leaves() if leaf.State.name == "Error"}
    assert codes == {"value.invalid"}
    assert {leaf._code for leaf in plant.compile(outside)._leaves() if leaf.State.name == "Error"} == {
        "technology.range"
    }
    put(outside, "Mode", 3)
    assert plant.compile(outside).State.name == "Success"


def test_before_v16_technology_objects_are_not_imported(tmp_path: Path) -> None:
    plant = Plant(tmp_path, "15.1", CPU_OLD)
    assert not hasattr(objects(plant), "Import")
    assert make(plant).Name == "PID_Compact_1"


# -- groups -------------------------------------------------------------------------------


def test_groups_of_technology_objects_exist_from_v21_on(plant: Plant, tmp_path: Path) -> None:
    assert not hasattr(plant.plc.TechnologicalObjectGroup, "Groups")
    new = Plant(tmp_path / "new", "21")
    group = new.plc.TechnologicalObjectGroup.Groups.Create("Line")
    inner = group.Groups.Create("Heating")
    pid = inner.TechnologicalObjects.Create("PID_1", "PID_Compact", new.types["Version"]("2.3"))
    new.compile(group)
    assert pid.IsConsistent
    again = new.reopened()
    root: Any = again.plc.TechnologicalObjectGroup
    assert root.Groups.Find("Line").Groups.Find("Heating").TechnologicalObjects.Find("PID_1") is not None
    root.Groups.Find("Line").Delete()
    assert again.plc._program.find("PID_1") is None


# -- compile and download -----------------------------------------------------------------


def test_motion_objects_get_the_version_of_the_last_one_at_the_compilation(plant: Plant) -> None:
    first, second = make(plant, "TO_SpeedAxis", "3.0", "A"), make(plant, "TO_SpeedAxis", "5.0", "B")
    pid = make(plant, "PID_Compact", "2.3")
    plant.compile()
    assert [each.OfSystemLibVersion.ToString() for each in (first, second, pid)] == ["5.0", "5.0", "2.3"]


def test_findings_are_below_technology_objects(plant: Plant) -> None:
    pid = make(plant, name="PID_1")
    [root] = plant.compile(pid).Messages[0].Messages
    assert [root.Path, *(each.Path for each in root.Messages)] == ["Technology objects", "PID_1 (DB1)"]


def test_a_transaction_takes_an_object_back(plant: Plant) -> None:
    access, transaction = plant.transaction()
    make(plant)
    transaction.Dispose()
    access.Dispose()
    assert objects(plant).Count == 0
    assert plant.plc._program.find("PID_Compact_1") is None


PROGRAM = """ORGANIZATION_BLOCK "Cycle"
VAR_TEMP on : Bool; END_VAR
BEGIN
"Heater".Retain.CtrlParams.Gain := 2.0;
"Heater".sNotListed := 5;
"Shown".gain := "Heater".Retain.CtrlParams.Gain;
"Shown".limit := "Heater".Config.InputUpperLimit;
"Shown".maximum := "Axis".DynamicLimits.MaxVelocity;
END_ORGANIZATION_BLOCK
DATA_BLOCK "Shown"
STRUCT gain : Real; limit : Real; maximum : LReal; END_STRUCT
BEGIN
END_DATA_BLOCK
"""


def test_a_program_with_technology_objects_is_loaded_and_has_their_parameters(rig: Rig) -> None:
    heater = make(rig, name="Heater")
    put(heater, "Config.InputUpperLimit", 95.0)
    axis = make(rig, "TO_PositioningAxis", "5.0", "Axis")
    put(axis, "DynamicLimits.MaxVelocity", 250.0)
    rig.generate(PROGRAM)
    assert rig.compile().State.name != "Error"
    assert rig.load().State.name == "Success"
    rig.run()
    rig.instance.UpdateTagList()
    until(lambda: rig.instance.ReadDouble("Shown.maximum") == 250.0)
    assert rig.instance.ReadFloat("Shown.limit") == 95.0
    assert rig.instance.ReadFloat("Shown.gain") == 2.0


def test_a_wrong_type_is_an_error_of_the_program(plant: Plant) -> None:
    make(plant, name="Heater")
    plant.generate('ORGANIZATION_BLOCK "Cycle" BEGIN "Heater".Retain.CtrlParams.Gain := TRUE; END_ORGANIZATION_BLOCK')
    assert "type.implicit" in {leaf._code for leaf in plant.compile()._leaves() if leaf.State.name == "Error"}


def test_a_master_copy_makes_another_object(plant: Plant) -> None:
    pid = make(plant, name="PID_1")
    put(pid, "Retain.CtrlParams.Gain", 4.0)
    plant.compile(pid)
    copy = plant.project.ProjectLibrary.MasterCopyFolder.MasterCopies.Create(pid)
    assert [each.ContentName for each in copy.ContentDescriptions] == ["PID_1"]
    assert code(objects(plant).CreateFrom, copy) == "library.exists"
    pid.Delete()
    assert value(objects(plant).CreateFrom(copy), "Retain.CtrlParams.Gain") == 4.0
    objects(plant).Find("PID_1").Delete()
    assert code(plant.blocks.CreateFrom, copy) == "import.wrong_kind"


def test_the_number_of_a_data_block_goes_through_db_any(rig: Rig) -> None:
    rig.generate(
        """ORGANIZATION_BLOCK "Cycle"
VAR_TEMP held : DB_ANY; END_VAR
BEGIN
"Shown".number := 7;
#held := UINT_TO_DB_ANY("Shown".number);
"Shown".again := DB_ANY_TO_UINT(#held);
END_ORGANIZATION_BLOCK
DATA_BLOCK "Shown" STRUCT number : UInt; again : UInt; END_STRUCT BEGIN END_DATA_BLOCK
"""
    )
    assert rig.compile().State.name != "Error"
    assert rig.load().State.name == "Success"
    rig.run()
    rig.instance.UpdateTagList()
    until(lambda: rig.instance.ReadUInt16("Shown.again") == 7)
    assert rig.instance.ReadUInt16("Shown.number") == 7


def test_a_program_passes_a_technology_object_as_db_any(plant: Plant) -> None:
    make(plant, "TO_SpeedAxis", "5.0", "Axis")
    plant.generate(
        """FUNCTION_BLOCK "Drives"
VAR_INPUT which : DB_ANY; END_VAR
VAR power : MC_POWER; number : UInt; END_VAR
BEGIN
#number := DB_ANY_TO_UINT(#which);
IF TypeOfDB(#which) = TO_SpeedAxis THEN
  #power(Axis := #which, Enable := TRUE);
END_IF;
END_FUNCTION_BLOCK
DATA_BLOCK "Drives_DB" "Drives" BEGIN END_DATA_BLOCK
FUNCTION "Use" : Void
BEGIN
"Drives_DB"(which := "Axis");
END_FUNCTION
"""
    )
    assert plant.compile().State.name != "Error"
