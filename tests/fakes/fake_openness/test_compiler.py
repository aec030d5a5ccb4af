"""Rules of compiling and of consistency. Each test is named after its rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fake_openness.core.compile_messages import CompilerResultState
from simatic_xml import flgnet
from simatic_xml.model import Block, Network
from tests.fakes.fake_openness.plc import CPU_1200, Plant, code, db, fb, fc, idb, leaf_codes, paths, udt


def scl(name: str, *lines: str, declarations: str = "") -> str:
    body = "\n".join(f"\t{line}" for line in lines)
    return f'FUNCTION "{name}" : Void\n{declarations}BEGIN\n{body}\nEND_FUNCTION\n'


def lad(name: str, *rungs: dict[str, Any]) -> Block:
    block = fc(name)
    block.networks = [Network("LAD", source=flgnet.from_json(rung)) for rung in rungs]
    return block


def call(instance: str | None, **parameters: str) -> dict[str, Any]:
    """A network that calls the FB "Motor"."""
    box: dict[str, Any] = {"call": "Motor", "kind": "FB", "in": parameters}
    return {"rungs": [[box | ({"instance": instance} if instance else {})]]}


# -- tree ---------------------------------------------------------------------------------


def test_the_tree_goes_from_plc_to_folder_to_block_and_ends_with_a_summary(plant: Plant) -> None:
    group = plant.plc.BlockGroup.Groups.Create("Drives")
    text = scl("F", "// first", '"Nowhere" := TRUE;')
    plant.source(text).GenerateBlocksFromSource(group, plant.types["GenerateBlockOption"].None_)
    plant.blocks.Find("Main").Delete()
    result = plant.compile()
    assert [list(paths(message)) for message in result.Messages] == [
        [("PLC_1", "Program blocks", "Drives", "F (FC1)", "2")],
        [("",)],
    ]
    top, summary = result.Messages
    assert (top.Description, top.State, top.ErrorCount) == ("", CompilerResultState.Error, 1)
    assert (summary.Messages.Count, summary.ErrorCount) == (0, 1)
    assert "errors: 1; warnings: 0" in summary.Description


def test_errors_are_counted_by_leaves(plant: Plant) -> None:
    plant.generate(scl("F", '"A" := TRUE;', '"B" := TRUE;'))
    assert (plant.compile().ErrorCount, plant.compile().State) == (2, CompilerResultState.Error)


def test_a_compiled_block_says_so_and_then_all_is_up_to_date(plant: Plant) -> None:
    assert [leaf._code for leaf in plant.compile()._leaves()] == ["compile.success"]
    again = plant.compile()
    assert [leaf._code for leaf in again._leaves()] == ["compile.up_to_date"]
    assert again.State is CompilerResultState.Information


def test_callees_are_compiled_first(plant: Plant) -> None:
    plant.put(fb("Z"))
    plant.put(fb("M", static={"Inner": '"Z"'}))
    plant.put(fb("A", static={"Inner": '"M"'}))
    plant.blocks.Find("Main").Delete()
    done = [path[2] for path in paths(plant.compile().Messages[0])]
    assert done == ["Z (FB1)", "M (FB2)", "A (FB3)"]


def test_compiling_a_block_compiles_what_it_uses(plant: Plant) -> None:
    plant.put(udt("Point"))
    plant.put(db("Data", P='"Point"'), db("Other"))
    plant.compile(plant.blocks.Find("Data"))
    assert [plant.udts.Find("Point").IsConsistent, plant.blocks.Find("Data").IsConsistent] == [True, True]
    assert not plant.blocks.Find("Other").IsConsistent


def test_compiling_a_group_compiles_the_groups_below(plant: Plant) -> None:
    group = plant.plc.BlockGroup.Groups.Create("A")
    group.Groups.Create("B").Blocks.Import(plant.file(fb()), plant.types["ImportOptions"].None_)
    plant.compile(group)
    assert group.Groups.Find("B").Blocks.Find("Motor").IsConsistent
    assert not plant.blocks.Find("Main").IsConsistent


def test_a_device_compiles_hardware_and_software_its_cpu_item_hardware_alone(plant: Plant) -> None:
    cpu = next(item for item in plant.device.DeviceItems if item.GetService[plant.types["SoftwareContainer"]]())
    result = plant.compile(cpu)
    assert {path[1] for path in paths(result.Messages[0])} == {"Hardware configuration"}
    assert not plant.blocks.Find("Main").IsConsistent
    result = plant.compile(plant.device)
    assert {path[1] for path in paths(result.Messages[0])} == {"Hardware configuration", "Program blocks"}
    assert plant.blocks.Find("Main").IsConsistent


def test_compiling_is_refused_in_a_transaction(plant: Plant) -> None:
    access, transaction = plant.transaction()
    assert code(plant.compile) == "transaction.not_allowed"
    transaction.Dispose()
    access.Dispose()


def test_compile_sets_the_compile_date_only(plant: Plant) -> None:
    main = plant.blocks.Find("Main")
    before = (main.ModifiedDate, main.CodeModifiedDate, main.InterfaceModifiedDate)
    plant.compile()
    assert (main.ModifiedDate, main.CodeModifiedDate, main.InterfaceModifiedDate) == before
    assert main.CompileDate != main.CreationDate


# -- checks -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('"Nowhere" := TRUE;', ["name.undefined"]),
        ('"Data".Nothing := 1;', ["name.member_undefined"]),
        ('"Data".Value := 1;', []),
        ('"Data".value := 1;', []),
        ('"Data".Value.Deeper := 1;', ["name.member_undefined"]),
        ('"Data".P.X := 1;', []),
        ('"Data".P.Y := 1;', ["name.member_undefined"]),
        ('"Data".A[1].X := 1;', []),
        ('"Data".T.PT := T#1s;', []),
        ("#Local := 1;", []),
        ("#Missing := 1;", ["name.undefined"]),
        ("#Local := #LIMIT;", []),
        ('#Local := "MAX_COUNT";', []),
        ('"Tag_1" := TRUE;', []),
        ('"Nowhere"(X := 1);', ["name.undefined"]),
        ('"Motor_DB"(Start := TRUE);', []),
        ('"Motor_DB"(Go := TRUE);', ["call.parameter_unknown"]),
        ('"Scale"();', []),
        ("#Local := %DB77.DBW0;", ["name.undefined"]),
        ("#Local := %DB1.DBW0;", ["address.optimized"]),
        ("#Local := %DB9.DBW0;", []),
        ("#Local := %MW0;", []),
    ],
)
def test_names_in_a_program_must_exist(plant: Plant, line: str, expected: list[str]) -> None:
    plant.put(udt("Point", X="Int"), udt("Unused"))
    plant.put(db("Data", Value="Int", P='"Point"', A='Array[0..2] of "Point"', T="TON_TIME"), fb("Motor"), fc("Scale"))
    plant.put(idb("Motor_DB"))
    standard = db("Classic", 9)
    standard.memory_layout = "Standard"
    plant.put(standard)
    plant.tags.Create("Tag_1", "Bool", "%M0.0")
    plant.tables.Find("Default tag table").UserConstants.Create("MAX_COUNT", "Int", "5")
    declarations = "VAR_TEMP\n  Local : Int;\nEND_VAR\nVAR CONSTANT\n  LIMIT : Int := 3;\nEND_VAR\n"
    plant.generate(scl("F", line, declarations=declarations))
    found = leaf_codes(plant.compile())
    assert found == expected
    assert plant.blocks.Find("F").IsConsistent is not bool(expected)


def test_an_error_of_scl_carries_its_line_as_path(plant: Plant) -> None:
    plant.generate(scl("F", "// first", "", "// third", '"Nowhere" := TRUE;'))
    leaf = next(leaf for leaf in plant.compile()._leaves() if leaf.State is CompilerResultState.Error)
    assert leaf.Path == "4"


def test_an_error_of_lad_carries_its_network_as_path(plant: Plant) -> None:
    plant.tags.Create("A", "Bool", "%M0.0")
    good = {"rungs": [[{"contact": '"A"'}, {"coil": '"A"'}]]}
    bad = {"rungs": [[{"contact": '"A"'}, {"coil": '"Nowhere"'}]]}
    plant.put(lad("F", good, bad))
    leaf = next(leaf for leaf in plant.compile()._leaves() if leaf.State is CompilerResultState.Error)
    assert (leaf.Path, leaf._code) == ("Network 2", "name.undefined")


def test_an_unknown_data_type_is_an_error_of_the_interface(plant: Plant) -> None:
    plant.put(db("Data", P='"Nowhere"'), tolerate=True)
    leaf = next(leaf for leaf in plant.compile()._leaves() if leaf.State is CompilerResultState.Error)
    assert (leaf.Path, leaf._code) == ("Interface", "type.unknown")


def test_a_missing_constant_in_array_limits_is_an_error(plant: Plant) -> None:
    plant.put(db("Data", A='Array[0.."MAX_COUNT"] of Int'))
    assert leaf_codes(plant.compile()) == ["type.bounds"]
    plant.tables.Find("Default tag table").UserConstants.Create("MAX_COUNT", "Int", "5")
    assert leaf_codes(plant.compile()) == []


def test_a_call_of_a_missing_block_is_an_error(plant: Plant) -> None:
    plant.put(lad("F", call('"Motor_DB"', Start="TRUE")))
    texts = [leaf.Description for leaf in plant.compile()._leaves() if leaf._code == "name.undefined"]
    assert [name for name in ("Motor_DB", "'Motor'") if not any(name in text for text in texts)] == []


def test_an_fb_call_without_instance_is_an_error(plant: Plant) -> None:
    plant.put(fb("Motor"))
    plant.put(lad("F", call(None)))
    assert leaf_codes(plant.compile()) == ["call.instance_missing"]


def test_an_instance_db_must_exist_and_belong_to_the_fb(plant: Plant) -> None:
    plant.put(fb("Motor"), fb("Pump"))
    plant.put(idb("Pump_DB", "Pump"))
    plant.put(lad("F", call('"Motor_DB"')), lad("G", call('"Pump_DB"')))
    assert sorted(leaf_codes(plant.compile())) == ["call.instance_other", "name.undefined"]


def test_a_parameter_that_the_callee_lost_is_an_error_at_the_call(plant: Plant) -> None:
    plant.put(fb("Motor", inputs={"Start": "Bool"}))
    plant.put(idb("Motor_DB"))
    plant.put(lad("F", call('"Motor_DB"', Start="TRUE")))
    assert leaf_codes(plant.compile()) == []
    plant.put(fb("Motor", inputs={"Go": "Bool"}), override=True)
    assert leaf_codes(plant.compile()) == ["call.parameter_unknown"]


def test_an_instance_db_follows_its_fb_when_it_is_compiled(plant: Plant) -> None:
    plant.put(fb("Motor"))
    plant.put(idb("Motor_DB"))
    plant.compile()
    plant.put(fb("Motor", static={"Count": "Int"}), override=True)
    assert leaf_codes(plant.compile()) == []
    members = plant.exported(plant.blocks.Find("Motor_DB")).objects[0].section("Static").members
    assert [m.name for m in members] == ["Count"]


def test_duplicate_numbers_are_reported_by_a_full_compilation(plant: Plant) -> None:
    plant.put(fc("A", 910), fc("B", 910), db("C", 910))
    assert leaf_codes(plant.compile(plant.blocks.Find("A"))) == []
    assert leaf_codes(plant.compile()) == ["number.duplicate", "number.duplicate"]
    plant.plc._switches.duplicate_numbers_reported = False
    assert leaf_codes(plant.compile()) == []


def test_a_data_block_with_the_number_0_does_not_compile(plant: Plant) -> None:
    plant.put(db("Data", 0))
    assert leaf_codes(plant.compile()) == ["number.zero"]


def test_an_open_pin_is_an_error_of_the_network(plant: Plant) -> None:
    plant.put(lad("F", {"rungs": [[{"box": "Move", "out": {"out1": "#x"}}]]}))
    assert "network.missing-operand" in leaf_codes(plant.compile())


def test_a_jump_needs_its_label(plant: Plant) -> None:
    block = lad("F", {"rungs": [[{"contact": "TRUE"}, {"jump": "END"}]]})
    plant.put(block)
    assert leaf_codes(plant.compile()) == ["label.undefined"]


def test_constants_of_the_hardware_and_of_organization_blocks_are_known(plant: Plant) -> None:
    constants = plant.tables.Find("Default tag table").SystemConstants
    assert constants.Find("Local~PROFINET_interface_1").Value == "64"
    lines = ('#Local := "Local~PROFINET_interface_1";', '#Local := "OB_Main";', '#Local := "Nobody~PROFINET";')
    plant.generate(scl("F", *lines, declarations="VAR_TEMP\n  Local : UInt;\nEND_VAR\n"))
    assert [leaf.Path for leaf in plant.compile()._leaves() if leaf.State is CompilerResultState.Error] == ["3"]


def test_types_are_judged_in_every_language(plant: Plant) -> None:
    plant.tags.Create("Flag", "Bool", "%M0.0")
    plant.tags.Create("Level", "Int", "%MW2")
    plant.generate(scl("F", "// a flag is no number", '"Level" := "Flag";'))
    plant.put(lad("G", {"rungs": [[{"contact": '"Level"'}, {"coil": '"Flag"'}]]}))
    leaves = [leaf for leaf in plant.compile()._leaves() if leaf.State is CompilerResultState.Error]
    assert [(leaf.Path, leaf._code) for leaf in leaves] == [("2", "type.implicit"), ("Network 1", "type.pin")]


def test_a_change_of_a_callee_makes_its_callers_wrong(plant: Plant) -> None:
    plant.generate('FUNCTION "Twice" : Int\nVAR_INPUT\n  a : Int;\nEND_VAR\nBEGIN\n\t#Twice := #a * 2;\nEND_FUNCTION\n')
    plant.generate(scl("F", '#Local := "Twice"(a := 2);', declarations="VAR_TEMP\n  Local : Int;\nEND_VAR\n"))
    assert leaf_codes(plant.compile()) == []
    plant.generate(
        'FUNCTION "Twice" : Bool\nVAR_INPUT\n  a : Int;\nEND_VAR\nBEGIN\n\t#Twice := #a > 2;\nEND_FUNCTION\n'
    )
    assert leaf_codes(plant.compile()) == ["type.implicit"]
    assert not plant.blocks.Find("F").IsConsistent


def test_a_warning_leaves_a_block_consistent(plant: Plant) -> None:
    declarations = "VAR_TEMP\n  a : Int;\n  b : Int;\nEND_VAR\n"
    plant.generate(scl("F", "#b := #a;", declarations=declarations))
    result = plant.compile()
    assert (result.ErrorCount, result.WarningCount) == (0, 1)
    assert result.State is CompilerResultState.Warning
    assert plant.blocks.Find("F").IsConsistent


# -- consistency --------------------------------------------------------------------------


def test_an_import_makes_the_block_and_its_callers_inconsistent(plant: Plant) -> None:
    plant.put(fb("Motor"), db("Other"))
    plant.put(idb("Motor_DB"))
    plant.put(lad("F", call('"Motor_DB"')))
    plant.compile()
    plant.put(fb("Motor"), override=True)
    names = [b.Name for b in plant.reopened().blocks if not b.IsConsistent]
    assert sorted(names) == ["F", "Motor", "Motor_DB"]


def test_deleting_a_block_makes_everything_that_uses_it_inconsistent(plant: Plant) -> None:
    plant.put(db("Data"))
    plant.generate(scl("F", '"Data".Value := 1;'))
    plant.compile()
    plant.blocks.Find("Data").Delete()
    assert not plant.blocks.Find("F").IsConsistent
    assert leaf_codes(plant.compile()) == ["name.undefined"]


def test_a_block_with_errors_stays_inconsistent_and_is_compiled_again(plant: Plant) -> None:
    plant.generate(scl("F", '"Data".Value := 1;'))
    assert leaf_codes(plant.compile()) == leaf_codes(plant.compile()) == ["name.undefined"]
    plant.put(db("Data"))
    assert leaf_codes(plant.compile()) == []
    assert plant.blocks.Find("F").IsConsistent


def test_an_s7_1200_program_compiles_too(tmp_path: Path) -> None:
    plant = Plant(tmp_path, "17", CPU_1200)
    plant.put(fb("Motor"), idb("Motor_DB"))
    plant.put(lad("F", call('"Motor_DB"')))
    assert plant.compile().ErrorCount == 0


def test_the_name_of_a_function_is_its_result_within_it(plant: Plant) -> None:
    plant.generate('FUNCTION "Twice" : Int\nVAR_INPUT\n  a : Int;\nEND_VAR\nBEGIN\n\t#Twice := #a * 2;\nEND_FUNCTION\n')
    assert leaf_codes(plant.compile(plant.blocks.Find("Twice"))) == []
    plant.generate('FUNCTION "Once" : Int\nVAR_INPUT\n  a : Int;\nEND_VAR\nBEGIN\n\t#Twice := #a;\nEND_FUNCTION\n')
    assert leaf_codes(plant.compile(plant.blocks.Find("Once"))) == ["name.undefined", "flow.unassigned"]


# -- the CPU ------------------------------------------------------------------------------


@pytest.mark.parametrize(("firmware", "is_known"), [("V4.5", True), ("V4.4", False)])
def test_the_firmware_of_the_cpu_decides_about_instructions(tmp_path: Path, firmware: str, is_known: bool) -> None:
    plant = Plant(tmp_path, cpu=f"OrderNumber:6ES7 214-1AG40-0XB0/{firmware}")
    plant.generate(scl("F", "#n := Random();", declarations="VAR_TEMP\nn : UDInt;\nEND_VAR\n"))
    assert (plant.compile().ErrorCount == 0) is is_known
    plant.portal.Dispose()


# -- the simulation -----------------------------------------------------------------------


ASKING = scl("Asking", "#i := RH_GetPrimaryID();", declarations="VAR_TEMP i : Int; END_VAR\n")


def test_an_instruction_that_the_simulation_does_not_execute_is_a_warning_at_its_place(plant: Plant) -> None:
    plant.generate(ASKING)
    result = plant.compile()
    (leaf,) = (each for each in result._leaves() if each._code == "instruction.not_simulated")
    assert (leaf.Path, leaf.State) == ("1", CompilerResultState.Warning)
    assert leaf.Description.startswith("Not simulated: ")
    assert "RH_GetPrimaryID" in leaf.Description
    assert (result.ErrorCount, result.WarningCount) == (0, 1)
    assert plant.blocks.Find("Asking").IsConsistent


def test_a_cpu_that_is_not_simulated_gets_no_warning_about_the_simulation(tmp_path: Path) -> None:
    plant = Plant(tmp_path, cpu=CPU_1200)
    lines = ("#i := LED(LADDR := 1, LED := 1);", "#i := ABS(#i);")
    plant.generate(scl("Asking", *lines, declarations="VAR_TEMP i : Int; END_VAR\n"))
    assert "instruction.not_simulated" not in leaf_codes(plant.compile())
    plant.portal.Dispose()
