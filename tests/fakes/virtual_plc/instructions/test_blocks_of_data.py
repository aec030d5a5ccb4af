"""Several values at once: moves, bytes, bits, variants, data blocks by number, addresses."""

import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.program.types.types import BOOL, INT, Array, Structure, Text, Variable
from simatic_xml.program.workspace import Workspace
from tests.fakes.virtual_plc.instructions.kit import (
    array,
    call,
    checked,
    element,
    instance,
    of,
    slot,
    value,
)
from virtual_plc.faults import IndexReadFault, IndexWriteFault, MissingBlockFault
from virtual_plc.instructions.registry import KEEP
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import program_of
from virtual_plc.memory.starting_values import Slot
from virtual_plc.memory.storage import class_of, new
from virtual_plc.memory.views import new_view

MOTOR = Structure("Motor", "udt", (Variable("on", BOOL), Variable("speed", INT), Variable("name", Text("String", 4))))
BITS = Structure("Bits", "udt", tuple(Variable(f"b{number}", BOOL) for number in range(8)))


def _motor(speed: int, name: str = "") -> Any:
    made = class_of(MOTOR)()
    made.speed, made.name = speed, name
    return made


# Moves ---------------------------------------------------------------------------------------------------------------


def test_elements_are_moved_and_areas_may_overlap() -> None:
    numbers = [1, 2, 3, 4, 5]
    given = {"IN": element(numbers, 0, "Int"), "COUNT": 3, "OUT": element(numbers, 1, "Int")}
    assert call("MOVE_BLK", given) == {"ENO": True}
    assert numbers == [1, 1, 2, 3, 5]


def test_what_is_too_much_is_not_moved() -> None:
    source, target = [1, 2, 3], [0, 0]
    given = {"IN": element(source, 1, "Int"), "COUNT": 4, "OUT": element(target, 0, "Int")}
    assert call("MOVE_BLK", given) == {"ENO": False}
    assert target == [2, 3]
    assert call("FILL_BLK", {"IN": 9, "COUNT": 3, "OUT": element(target, 1, "Int")}) == {"ENO": False}
    assert target == [2, 9]


def test_moved_structures_are_copies() -> None:
    motors = [_motor(1), _motor(2), _motor(3)]
    call("MOVE_BLK", {"IN": Slot(motors, 0, MOTOR), "COUNT": 2, "OUT": Slot(motors, 1, MOTOR)})
    assert [each.speed for each in motors] == [1, 1, 2]
    motors[0].speed = 7
    assert motors[1].speed == 1


def _moved(source: Any, count: int, first: int, to: int, target: Any) -> tuple[int, bool]:
    return checked("MOVE_BLK_VARIANT", source, count, first, to, target)


def test_variants_are_moved_by_index_from_zero() -> None:
    source, target = array([1, 2, 3, 4], "Array[5..8] of Int"), array([0, 0, 0], "Array[-1..1] of Int")
    assert _moved(source, 2, 1, 1, target) == (0, True)
    assert target.get() == [0, 2, 3]


INTS = array([1, 2, 3], "Array[4..6] of Int")


@pytest.mark.parametrize(
    ("source", "count", "first", "to", "target", "status"),
    [
        (None, 1, 0, 0, INTS, 0x8151),
        (INTS, 1, 0, 0, None, 0x8551),
        (array([True], "Array[0..0] of Bool"), 1, 0, 0, INTS, 0x8154),
        (slot(True, "Bool"), 1, 0, 0, slot(False, "Bool"), 0x8154),
        (INTS, 1, 0, 0, array([True], "Array[0..0] of Bool"), 0x8554),
        (INTS, 1, 0, 0, array([0], "Array[0..0] of Word"), 0x80B4),
        (INTS, 0, 0, 0, INTS, 0x8281),
        (INTS, 1, -1, 0, INTS, 0x8382),
        (INTS, 1, 3, 0, INTS, 0x8382),
        (slot(5, "Int"), 1, 1, 0, INTS, 0x8382),
        (INTS, 4, 0, 0, INTS, 0x8383),
        (INTS, 2, 2, 0, INTS, 0x8383),
        (INTS, 1, 0, -1, INTS, 0x8482),
        (INTS, 1, 0, 3, INTS, 0x8482),
        (INTS, 2, 0, 2, INTS, 0x8483),
        (INTS, 2, 0, 0, slot(5, "Int"), 0x8483),
        (INTS, 3, 0, 0, INTS, 0),
        (INTS, 1, 2, 2, INTS, 0),
    ],
)
def test_a_move_that_is_not_possible_has_its_number(
    source: Any, count: int, first: int, to: int, target: Any, status: int
) -> None:
    found, right = _moved(source, count, first, to, target)
    assert (found & 0xFFFF, right) == (status, status == 0)
    assert INTS.get() == [1, 2, 3]


