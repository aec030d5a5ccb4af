"""Parts of LAD and FBD: how they are wired, and what the catalogue says of the instruction, are one."""

import pytest

from simatic_xml.flgnet.catalogue import ABSENT_IN_FBD, ENABLE, ENABLE_OUT, parts
from simatic_xml.instructions import RESULT, instructions, of_part, wiring

POWER = {ENABLE, ENABLE_OUT, ABSENT_IN_FBD}
COILS = {name for name, entry in parts().items() if entry.group == "coil"} - wiring()
ELEMENTS = {("GATHER", "src_type"), ("GATHER_BLK", "src_type"), ("GATHER_BLK", "dest_type"), ("BLKMOV", "blk_type")}
"""Templates that decide nothing: the type of array elements, which the array says already, and Any for Variant."""
BOXES = sorted(set(parts()) - wiring() - COILS)


def pins(name: str) -> list[str]:
    entry = parts()[name]
    return [pin for pin in (*entry.inputs, *entry.outputs) if pin not in POWER]


def test_every_part_is_an_instruction_or_a_wiring_element():
    assert [name for name in parts() if (of_part(name) is None) != (name in wiring())] == []
    assert wiring() <= set(parts())


@pytest.mark.parametrize("name", BOXES)
def test_pins_are_parameters(name):
    instruction = of_part(name)
    targets = {pin: instruction.of_pin(pin) for pin in pins(name)}
    assert [pin for pin, to in targets.items() if to != RESULT and instruction.parameter(to) is None] == []
    assert instruction.result or RESULT not in targets.values()


@pytest.mark.parametrize("name", [name for name in BOXES if parts()[name].complete])
def test_parameters_have_pins(name):
    instruction = of_part(name)
    reached = {instruction.of_pin(pin) for pin in pins(name)}
    assert [each.name for each in instruction.parameters if each.name not in reached] == []


@pytest.mark.parametrize("name", BOXES)
def test_directions_are_those_of_the_pins(name):
    instruction, entry = of_part(name), parts()[name]
    inputs = [instruction.parameter(instruction.of_pin(pin)) for pin in entry.inputs if pin not in POWER]
    outputs = [instruction.parameter(instruction.of_pin(pin)) for pin in entry.outputs if pin not in POWER]
    assert [each.name for each in inputs if each.direction == "Output"] == []
    assert [each.name for each in outputs if each is not None and each.direction == "Input"] == []


@pytest.mark.parametrize("name", BOXES)
def test_templates_set_type_variables(name):
    unknown = {(name, template) for template in parts()[name].type_templates} - ELEMENTS
    assert {template for _, template in unknown} <= set(of_part(name).templates)


@pytest.mark.parametrize("name", BOXES)
def test_memory_and_enable_output_agree(name):
    instruction, entry = of_part(name), parts()[name]
    assert bool(instruction.instance) == entry.instance
    assert instruction.eno == (ENABLE_OUT in entry.outputs)


@pytest.mark.parametrize("name", BOXES)
def test_the_usual_version_is_one_of_the_part(name):
    instruction, entry = of_part(name), parts()[name]
    another_form = instruction.part != instructions()[instruction.name].part
    assert another_form or instruction.version in (entry.versions or ("",))


@pytest.mark.parametrize("name", sorted(COILS))
def test_a_coil_is_another_form_of_a_box(name):
    instruction = of_part(name)
    box = instructions()[instruction.name]
    assert instruction.parameters == box.parameters
    assert {to for to in instruction.pins.values() if to != RESULT} <= {each.name for each in box.parameters}


def test_counted_pins_are_repeated_parameters():
    for name in BOXES:
        counted = parts()[name].card is not None
        assert counted <= bool(of_part(name).repeats), name
