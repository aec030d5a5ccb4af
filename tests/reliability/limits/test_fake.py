"""What the fake of TIA Portal refuses by size and depth, and that nothing it accepts stops listing, saving or closing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_openness.core.errors import EngineeringTargetInvocationException
from openness_bridge import groups
from simatic_xml import limits
from simatic_xml.limits import LimitError
from tests.fakes.fake_openness.plc import Plant

STANDARD = "{ S7_Optimized_Access := 'FALSE' }"
DATA = 'DATA_BLOCK "{}"\n{}\nVAR\n a : {};\nEND_VAR\nBEGIN\nEND_DATA_BLOCK\n'


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    return Plant(tmp_path)


@pytest.mark.parametrize(
    ("access", "data_type"),
    [
        (STANDARD, "Array[0..65533] of Byte"),
        ("", "Array[1..1000, 1..512] of Int"),
    ],
)
def test_data_that_a_block_holds_are_generated_and_compiled(plant: Plant, access: str, data_type: str) -> None:
    plant.generate(DATA.format("D", access, data_type))
    assert plant.compile().ErrorCount == 0


@pytest.mark.parametrize(
    ("access", "data_type"),
    [
        (STANDARD, "Array[0..65534] of Byte"),
        ("", "Array[1..1000, 1..513] of Int"),
        ("", "Array[0..2147483647] of Int"),
    ],
)
def test_data_that_no_block_holds_are_refused_everywhere(plant: Plant, access: str, data_type: str) -> None:
    with pytest.raises(EngineeringTargetInvocationException) as caught:
        plant.generate(DATA.format("D", access, data_type))
    assert caught.value.FakeCode == "block.size"
    assert plant.blocks.Find("D") is None


def test_a_type_that_grows_makes_its_data_block_too_large(plant: Plant) -> None:
    def point(text: str) -> str:
        return f'TYPE "P"\nSTRUCT\n x : {text};\nEND_STRUCT;\nEND_TYPE\n'

    plant.generate(point("Int") + DATA.format("D", "", 'Array[1..1000] of "P"'), "a.scl")
    assert plant.compile().ErrorCount == 0
    plant.generate(point("Array[1..1000] of Int"), "b.scl")
    assert plant.compile().ErrorCount > 0


def test_folders_as_deep_as_the_limit_can_be_listed_saved_and_closed(plant: Plant) -> None:
    deep = limits.most("folder_levels")
    root = plant.plc.BlockGroup
    groups.create(root, "/".join(["x"] * deep), "PLC_1")
    with pytest.raises(LimitError) as caught:
        groups.create(root, "/".join(["x"] * (deep + 1)), "PLC_1")
    assert (caught.value.code, caught.value.limit, caught.value.value) == ("limit.folder_levels", deep, deep + 1)
    with pytest.raises(EngineeringTargetInvocationException):
        groups.folder(root, "/".join(["x"] * deep)).Groups.Create("x")
    assert list(groups.walk(root, "Blocks"))
    plant.project.Save()
    plant.project.Close()


@pytest.mark.slow
@settings(max_examples=20)
@given(
    structs=st.integers(1, 60), parentheses=st.integers(0, 100), folders=st.integers(1, 70), types=st.integers(1, 60)
)
def test_what_is_accepted_can_be_compiled_listed_and_saved(
    tmp_path_factory: pytest.TempPathFactory, structs: int, parentheses: int, folders: int, types: int
) -> None:
    plant = Plant(tmp_path_factory.mktemp("plant"))
    below = ["Int", *(f'"T{i}"' for i in range(types))]
    chain = "".join(f'TYPE "T{i}"\nSTRUCT\n x : {below[i]};\nEND_STRUCT;\nEND_TYPE\n' for i in range(types))
    inner = "x : STRUCT " * structs + "y : Int; " + "END_STRUCT; " * structs
    code = "#a := " + "(" * parentheses + "1" + ")" * parentheses + ";"
    sources = [
        chain + DATA.format("D", "", f'"T{types - 1}"'),
        f'DATA_BLOCK "N"\nVAR\n{inner}\nEND_VAR\nBEGIN\nEND_DATA_BLOCK\n',
        f'FUNCTION "F" : Void\nVAR_TEMP\n a : Int;\nEND_VAR\nBEGIN\n{code}\nEND_FUNCTION\n',
    ]
    for number, source in enumerate(sources):
        try:
            plant.generate(source, f"s{number}.scl")
        except (LimitError, EngineeringTargetInvocationException):
            continue
    try:
        groups.create(plant.plc.BlockGroup, "/".join(["x"] * folders), "PLC_1")
    except LimitError:
        assert folders > limits.most("folder_levels")
    plant.compile()
    assert list(groups.walk(plant.plc.BlockGroup, "Blocks"))
    plant.project.Save()
    plant.project.Close()