def test_bytes_are_copied_and_filled() -> None:
    source, target = array([0x0102, 0x0304], "Array[0..1] of Word"), array([0] * 6, "Array[0..5] of Byte")
    assert checked("BLKMOV", source, target) == (0, True)
    assert target.get() == [1, 2, 3, 4, 0, 0]
    assert checked("FILL", slot(0xAB, "Byte"), target) == (0, True)
    assert target.get() == [0xAB] * 6
    assert checked("BLKMOV", None, target)[1] is False
    assert checked("FILL", target, None)[1] is False


# Bytes ---------------------------------------------------------------------------------------------------------------


def test_a_structure_becomes_bytes_with_standard_layout_and_comes_back() -> None:
    buffer, position = array([0] * 20, "Array[0..19] of Byte"), slot(3, "DInt")
    motor = _motor(0x1234, "ab")
    motor.on = True
    assert checked("Serialize", Slot([motor], 0, MOTOR), buffer, position) == (0, True)
    assert bytes(buffer.get()[3:13]) == b"\x01\x00\x12\x34\x04\x02ab\x00\x00"
    assert position.get() == 13
    back = Slot([_motor(0)], 0, MOTOR)
    position.set(3)
    assert checked("Deserialize", buffer, back, position) == (0, True)
    assert (back.get().on, back.get().speed, back.get().name) == (True, 0x1234, "ab")


def _bytes(count: int = 3, element: str = "Byte") -> Any:
    return array([0] * count, f"Array[0..{count - 1}] of {element}")


@pytest.mark.parametrize(
    ("variable", "buffer", "position", "written", "read"),
    [
        (None, _bytes(), 0, 0x8150, 0x8250),
        (slot(1, "Int"), None, 0, 0x8250, 0x8150),
        (slot(1, "Int"), _bytes(3, "Int"), 0, 0x8254, 0x8154),
        (slot(1, "Int"), slot(0, "Byte"), 0, 0x8254, 0x8154),
        (slot(1, "Int"), _bytes(), -1, 0x8382, 0x8382),
        (slot(1, "Int"), _bytes(), 3, 0x8382, 0x8382),
        (slot(1, "DInt"), _bytes(), 0, 0x8253, 0x8153),
        (slot(1, "Int"), _bytes(), 2, 0x8253, 0x8153),
        (slot(0, "Int"), _bytes(), 1, 0, 0),
        (slot(0, "Int"), array(["$"] * 3, "Array[0..2] of Char"), 1, 0, 0),
    ],
)
def test_serialised_data_that_do_not_fit_have_their_number(
    variable: Any, buffer: Any, position: int, written: int, read: int
) -> None:
    for name, operands, status in (
        ("Serialize", (variable, buffer), written),
        ("Deserialize", (buffer, variable), read),
    ):
        before, place = None if buffer is None else repr(buffer.get()), slot(position, "DInt")
        found, right = checked(name, *operands, place)
        assert (found & 0xFFFF, right, place.get()) == (status, status == 0, position if status else 3)
        assert not status or buffer is None or repr(buffer.get()) == before


HOLDER = Structure("Holder", "udt", (Variable("n", INT), Variable("raw", of("Array[0..7] of Byte"))))


