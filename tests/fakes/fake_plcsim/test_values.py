"""Values of the API are copied, as .NET copies structs; areas by address."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_plcsim.primitives import INTEGERS, NAMES, fitting, from_program, to_program, zero
from simatic_xml.program.types.types import ELEMENTARY
from tests.fakes.fake_plcsim.kit import Kit, refusal

CHAR = ELEMENTARY["CHAR"]


def data(kit: Kit, kind: str, value: Any) -> Any:
    made = kit.SDataValue()
    setattr(made, kind, value)
    return made


def test_a_field_of_a_struct_is_a_copy(kit: Kit) -> None:
    signal = kit.SDataValueByName()
    signal.DataValue.Bool = True
    assert signal.DataValue.Type.ToString() == "Unspecific"
    signal.DataValue = data(kit, "Bool", True)
    assert signal.DataValue.Bool is True


def test_an_element_of_an_array_is_a_copy(kit: Kit) -> None:
    array = kit.Array[kit.SDataValueByName](2)
    array[0].Name = "In"
    assert array[0].Name is None
    signal = array[0]
    signal.Name = "In"
    array[0] = signal
    signal.Name = "Out"
    assert [each.Name for each in array] == ["In", None]
    assert (array.Length, len(array)) == (2, 2)


def test_an_array_holds_its_type_only(kit: Kit) -> None:
    with pytest.raises(TypeError):
        kit.Array[kit.SDataValueByName](["In"])
    array = kit.Array[kit.SDataValueByName](1)
    with pytest.raises(TypeError):
        array[0] = kit.SDataValue()


def test_setting_a_typed_field_sets_the_type_and_others_cannot_be_read(kit: Kit) -> None:
    value = data(kit, "Int16", 5)
    assert (value.Type.ToString(), value.Int16) == ("Int16", 5)
    assert refusal(kit, lambda: value.Int32) == "TypeMismatch"
    value.Type = kit.EPrimitiveDataType.Double
    assert value.Double == 0.0
    assert "Double" in value.ToString()


def test_what_a_struct_does_not_have_cannot_be_set(kit: Kit) -> None:
    for made in (kit.SDataValue(), kit.SDataValueByName(), kit.SInstanceInfo()):
        with pytest.raises(AttributeError):
            made.Nothing = 1
    with pytest.raises(TypeError):
        kit.SInstanceInfo().Name = 5


def test_structs_are_compared_by_value(kit: Kit) -> None:
    assert data(kit, "Bool", True) == data(kit, "Bool", True)
    assert data(kit, "Bool", True) != data(kit, "Bool", False)


@given(name=st.sampled_from(sorted(INTEGERS)), value=st.integers(-(2**70), 2**70))
def test_integers_fit_their_range_or_overflow(name: str, value: int) -> None:
    low, high = INTEGERS[name]
    if low <= value <= high:
        assert fitting(name, value) == value
    else:
        with pytest.raises(OverflowError):
            fitting(name, value)


@given(character=st.integers(0, 255))
def test_characters_become_signed_bytes_and_return(character: int) -> None:
    number = from_program("Char", chr(character), CHAR)
    assert -128 <= number <= 127
    assert to_program("Char", number, CHAR) == chr(character)


@pytest.mark.parametrize("name", NAMES)
def test_the_zero_of_each_type_fits_it(name: str) -> None:
    assert fitting(name, zero(name)) == zero(name)
    with pytest.raises(TypeError):
        fitting(name, b"bytes")


# -- areas ----------------------------------------------------------------------------------


def test_areas_and_tags_are_the_same_memory(kit: Kit) -> None:
    instance = kit.frozen()
    instance.InputArea.WriteBit(0, 0, True)
    instance.InputArea.WriteBytes(2, [0x12, 0x34])
    kit.step(instance)
    assert (instance.ReadBool("Out"), instance.ReadInt16("Copy")) == (True, 0x1234)
    assert instance.OutputArea.ReadBit(0, 0)
    assert list(instance.OutputArea.ReadBytes(2, 2)) == [0x12, 0x34]
    instance.WriteBool("Flag", True)
    assert instance.MarkerArea.ReadByte(10) == 0b10
    instance.MarkerArea.WriteByte(10, 0)
    assert instance.ReadBool("Flag") is False


def test_a_bit_leaves_its_neighbours(kit: Kit) -> None:
    area = kit.on().MarkerArea
    area.WriteByte(5, 0b1010_1010)
    area.WriteBit(5, 0, True)
    area.WriteBit(5, 7, False)
    assert area.ReadByte(5) == 0b0010_1011


def test_signals_by_address_are_big_endian(kit: Kit) -> None:
    area = kit.on().MarkerArea
    values = {"Bool": True, "Int16": -2, "UInt32": 0x01020304, "Float": 1.5, "WChar": "λ", "Char": 65}
    array = kit.Array[kit.SDataValueByAddress](len(values))
    for index, (kind, value) in enumerate(values.items()):
        signal = kit.SDataValueByAddress()
        signal.Offset, signal.Bit = 100 + 10 * index, 3 if kind == "Bool" else 0
        signal.DataValue = data(kit, kind, value)
        array[index] = signal
    area.WriteSignals(array)
    assert area.ReadByte(100) == 0b1000
    assert list(area.ReadBytes(110, 2)) == [0xFF, 0xFE]
    assert list(area.ReadBytes(120, 4)) == [1, 2, 3, 4]
    cleared = kit.Array[kit.SDataValueByAddress](list(array))
    assert [
        getattr(signal.DataValue, kind) for signal, kind in zip(area.ReadSignals(cleared), values, strict=True)
    ] == (list(values.values()))


def test_places_that_do_not_exist(kit: Kit) -> None:
    area = kit.on().InputArea
    assert refusal(kit, lambda: area.ReadByte(area.AreaSize)) == "IndexOutOfRange"
    assert refusal(kit, lambda: area.ReadBytes(0, area.AreaSize + 1)) == "IndexOutOfRange"
    assert refusal(kit, lambda: area.WriteBit(0, 8, True)) == "IndexOutOfRange"
    assert area.WriteBytes(0, 1, [1, 2]) == 1
    signal = kit.SDataValueByAddress()
    assert refusal(kit, lambda: area.ReadSignals(kit.Array[kit.SDataValueByAddress]([signal]))) == "NotSupported"


def test_enums_are_no_numbers(kit: Kit) -> None:
    assert kit.EOperatingState.Run != 5
    assert int(kit.EOperatingState.Run) == 5
    instance = kit.on()
    with pytest.raises(TypeError):
        instance.OperatingMode = 1
    with pytest.raises(TypeError):
        instance.UpdateTagList(15)
    details = kit.ETagListDetails
    assert (details.IO | details.M | details.DB) == details.IOMDB
