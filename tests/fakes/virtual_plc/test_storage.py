"""Objects and views of structures hold the same values, and views hold them as big-endian bytes."""

import math
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.program.types.layout import size_bits
from simatic_xml.program.types.system_types import parse_type
from simatic_xml.program.types.types import (
    BOOL,
    BYTE,
    DINT,
    ELEMENTARY,
    INT,
    LREAL,
    REAL,
    WORD,
    Array,
    DataType,
    Kind,
    Reference,
    Special,
    Structure,
    Text,
    Variable,
)
from tests.fakes.virtual_plc.shapes import STRUCTURES, TYPES, values
from virtual_plc.memory.codecs import Bytes, codec
from virtual_plc.memory.storage import attribute, class_of, copy_into, new, plain
from virtual_plc.memory.views import array_view, class_of_view, new_view, view


@pytest.mark.parametrize("data_type", TYPES, ids=lambda each: each.name)
@given(data=st.data(), byte=st.integers(0, 5), bit=st.integers(0, 7))
def test_a_value_is_read_from_the_bytes_that_it_was_written_to(data_type: Any, data: Any, byte: int, bit: int) -> None:
    how, value = codec(data_type), data.draw(values(data_type))
    buffer = Bytes(16)
    how.write(buffer, byte, bit, value)
    assert how.read(buffer, byte, bit) == value
    rest = buffer[:byte] + buffer[byte + (data_type.bits + 7) // 8 :]
    assert not any(rest)


@given(st.integers(-(2**31), 2**31 - 1))
def test_numbers_are_big_endian(value: int) -> None:
    buffer = Bytes(4)
    codec(DINT).write(buffer, 0, 0, value)
    assert bytes(buffer) == struct.pack(">i", value)


@given(st.floats(width=32))
def test_floating_point_numbers_are_big_endian(value: float) -> None:
    buffer = Bytes(12)
    codec(REAL).write(buffer, 0, 0, value)
    codec(LREAL).write(buffer, 4, 0, value)
    assert bytes(buffer) == struct.pack(">fd", value, value)


def test_a_bool_leaves_its_neighbours_alone() -> None:
    buffer = Bytes(1)
    buffer[0] = 0b1010_0101
    codec(BOOL).write(buffer, 0, 1, True)
    codec(BOOL).write(buffer, 0, 0, False)
    assert buffer[0] == 0b1010_0110


def test_a_string_has_its_lengths_before_its_characters() -> None:
    buffer = Bytes(7)
    codec(Text("String", 5)).write(buffer, 0, 0, "Grün")
    assert bytes(buffer) == b"\x05\x04Gr\xfcn\x00"
    codec(Text("String", 5)).write(buffer, 0, 0, "too long")
    assert codec(Text("String", 5)).read(buffer, 0, 0) == "too l"


def test_a_wide_string_counts_words() -> None:
    buffer = Bytes(8)
    codec(Text("WString", 2)).write(buffer, 0, 0, "Ω!")
    assert bytes(buffer) == b"\x00\x02\x00\x02\x03\xa9\x00!"


def test_a_string_whose_length_was_overwritten_is_not_longer_than_declared() -> None:
    buffer = Bytes(5)
    buffer[:] = b"\xff\xffabc"
    assert codec(Text("String", 3)).read(buffer, 0, 0) == "abc"


def test_date_and_time_is_decimal_digits() -> None:
    buffer = Bytes(8)
    moment = (((19782 * 24 + 12) * 60 + 34) * 60 + 56) * 1_000_000_000 + 789_000_000
    codec(ELEMENTARY["DT"]).write(buffer, 0, 0, moment)
    assert buffer.hex() == "2402291234567895"[:15] + "5"
    assert codec(ELEMENTARY["DT"]).read(buffer, 0, 0) == moment


@pytest.mark.parametrize("content", ["ff00000000000000", "9002300000000000", "9001010000000ab0"])
def test_digits_that_are_no_date_are_the_first_one(content: str) -> None:
    buffer = Bytes(8)
    buffer[:] = bytes.fromhex(content)
    assert codec(ELEMENTARY["DT"]).read(buffer, 0, 0) == 7305 * 86_400_000_000_000


@given(structure=STRUCTURES, data=st.data())
def test_an_object_and_a_view_of_a_structure_behave_alike(structure: Structure, data: Any) -> None:
    made, over = new(structure), new_view(structure)
    assert plain(made) == plain(over)
    for _ in range(data.draw(st.integers(1, 6))):
        for holder, key, value in data.draw(_writings(structure, (made, over))):
            _write(holder, key, value)
    assert plain(made) == plain(over)
    copied, copied_over = new(structure), new_view(structure)
    copy_into(copied, over)
    copy_into(copied_over, made)
    assert plain(copied) == plain(copied_over) == plain(made)


@st.composite
def _writings(draw: Any, data_type: DataType, holders: tuple[Any, ...]) -> Any:
    """Go down to some value of all holders; return where it is in each, and a random value of its type."""
    while True:
        if isinstance(data_type, Structure):
            member = draw(st.sampled_from(data_type.members))
            data_type, key = member.type, attribute(member.name)
            inner = tuple(getattr(holder, key) for holder in holders)
        else:
            assert isinstance(data_type, Array)
            data_type, key = data_type.element, draw(st.integers(0, len(holders[0]) - 1))
            inner = tuple(holder[key] for holder in holders)
        if not isinstance(data_type, Structure | Array):
            value = draw(values(data_type))
            return [(holder, key, value) for holder in holders]
        holders = inner


def _write(holder: Any, key: Any, value: Any) -> None:
    if isinstance(key, str):
        setattr(holder, key, value)
    else:
        holder[key] = value


@given(structure=STRUCTURES)
def test_a_view_needs_as_many_bytes_as_its_layout_says(structure: Structure) -> None:
    size = (size_bits(structure) + 7) // 8
    over = view(structure, Bytes(size), 0)
    copy_into(over, new(structure))
    assert len(over._buffer) == size


def test_a_view_lies_where_it_is_put() -> None:
    point = Structure("Point", "udt", (Variable("x", INT), Variable("on", BOOL), Variable("y", DINT)))
    buffer = Bytes(20)
    over = class_of_view(point)(buffer, 10)
    over.x, over.on, over.y = -2, True, 0x01020304
    assert buffer[10:].hex() == "fffe0100010203040000"


def test_all_elements_of_an_array_view_are_read_and_written_at_once() -> None:
    over = array_view(Array(INT, ((1, 3),)), Bytes(6))
    over[:] = [1, -2, 3]
    assert over[:] == [1, -2, 3] and list(over) == [1, -2, 3] and over.buffer.hex() == "0001fffe0003"
    assert over[0:2] == [1, -2]
    over[1:] = [7, 8]
    assert over[:] == [1, 7, 8] and over[-1] == 8
    with pytest.raises(ValueError, match="argument"):
        over[:] = [1]


@pytest.mark.parametrize("index", [3, -4])
def test_an_array_view_has_no_element_outside_of_its_bounds(index: int) -> None:
    over = array_view(Array(INT, ((1, 3),)), Bytes(6))
    with pytest.raises(IndexError):
        over[index]
    with pytest.raises(IndexError):
        over[index] = 1


def test_rows_of_bools_begin_at_bytes_of_their_own() -> None:
    over = array_view(Array(BOOL, ((0, 1), (0, 2))), Bytes(2))
    over[5] = True
    assert over.buffer.hex() == "0004"


def test_an_element_with_parts_is_not_replaced() -> None:
    over = array_view(Array(Structure("", "struct", (Variable("x", INT),)), ((0, 1),)), Bytes(4))
    with pytest.raises(TypeError):
        over[0] = new(over.type.element)


def _overlaid() -> Structure:
    """A word with its bytes and its bits over it, and a neighbour."""
    return Structure(
        "F",
        "fb",
        (
            Variable("w", WORD, "Static", "16#0102"),
            Variable("bytes", Array(BYTE, ((0, 1),)), "Static", overlays="w"),
            Variable("bits", Array(BOOL, ((0, 15),)), "Static", overlays="W"),
            Variable("b", INT, "Static"),
            Variable("number", INT, "Static", overlays="w"),
        ),
    )


@pytest.mark.parametrize("make", [new, new_view])
def test_overlays_are_the_same_bytes(make: Any) -> None:
    made = make(_overlaid())
    assert made.bytes[:] == [1, 2] and made.number == 0x0102
    made.bytes[1] = 0xFF
    made.bits[0] = False
    made.bits[7] = True
    assert made.w == 0x80FF and made.number == 0x80FF - 0x10000 and made.b == 0
    other = make(_overlaid())
    copy_into(other, made)
    assert other.bytes[:] == [0x80, 0xFF]


def test_an_overlay_over_a_structure_sees_its_members() -> None:
    pair = Structure("", "struct", (Variable("x", INT), Variable("y", INT)))
    made = new(Structure("", "struct", (Variable("p", pair), Variable("d", DINT, overlays="p"))))
    made.p.y = 5
    assert made.d == 5
    made.d = -1
    assert (made.p.x, made.p.y) == (-1, -1)


def test_structures_with_other_names_are_copied_in_order() -> None:
    inner = Structure("", "struct", (Variable("x", INT), Variable("list", Array(INT, ((0, 1),)))))
    other = Structure("", "struct", (Variable("a", INT), Variable("b", Array(INT, ((5, 6),)))))
    source, target = (
        new(Structure("", "struct", (Variable("i", inner),))),
        new_view(Structure("", "struct", (Variable("o", other),))),
    )
    source.i.x, source.i.list[1] = 3, 4
    copy_into(target, source)
    assert plain(target) == {"o": {"a": 3, "b": [0, 4]}}


def test_a_copy_shares_nothing() -> None:
    structure = Structure("", "struct", (Variable("list", Array(INT, ((0, 1),))),))
    source, target = new(structure), new(structure)
    copy_into(target, source)
    source.list[0] = 9
    assert target.list == [0, 0]


def test_nan_is_text_in_plain_data() -> None:
    structure = Structure("", "struct", (Variable("r", REAL), Variable("l", Array(LREAL, ((0, 0),)))))
    made = new(structure)
    made.r = made.l[0] = math.nan
    assert plain(made) == {"r": "NaN", "l": ["NaN"]}


@pytest.mark.parametrize("make", [new, new_view])
def test_an_instance_of_an_instruction_remembers(make: Any) -> None:
    made, other = make(parse_type("TON_TIME")), make(parse_type("TON_TIME"))
    assert made._state is None
    made._state = ("TON", 5)
    copy_into(other, made)
    assert plain(other)["_state"] == ("TON", 5)
    made._state = None
    assert plain(made)["_state"] is None


@pytest.mark.parametrize("make", [new, new_view])
def test_what_is_passed_by_reference_is_not_owned(make: Any) -> None:
    pair = Structure("", "struct", (Variable("x", INT),))
    block = Structure("F", "fb", (Variable("p", pair, "InOut"), Variable("r", Reference("Int")), Variable("n", INT)))
    made, given_pair = make(block), new(pair)
    assert made.p is None and made.r is None
    made.p = given_pair
    made.p.x = 4
    assert given_pair.x == 4 and plain(made)["p"] == "reference"


def test_a_pointer_in_bytes_is_bytes() -> None:
    made = new_view(Structure("F", "fb", (Variable("any", Special("Any"), "Input"),)))
    made.any = b"\x10\x02\x00\x01\x00\x00\x84\x00\x00\x00"
    assert made._buffer.hex() == "10020001000084000000" and made.any == bytes(made._buffer)
    made.any = "somewhere"
    assert made.any == "somewhere" and not any(made._buffer)


@given(st.lists(st.text(min_size=1), min_size=2, max_size=20, unique=True))
def test_different_names_have_different_attributes(names: list[str]) -> None:
    attributes = [attribute(name) for name in names]
    assert len(set(attributes)) == len(names)
    assert all(each.isidentifier() and each.isascii() for each in attributes)


@pytest.mark.parametrize("name", ["in", "class", "Füll stand", "1st", "_start", "_state", "__init__", "None", "ﬁ"])
def test_any_name_can_be_a_member(name: str) -> None:
    made = new(Structure("", "struct", (Variable(name, INT, start="7"),)))
    assert plain(made) == {name: 7} and getattr(made, attribute(name)) == 7


def test_a_structure_has_one_class() -> None:
    structure = Structure("Point", "udt", (Variable("x", INT),))
    assert class_of(structure) is class_of(structure) and class_of(structure).__name__ == "Point"
    assert class_of(structure)().x == 0


def test_members_of_an_open_type_may_come_later() -> None:
    made, other = new(parse_type("TO_SpeedAxis")), new(parse_type("TO_SpeedAxis"))
    made.Velocity = 1.5
    copy_into(other, made)
    assert plain(other)["Velocity"] == 1.5
    copy_into(other, other)
    assert other.Velocity == 1.5
    copy_into(other, new(parse_type("TO_SpeedAxis")))
    assert "Velocity" not in plain(other)


def test_kinds_are_all_covered() -> None:
    assert {each.kind for each in TYPES} == set(Kind)