def test_serialised_data_may_not_overlap_the_variable() -> None:
    buffer, holder, view = _bytes(8), class_of(HOLDER)(), new_view(HOLDER)
    raw = Slot([holder.raw], 0, HOLDER.by_name["raw"].type)
    under = Slot([view.raw], 0, HOLDER.by_name["raw"].type)
    other = Slot([new_view(HOLDER).raw], 0, HOLDER.by_name["raw"].type)
    for variable, target, status in (
        (buffer, buffer, 0x80B0),
        (element(buffer.get(), 3, "Byte"), buffer, 0x80B0),
        (Slot([holder], 0, HOLDER), raw, 0x80B0),
        (Slot([[holder]], 0, Array(HOLDER, ((0, 0),))), raw, 0x80B0),
        (Slot([view], 0, HOLDER), under, 0x80B0),
        (Slot(view.raw, 2, of("Byte")), under, 0x80B0),
        (element([0, 0], 1, "Byte"), buffer, 0),
        (raw, buffer, 0),
        (other, under, 0),
    ):
        for name, operands in (("Serialize", (variable, target)), ("Deserialize", (target, variable))):
            assert checked(name, *operands, slot(0, "DInt"))[0] & 0xFFFF == status


@pytest.mark.parametrize("order", ["LITTLE", "BIG"])
@pytest.mark.parametrize(
    ("position", "status"), [(-1, 0x8382), (4, 0x8382), (9, 0x8382), (1, 0x8383), (3, 0x8383), (0, 0)]
)
def test_a_position_outside_of_the_bytes_has_its_number(order: str, position: int, status: int) -> None:
    buffer, place = _bytes(4), slot(position, "DInt")
    given = {"SRC_VARIABLE": 1, "DEST_ARRAY": buffer, "POS": place}
    found = call(f"WRITE_{order}", given, types={"SRC_VARIABLE": "DInt"})
    assert (found[""] & 0xFFFF, found["ENO"]) == (status, status == 0)
    assert (any(buffer.get()), place.get()) == (status == 0, position if status else 4)
    place.set(position)
    found = call(f"READ_{order}", {"SRC_ARRAY": buffer, "POS": place}, types={"DEST_VARIABLE": "DInt"})
    assert (found[""] & 0xFFFF, found["ENO"], found["DEST_VARIABLE"] is KEEP) == (status, status == 0, status != 0)


@given(st.floats(width=32, allow_nan=False), st.integers(-(2**31), 2**31 - 1))
def test_numbers_in_either_byte_order(real: float, number: int) -> None:
    for order, sign in (("LITTLE", "<"), ("BIG", ">")):
        buffer, position = array([0] * 8, "Array[0..7] of Byte"), slot(0, "DInt")
        for each, text in ((real, "Real"), (number, "DInt")):
            given = {"SRC_VARIABLE": each, "DEST_ARRAY": buffer, "POS": position}
            assert call(f"WRITE_{order}", given, types={"SRC_VARIABLE": text}) == {"": 0, "ENO": True}
        assert bytes(buffer.get()) == struct.pack(f"{sign}fi", real, number)
        position.set(4)
        given = {"SRC_ARRAY": buffer, "POS": position}
        found = call(f"READ_{order}", given, types={"DEST_VARIABLE": "DInt"})
        assert found == {"DEST_VARIABLE": number, "": 0, "ENO": True}


@given(st.integers(0, 255))
def test_bits_are_scattered_and_gathered(pattern: int) -> None:
    flags = array([False] * 8, "Array[0..7] of Bool")
    assert call("SCATTER", {"IN": pattern, "OUT": flags}, types={"S": "Byte"}) == {"ENO": True}
    assert flags.get() == [digit == "1" for digit in f"{pattern:08b}"[::-1]]
    assert call("GATHER", {"IN": flags}, types={"D": "Byte"}) == {"OUT": pattern, "ENO": True}
    members = Slot([class_of(BITS)()], 0, BITS)
    call("SCATTER", {"IN": pattern, "OUT": members}, types={"S": "Byte"})
    assert call("GATHER", {"IN": members}, types={"D": "Byte"})["OUT"] == pattern


