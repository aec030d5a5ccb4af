"""The executable program of a workspace: complete, numbered, without errors."""

import pytest

from simatic_xml.model import Block, Tag, UserConstant
from tests.fakes.virtual_plc.workspaces import workspace
from virtual_plc.memory.program import ProgramError, program_of

SOURCE = """
TYPE "Pair" STRUCT x : Int; END_STRUCT; END_TYPE
ORGANIZATION_BLOCK "Main" BEGIN "Do"(); END_ORGANIZATION_BLOCK
FUNCTION "Do" : Void BEGIN "Data".n := 1; END_FUNCTION
FUNCTION_BLOCK "Keep" VAR n : "Pair"; END_VAR BEGIN END_FUNCTION_BLOCK
FUNCTION "Other" : Void BEGIN END_FUNCTION
DATA_BLOCK "Data" VAR n : Int; END_VAR BEGIN END_DATA_BLOCK
DATA_BLOCK "Kept" "Keep" BEGIN END_DATA_BLOCK
"""


def test_a_program_has_its_blocks_tags_and_constants() -> None:
    tag, constant = Tag("Level", data_type="Int", address="%MW4"), UserConstant("LIMIT", data_type="Int", value="5")
    program = program_of(workspace(SOURCE, tag, constant))
    assert set(program.blocks) == {"main", "do", "keep", "other"}
    assert set(program.data_blocks) == {"data", "kept"}
    assert program.tags["level"].address == "%MW4"
    assert program.constant("limit") is not None and program.constant("nothing") is None
    assert program.instances["keep"] is program.data_blocks["kept"].type


def test_blocks_without_a_number_get_the_lowest_free_one() -> None:
    made = workspace(SOURCE)
    for name, number in (("Data", 1), ("Do", 1)):
        block = made.find(name)
        assert isinstance(block, Block)
        block.number = number
        made.put(block)
    program = program_of(made)
    numbers = {each.name: each.number for each in program.blocks.values()}
    numbers |= {each.name: each.number for each in program.data_blocks.values()}
    assert numbers == {"Main": 1, "Do": 1, "Other": 2, "Keep": 1, "Data": 1, "Kept": 2}
    assert program.find_by_number("FC", 2) is program.blocks["other"]
    assert program.find_by_number("DB", 2) is program.data_blocks["kept"]
    assert program.find_by_number("DB", 3) is None
    assert made.symbols.lookup("Kept").number is None


def test_organization_blocks_get_numbers_of_their_event() -> None:
    made = workspace(
        "".join(f'ORGANIZATION_BLOCK "{name}" BEGIN END_ORGANIZATION_BLOCK ' for name in ("A", "B", "Startup", "Fast"))
    )
    for name, event in (("Startup", "Startup"), ("Fast", "CyclicInterrupt")):
        block = made.find(name)
        assert isinstance(block, Block)
        block.secondary_type = event
        made.put(block)
    program = program_of(made)
    numbers = {each.name: each.number for each in program.blocks.values()}
    assert numbers["A"] == 1 and numbers["B"] == 123
    assert numbers["Startup"] == 100 and numbers["Fast"] == 30


def test_a_workspace_with_errors_is_no_program() -> None:
    made = workspace(
        'FUNCTION "A" : Void BEGIN "Nothing"(); END_FUNCTION FUNCTION "B" : Void BEGIN #x := 1; END_FUNCTION'
    )
    with pytest.raises(ProgramError) as error:
        program_of(made)
    assert {each.place.block for each in error.value.problems} == {"A", "B"}
    assert "A, network 1, line 1:" in str(error.value) or "A, line 1:" in str(error.value)