def test_several_bit_strings_are_scattered_and_gathered() -> None:
    source, flags = array([0x81, 0x0F], "Array[0..1] of Byte"), array([False] * 16, "Array[0..15] of Bool")
    assert call("SCATTER_BLK", {"IN": source, "COUNT_IN": 2, "OUT": flags}) == {"ENO": True}
    assert [index for index, flag in enumerate(flags.get()) if flag] == [0, 7, 8, 9, 10, 11]
    back = array([0, 0], "Array[0..1] of Byte")
    assert call("GATHER_BLK", {"IN": flags, "COUNT_OUT": 2, "OUT": back}) == {"ENO": True}
    assert back.get() == [0x81, 0x0F]
    assert call("GATHER_BLK", {"IN": flags, "COUNT_OUT": 3, "OUT": back}) == {"ENO": False}
    assert call("SCATTER_BLK", {"IN": source, "COUNT_IN": 3, "OUT": flags}) == {"ENO": False}
    assert call("SCATTER", {"IN": 1, "OUT": flags}, types={"S": "Byte"}) == {"ENO": False}
    assert call("GATHER", {"IN": flags}, types={"D": "Byte"}) == {"OUT": KEEP, "ENO": False}


# Variants ------------------------------------------------------------------------------------------------------------


def test_what_a_variant_points_to() -> None:
    ints, word = array([1, 2, 3], "Array[0..2] of Int"), slot(1, "Word")
    assert value("TypeOf", word) == "word"
    assert value("TypeOf", Slot([_motor(1)], 0, MOTOR)) == "motor"
    assert value("TypeOf", None) == value("TypeOfElements", None) == ""
    assert value("TypeOfElements", ints) == "int"
    assert value("TypeOfElements", word) == "word"
    assert (value("IS_ARRAY", ints), value("IS_ARRAY", word), value("IS_ARRAY", None)) == (True, False, False)
    assert (value("CountOfElements", ints), value("CountOfElements", word)) == (3, 0)
    assert (value("EQ_Type", word, word), value("NE_Type", ints, word)) == (True, True)
    assert (value("EQ_ElemType", ints, word), value("NE_ElemType", ints, word)) == (False, True)
    assert (value("IS_NULL", None), value("NOT_NULL", None)) == (True, False)
    assert (value("IS_NULL", word), value("NOT_NULL", word)) == (False, True)
    assert value("REF", word) is word


def test_limits_of_an_array_by_dimension() -> None:
    table = array([0] * 12, "Array[-1..2,5..7] of Int")
    assert [checked("LOWER_BOUND", table, each) for each in (1, 2)] == [(-1, True), (5, True)]
    assert [checked("UPPER_BOUND", table, each) for each in (1, 2, 3)] == [(2, True), (7, True), (0, False)]


def test_values_go_through_variants_when_their_type_matches() -> None:
    word = slot(5, "Word")
    assert call("VariantGet", {"SRC": word}, actual={"DST": "Word"}) == {"DST": 5, "ENO": True}
    assert call("VariantGet", {"SRC": word}, actual={"DST": "Int"}) == {"DST": KEEP, "ENO": False}
    assert call("VariantPut", {"SRC": 9, "DST": word}, actual={"SRC": "Word"}) == {"ENO": True}
    assert call("VariantPut", {"SRC": 8, "DST": word}, actual={"SRC": "Int"}) == {"ENO": False}
    assert call("VariantPut", {"SRC": 8, "DST": None}, actual={"SRC": "Int"}) == {"ENO": False}
    assert word.get() == 9
    target = instance("DTL")
    source = new(of("DTL"))
    source.YEAR = 2030
    assert call("VariantPut", {"SRC": source, "DST": Slot([target], 0, of("DTL"))}, actual={"SRC": "DTL"})["ENO"]
    assert target.YEAR == 2030


# Addresses and numbers of data blocks --------------------------------------------------------------------------------

SOURCE = """DATA_BLOCK "Plain"
{ S7_Optimized_Access := 'FALSE' }
VAR
  a : Word := 16#1234;
  b : DInt;
END_VAR
BEGIN
END_DATA_BLOCK
DATA_BLOCK "Fast"
{ S7_Optimized_Access := 'TRUE' }
VAR
  a : Word;
END_VAR
BEGIN
END_DATA_BLOCK
"""


@pytest.fixture(scope="module")
def memory() -> Memory:
    workspace = Workspace()
    assert workspace.put_source(SOURCE) == []
    for number, name in ((1, "Plain"), (2, "Fast")):
        block = workspace.find(name)
        block.number = number
    found = Memory(program_of(workspace))
    assert set(found.by_number) == {1, 2}
    return found


def test_memory_is_read_and_written_by_address(memory: Memory) -> None:
    assert value("PEEK", 0x84, 1, 0, result="Word", memory=memory) == 0x1234
    given = {"AREA": 0x83, "DBNUMBER": 0, "BYTEOFFSET": 10, "VALUE": 0xA1B2C3D4}
    call("POKE", given, types={"VALUE": "DWord"}, memory=memory)
    assert memory.markers[10:14] == b"\xa1\xb2\xc3\xd4"
    assert value("PEEK", 0x83, 0, 11, result="Byte", memory=memory) == 0xB2
    given = {"AREA": 0x82, "DBNUMBER": 0, "BYTEOFFSET": 3, "BITOFFSET": 5, "VALUE": True}
    call("POKE_BOOL", given, memory=memory)
    assert memory.outputs[3] == 1 << 5
    assert value("PEEK_BOOL", 0x82, 0, 3, 5, memory=memory) is True
    call("POKE_BOOL", {**given, "VALUE": False}, memory=memory)
    assert memory.outputs[3] == 0


def test_a_block_of_memory_is_copied(memory: Memory) -> None:
    memory.inputs[0:3] = b"\x01\x02\x03"
    names = ("AREA_SRC", "DBNUMBER_SRC", "BYTEOFFSET_SRC", "AREA_DEST", "DBNUMBER_DEST", "BYTEOFFSET_DEST", "COUNT")
    call("POKE_BLK", dict(zip(names, (0x81, 0, 0, 0x84, 1, 2, 3), strict=True)), memory=memory)
    assert memory.read('"Plain".b') == 0x01020300


@pytest.mark.parametrize(
    ("area", "block", "offset", "fault"),
    [
        (0x84, 9, 0, MissingBlockFault),
        (0x84, 2, 0, IndexReadFault),
        (0x84, 1, 5, IndexReadFault),
        (0x83, 0, -1, IndexReadFault),
        (0x99, 0, 0, IndexReadFault),
    ],
)
def test_what_does_not_exist_is_a_fault(memory: Memory, area: int, block: int, offset: int, fault: type) -> None:
    with pytest.raises(fault):
        value("PEEK", area, block, offset, result="Word", memory=memory)


def test_writing_beyond_an_area_is_a_fault(memory: Memory) -> None:
    with pytest.raises(IndexWriteFault):
        given = {"AREA": 0x83, "DBNUMBER": 0, "BYTEOFFSET": 1 << 20, "VALUE": 1}
        call("POKE", given, types={"VALUE": "Byte"}, memory=memory)


def test_the_process_image_out_of_turn(memory: Memory) -> None:
    memory.peripheral_inputs[7] = 0x5A
    assert call("UPDAT_PI", {"PART": 0}, memory=memory) == {"FLADDR": 0, "": 0, "ENO": True}
    assert memory.inputs[7] == 0x5A
    memory.outputs[8] = 0xA5
    call("UPDAT_PO", {"PART": 0}, memory=memory)
    assert memory.peripheral_outputs[8] == 0xA5


def test_attributes_of_a_data_block(memory: Memory) -> None:
    found = call("ATTR_DB", {"REQ": True, "DB_NUMBER": 1}, memory=memory)
    assert found == {"DB_LENGTH": 6, "ATTRIB": 0, "": 0, "ENO": True}
    assert call("ATTR_DB", {"REQ": True, "DB_NUMBER": 5}, memory=memory)["ENO"] is False
    assert call("TEST_DB", {"DB_NUMBER": 1}, memory=memory)["DB_LENGTH"] == 6
    assert call("TEST_DB", {"DB_NUMBER": 5}, memory=memory)["ENO"] is False
